{#- One list for all entities: each names what a record's number is called in its files, and whether the rows of a
    record are its lines (then several rows of one record are no duplicates). -#}
{%- set entities = [
    ['items', 'Item Name', false],
    ['customers', 'Customer Name', false],
    ['invoices', 'Invoice No', true],
    ['sales_receipts', 'Sales Receipt No', true],
] -%}

{#- What a text of each kind should have been, for people. -#}
{%- set expected = {
    'numeric': 'a number',
    'date': 'a date',
    'rate': 'a number or percentage',
    'percent': 'a percentage',
    'ordinal': 'a row number',
} -%}

with

loads as (

    select * from {{ source('meta', 'loads') }}

),

-- Not materialized, for then PostgreSQL types only what each step below asks for, of the loads that a query asks for.
staged_rows as not materialized (

    {%- for entity, number_header, has_lines in entities %}
    select
        '{{ entity }}' as entity,
        '{{ number_header }}' as number_header,
        {{ has_lines }} as has_lines,
        load_id,
        exported_at,
        file_name,
        line_no,
        record_key,
        untyped
    from {{ ref('base_' ~ entity) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

-- What stands in a column that the contract did not know when the file came is not taken at all.
untyped_values as (

    select
        staged_rows.entity,
        staged_rows.load_id,
        staged_rows.exported_at,
        staged_rows.file_name,
        staged_rows.line_no,
        value.key as column_name,
        value.value ->> 0 as raw_value,
        case value.value ->> 1
            {%- for kind, words in expected.items() %}
            when '{{ kind }}' then 'not {{ words }}: taken as blank'
            {%- endfor %}
        end as issue
    from staged_rows
    cross join lateral jsonb_each(staged_rows.untyped) as value
    inner join loads on staged_rows.load_id = loads.load_id
    where staged_rows.untyped != '{}' and value.key != all(loads.unknown_columns)

),

rows_without_key as (

    select
        entity,
        load_id,
        exported_at,
        file_name,
        line_no,
        number_header as column_name,
        null::text as raw_value,
        format('row without QuickBooks Internal Id and %s: left out of history', number_header) as issue
    from staged_rows
    where record_key is null

),

-- Rows of one record that a file of single-row records lists more than once, each with the row that counts. One load
-- has one moment; parted by it too, so that PostgreSQL looks no further than a query asks for.
rows_listed_again as (

    select
        *,
        max(line_no) over (partition by entity, load_id, exported_at, record_key) as last_line_no
    from staged_rows
    where not has_lines and record_key is not null

),

superseded_rows as (

    select
        entity,
        load_id,
        exported_at,
        file_name,
        line_no,
        null::text as column_name,
        record_key as raw_value,
        format('record listed again on line %s, which counts instead', last_line_no) as issue
    from rows_listed_again
    where line_no < last_line_no

),

final as (

    select * from untyped_values
    union all
    select * from rows_without_key
    union all
    select * from superseded_rows

)

select * from final
