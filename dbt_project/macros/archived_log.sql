{#- Months of the log that `qbh archive` has moved out of the database. Loads need them when a file comes late, and the runs of
    `qbh` bring them back for that; here they are what dbt run by hand must not overlook. -#}

{#- Refuses to make history from a log of which months are missing: it would be another history.

    since: literal; months that end after it are needed. -#}
{% macro require_log(entity, since="timestamptz '-infinity'") %}
    {% set missing %}
        select to_char(min(month), 'YYYY-MM') from meta.archived_partitions
        where
            entity = '{{ entity }}'
            and not is_lent
            and (month + interval '1 month') at time zone 'UTC' > {{ since }}
    {% endset %}
    {% set first = run_query(missing).columns[0].values()[0] if execute %}
    {% if first %}
        {% do exceptions.raise_compiler_error(
            'months of ' ~ entity ~ ' from ' ~ first ~ ' on are archived, and this needs them: run `qbh restore` first,'
            ~ ' or let `qbh load` or `qbh verify` do it, which bring back what they need'
        ) %}
    {% endif %}
{% endmacro %}


{#- Whether no month of an entity's log is missing: then a record of which there is no observation has never had one. -#}
{% macro log_is_whole(entity) -%}
    not exists (
        select from meta.archived_partitions as archived
        where archived.entity = '{{ entity }}' and not archived.is_lent
    )
{%- endmacro %}


{#- The moment since which no month of an entity's log is missing, as a literal: a record's newest observation since then is
    its last one. A month before it may be there again, between others that are not. -#}
{% macro log_is_whole_since(entity) %}
    {{ return(whole_log(entity).since) }}
{% endmacro %}


{#- Where an entity's log is whole, as literals: from `since` on and before `until`. Not before its first load in force and
    not after its last one, so that PostgreSQL need not look for rows of no month: then it reads months backwards one by
    one, and stops in the first that has what it looks for. And `lately`, from which on it has only a few months; and whether
    it `is_one_load`, as on an entity's first day. -#}
{% macro whole_log(entity) %}
    {%- if not execute %}
        {{ return({
            'since': "timestamptz '-infinity'",
            'lately': "timestamptz '-infinity'",
            'until': "timestamptz 'infinity'",
            'is_one_load': false,
        }) }}
    {%- endif %}
    {%- set ends %}
        select
            format('timestamptz %L', coalesce(began, '-infinity')),
            format('timestamptz %L', coalesce(greatest(began, ended - interval '2 months'), '-infinity')),
            format('timestamptz %L', coalesce(ended + interval '1 microsecond', 'infinity')),
            number_of_loads = 1
        from (
            select
                greatest(
                    (
                        select max((month + interval '1 month') at time zone 'UTC') from meta.archived_partitions
                        where entity = '{{ entity }}' and not is_lent
                    ),
                    min(exported_at)
                ) as began,
                max(exported_at) as ended,
                count(*) as number_of_loads
            from {{ ref('effective_loads') }}
            where entity = '{{ entity }}'
        ) as log
    {%- endset %}
    {{ return(dict(zip(['since', 'lately', 'until', 'is_one_load'], run_query(ends).rows[0].values()))) }}
{% endmacro %}
