{#- The body of an append-log snapshot: what each effective load says of each key, with what the strategy needs to
    know of the load. One row per key per effective load.

    observed: the snapshot's `meta`: `records` names the staging model of its records, `lines` that of its lines.
    touched: restricts it to the keys of a relation (record_key, touched_from), whose SQL name is its `relation`, each from its
        moment on; none of them lies before the literal `since`. -#}
{% macro append_log_observations(observed, touched=none) %}
    {%- if observed.lines -%}
        {{ line_observations(observed.lines, observed.records, touched) }}
    {%- else -%}
        {{ record_observations(observed.records, touched) }}
    {%- endif -%}
{% endmacro %}


{% macro record_observations(staging_model, touched=none) %}
select
    staged.*,
    loads.observed_columns,
    loads.is_full_at_moment,
    loads.next_full_at
from {{ staged_of_touched(staging_model, touched) }}
inner join {{ ref('effective_loads') }} as loads on staged.load_id = loads.load_id
{% endmacro %}


{#- Lines are observed whenever their transaction is, as a complete set: each observation of a line also carries
    when the transaction is seen next and when a full export ends it. -#}
{% macro line_observations(staging_model, record_model, touched=none) %}
with

loads as (

    select
        load_id,
        is_full_at_moment,
        next_full_at,
        -- The ledger prefixes line columns; the lines' own model does not. The record's id stands in both.
        array(
            select regexp_replace(name, '^line_', '') from unnest(observed_columns) as name
            where name like 'line\_%' or name = 'quickbooks_id'
        ) as observed_columns
    from {{ ref('effective_loads') }}

),

-- Of touched keys each of the two is made once: inside one another, the log of all would be read for each moment.
record_moments as {{ 'materialized' if touched }} (

    {{ record_moments(record_model, touched) }}

),

staged as {{ 'materialized' if touched }} (

    select staged.* from {{ staged_of_touched(staging_model, touched) }}

)

select
    staged.*,
    loads.observed_columns,
    loads.is_full_at_moment,
    loads.next_full_at,
    record_moments.next_at as record_next_at,
    record_moments.closed_at as record_closed_at
from staged
inner join loads on staged.load_id = loads.load_id
inner join record_moments
    on staged.record_key = record_moments.record_key and staged.exported_at = record_moments.exported_at
{% endmacro %}


{#- The key of a raw row's record, exactly as the index of the raw table has it (quickbooks_history/warehouse/schema.py).

    number: header of the column that identifies a record without a QuickBooks id. -#}
{% macro raw_record_key(number) -%}
    coalesce({{ to_text('"QuickBooks Internal Id"') }}, {{ to_text(adapter.quote(number)) }})
{%- endmacro %}


{#- A staging model, as `staged`: all of it, or of each touched key what was observed since it was touched. There
    `offset 0` keeps a subquery a subquery: the inner one PostgreSQL runs key by key over the index of the log, and joined
    it would type the whole log first; the outer one it joins as a whole, and else would look through all loads for
    each key. -#}
{% macro staged_of_touched(staging_model, touched) -%}
    {%- if touched -%}
(
    select of_key.*
    from {{ touched.relation }} as touched
    cross join lateral (
        select * from {{ ref(staging_model) }}
        where
            record_key = touched.record_key
            and exported_at >= touched.touched_from
            and exported_at >= {{ touched.since }}
        offset 0
    ) as of_key
    offset 0
) as staged
    {%- else -%}
{{ ref(staging_model) }} as staged
    {%- endif -%}
{%- endmacro %}


{#- When each record was observed, when it is observed next, and when a full export that does not list it comes first.
    A moment's full export speaks after its partial one: a key that it does not list was not there. -#}
{% macro record_moments(record_model, touched=none) -%}
select
    record_key,
    exported_at,
    next_at,
    case when next_full_at < next_at or next_at is null then next_full_at end as closed_at
from (
    select
        record_key,
        exported_at,
        min(next_full_at) as next_full_at,
        lead(exported_at) over (partition by record_key order by exported_at) as next_at
    from ({{ record_observations(record_model, touched) }}) as observations
    group by record_key, exported_at
    having bool_or(scope = 'full') or not bool_or(is_full_at_moment)
) as moments
{%- endmacro %}
