{#- HISTORY.md section 3, rules 3 to 7, as one select: from observations to versions.

    observations: SQL with one row per key per effective load: the key columns, the tracked columns, `s_no`,
        `line_no`, `file_name`, `exported_at`, `scope`, `observed_columns` (what the file had),
        `is_full_at_moment`, `next_full_at`; for lines also `record_next_at` and `record_closed_at`.
    key: names of the key columns.
    tracked: columns (name, data_type) whose change makes a version.
    kept: names of the columns that a version only takes along from the row that opened it.
    observed: names of the tracked columns that only `sometimes` a file has, and of those that it `never` has.
    is_line: whether a record's next observation ends a key that it does not have.
    of_one_load: whether all observations are of one load, and no other is in force. -#}
{% macro append_log_versions(observations, key, tracked, kept, observed, is_line, of_one_load=false) %}
{%- set key_csv = key | join(', ') -%}
{%- set tracked_csv = tracked | map(attribute='name') | join(', ') -%}
with

observations as (

    {{ observations }}

),

{% if of_one_load %}
-- Each key is observed once, nothing was before, and nothing has ended it since.
versions as (

    select
        {{ key_csv }},
        {%- for column in tracked %}
        {{ 'null::' ~ column.data_type ~ ' as ' if column.name in observed.never }}{{ column.name }},
        {%- endfor %}
        {%- for name in kept %}
        {{ name }},
        {%- endfor %}
        exported_at,
        null::timestamptz as valid_to,
        true as opens
    from observations

)

{% else %}
-- The order in which a key's observations are applied. A moment's full export speaks after its partial one, and a
-- key that it does not list was not there at that moment, whatever the partial one says.
ordered as (

    select
        *,
        row_number() over applied as nth,
        lead(exported_at) over applied as following_at
    from (
        select
            *,
            not is_full_at_moment
            or bool_or(scope = 'full') over (partition by {{ key_csv }}, exported_at) as holds
        from observations
    ) as judged
    where holds
    window applied as (partition by {{ key_csv }} order by exported_at, scope = 'full')

),

-- A column that a file does not have was not observed: the latest value of those that were still holds. (The
-- greatest pair of place and value so far is the latest; `ignore nulls` would not do, for a blank is a value.)
carried as (

    select
        {{ key_csv }},
        {%- for column in tracked %}
        {%- if column.name in observed.never %}
        null::{{ column.data_type }} as {{ column.name }},
        {%- elif column.name in observed.sometimes %}
        (
            max(array[to_char(nth, 'fm000000000000'), {{ column.name }}::text])
                filter (where '{{ column.name }}' = any(observed_columns))
                over so_far
        )[2]::{{ column.data_type }} as {{ column.name }},
        {%- else %}
        {{ column.name }},
        {%- endif %}
        {%- endfor %}
        {%- for name in kept %}
        {{ name }},
        {%- endfor %}
        exported_at,
        following_at,
        next_full_at
        {%- if is_line %},
        record_next_at,
        record_closed_at
        {%- endif %}
    from ordered
    window so_far as (partition by {{ key_csv }} order by nth)

),

-- Of each moment, what holds after its last observation; and when the key is observed next.
moments as (

    select
        *,
        lead(exported_at) over (partition by {{ key_csv }} order by exported_at) as next_at
    from carried
    where following_at is distinct from exported_at

),

-- When the key is seen to be gone before it is observed again.
ended as (

    select
        *,
        {%- if is_line %}
        case
            when record_closed_at is not null then record_closed_at
            when next_at is distinct from record_next_at then record_next_at
        end as closed_at
        {%- else %}
        case when next_full_at < next_at or next_at is null then next_full_at end as closed_at
        {%- endif %}
    from moments

),

compared as (

    select
        *,
        lag(exported_at) over applied is null
        or lag(closed_at) over applied is not null
        {%- if tracked %}
        or row({{ tracked_csv }}) is distinct from lag(row({{ tracked_csv }})) over applied
        {%- endif %} as opens
    from ended
    window applied as (partition by {{ key_csv }} order by exported_at)

),

-- The moments at which a version opens or ends; the others changed nothing.
bounds as (

    select
        *,
        coalesce(closed_at, case when lead(opens) over applied then next_at end) as ends_at
    from compared
    window applied as (partition by {{ key_csv }} order by exported_at)

),

versions as (

    select
        *,
        coalesce(ends_at, lead(ends_at) over applied) as valid_to
    from bounds
    where opens or ends_at is not null
    window applied as (partition by {{ key_csv }} order by exported_at)

)

{% endif %}
select
    {{ key_csv }},
    {%- for column in tracked %}
    {{ column.name }},
    {%- endfor %}
    {%- for name in kept %}
    {{ name }},
    {%- endfor %}
    md5(jsonb_build_array({{ key_csv }}, exported_at at time zone 'UTC')::text) as dbt_scd_id,
    exported_at as dbt_updated_at,
    exported_at as dbt_valid_from,
    valid_to as dbt_valid_to
from versions
where opens
{% endmacro %}
