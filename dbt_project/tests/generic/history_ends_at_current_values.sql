{#- A history mart adds up: the last value that it tells of each history column of a record is the value that the
    record has now.

    mart: the history mart's name, whose `meta` has its history columns.
    current: the mart of the entity's open versions. -#}
{% test history_ends_at_current_values(model, mart, current) %}

{%- set node = graph.nodes.values() | selectattr('name', 'equalto', mart) | first if execute else {} -%}
{%- set columns = node.get('config', {}).get('meta', {}).get('history_columns', []) %}

select
    current.record_key,
    contradiction.*
from {{ unchecked(current) }} as current
cross join lateral (
    select
        cells.column_name,
        cells.current_value,
        last_told.new_value
    from ({{ cells_as_text('current', current.identifier, columns) }}) as cells (column_name, current_value)
    left join (
        select distinct on (column_name)
            column_name,
            new_value
        from {{ ref(mart) }}
        where record_key = current.record_key and column_name != '_record'
        order by column_name, changed_at desc
    ) as last_told on cells.column_name = last_told.column_name
    where cells.current_value is distinct from last_told.new_value
) as contradiction

{% endtest %}
