{#- Post-hook of the tables that grow: gathers their statistics when more than a tenth of them has changed since the last
    time, which is the rule that PostgreSQL's autovacuum goes by.

    Autovacuum itself comes a minute later, which is too late: without statistics, what joins a table that has just
    grown takes it for small, and PostgreSQL takes minutes instead of seconds. To gather them every night would be most
    of a nightly run, and more so with every night.

    soon: at first of the columns by which rows are found, which is what plans go by: of a table of forty these take a
        fifth of the time. For PostgreSQL the table is still one that has changed. So autovacuum comes for the other columns
        or, where the server does not run for so long, the next run does. -#}
{% macro analyze_if_changed(soon=false) %}
    {%- set columns = [] %}
    {%- for index in config.get('indexes', []) if soon %}
        {%- do columns.extend(index.columns | reject('in', columns)) %}
    {%- endfor %}
    {% set changed %}
        select
            changed.before + changed.now > 0.1 * greatest(relation.reltuples, 0),
            changed.before > 0.1 * greatest(relation.reltuples, 0)
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
    {% set is_due, was_due = run_query(changed).rows[0].values() if execute else (false, false) %}
    {% if is_due %}
        analyze {{ this }} {{- ' (' ~ columns | join(', ') ~ ')' if columns and not was_due }}
    {% endif %}
{% endmacro %}
