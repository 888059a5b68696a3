{#- Where the current state of an entity's records is not what the last observation of each says: a record that is missing
    or should be gone, or a column that has another value. Columns that the last observation does not have are carried from
    before it, and not looked at.

    entity: as the ledger names it.
    current: the mart of its open versions.
    log: see `log_of_last_seen`. -#}
{% macro contradictions_of_current_records(entity, current, log) %}
    with

    last_seen as (

        {{ last_seen(entity, log) }}

    )

    select
        coalesce(observed.record_key, shown.record_key) as record_key,
        contradiction.*
    from (
        {{ staged_of_last_seen('stg_' ~ entity, log) }}
    ) as observed
    full join {{ unchecked(ref(current)) }} as shown on observed.record_key = shown.record_key
    cross join lateral (
        select
            'observed, but not there' as fault,
            null as column_name,
            null as current_value,
            null as observed_value
        where observed.is_there and shown.record_key is null
        union all
        select 'there, but not observed', null, null, null
        where
            shown.record_key is not null
            and observed.is_there is distinct from true
            and (observed.record_key is not null or {{ log_is_whole(entity) }})
        union all
        select
            'another value',
            cells.key,
            cells.value,
            to_jsonb(observed) ->> cells.key
        from jsonb_each_text(to_jsonb(shown)) as cells
        where
            observed.is_there
            and cells.key = any({{ observed_columns_of('observed.load_id') }})
            and cells.value is distinct from to_jsonb(observed) ->> cells.key
    ) as contradiction
    where not observed.is_there or {{ may_contradict('stg_' ~ entity, current) }}
{% endmacro %}


{#- Whether a row that was observed and the one that is shown are not the same in all columns that both have: then it is to
    be looked at column by column, as few are. The row and its file are no such columns: a version keeps those that opened
    it, and later files only confirm it. -#}
{% macro may_contradict(staging_model, current) -%}
    observed.record_key is null
    or shown.record_key is null
    {%- for column in node_named(staging_model).columns
        if column in node_named(current).columns and column not in append_log_kept_columns() %}
    or observed.{{ column }} is distinct from shown.{{ column }}
    {%- endfor %}
{%- endmacro %}


{#- Likewise of the lines of transactions: the last observation of a transaction says all of them.

    lines: the mart of open lines; its staging model is called after it. -#}
{% macro contradictions_of_current_lines(entity, lines, log) %}
    with

    last_seen as (

        {{ last_seen(entity, log) }}

    )

    select
        coalesce(observed.record_key, shown.record_key) as record_key,
        contradiction.*
    from (
        select * from ({{ staged_of_last_seen('stg_' ~ lines, log) }}) as of_records where is_there
    ) as observed
    full join {{ unchecked(ref(lines)) }} as shown
        on
            observed.record_key = shown.record_key
            and observed.product_service = shown.product_service
            and observed.occurrence = shown.occurrence
    cross join lateral (
        select
            'line observed, but not there' as fault,
            observed.product_service as column_name,
            null as current_value,
            null as observed_value
        where shown.record_key is null
        union all
        select 'line there, but not observed', shown.product_service, null, null
        where
            observed.record_key is null
            and (
                {{ log_is_whole(entity) }}
                or exists (select from last_seen where last_seen.record_key = shown.record_key)
            )
        union all
        select
            'another value',
            cells.key,
            cells.value,
            to_jsonb(observed) ->> cells.key
        from jsonb_each_text(to_jsonb(shown)) as cells
        where
            -- The ledger prefixes the names of lines' columns; the lines' own models do not.
            'line_' || cells.key = any({{ observed_columns_of('observed.load_id') }})
            and cells.value is distinct from to_jsonb(observed) ->> cells.key
    ) as contradiction
    where {{ may_contradict('stg_' ~ lines, lines) }}
{% endmacro %}


{#- The last observation of each record that tests look at, and whether the record is there since: it is not when a full
    export, of that moment or later, does not list it.

    log: see below. -#}
{% macro last_seen(entity, log) -%}
    {%- if not execute or everything_is_unchecked() %}
        select
            latest.record_key,
            places.load_id,
            places.exported_at,
            (places.scope = 'full' or not places.is_full_at_moment) and places.next_full_at is null as is_there
        from (
            select
                listed.record_key,
                max(places.place) as place
            from {{ ref('base_' ~ entity) }} as listed
            inner join ({{ places_in_history(entity) }}) as places on listed.load_id = places.load_id
            where listed.record_key is not null and listed.exported_at >= {{ log.since }}
            group by listed.record_key
        ) as latest
        inner join ({{ places_in_history(entity) }}) as places on latest.place = places.place
    {%- else %}
        {{ last_seen_of_unchecked(entity, log) }}
    {%- endif %}
{%- endmacro %}


{#- The rows of the last observations, each looked up by index; of an only load, all of its rows. -#}
{% macro staged_of_last_seen(staging_model, log) -%}
    {%- if log.is_one_load %}
        select
            true as is_there,
            *
        from {{ ref(staging_model) }}
    {%- else %}
        select
            last_seen.is_there,
            staged.*
        from last_seen
        cross join lateral (
            {{ staged_observation(staging_model, 'last_seen.record_key', 'last_seen', log.since) }}
        ) as staged
    {%- endif %}
{%- endmacro %}


{#- Likewise of a few records, each looked up by index, whose cost does not grow with the log. -#}
{% macro last_seen_of_unchecked(entity, log) -%}
    {%- set number = node_named(entity ~ '_snapshot').config.meta.number if execute %}
        select
            unchecked.record_key,
            latest.load_id,
            latest.exported_at,
            latest.holds and latest.next_full_at is null as is_there
        from ({{ unchecked_records([entity]) }}) as unchecked
        cross join lateral (
            {{ observation_before(entity, number, 'unchecked.record_key', log.until, log.since) }}
        ) as latest
{%- endmacro %}


{#- Which part of an entity's log has the last observations of the records that tests look at: literals, by which PostgreSQL
    plans the few months that hold them, once they are found, and not all of ten years each time that the log is named. -#}
{% macro log_of_last_seen(entity) %}
    {%- set log = whole_log(entity) %}
    {%- if not execute or everything_is_unchecked() %}{{ return(log) }}{% endif %}
    {%- set number = node_named(entity ~ '_snapshot').config.meta.number %}
    {{ return({
        'since': observed_since(entity, number, unchecked_records([entity]), log, log.until),
        'until': log.until,
        'is_one_load': false,
    }) }}
{% endmacro %}


{#- An entity's loads in force, numbered as they are applied. -#}
{% macro places_in_history(entity) -%}
    select
        *,
        row_number() over (order by exported_at, scope = 'full') as place
    from {{ ref('effective_loads') }}
    where entity = '{{ entity }}'
{%- endmacro %}


{#- The columns of a load's file, looked up where a row of it contradicts: too wide to take along with every row. -#}
{% macro observed_columns_of(load_id) -%}
    (select loads.observed_columns from {{ ref('effective_loads') }} as loads where loads.load_id = {{ load_id }})::text[]
{%- endmacro %}
