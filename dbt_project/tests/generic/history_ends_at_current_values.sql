{#- A history mart adds up: the last value that it tells of each history column of a record is the value that the
    record has now. Of a record that a run rewrote it is the last value that is told from there on; a column of which
    nothing is told there has the value that it had before.

    mart: the history mart's name, whose `meta` has its history columns.
    current: the mart of the entity's open versions. -#}
{% test history_ends_at_current_values(model, mart, current) %}

{%- set meta = node_named(mart).get('config', {}).get('meta', {}) %}
{%- set columns = meta.get('history_columns', []) %}
{%- set whole = not execute or everything_is_unchecked() %}
{%- set last_value = 'last_told.new_value' %}
{%- if not whole %}
    {%- set last_value = 'case when last_told.column_name is null then cells_before.value else last_told.new_value end' %}
{%- endif %}
{%- set cells_before = cells_as_text('before', current.identifier, columns) %}
{%- set told_from = "'-infinity'" if whole else 'unchecked.unchecked_from' %}

select
    current.record_key,
    contradiction.*
{%- if whole %}
from {{ current }} as current
{%- else %}
from ({{ unchecked_records([meta.entity]) }}) as unchecked
cross join lateral (
    select * from {{ current }} where record_key = unchecked.record_key offset 0
) as current
left join lateral (
    select * from {{ node_named(meta.entity ~ '_snapshot').relation_name }}
    where record_key = unchecked.record_key and dbt_valid_from < unchecked.unchecked_from
    order by dbt_valid_from desc
    limit 1
) as before on true
{%- endif %}
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
        where record_key = current.record_key and column_name != '_record' and changed_at >= {{ told_from }}
        order by column_name, changed_at desc
    ) as last_told on cells.column_name = last_told.column_name
    {% if not whole %}
    left join ({{ cells_before }}) as cells_before (column_name, value) on cells.column_name = cells_before.column_name
    {% endif %}
    where cells.current_value is distinct from {{ last_value }}
) as contradiction

{% endtest %}
