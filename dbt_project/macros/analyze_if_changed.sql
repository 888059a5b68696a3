{#- Post-hook of the tables that grow: gathers their statistics when more than a tenth of them has changed since the last
    time, which is the rule that PostgreSQL's autovacuum goes by.

    Autovacuum itself comes a minute later, which is too late: without statistics, what joins a table that has just
    grown takes it for small, and PostgreSQL takes minutes instead of seconds. To gather them every night would be most
    of a nightly run, and more so with every night.

    only_indexed: of the columns by which rows are found, which is what plans go by. Of a table of forty columns these take a
        fifth of the time; the others are left to autovacuum, for which the table is still one that has changed. -#}
{% macro analyze_if_changed(only_indexed=false) %}
    {%- set columns = [] %}
    {%- for index in config.get('indexes', []) if only_indexed %}
        {%- do columns.extend(index.columns | reject('in', columns)) %}
    {%- endfor %}
    {% set changed %}
        select
            changed.before + changed.now > 0.1 * greatest(relation.reltuples, 0)
        from pg_class as relation
        cross join lateral (
            select
                pg_stat_get_mod_since_analyze(relation.oid) as before,
                pg_stat_get_xact_tuples_inserted(relation.oid)
                + pg_stat_get_xact_tuples_updated(relation.oid)
                + pg_stat_get_xact_tuples_deleted(relation.oid) as now
        ) as changed
        where relation.oid = '{{ this }}'::regclass
    {% endset %}
    {% if execute and run_query(changed).columns[0].values()[0] %}
        analyze {{ this }} {{- ' (' ~ columns | join(', ') ~ ')' if columns }}
    {% endif %}
{% endmacro %}
