{#- When the newest exports of all entities begin, as a literal: the newest of that entity that has been exported longest ago. -#}
{% macro first_newest_export() %}
    {%- set first %}
        select format('timestamptz %L', coalesce(min(exported_at), 'infinity'))
        from (select max(exported_at) as exported_at from {{ ref('effective_loads') }} group by entity) as newest
    {% endset %}
    {{ return(run_query(first).columns[0].values()[0] if execute else "timestamptz 'infinity'") }}
{% endmacro %}


{#- An entity's newest export, for a test that looks at what it lists, and how far back that has to look. Literals, by which
    PostgreSQL plans the months that hold it and not all of ten years each time that the log is named:

    exported_at: the newest export's moment.
    full_before: that of the full export before it.
    is_only: whether the entity has no other one.
    since: no record that it lists was observed before it and not since then. Found out where it is new and lists few, for
        these are looked up twice then; else all of the log, as far as it is whole.

    number: header of the column that identifies a record without a QuickBooks id. -#}
{% macro newest_export(entity, number) %}
    {%- set log = whole_log(entity) %}
    {%- if not execute %}
        {{ return({'exported_at': log.since, 'full_before': log.since, 'since': log.since, 'is_only': false}) }}
    {%- endif %}
    {%- set moments %}
        select
            format('timestamptz %L', newest.exported_at),
            format('timestamptz %L', coalesce(full_before.exported_at, 'infinity')),
            coalesce(listed.is_new and listed.number_of_rows <= 1000, false)
        from (
            select coalesce(max(exported_at), 'infinity') as exported_at from {{ ref('effective_loads') }}
            where entity = '{{ entity }}'
        ) as newest
        cross join lateral (
            select
                sum(loads.row_count) as number_of_rows,
                bool_or(loads.loaded_at > now() - interval '2 days') as is_new
            from {{ ref('effective_loads') }} as effective
            inner join {{ source('meta', 'loads') }} as loads on effective.load_id = loads.load_id
            where effective.entity = '{{ entity }}' and effective.exported_at = newest.exported_at
        ) as listed
        cross join lateral (
            select max(exported_at) as exported_at from {{ ref('effective_loads') }}
            where entity = '{{ entity }}' and scope = 'full' and exported_at < newest.exported_at
        ) as full_before
    {%- endset %}
    {%- set exported_at, full_before, lists_few = run_query(moments).rows[0].values() %}
    {%- set listed %}
        select distinct {{ raw_record_key(number) }} as record_key
        from {{ source('raw', entity) }}
        where
            _exported_at = {{ exported_at }}
            and _load_id = any(array(
                select load_id from {{ ref('effective_loads') }}
                where entity = '{{ entity }}' and exported_at = {{ exported_at }}
            ))
    {%- endset %}
    {{ return({
        'exported_at': exported_at,
        'full_before': full_before,
        'is_only': log.is_one_load,
        'since': observed_since(entity, number, listed, log, exported_at) if lists_few else log.since,
    }) }}
{% endmacro %}


{#- Since when the last observations of some records before a moment were made, as a literal: that moment, if there are none.
    Looked for in the newest months first, where most are; what is not there may have been observed at any time before, or
    never, which takes all months to tell.

    keys: SQL that gives the records' `record_key`.
    log: see `whole_log`.
    before: literal. -#}
{% macro observed_since(entity, number, keys, log, before) %}
    {%- for since in [log.lately, log.since] %}
        {%- set last %}
            select
                coalesce(bool_and(observed.exported_at is not null), true),
                format('timestamptz %L', coalesce(min(observed.exported_at), {{ before }}))
            from ({{ keys }}) as listed
            left join lateral (
                {{ observation_before(entity, number, 'listed.record_key', before, since) }}
            ) as observed on true
            where listed.record_key is not null
        {%- endset %}
        {%- set all_are_found, first = run_query(last).rows[0].values() %}
        {%- if all_are_found or since == log.since %}
            {{ return(first) }}
        {%- endif %}
    {%- endfor %}
{% endmacro %}


{#- The last observation of a record before a moment, looked up by index; it holds if no full export of its own moment leaves
    the record out.

    key: expression that gives the record's key.
    exported_at: literal; before it.
    since: literal; not before it. -#}
{% macro observation_before(entity, number, key, exported_at, since) -%}
    select
        loads.load_id,
        loads.exported_at,
        loads.scope = 'full' or not loads.is_full_at_moment as holds,
        loads.next_full_at,
        loads.observed_columns
    from {{ source('raw', entity) }} as of_key
    inner join {{ ref('effective_loads') }} as loads on of_key._load_id = loads.load_id
    where
        {{ raw_record_key(number) }} = {{ key }}
        and of_key._exported_at < {{ exported_at }}
        and of_key._exported_at >= {{ since }}
    order by of_key._exported_at desc, loads.scope = 'full' desc
    limit 1
{%- endmacro %}


{#- What an observation says of a record, typed: its row, or its lines. Looked up by index, which `offset 0` keeps it to.

    key: expression that gives the record's key.
    place: name of what gives the observation's `load_id` and `exported_at`.
    since: literal; not before it. -#}
{% macro staged_observation(staging_model, key, place, since) -%}
    select * from {{ ref(staging_model) }}
    where
        record_key = {{ key }}
        and exported_at = {{ place }}.exported_at
        and exported_at >= {{ since }}
        and load_id = {{ place }}.load_id
    offset 0
{%- endmacro %}


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
