{#- An entity's history mart (HISTORY.md section 4): one row per changed column per change.

    entity: as the ledger names it; a deletion is dated by one of its full exports.
    snapshot: name of the entity's snapshot.
    identity: columns that tell a reader which record it is.
    columns: the history columns.

    Of a mart that is there already, only the records whose versions changed since are computed, and of each what it tells
    from the first changed version on: the snapshots leave both in `meta.stale_history`, and the strategy below takes them
    from there. -#}
{% macro history(entity, snapshot, identity, columns) %}
{%- set stale_from = ', versions.stale_from' if is_incremental() %}
with

{% if is_incremental() %}
stale_versions as (

    -- With the version before, which the first changed one is compared with.
    select
        versions.*,
        stale.stale_from
    from (
        select
            record_key,
            coalesce(stale_from, '-infinity') as stale_from
        from meta.stale_history
        where entity = '{{ entity }}' and not {{ all_history_is_stale(entity) }}
    ) as stale
    cross join lateral (
        select max(dbt_valid_from) as began from {{ ref(snapshot) }}
        where record_key = stale.record_key and dbt_valid_from < stale.stale_from
    ) as before
    cross join lateral (
        select * from {{ ref(snapshot) }}
        where record_key = stale.record_key and dbt_valid_from >= coalesce(before.began, '-infinity')
        offset 0
    ) as versions
    union all
    select
        *,
        '-infinity' as stale_from
    from {{ ref(snapshot) }}
    where {{ all_history_is_stale(entity) }}

),
{% endif %}

versions as (

    select
        *,
        lag(dbt_valid_from) over by_time is null as is_first,
        lag(dbt_valid_to) over by_time < dbt_valid_from as is_restored,
        -- A version that ends without a next one beginning was closed by a full export.
        dbt_valid_to is not null and lead(dbt_valid_from) over by_time is distinct from dbt_valid_to as is_deleted,
        {%- for column in columns %}
        lag({{ column }}) over by_time as old_{{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ 'stale_versions' if is_incremental() else ref(snapshot) }}
    window by_time as (partition by record_key order by dbt_valid_from)

),

full_loads as (

    select * from {{ ref('effective_loads') }} where entity = '{{ entity }}' and scope = 'full'

),

column_changes as (

    select
        {%- for column in identity %}
        versions.{{ column }},
        {%- endfor %}
        changes.column_name,
        changes.old_value,
        changes.new_value,
        versions.dbt_valid_from as changed_at,
        case when versions.is_first then 'created' else 'changed' end as change_type,
        versions.file_name{{ stale_from }}
    from versions
    cross join lateral (
        values
        {%- for column in columns %}
        ('{{ column }}', old_{{ column }} is distinct from {{ column }}, old_{{ column }}::text, {{ column }}::text)
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    ) as changes (column_name, is_change, old_value, new_value)
    where changes.is_change

),

restored as (

    select
        {%- for column in identity %}
        {{ column }},
        {%- endfor %}
        '_record' as column_name,
        null as old_value,
        'active' as new_value,
        dbt_valid_from as changed_at,
        'restored' as change_type,
        file_name{{ stale_from }}
    from versions
    where is_restored

),

deleted as (

    select
        {%- for column in identity %}
        versions.{{ column }},
        {%- endfor %}
        '_record' as column_name,
        'active' as old_value,
        null as new_value,
        versions.dbt_valid_to as changed_at,
        'deleted' as change_type,
        full_loads.file_name{{ stale_from }}
    from versions
    left join full_loads on versions.dbt_valid_to = full_loads.exported_at
    where versions.is_deleted

),

final as (

    select * from column_changes
    union all
    select * from restored
    union all
    select * from deleted

)

select
    {%- for column in identity %}
    {{ column }},
    {%- endfor %}
    column_name,
    old_value,
    new_value,
    changed_at,
    change_type,
    file_name
from final
{%- if is_incremental() %}
where changed_at >= stale_from
{%- endif %}
{% endmacro %}


{#- Whether all records of an entity are stale: its snapshot was built anew, which leaves a `*`. A condition of the
    statements that need it, which run when `history_take_turn` has its locks: what is asked while a model is compiled may
    have changed by then. -#}
{% macro all_history_is_stale(entity) -%}
    exists (select from meta.stale_history where entity = '{{ entity }}' and record_key = '*')
{%- endmacro %}


{#- An incremental strategy: leaves the rows of stale records as they were computed, in one transaction with forgetting
    that they were stale. Rows of records that have no versions left go too.

    Only what differs is written: so the rows that a run wrote are the changes that it found, and Dagster shows them
    (quickbooks_history/warehouse/activity.py). -#}
{% macro get_incremental_stale_records_sql(arg_dict) %}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set computed = arg_dict['temp_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set stale_rows = rows_of_stale_records(target, columns) %}
    delete from {{ target }}
    where ctid = any(array(
        select present.ctid
        from ({{ stale_rows }} except all select {{ columns }} from {{ computed }}) as gone
        cross join lateral (
            select ctid from {{ target }}
            where record_key = gone.record_key and column_name = gone.column_name and changed_at = gone.changed_at
            offset 0
        ) as present
    ));

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ computed }} except all {{ stale_rows }}
{% endmacro %}


{% macro rows_of_stale_records(history, columns) %}
    {%- set entity = config.get('meta').entity -%}
    (
        select {{ columns }}
        from (
            select
                record_key as stale_key,
                coalesce(stale_from, '-infinity') as stale_from
            from meta.stale_history
            where entity = '{{ entity }}'
        ) as stale
        cross join lateral (
            select * from {{ history }} where record_key = stale.stale_key and changed_at >= stale.stale_from offset 0
        ) as present
        where not {{ all_history_is_stale(entity) }}
        union all
        select {{ columns }} from {{ history }} where {{ all_history_is_stale(entity) }}
    )
{%- endmacro %}


{#- Pre-hook of a history mart: its snapshot leaves no stale record more while this one is at it. -#}
{% macro history_take_turn() %}
    {% if config.get('meta', {}).entity %}
        lock table {{ ref(config.get('meta').entity ~ '_snapshot') }} in share mode;
        {{ lock_for_writing() }}
    {% endif %}
{% endmacro %}


{#- Post-hook of a history mart: its records are up to date. -#}
{% macro forget_stale_history() %}
    {% if config.get('meta', {}).entity and not is_scratch() %}
        delete from meta.stale_history where entity = '{{ config.get('meta').entity }}'
    {% endif %}
{% endmacro %}
