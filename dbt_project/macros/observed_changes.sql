{#- What changed, told from the observations themselves and not from versions: the other road to a history mart, by which
    tests hold the marts to account. It shares staging with the snapshots and nothing else: here each column is followed by
    itself, from one observation that shows it to the next. -#}

{#- The columns that a history mart follows, as its model says. -#}
{% macro history_columns(mart) %}
    {{ return(node_named(mart).get('config', {}).get('meta', {}).get('history_columns', [])) }}
{% endmacro %}


{#- Columns of a row as rows of their own: name, and value as text; null where its model has no such column.

    row: what it is called in the query.
    model: its name. -#}
{% macro cells_as_text(row, model, columns) -%}
    values
    {%- for column in columns %}
    ('{{ column }}', {{ cell_as_text(row, model, column) }}) {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}


{#- A column of a row as text; null where the row's model has no such column. -#}
{% macro cell_as_text(row, model, column) -%}
    {{ row ~ '.' ~ column ~ '::text' if column in node_named(model).get('columns', {}) else 'null' }}
{%- endmacro %}


{#- The columns of which a history mart tells rightly, a bit for each: as many bits as rows say that none is told twice. An
    aggregate over rows of the mart; 63 columns at most.

    The caller gives the condition on which a row tells a column rightly. -#}
{% macro columns_told(columns) -%}
    bit_or(
        case column_name
            {%- for column in columns %}
            when '{{ column }}' then case when {{ caller(column) }} then {{ 2 ** loop.index0 }}::bigint end
            {%- endfor %}
        end
    )
{%- endmacro %}


{#- The rows that an entity's history mart should have, of the records that tests look at: one per changed column per
    change.

    entity: as the ledger names it.
    mart: its history mart. -#}
{% macro observed_changes(entity, mart) %}
{%- if execute and flags.WHICH in ['build', 'test'] and everything_is_unchecked() %}{% do require_log(entity) %}{% endif %}
{%- set columns = history_columns(mart) %}
    with

    loads as (

        select
            *,
            min(exported_at) filter (where scope = 'full') over (
                order by exported_at desc groups between unbounded preceding and 1 preceding
            ) as full_export_after
        from {{ ref('effective_loads') }}
        where entity = '{{ entity }}'

    ),

    -- A full export speaks last at its moment: what it does not list was not there, whatever the partial one says.
    listed as (

        select
            staged.*,
            loads.observed_columns,
            loads.full_export_after,
            loads.scope = 'full' as is_full,
            bool_or(loads.scope = 'full') over (partition by staged.record_key, staged.exported_at)
            or not loads.is_full_at_moment as holds
        from {{ unchecked(ref('stg_' ~ entity), noted_for=ref(mart)) }} as staged
        inner join loads on staged.load_id = loads.load_id

    ),

    held as (

        select
            *,
            min(exported_at) over (partition by record_key) as first_at
        from listed
        where holds

    ),

    shown as (

        select distinct on (held.record_key, cells.column_name, held.exported_at)
            held.record_key,
            cells.column_name,
            held.exported_at,
            held.first_at,
            cells.value
        from held
        cross join lateral (
            values
            {%- for column in columns %}
            ('{{ column }}', held.{{ column }}::text){% if not loop.last %},{% endif %}
            {%- endfor %}
        ) as cells (column_name, value)
        where cells.column_name = any(held.observed_columns)
        order by held.record_key, cells.column_name, held.exported_at, held.is_full desc

    ),

    followed as (

        select
            *,
            lag(value) over (partition by record_key, column_name order by exported_at) as value_before
        from shown

    ),

    seen as (

        select
            record_key,
            full_export_after,
            lead(exported_at) over (partition by record_key order by exported_at) as next_at
        from (select distinct record_key, exported_at, full_export_after from held) as moments

    ),

    gone as (

        select * from seen where full_export_after < coalesce(next_at, 'infinity')

    )

    -- No join of what was seen to what was told: nothing is known of how long either is, and PostgreSQL would compare
    -- each row of the one with each of the other.
    select
        record_key,
        column_name,
        value_before as old_value,
        value as new_value,
        exported_at as changed_at,
        case when exported_at = first_at then 'created' else 'changed' end as change_type
    from followed
    where value_before is distinct from value

    union all

    select record_key, '_record', 'active', null, full_export_after, 'deleted' from gone

    union all

    select record_key, '_record', null, 'active', next_at, 'restored' from gone where next_at is not null
{% endmacro %}


{#- Where the newest exports of an entity and its history mart contradict one another: differences between what they list
    and the observation before that are not told, and changes told at their moment that lie between no two observations.

    Looks at whatever the newest exports list, and not at what a run rewrote: a change that went unnoticed rewrote nothing.
    Of each record it takes two observations, found by index, so that it costs as much as the newest exports are long.
    Columns that one of the two does not have are left to the test of all of history.

    Of a full export that repeats most of the one before, value by value, only the records that it does not repeat are
    typed and compared column by column; of the others nothing may be told.

    entity: as the ledger names it.
    mart: its history mart.
    number: header of the column that identifies a record without a QuickBooks id. -#}
{% macro contradictions_of_newest_exports(entity, mart, number) %}
{%- set export = newest_export(entity, number) %}
{%- if export.is_only and everything_is_unchecked() %}
    {{ contradictions_of_only_export(entity, mart, export) }}
{%- else %}
{%- set columns = history_columns(mart) %}
{%- set key = raw_record_key(number) %}
{%- set repeating = newest_full_export(entity) if execute %}
{%- set was_observed_before = not execute or export.since != export.exported_at %}
    with

    newest as materialized (

        {{ loads_to_be_told(entity, export) }}

    ),
    {%- if repeating %}

    not_repeated as materialized (

        {{ records_not_repeated(entity, key, repeating) }}

    ),
    {%- endif %}

    listed as materialized (

        select distinct on (staged.record_key)
            staged.record_key,
            staged.exported_at,
            {%- for column in columns %}
            staged.{{ column }},
            {%- endfor %}
            newest.load_id
        from newest
        {%- if repeating %}
        cross join not_repeated
        {%- endif %}
        cross join lateral (
            select * from {{ ref('stg_' ~ entity) }}
            where
                load_id = newest.load_id
                and exported_at = {{ export.exported_at }}
                {%- if repeating %}
                and record_key = not_repeated.record_key
                {%- endif %}
            offset 0
        ) as staged
        where newest.scope = 'full' or not newest.is_full_at_moment
        order by staged.record_key, newest.scope = 'full' desc

    ),

    -- What the full export before lists and a newest full one does not; records that only partial ones in between list
    -- are left to the test of all of history.
    gone as materialized (

        {%- if repeating %}

        select
            not_repeated.record_key,
            newest.exported_at
        from newest
        cross join not_repeated
        where not_repeated.was_listed and not not_repeated.is_listed

        {%- else %}

        select distinct
            there.record_key,
            newest.exported_at
        from newest
        cross join lateral (
            select * from {{ ref('effective_loads') }}
            where entity = newest.entity and scope = 'full' and exported_at = {{ export.full_before }}
        ) as full_before
        cross join lateral (
            select {{ key }} as record_key from {{ source('raw', entity) }}
            where _load_id = full_before.load_id and _exported_at = {{ export.full_before }}
            offset 0
        ) as there
        where
            newest.scope = 'full'
            and there.record_key is not null
            and not exists (select from listed where listed.record_key = there.record_key)

        {%- endif %}

    ),

    -- Of most records the mart tells just what it should, which is seen without naming each change: column by column are
    -- compared those of which it does not.
    doubtful as materialized (

        select
            listed.*,
            place.load_id as load_id_before,
            place.holds as before_holds,
            place.observed_columns as observed_columns_before,
            {%- for column in columns %}
            before.{{ column }} as {{ column }}_before{{ ',' if not loop.last }}
            {%- endfor %}
        from listed
        -- The observation before, where that is plain: one that a full export of its moment does not confirm is none. Of
        -- an entity's first export there is none, and PostgreSQL need not look for it.
        left join lateral (
            {{ observation_before(entity, number, 'listed.record_key', export.exported_at, export.since) }}
        ) as place on {{ was_observed_before | lower }}
        left join lateral (
            {{ staged_observation('stg_' ~ entity, 'listed.record_key', 'place', export.since) }}
        ) as before on {{ was_observed_before | lower }} and place.load_id is not null
        cross join lateral (
            select
                count(*) as number_of_changes,
                {% call(column) columns_told(columns) %}
                    old_value is not distinct from before.{{ column }}::text
                    and new_value is not distinct from listed.{{ column }}::text
                    and change_type = case when place.load_id is null then 'created' else 'changed' end
                {% endcall %} as changes
            from {{ ref(mart) }}
            where record_key = listed.record_key and changed_at = listed.exported_at
        ) as told
        cross join lateral (
            select
                0
                {%- for column in columns %}
                | case
                    when before.{{ column }}::text is distinct from listed.{{ column }}::text
                        then {{ 2 ** loop.index0 }}::bigint
                    else 0
                end
                {%- endfor %} as changes
        ) as expected
        where
            -- As many rows as bits: no column is told twice.
            coalesce(told.changes, 0) != expected.changes
            or told.number_of_changes != bit_count(expected.changes::bit(64))

    ),

    observed as (

        select
            doubtful.record_key,
            cells.column_name,
            cells.value_before as old_value,
            cells.value as new_value,
            case when doubtful.load_id_before is null then 'created' else 'changed' end as change_type,
            cells.value_before is distinct from cells.value as is_change
        from doubtful
        inner join newest on doubtful.load_id = newest.load_id
        cross join lateral (
            values
            {%- for column in columns %}
            ('{{ column }}', doubtful.{{ column }}::text, doubtful.{{ column }}_before::text)
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ) as cells (column_name, value, value_before)
        where
            coalesce(doubtful.before_holds, {{ log_is_whole(entity) }})
            and cells.column_name = any(newest.observed_columns)
            and (doubtful.load_id_before is null or cells.column_name = any(doubtful.observed_columns_before))

        union all

        select record_key, '_record', 'active', null, 'deleted', true from gone

    ),

    told as (

        select
            told.record_key,
            told.column_name,
            told.old_value,
            told.new_value,
            told.change_type,
            {%- if repeating %}
            not_repeated.record_key is null
            or told.change_type = 'deleted' and (not_repeated.is_listed or not_repeated.was_listed) as must_be_observed
        from newest
        inner join {{ ref(mart) }} as told on newest.exported_at = told.changed_at
        left join not_repeated on told.record_key = not_repeated.record_key
            {%- else %}
            told.change_type = 'deleted' as must_be_observed
        from (
            select record_key, exported_at from doubtful
            union all
            select record_key, exported_at from gone
        ) as named
        cross join lateral (
            select * from {{ ref(mart) }}
            where record_key = named.record_key and changed_at = named.exported_at
            offset 0
        ) as told
            {%- endif %}

    ),

    contradicting as (

        select
            observed as of_log,
            told as of_mart
        from observed
        full join told on observed.record_key = told.record_key and observed.column_name = told.column_name
        where
            case
                when told.record_key is null then observed.is_change
                when observed.record_key is null then told.must_be_observed
                else
                    not observed.is_change
                    or observed.old_value is distinct from told.old_value
                    or observed.new_value is distinct from told.new_value
                    or observed.change_type is distinct from told.change_type
            end

    )

    select
        'not told' as fault,
        (of_log).record_key,
        (of_log).column_name,
        (of_log).old_value,
        (of_log).new_value,
        (of_log).change_type
    from contradicting
    where (of_log).is_change
    union all
    select
        'not observed' as fault,
        (of_mart).record_key,
        (of_mart).column_name,
        (of_mart).old_value,
        (of_mart).new_value,
        (of_mart).change_type
    from contradicting
    where (of_mart).record_key is not null
{%- endif %}
{% endmacro %}


{#- Likewise of an only export, where all of history is looked at, as on an entity's first day. Nothing is typed: two other
    tests show that the current state is what it says, record by record, and that the mart tells of that, each value once
    (`current_state_is_last_observation`, `history_adds_up`). It remains that all is told as created, at its moment. -#}
{% macro contradictions_of_only_export(entity, mart, export) %}
    select
        'not observed' as fault,
        record_key,
        column_name,
        old_value,
        new_value,
        change_type
    from {{ ref(mart) }}
    where
        exists (
            {{ loads_to_be_told(entity, export) }}
        )
        and (
            change_type is distinct from 'created'
            or old_value is not null
            or changed_at is distinct from {{ export.exported_at }}
        )
{% endmacro %}


{#- The loads of an entity's newest moment, as far as the history mart must tell of them by now.

    export: see `newest_export`. -#}
{% macro loads_to_be_told(entity, export) -%}
    select * from {{ ref('effective_loads') }}
    where
        entity = '{{ entity }}'
        and exported_at = {{ export.exported_at }}
        -- Once it has been told for two days, it need not be looked up again in every run.
        and load_id in (
            select load_id from {{ source('meta', 'loads') }} where loaded_at > now() - interval '2 days'
        )
        -- What history has yet to take up, or the mart to follow, is not to be told yet: a run may make a part of it.
        and load_id in (select applied.load_id from meta.applied_loads as applied)
        and not exists (select from meta.stale_history where stale_history.entity = '{{ entity }}')
{%- endmacro %}


{#- The records that a full export does not repeat from the one before, and which of the two lists them: repeated is what
    has one row in each of the two, with the same in its cells, and none in between. Told by hashes, unlike the snapshots, which compare the cells themselves.

    Asked where `newest` has it, if it is to be looked up at all.

    key: expression over a raw row.
    repeating: see `newest_full_export`. -#}
{% macro records_not_repeated(entity, key, repeating) %}
    {%- set loads = [repeating.load_id, repeating.load_id_before] %}
        select
            record_key,
            bool_or(_load_id = {{ repeating.load_id }}) as is_listed,
            bool_or(_load_id = {{ repeating.load_id_before }}) as was_listed
        from (
            select
                {{ key }} as record_key,
                _load_id,
                {%- for cell in compared_cells(entity) %}
                {{ '# ' if not loop.first }}coalesce(hashtextextended({{ cell }}, {{ loop.index }}), 0)
                {%- endfor %} as cells
            from {{ source('raw', entity) }}
            where
                _exported_at between {{ repeating.exported_at_before }} and {{ repeating.exported_at }}
                and exists (select from newest)
        ) as listed
        where record_key is not null
        group by record_key
        having
            count(*) != 2
            or min(_load_id) != {{ loads | min }}
            or max(_load_id) != {{ loads | max }}
            or min(cells) != max(cells)
{% endmacro %}
