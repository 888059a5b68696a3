{#- When the newest exports of all entities begin, as a literal: the newest of that entity that has been exported longest ago. -#}
{% macro first_newest_export() %}
    {%- set first %}
        select format('timestamptz %L', coalesce(min(exported_at), 'infinity'))
        from (select max(exported_at) as exported_at from {{ ref('effective_loads') }} group by entity) as newest
    {% endset %}
    {{ return(run_query(first).columns[0].values()[0] if execute else "timestamptz 'infinity'") }}
{% endmacro %}


{#- The newest export of an entity and the full export before it, if the two can be compared row by row: it is a full one
    too, alone at its moment, of the same columns. Else nothing. The moments are literals, by which PostgreSQL leaves
    other months out when it plans. -#}
{% macro newest_full_export(entity) %}
    {%- set newest %}
        with

        full_exports as (

            select
                *,
                lag(load_id) over by_time as load_id_before,
                lag(exported_at) over by_time as exported_at_before,
                lag(observed_columns) over by_time as observed_columns_before
            from {{ ref('effective_loads') }}
            where entity = '{{ entity }}' and scope = 'full'
            window by_time as (order by exported_at)

        )

        select
            load_id,
            format('timestamptz %L', exported_at),
            load_id_before,
            format('timestamptz %L', exported_at_before)
        from full_exports
        where
            observed_columns = observed_columns_before
            and exported_at_before >= {{ log_is_whole_since(entity) }}
            and not exists (
                select from {{ ref('effective_loads') }} as other
                where
                    other.entity = '{{ entity }}'
                    and other.exported_at >= full_exports.exported_at
                    and other.load_id != full_exports.load_id
            )
    {%- endset %}
    {%- set found = run_query(newest).rows %}
    {%- set names = ['load_id', 'exported_at', 'load_id_before', 'exported_at_before'] %}
    {{- return(dict(zip(names, found[0].values())) if found else none) }}
{% endmacro %}


{#- What tells whether one export says of a record what another does: all cells of a raw row but its number in the file,
    which a version takes along without comparing it. -#}
{% macro compared_cells(entity) %}
    {%- set cells = [] %}
    {%- for column in adapter.get_columns_in_relation(source('raw', entity)) %}
        {#- A header with a quote in it is none of the contract's, and dbt does not quote it. -#}
        {%- if column.name not in ['S No', 'record_key'] and not column.name.startswith('_') and '"' not in column.name %}
            {%- do cells.append(adapter.quote(column.name)) %}
        {%- endif %}
    {%- endfor %}
    {{- return(cells) }}
{% endmacro %}
