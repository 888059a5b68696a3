-- Lines that were not sold at the item's price of their day: an old price list, a discount without a line of its own,
-- or a slip. An item's price of a day is that of the version open when the day ended.
with

order_lines as (

    select * from {{ ref('order_lines') }}

),

orders as (

    select * from {{ ref('orders') }}

),

items as (

    select * from {{ ref('items_snapshot') }}

),

priced as (

    select
        orders.order_type,
        orders.order_number,
        orders.order_date,
        orders.customer_name,
        order_lines.product_service,
        order_lines.quantity,
        order_lines.rate,
        items.sales_price
    from order_lines
    inner join orders
        on order_lines.order_type = orders.order_type and order_lines.record_key = orders.record_key
    inner join items
        on
            order_lines.product_service = items.item_name
            and orders.order_date + 1 > items.dbt_valid_from
            and (items.dbt_valid_to is null or orders.order_date + 1 <= items.dbt_valid_to)

),

differing as (

    select
        *,
        (rate - sales_price) * quantity as difference
    from priced
    where rate != sales_price

)

select * from differing
order by abs(difference) desc, order_date
