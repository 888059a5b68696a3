-- The margin of every item since it is known: one row per stretch of time in which neither its cost nor its price
-- changed, whatever else did. For one item, `dbt compile --select item_margins_over_time --vars '{item_name: AK-4}'`;
-- without a name it shows them all.
{%- set item_name = var('item_name', '') %}

with

versions as (

    select * from {{ ref('items_snapshot') }}

),

-- An item that was renamed is found under any of its names.
chosen as (

    select distinct record_key
    from versions
    {%- if item_name %}
    where item_name = '{{ item_name | replace("'", "''") }}'
    {%- endif %}

),

preceded as (

    select
        versions.*,
        lag(versions.purchase_cost) over by_time as old_cost,
        lag(versions.sales_price) over by_time as old_price,
        lag(versions.dbt_valid_to) over by_time as old_valid_to
    from versions
    inner join chosen on versions.record_key = chosen.record_key
    window by_time as (partition by versions.record_key order by versions.dbt_valid_from)

),

-- Where a stretch begins: at a new cost or price, or when a deleted item comes back.
compared as (

    select
        *,
        (
            purchase_cost is distinct from old_cost
            or sales_price is distinct from old_price
            or dbt_valid_from is distinct from old_valid_to
        ) as begins
    from preceded

),

numbered as (

    select
        *,
        count(*) filter (where begins) over (partition by record_key order by dbt_valid_from) as stretch
    from compared

),

-- A stretch has the name that its last version has.
stretches as (

    select
        record_key,
        (array_agg(item_name order by dbt_valid_from desc))[1] as item_name,
        purchase_cost,
        sales_price,
        min(dbt_valid_from) as valid_from,
        nullif(max(coalesce(dbt_valid_to, 'infinity')), 'infinity') as valid_to
    from numbered
    group by record_key, stretch, purchase_cost, sales_price

)

select
    item_name,
    purchase_cost,
    sales_price,
    sales_price - purchase_cost as margin,
    round(100 * (sales_price - purchase_cost) / nullif(sales_price, 0), 1) as margin_percent,
    valid_from,
    valid_to
from stretches
order by item_name, record_key, valid_from
