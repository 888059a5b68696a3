-- The margin of every item since it is known: one row per stretch of time in which neither its cost nor its price
-- changed, whatever else did. Give an item's name with
-- `dbt compile --select item_margins_over_time --vars '{item_name: AK-4}'`; without one it shows them all.
{%- set item_name = var('item_name', '') %}

with

versions as (

    select * from {{ ref('items_snapshot') }}
    {%- if item_name %}
    where record_key in (
        select record_key from {{ ref('items_snapshot') }} where item_name = '{{ item_name | replace("'", "''") }}'
    )
    {%- endif %}

),

-- Where a stretch begins: at a new cost or price, or when a deleted item comes back.
compared as (

    select
        *,
        row(purchase_cost, sales_price) is distinct from lag(row(purchase_cost, sales_price)) over by_time
        or dbt_valid_from is distinct from lag(dbt_valid_to) over by_time as begins
    from versions
    window by_time as (partition by record_key order by dbt_valid_from)

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
