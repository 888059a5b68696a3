-- Every item as it was at one moment: its cost, price and stock. Give the moment with
-- `dbt compile --select item_at_a_moment --vars '{moment: 2025-04-05}'`; without one it is now.
{%- set moment = var('moment', 'now') %}

with

versions as (

    select * from {{ ref('items_snapshot') }}

),

then_open as (

    select
        record_key,
        item_name,
        sales_description,
        purchase_cost,
        sales_price,
        quantity_on_hand,
        status,
        dbt_valid_from as valid_from,
        file_name
    from versions
    where
        dbt_valid_from <= '{{ moment }}'::timestamptz
        and (dbt_valid_to is null or dbt_valid_to > '{{ moment }}'::timestamptz)

)

select * from then_open
order by item_name
