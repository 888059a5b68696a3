{#- The bodies of the append-log snapshots: what each effective load says of each key, with what the strategy needs
    to know of the load. One row per key per effective load. -#}

{% macro record_observations(staging_model) %}
select
    staged.*,
    loads.observed_columns,
    loads.is_full_at_moment,
    loads.next_full_at
from {{ ref(staging_model) }} as staged
inner join {{ ref('effective_loads') }} as loads on staged.load_id = loads.load_id
{% endmacro %}


{#- Lines are observed whenever their transaction is, as a complete set: each observation of a line also carries
    when the transaction is seen next and when a full export ends it. -#}
{% macro line_observations(staging_model, record_model) %}
with

loads as (

    select
        load_id,
        is_full_at_moment,
        next_full_at,
        -- The ledger prefixes line columns; the lines' own model does not.
        array(
            select substr(name, length('line_') + 1) from unnest(observed_columns) as name where name like 'line\_%'
        ) as observed_columns
    from {{ ref('effective_loads') }}

),

records as (

    {{ record_observations(record_model) }}

),

record_moments as (

    {{ moments_of_keys('records', ['record_key']) }}

)

select
    staged.*,
    loads.observed_columns,
    loads.is_full_at_moment,
    loads.next_full_at,
    record_moments.next_at as record_next_at,
    record_moments.closed_at as record_closed_at
from {{ ref(staging_model) }} as staged
inner join loads on staged.load_id = loads.load_id
inner join record_moments
    on staged.record_key = record_moments.record_key and staged.exported_at = record_moments.exported_at
{% endmacro %}


{#- When each key was observed, when it is observed next, and when a full export that does not list it comes first.
    A moment's full export speaks after its partial one: a key that it does not list was not there. -#}
{% macro moments_of_keys(observations, key) -%}
select
    {{ key | join(', ') }},
    exported_at,
    next_at,
    case when next_full_at < next_at or next_at is null then next_full_at end as closed_at
from (
    select
        {{ key | join(', ') }},
        exported_at,
        min(next_full_at) as next_full_at,
        lead(exported_at) over (partition by {{ key | join(', ') }} order by exported_at) as next_at
    from {{ observations }}
    group by {{ key | join(', ') }}, exported_at
    having bool_or(scope = 'full') or not bool_or(is_full_at_moment)
) as moments
{%- endmacro %}
