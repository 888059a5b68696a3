{#- A dbt snapshot strategy for an append log: history is a pure function of the effective loads, whatever order they
    came in (HISTORY.md section 2). Stock strategies expect one row per key and stamp what they find with one time;
    see docs/decisions.md, 7.

    A snapshot with `strategy='append_log'` gives its observations as its body (see observations.sql) and takes
    `unique_key` (a name or a list) and `meta.entity`. Columns of the body that are not named below are tracked.

    Now every run recomputes all versions from the log and writes those that differ. The place to make that follow
    only the keys that new loads touch is `append_log_recomputed` below: restrict its observations to those keys and
    its comparison to their versions. -#}

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
        {{ append_log_recomputed(strategy, sql) }}
    {% else %}
        {{ default__build_snapshot_table(strategy, sql) }}
    {% endif %}
{% endmacro %}


{#- The rows by which the snapshot table differs from history: `delete` those that are no longer so, `insert` those
    that are missing. A run that brings nothing new gives no row. -#}
{% macro postgres__snapshot_staging_table(strategy, source_sql, target_relation) %}
    {% if strategy.append_log %}
        {% set existing = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | list %}
        with

        recomputed as (

            {{ append_log_recomputed(strategy, source_sql) }}

        ),

        snapshotted as (

            select
                {%- for column in append_log_columns(strategy, source_sql).all %}
                {% if column.name in existing %}{{ column.name }}
                {%- else %}null::{{ column.data_type }} as {{ column.name }}
                {%- endif %},
                {%- endfor %}
                dbt_scd_id,
                dbt_updated_at,
                dbt_valid_from,
                dbt_valid_to
            from {{ target_relation }}

        )

        select 'delete' as dbt_change_type, gone.* from (
            select * from snapshotted except select * from recomputed
        ) as gone
        union all
        select 'insert' as dbt_change_type, new.* from (
            select * from recomputed except select * from snapshotted
        ) as new
    {% else %}
        {{ default__snapshot_staging_table(strategy, source_sql, target_relation) }}
    {% endif %}
{% endmacro %}


{% macro postgres__snapshot_merge_sql(target, source, insert_cols) %}
    {% if config.get('strategy') == 'append_log' %}
        delete from {{ target }} using {{ source }} as changes
        where changes.dbt_change_type = 'delete' and changes.dbt_scd_id = {{ target }}.dbt_scd_id;

        insert into {{ target }} ({{ insert_cols | join(', ') }})
        select {{ insert_cols | join(', ') }} from {{ source }} where dbt_change_type = 'insert';
    {% else %}
        {{ dbt_postgres.postgres__snapshot_merge_sql(target, source, insert_cols) }}
    {% endif %}
{% endmacro %}


{% macro append_log_recomputed(strategy, sql) %}
    {% set columns = append_log_columns(strategy, sql) %}
    {{ append_log_versions(
        observations=sql,
        key=columns.key,
        tracked=columns.tracked,
        kept=columns.kept,
        sometimes_absent=append_log_sometimes_absent(columns.tracked, columns.is_line),
        is_line=columns.is_line
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


{#- The tracked columns that some effective load's file lacks while another's has them. For a column that no file has
    there is nothing to carry forward. Lines' columns stand in the ledger with a prefix. -#}
{% macro append_log_sometimes_absent(tracked, is_line) %}
    {% set absent %}
        with observed as (
            select distinct observed_columns from {{ ref('effective_loads') }}
            where entity = '{{ config.get('meta').entity }}'
        )
        select name
        from unnest(array['{{ tracked | map(attribute='name') | join("', '") }}']) as name
        where
            exists (select from observed where not {{ "'line_' || " if is_line }}name = any(observed_columns))
            and exists (select from observed where {{ "'line_' || " if is_line }}name = any(observed_columns))
    {% endset %}
    {{ return(run_query(absent).columns[0].values() | list if execute else []) }}
{% endmacro %}


{#- dbt warns when a snapshot's times are not of the type of its own clock. Ours are never the clock's. -#}
{% macro check_time_data_types(sql) %}
    {% if config.get('strategy') != 'append_log' %}
        {{ dbt.check_time_data_types(sql) }}
    {% endif %}
{% endmacro %}
