{#- A dbt snapshot strategy for an append log: history is a pure function of the effective loads, whatever order they
    came in (HISTORY.md section 2). Stock strategies expect one row per key and stamp what they find with one time;
    see docs/decisions.md, 7.

    A snapshot calls `append_log` and gives its observations as its body (see observations.sql). Columns of the body that
    are not named below are tracked.

    A run finds the loads that came into force or went out of it since the last one, the keys that they touch and the
    earliest moment at which each is touched; takes those keys' versions back to just before it, replays their log from
    there, and writes the rows that differ: all in one transaction with the note of what has been applied
    (`meta.applied_loads`), so that a run killed anywhere leaves the state before it or after it. -#}

{#- What a snapshot says of itself to be one of these. Here and not in dbt_project.yml, which would say it of a stock
    snapshot beside them too.

    unique_key: a name or a list.
    observed: its `meta`: the `entity`, the header of its `number`, and its staging models `records` and `lines`. -#}
{% macro append_log(unique_key, observed) %}
    {#- People ask for a record by its name or number, also one that it had once. -#}
    {%- set by_number = [] if observed.lines else [{'columns': [observed.number | lower | replace(' ', '_')]}] %}
    {{ config(
        strategy='append_log',
        unique_key=unique_key,
        updated_at='exported_at',
        meta=observed,
        indexes=[
            {'columns': ['record_key', 'dbt_valid_from']},
            {'columns': ['dbt_valid_to']},
            {'columns': ['dbt_scd_id'], 'unique': true},
        ] + by_number,
        pre_hook='{{ append_log_take_turn() }}',
        post_hook=['{{ append_log_note_applied() }}', '{{ analyze_if_changed(soon=true) }}'],
    ) }}
{% endmacro %}


{#- What observations carry besides keys and tracked columns: of the load, ... -#}
{% macro append_log_load_columns() %}
    {{ return([
        'load_id', 'exported_at', 'scope', 'observed_columns', 'is_full_at_moment', 'next_full_at', 'record_next_at',
        'record_closed_at', '_sdc_extracted_at', '_sdc_batched_at',
    ]) }}
{% endmacro %}

{#- ... and of the row, which a version takes along without comparing it. -#}
{% macro append_log_kept_columns() %}
    {{ return(['s_no', 'file_name', 'line_no']) }}
{% endmacro %}


{#- What a version of a snapshot says, as a row to compare: its columns but those that every version has anew. -#}
{% macro version_content(snapshot) -%}
    {%- set anew = ['dbt_scd_id', 'dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to'] + append_log_kept_columns() -%}
    row({{ node_named(snapshot).get('columns', {}).keys() | reject('in', anew) | join(', ') }})
{%- endmacro %}


{#- Called by dbt's snapshot materialization; `row_changed` and `scd_id` are what it expects of every strategy. -#}
{% macro snapshot_append_log_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {% set unique_key = config.get('unique_key') %}
    {{ return({
        'append_log': true,
        'unique_key': unique_key,
        'updated_at': config.get('updated_at'),
        'row_changed': 'true',
        'scd_id': 'dbt_scd_id',
        'hard_deletes': 'ignore',
    }) }}
{% endmacro %}


{% macro postgres__build_snapshot_table(strategy, sql) %}
    {% if strategy.append_log %}
        {% if not is_scratch() %}
            {% do run_query(mark_all_history_stale(config.get('meta').entity)) %}
            {% do run_query(mark_everything_unchecked()) %}
        {% endif %}
        {{ append_log_recomputed(strategy, sql) }}
    {% else %}
        {{ default__build_snapshot_table(strategy, sql) }}
    {% endif %}
{% endmacro %}


{#- The rows by which the snapshot table differs from history: `delete` those that are no longer so, `insert` those
    that are missing. A run that brings nothing new gives no row. -#}
{% macro postgres__snapshot_staging_table(strategy, source_sql, target_relation) %}
    {% if strategy.append_log %}
        {#- dbt asks for it twice: to make the table, and before that to look at the types of its columns. -#}
        {% if 'changes' not in strategy %}
            {% do strategy.update({'changes': append_log_changes(strategy, target_relation)}) %}
        {% endif %}
        {{ strategy.changes }}
    {% else %}
        {{ default__snapshot_staging_table(strategy, source_sql, target_relation) }}
    {% endif %}
{% endmacro %}


{% macro append_log_changes(strategy, target_relation) %}
    {% set observed = config.get('meta') %}
    {#- Asked of no month of the log: with all of them PostgreSQL plans 120 to say which columns there are. -#}
    {% set nothing = {
        'relation': '(select null::text as record_key, null::timestamptz as touched_from)',
        'since': "timestamptz 'infinity'",
    } %}
    {% set columns = append_log_columns(strategy, append_log_observations(observed, nothing)) %}
    {% set existing = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | list %}
    {% set line_key = columns.key | reject('equalto', 'record_key') | join(', ') %}
    {% set reach = append_log_reach(observed.entity, target_relation) %}
    {% do require_log(observed.entity, reach.since) %}
    {% set touched = {'relation': 'touched', 'since': reach.since} %}
    {% set confirming = append_log_confirming_export(observed.entity, target_relation) %}
    with

    changed_loads as (

        {{ append_log_changed_loads(observed.entity, target_relation) }}

    ),

    -- Whose keys are touched: the changed loads, and of a full export's moment the partial one too. What only that one
    -- lists holds when the full export goes, and does not when it comes.
    touching_loads as (

        select load_id, exported_at from changed_loads
        union
        select effective.load_id, effective.exported_at
        from {{ ref('effective_loads') }} as effective
        inner join changed_loads on effective.exported_at = changed_loads.exported_at and changed_loads.scope = 'full'
        where effective.entity = '{{ observed.entity }}'

    ),

    {% if confirming %}
    listed as materialized (

        {{ append_log_listed_keys(observed, confirming) }}

    ),

    -- The keys that the new full export lists and does not confirm, and those that it no longer lists.
    touched as materialized (

        select
            record_key,
            {{ confirming.exported_at }} as touched_from
        from listed
        where not is_confirmed and record_key is not null
        union
        select
            record_key,
            {{ confirming.exported_at }} as touched_from
        from {{ target_relation }} as spanning
        where
            dbt_valid_from <= {{ confirming.exported_at }}
            and (dbt_valid_to is null or dbt_valid_to >= {{ confirming.exported_at }})
            and not exists (select from listed where listed.record_key = spanning.record_key)

    ),
    {% else %}
    -- The keys that these loads list; and of a changed full export also those that were there at its moment, or ended
    -- at it: it decides whether they went on.
    touched as materialized (

        select
            record_key,
            min(exported_at) as touched_from
        from (
            select
                listed.record_key,
                touching_loads.exported_at
            from touching_loads
            cross join lateral (
                select {{ raw_record_key(observed.number) }} as record_key
                from {{ source('raw', observed.entity) }}
                where
                    _load_id = touching_loads.load_id
                    and _exported_at = touching_loads.exported_at
                    and _exported_at >= {{ reach.since }}
                offset 0
            ) as listed
            {%- if reach.full_export %}
            union all
            select
                spanning.record_key,
                changed_loads.exported_at
            from changed_loads
            cross join lateral (
                select record_key
                from {{ target_relation }}
                where
                    changed_loads.scope = 'full'
                    and dbt_valid_from <= changed_loads.exported_at
                    and (dbt_valid_to is null or dbt_valid_to >= changed_loads.exported_at)
                offset 0
            ) as spanning
            {%- endif %}
        ) as named
        where record_key is not null
        group by record_key

    ),
    {% endif %}

    -- The last version of each touched key that began before it was touched.
    rewound as materialized (

        select
            touched.touched_from,
            before.*
        from touched
        cross join lateral (
            select distinct on ({{ line_key or 'record_key' }}) *
            from {{ target_relation }}
            where record_key = touched.record_key and dbt_valid_from < touched.touched_from
            order by {{ line_key or 'record_key' }}, dbt_valid_from desc
            offset 0
        ) as before

    ),

    full_moments as materialized (

        select distinct exported_at from {{ ref('effective_loads') }}
        where entity = '{{ observed.entity }}' and scope = 'full'

    ),

    {% if columns.is_line %}
    -- When the transactions of touched lines are seen first from there on, and which full export ends them before.
    resumed as materialized (

        select
            touched.record_key,
            seen.first_at,
            case when first_full.exported_at < seen.first_at or seen.first_at is null then first_full.exported_at end as closed_at
        from touched
        left join (
            select record_key, min(exported_at) as first_at
            from ({{ record_moments(observed.records, touched) }}) as moments
            group by record_key
        ) as seen on touched.record_key = seen.record_key
        left join lateral (
            select min(exported_at) as exported_at from full_moments where exported_at >= touched.touched_from
        ) as first_full on true

    ),
    {% endif %}

    -- A version that was open just before is the first observation of the replay, in which every column was observed.
    replay as (

        select
            {{ columns.key | join(', ') }},
            {%- for column in columns.tracked %}
            {{ column.name }},
            {%- endfor %}
            {%- for name in columns.kept %}
            {{ name }},
            {%- endfor %}
            exported_at,
            scope,
            observed_columns,
            is_full_at_moment,
            next_full_at
            {%- if columns.is_line %},
            record_next_at,
            record_closed_at
            {%- endif %}
        from ({{ append_log_observations(observed, touched) }}) as observations

        union all

        select
            {%- for name in columns.key %}
            rewound.{{ name }},
            {%- endfor %}
            {%- for column in columns.tracked %}
            {{ 'rewound.' ~ column.name if column.name in existing else 'null::' ~ column.data_type }},
            {%- endfor %}
            {%- for name in columns.kept %}
            rewound.{{ name }},
            {%- endfor %}
            rewound.dbt_valid_from as exported_at,
            'partial' as scope,
            array['{{ columns.tracked | map(attribute='name') | join("', '") }}'] as observed_columns,
            false as is_full_at_moment,
            case
                when rewound.dbt_valid_to < rewound.touched_from then rewound.dbt_valid_to
                else (select min(exported_at) from full_moments where exported_at >= rewound.touched_from)
            end as next_full_at
            {%- if columns.is_line %},
            case when rewound.dbt_valid_to < rewound.touched_from then null else resumed.first_at end as record_next_at,
            case
                when rewound.dbt_valid_to < rewound.touched_from then rewound.dbt_valid_to
                else resumed.closed_at
            end as record_closed_at
            {%- endif %}
        from rewound
        {%- if columns.is_line %}
        inner join resumed on rewound.record_key = resumed.record_key
        {%- endif %}

    ),

    recomputed as (

        {{ append_log_versions(
            observations='select * from replay',
            key=columns.key,
            tracked=columns.tracked,
            kept=columns.kept,
            observed=append_log_observed(columns.tracked, columns.is_line),
            is_line=columns.is_line
        ) }}

    ),

    snapshotted as (

        select
            {%- for column in columns.all %}
            {{ 'versions.' ~ column.name if column.name in existing else 'null::' ~ column.data_type ~ ' as ' ~ column.name }},
            {%- endfor %}
            versions.dbt_scd_id,
            versions.dbt_updated_at,
            versions.dbt_valid_from,
            versions.dbt_valid_to
        from (
            select
                touched.touched_from,
                later.*
            from touched
            cross join lateral (
                select * from {{ target_relation }}
                where record_key = touched.record_key and dbt_valid_from >= touched.touched_from
                offset 0
            ) as later
            union all
            select * from rewound
        ) as versions

    )

    select 'delete' as dbt_change_type, gone.* from (
        select * from snapshotted except select * from recomputed
    ) as gone
    union all
    select 'insert' as dbt_change_type, new.* from (
        select * from recomputed except select * from snapshotted
    ) as new
{% endmacro %}


{#- The loads of an entity that came into force, or went out of it, since a snapshot was last brought up to date. -#}
{% macro append_log_changed_loads(entity, snapshot) %}
    select
        load_id,
        exported_at,
        scope
    from {{ ref('effective_loads') }} as effective
    where
        entity = '{{ entity }}'
        and not exists (
            select from meta.applied_loads as applied
            where applied.snapshot = '{{ snapshot.identifier }}' and applied.load_id = effective.load_id
        )
    union all
    select
        load_id,
        exported_at,
        scope
    from meta.applied_loads as applied
    inner join meta.loads using (load_id)
    where
        applied.snapshot = '{{ snapshot.identifier }}'
        and not exists (select from {{ ref('effective_loads') }} as effective where effective.load_id = applied.load_id)
{% endmacro %}


{#- How far the changed loads reach: whether a full export is among them, without which no version need be looked for by
    its time; and the moment `since` which something may be touched, as a literal. By a literal PostgreSQL leaves the months
    before it out when it plans, and need not even look at them: of ten years there are 120 for each entity. -#}
{% macro append_log_reach(entity, snapshot) %}
    {% set reach %}
        select
            coalesce(bool_or(scope = 'full'), false),
            format('timestamptz %L', coalesce(min(exported_at), 'infinity'))
        from ({{ append_log_changed_loads(entity, snapshot) }}) as changed_loads
    {% endset %}
    {% set full_export, since = run_query(reach).rows[0].values() %}
    {{ return({'full_export': full_export, 'since': since}) }}
{% endmacro %}


{#- The export of a usual night: the one load that is new to a snapshot, if it can be compared with the full export before.
    Else nothing. -#}
{% macro append_log_confirming_export(entity, snapshot) %}
    {% set newest = newest_full_export(entity) %}
    {% set changed %}
        select load_id from ({{ append_log_changed_loads(entity, snapshot) }}) as changed_loads limit 2
    {% endset %}
    {{ return(newest if newest and run_query(changed).columns[0].values() | list == [newest.load_id] else none) }}
{% endmacro %}


{#- The keys that such an export lists, and whether it confirms them: if it says what the full export before said, text by
    text, in one row each, with nothing delivered in between, in force or not. Their open versions go on, and need not be
    replayed to see it. The row's place in its file is no matter, for a version keeps that of its first observation. -#}
{% macro append_log_listed_keys(observed, confirming) %}
    {%- set cells = compared_cells(observed.entity) %}
        select
            listed.record_key,
            seen.number_of_rows = 2 and seen.is_same as is_confirmed
        from (
            select
                {{ raw_record_key(observed.number) }} as record_key,
                {{ cells | join(',\n                ') }}
            from {{ source('raw', observed.entity) }}
            where _load_id = {{ confirming.load_id }} and _exported_at = {{ confirming.exported_at }}
            offset 0
        ) as listed
        cross join lateral (
            select
                count(*) as number_of_rows,
                bool_or(
                    _load_id = {{ confirming.load_id_before }}
                    {%- for cell in cells %}
                    and of_key.{{ cell }} is not distinct from listed.{{ cell }}
                    {%- endfor %}
                ) as is_same
            from {{ source('raw', observed.entity) }} as of_key
            where
                {{ raw_record_key(observed.number) }} = listed.record_key
                and _exported_at between {{ confirming.exported_at_before }} and {{ confirming.exported_at }}
            offset 0
        ) as seen
{% endmacro %}


{#- Pre-hook of every append-log snapshot: two runs at once take turns, each from what the other left, and the loads in
    force stand still until this one has noted which it applied. -#}
{% macro append_log_take_turn() %}
    {% if config.get('strategy') == 'append_log' %}
        lock table {{ ref('effective_loads') }} in share mode;
        {{ lock_for_writing() }}
    {% endif %}
{% endmacro %}


{#- Refuses to write where a later version of the program has worked, and to move history on while the pipeline is rolled
    back (`qbh rollback`). -#}
{% macro require_forward() %}
    {% if execute %}
        {% set state = run_query(
            "select (select max(number) from meta.schema_migrations),"
            " (select to_char(begun_at, 'YYYY-MM-DD HH24:MI') from meta.rollback)"
        ).rows[0] %}
        {% do require_known_schema(state[0]) %}
        {% if state[1] and not is_scratch() %}
            {% do exceptions.raise_compiler_error(
                'rolled back since ' ~ state[1] ~ ': history stays as it is, until `qbh rollback --undo`'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}


{#- Refuses to go on where the schema `meta` has had more migrations than this version of the program has.

    number: of the last one. -#}
{% macro require_known_schema(number) %}
    {% if number is not none and number > var('schema_number') %}
        {% do exceptions.raise_compiler_error(
            'the database is newer than this program: its schema is number ' ~ number ~ ', and this knows number '
            ~ var('schema_number') ~ '; install the later version of quickbooks-history (docs/operations.md, Upgrades)'
        ) %}
    {% endif %}
{% endmacro %}


{#- Lets nobody else write to this model's table, or keep it still, until the transaction ends; readers go on. Of two runs
    that have both found no table, the second steps aside: dbt has made up its mind by then to make one. -#}
{% macro lock_for_writing() %}
    {% do require_forward() %}
    {% if load_relation(this) %}
        lock table {{ this }} in share row exclusive mode
    {% else %}
        do $$
        begin
            perform pg_advisory_xact_lock(hashtextextended('{{ this }}', 0));
            if to_regclass('{{ this }}') is not null then
                raise exception 'another run made % meanwhile; run this one again', to_regclass('{{ this }}');
            end if;
        end
        $$
    {% endif %}
{% endmacro %}


{#- Post-hook of every append-log snapshot: notes, in the transaction that brought it up to date, what it was brought
    up to date with. -#}
{% macro append_log_note_applied() %}
    {% if config.get('strategy') == 'append_log' and not is_scratch() %}
        delete from meta.applied_loads as applied
        where
            applied.snapshot = '{{ this.identifier }}'
            and not exists (select from {{ ref('effective_loads') }} as effective where effective.load_id = applied.load_id);

        insert into meta.applied_loads (snapshot, load_id)
        select '{{ this.identifier }}', load_id from {{ ref('effective_loads') }} as effective
        where
            entity = '{{ config.get('meta').entity }}'
            and not exists (
                select from meta.applied_loads as applied
                where applied.snapshot = '{{ this.identifier }}' and applied.load_id = effective.load_id
            )
        on conflict do nothing
    {% endif %}
{% endmacro %}


{% macro postgres__snapshot_merge_sql(target, source, insert_cols) %}
    {% if config.get('strategy') == 'append_log' %}
        {% if is_scratch() %}
            {% do exceptions.raise_compiler_error('drop the schema ' ~ target.schema ~ ' first: in it history is made anew, from nothing') %}
        {% endif %}
        -- Or PostgreSQL takes the changes of a night for many, and looks for them in all of history.
        analyze {{ source }} (dbt_change_type, dbt_scd_id);

        delete from {{ target }} using {{ source }} as changes
        where changes.dbt_change_type = 'delete' and changes.dbt_scd_id = {{ target }}.dbt_scd_id;

        insert into {{ target }} ({{ insert_cols | join(', ') }})
        select {{ insert_cols | join(', ') }} from {{ source }} where dbt_change_type = 'insert';

        {% set observed = config.get('meta') -%}
        {%- if not observed.lines -%}
        -- A record is stale for its history mart from the first version on that changed, or from where the file did that
        -- says when it ended; from its beginning, when nothing says from where.
        insert into meta.stale_history (entity, record_key, stale_from)
        select '{{ observed.entity }}', record_key, min(stale_from)
        from (
            select record_key, dbt_valid_from as stale_from from {{ source }}
            union all
            select ended.record_key, ended.dbt_valid_to
            from ({{ append_log_changed_loads(observed.entity, target) }}) as changed_loads
            inner join {{ target }} as ended
                on changed_loads.scope = 'full' and changed_loads.exported_at = ended.dbt_valid_to
        ) as changed
        group by record_key
        on conflict (entity, record_key) do update
        set stale_from = {{ earlier_of('stale_history.stale_from', 'excluded.stale_from') }};

        {% endif -%}
        -- By snapshot: those that are made at once would wait for one another's rows.
        insert into meta.unchecked_records (snapshot, record_key, unchecked_from)
        {%- if observed.lines %}
        select '{{ target.identifier }}', record_key, min(dbt_valid_from) from {{ source }} group by record_key
        {%- else %}
        select '{{ target.identifier }}', record_key, stale_from from meta.stale_history
        where entity = '{{ observed.entity }}'
        {%- endif %}
        on conflict (snapshot, record_key) do update
        set unchecked_from = {{ earlier_of('unchecked_records.unchecked_from', 'excluded.unchecked_from') }};
    {% else %}
        {{ dbt.postgres__snapshot_merge_sql(target, source, insert_cols) }}
    {% endif %}
{% endmacro %}


{#- The earlier of two moments since when a record is to be looked at; null, from its beginning on, comes before all. -#}
{% macro earlier_of(one, other) -%}
    case when {{ one }} is not null and {{ other }} is not null then least({{ one }}, {{ other }}) end
{%- endmacro %}


{% macro mark_all_history_stale(entity) %}
    insert into meta.stale_history (entity, record_key) values ('{{ entity }}', '*') on conflict do nothing
{% endmacro %}


{% macro append_log_recomputed(strategy, sql) %}
    {% do require_log(config.get('meta').entity) %}
    {% set columns = append_log_columns(strategy, sql) %}
    {{ append_log_versions(
        observations=sql,
        key=columns.key,
        tracked=columns.tracked,
        kept=columns.kept,
        observed=append_log_observed(columns.tracked, columns.is_line),
        is_line=columns.is_line,
        of_one_load=whole_log(config.get('meta').entity).is_one_load
    ) }}
{% endmacro %}


{#- Which of the observations' columns are keys, tracked, or taken along. -#}
{% macro append_log_columns(strategy, sql) %}
    {% set key = [strategy.unique_key] if strategy.unique_key is string else strategy.unique_key %}
    {% set schema = get_column_schema_from_query(sql) %}
    {% set names = schema | map(attribute='name') | list %}
    {% set of_load = append_log_load_columns() %}
    {% set of_row = append_log_kept_columns() %}
    {% set tracked = schema | rejectattr('name', 'in', key + of_load + of_row) | list %}
    {% set kept = schema | selectattr('name', 'in', of_row) | list %}
    {% set keys = [] %}
    {% for name in key %}
        {% do keys.append(schema | selectattr('name', 'equalto', name) | first) %}
    {% endfor %}
    {{ return({
        'key': key,
        'tracked': tracked,
        'kept': kept | map(attribute='name') | list,
        'all': keys + tracked + kept,
        'is_line': 'record_next_at' in names,
    }) }}
{% endmacro %}


{#- Which tracked columns the effective loads' files have: `sometimes` are the names of those that some file lacks and
    another has, `never` of those that no file has. What a file has is what the ledger says of it: raw may keep more, of
    columns that the contract did not know when it came. -#}
{% macro append_log_observed(tracked, is_line) %}
    {% set names = {} %}
    {% for column in tracked %}
        {#- The ledger prefixes lines' columns, but not the record's id, which lines carry along. -#}
        {% set prefix = 'line_' if is_line and column.name != 'quickbooks_id' else '' %}
        {% do names.update({prefix ~ column.name: column.name}) %}
    {% endfor %}
    {% set observed %}
        with observed as (
            select distinct observed_columns from {{ ref('effective_loads') }}
            where entity = '{{ config.get('meta').entity }}'
        ),

        files as (
            select
                name,
                exists (select from observed where name = any(observed_columns)) as in_some,
                exists (select from observed where not name = any(observed_columns)) as not_in_some
            from unnest(array['{{ names | join("', '") }}']) as name
        )

        select name, in_some from files where not_in_some
    {% endset %}
    {% set columns = {'sometimes': [], 'never': []} %}
    {% for name, in_some in run_query(observed).rows %}
        {% do columns['sometimes' if in_some else 'never'].append(names[name]) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}


{#- dbt warns when a snapshot's times are not of the type of its own clock. Ours are never the clock's. -#}
{% macro check_time_data_types(sql) %}
    {% if config.get('strategy') != 'append_log' %}
        {{ dbt.check_time_data_types(sql) }}
    {% endif %}
{% endmacro %}
