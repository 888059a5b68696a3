{#- A history mart adds up: it tells a column of a record once at a moment, the last value that it tells of a column is
    the value that the record has now, and it tells nothing of a record that has no version. Of a record that a run rewrote,
    that is the last value that is told from there on; a column of which nothing is told there has the value that it had
    before.

    Where all records are looked at, as after a first export, most are told once, column by column: of each record one look
    shows that every value which it has is told, and nothing else. Only the others are looked at column by column.

    mart: the history mart's name, whose `meta` has its history columns.
    current: the mart of the entity's open versions. -#}
{% test history_adds_up(model, mart, current) %}

{%- set meta = node_named(mart).get('config', {}).get('meta', {}) %}
{%- set columns = meta.get('history_columns', []) %}
{%- set snapshot = node_named(meta.entity ~ '_snapshot').relation_name %}
{%- set whole = not execute or everything_is_unchecked() %}
{%- set last_value = 'last_told.new_value' %}
{%- if not whole %}
    {%- set last_value = 'case when last_told.column_name is null then cells_before.value else last_told.new_value end' %}
{%- endif %}

with

{% if whole %}
at_a_glance as (

    select
        keys.record_key,
        told.number_of_changes,
        told.number_of_changes = bit_count(coalesce(told.values_told, 0)::bit(64))
        and told.number_of_changes = num_nonnulls(
            {%- for column in columns %}
            {{ cell_as_text('current', current.identifier, column) }} {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ) as adds_up
    from (select record_key from {{ snapshot }} group by record_key) as keys
    left join {{ current }} as current on keys.record_key = current.record_key
    cross join lateral (
        select
            count(*) as number_of_changes,
            {% call(column) columns_told(columns) %}
                new_value = {{ cell_as_text('current', current.identifier, column) }}
            {% endcall %} filter (where changed_at is not null) as values_told
        from {{ ref(mart) }}
        where record_key = keys.record_key
    ) as told

),

{% endif %}
records as (

    {% if whole %}
    select
        record_key,
        '-infinity'::timestamptz as told_from
    from at_a_glance
    where not adds_up
    {% else %}
    select
        record_key,
        unchecked_from as told_from
    from ({{ unchecked_records([meta.entity]) }}) as unchecked
    {% endif %}

),

told_more_than_once as (

    select
        records.record_key,
        repeated.column_name,
        repeated.changed_at,
        repeated.times_told,
        null as new_value,
        null as current_value
    from records
    cross join lateral (
        select
            column_name,
            changed_at,
            count(*) as times_told
        from {{ ref(mart) }}
        where record_key = records.record_key {%- if not whole %} and changed_at >= records.told_from {%- endif %}
        group by column_name, changed_at
        having count(*) > 1 or num_nulls(column_name, changed_at) > 0
    ) as repeated

),

ending_otherwise as (

    select
        records.record_key,
        contradiction.column_name,
        contradiction.changed_at,
        null::bigint as times_told,
        contradiction.new_value,
        contradiction.current_value
    from records
    cross join lateral (
        select * from {{ current }} where record_key = records.record_key offset 0
    ) as current
    {% if not whole %}
    left join lateral (
        select * from {{ snapshot }}
        where record_key = records.record_key and dbt_valid_from < records.told_from
        order by dbt_valid_from desc
        limit 1
    ) as before on true
    {% endif %}
    cross join lateral (
        select
            cells.column_name,
            last_told.changed_at,
            last_told.new_value,
            cells.current_value
        from ({{ cells_as_text('current', current.identifier, columns) }}) as cells (column_name, current_value)
        left join (
            select distinct on (column_name)
                column_name,
                changed_at,
                new_value
            from {{ ref(mart) }}
            where record_key = records.record_key and column_name != '_record' and changed_at >= records.told_from
            order by column_name, changed_at desc
        ) as last_told on cells.column_name = last_told.column_name
        {% if not whole %}
        left join ({{ cells_as_text('before', current.identifier, columns) }}) as cells_before (column_name, value)
            on cells.column_name = cells_before.column_name
        {% endif %}
        where cells.current_value is distinct from {{ last_value }}
    ) as contradiction

),

without_version as (

    select
        record_key,
        column_name,
        changed_at,
        null::bigint as times_told,
        new_value,
        null as current_value
    from {{ ref(mart) }} as told
    {% if whole %}
    where
        (select count(*) from {{ ref(mart) }}) != (select coalesce(sum(number_of_changes), 0) from at_a_glance)
        and not exists (select from {{ snapshot }} as versions where versions.record_key = told.record_key)
    {% else %}
    where record_key is null
    {% endif %}

)

select * from told_more_than_once
union all
select * from ending_otherwise
union all
select * from without_version

{% endtest %}
