{#- One row per CSV row of the entity's effective loads, its columns named and typed.

    columns: a list of [header in raw, name, kind]; kinds are those of `to_kind`. A rate also gives `<name>_percent`.
    record_key: expression over the typed columns that identifies a record (HISTORY.md section 1).

    `untyped` holds what could not be typed, as {header: [text, kind]}; nobody pays for it who does not select it. -#}
{% macro staged_rows(entity, columns, record_key) %}
with

loads as (

    select * from {{ ref('effective_loads') }} where entity = '{{ entity }}'

),

trimmed as (

    select
        {%- for header, name, kind in columns %}
        {{ to_text(adapter.quote(header)) }} as {{ name }},
        {%- if kind != 'text' %}
        {{ adapter.quote(header) }} as {{ name }}_cell,
        {%- endif %}
        {%- endfor %}
        _load_id as load_id,
        -- The row's own moment and not its load's: by it, only the months that a query asks for are read.
        _exported_at as exported_at,
        _sdc_source_lineno as line_no,
        _sdc_extracted_at,
        _sdc_batched_at
    from {{ source('raw', entity) }}

),

typed as (

    select
        {%- for header, name, kind in columns %}
        {{ to_kind(name, kind, name ~ '_cell') }} as {{ name }},
        {%- if kind == 'rate' %}
        case when {{ name }} like '%\%' then {{ to_percent(name) }} end as {{ name }}_percent,
        {%- endif %}
        {%- endfor %}
        {{ untyped(columns) }} as untyped,
        load_id,
        exported_at,
        line_no,
        _sdc_extracted_at,
        _sdc_batched_at
    from trimmed

),

final as (

    select
        {{ record_key }} as record_key,
        typed.*,
        loads.file_name,
        loads.scope
    from typed
    inner join loads on typed.load_id = loads.load_id

)

select * from final
{% endmacro %}


{#- Nearly all rows have nothing that cannot be typed, so that is asked first, and no object made of nothing. -#}
{% macro untyped(columns) -%}
    {%- set typed_columns = columns | rejectattr(2, 'equalto', 'text') | list -%}
    case
        when
            {%- for header, name, kind in typed_columns %}
            {{ cannot_be_typed(name, kind, name ~ '_cell') }} {%- if not loop.last %} or{% endif %}
            {%- endfor %}
            then jsonb_strip_nulls(jsonb_build_object(
                {%- for header, name, kind in typed_columns %}
                '{{ header | replace("'", "''") }}',
                case when {{ cannot_be_typed(name, kind, name ~ '_cell') }} then jsonb_build_array({{ name }}, '{{ kind }}') end
                {%- if not loop.last %},{% endif %}
                {%- endfor %}
            ))
        else '{}'::jsonb
    end
{%- endmacro %}
