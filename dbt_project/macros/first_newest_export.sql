{#- When the newest exports of all entities begin, as a literal: the newest of that entity that has been exported longest ago. -#}
{% macro first_newest_export() %}
    {%- set first %}
        select format('timestamptz %L', coalesce(min(exported_at), 'infinity'))
        from (select max(exported_at) as exported_at from {{ ref('effective_loads') }} group by entity) as newest
    {% endset %}
    {{ return(run_query(first).columns[0].values()[0] if execute else "timestamptz 'infinity'") }}
{% endmacro %}
