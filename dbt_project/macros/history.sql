{#- An entity's history mart (HISTORY.md section 4): one row per changed column per change.

    entity: as the ledger names it; a deletion is dated by one of its full exports.
    snapshot: name of the entity's snapshot.
    identity: columns that tell a reader which record it is.
    columns: the history columns. -#}
{% macro history(entity, snapshot, identity, columns) %}
with

versions as (

    select
        *,
        lag(dbt_valid_from) over by_time is null as is_first,
        lag(dbt_valid_to) over by_time < dbt_valid_from as is_restored,
        -- A version that ends without a next one beginning was closed by a full export.
        dbt_valid_to is not null and lead(dbt_valid_from) over by_time is distinct from dbt_valid_to as is_deleted,
        {%- for column in columns %}
        lag({{ column }}) over by_time as old_{{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref(snapshot) }}
    window by_time as (partition by record_key order by dbt_valid_from)

),

full_loads as (

    select * from {{ ref('effective_loads') }} where entity = '{{ entity }}' and scope = 'full'

),

column_changes as (

    select
        {%- for column in identity %}
        versions.{{ column }},
        {%- endfor %}
        changes.column_name,
        changes.old_value,
        changes.new_value,
        versions.dbt_valid_from as changed_at,
        case when versions.is_first then 'created' else 'changed' end as change_type,
        versions.file_name
    from versions
    cross join lateral (
        values
        {%- for column in columns %}
        ('{{ column }}', old_{{ column }} is distinct from {{ column }}, old_{{ column }}::text, {{ column }}::text)
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    ) as changes (column_name, is_change, old_value, new_value)
    where changes.is_change

),

restored as (

    select
        {%- for column in identity %}
        {{ column }},
        {%- endfor %}
        '_record' as column_name,
        null as old_value,
        'active' as new_value,
        dbt_valid_from as changed_at,
        'restored' as change_type,
        file_name
    from versions
    where is_restored

),

deleted as (

    select
        {%- for column in identity %}
        versions.{{ column }},
        {%- endfor %}
        '_record' as column_name,
        'active' as old_value,
        null as new_value,
        versions.dbt_valid_to as changed_at,
        'deleted' as change_type,
        full_loads.file_name
    from versions
    left join full_loads on versions.dbt_valid_to = full_loads.exported_at
    where versions.is_deleted

),

final as (

    select * from column_changes
    union all
    select * from restored
    union all
    select * from deleted

)

select * from final
{% endmacro %}
