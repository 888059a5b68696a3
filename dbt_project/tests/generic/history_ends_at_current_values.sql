{#- A history mart adds up: the last value that it tells of each history column of a record is the value that the
    record has now.

    mart: the history mart's name, whose `meta` has its history columns.
    current: the mart of the entity's open versions. -#}
{% test history_ends_at_current_values(model, mart, current) %}

{%- set node = graph.nodes.values() | selectattr('name', 'equalto', mart) | first if execute else {} -%}
{%- set columns = node.get('config', {}).get('meta', {}).get('history_columns', []) %}

with

last_told as (

    select distinct on (record_key, column_name)
        record_key,
        column_name,
        new_value
    from {{ unchecked(ref(mart), whole=true) }} as told
    where column_name != '_record'
    order by record_key, column_name, changed_at desc

),

current_values as (

    select
        current.record_key,
        cells.column_name,
        cells.current_value
    from {{ unchecked(current) }} as current
    cross join lateral ({{ cells_as_text('current', current.identifier, columns) }}) as cells (column_name, current_value)

)

select
    current_values.record_key,
    current_values.column_name,
    current_values.current_value,
    last_told.new_value
from current_values
left join last_told
    on current_values.record_key = last_told.record_key and current_values.column_name = last_told.column_name
where current_values.current_value is distinct from last_told.new_value

{% endtest %}
