-- `orders` holds every invoice's and every sales receipt's row once, and their amounts. Broken, a sum over
-- `orders` is not the company's sales.
{{ config(meta={'dagster': {'ref': {'name': 'orders'}}}) }}

with

united as (

    select
        order_type,
        count(*) as number_of_rows,
        sum(total_amount) as amount
    from {{ unchecked(ref('orders')) }}
    group by order_type

),

apart as (

    select
        'invoice' as order_type,
        count(*) as number_of_rows,
        sum(total_amount) as amount
    from {{ unchecked(ref('invoices'), noted_for=ref('orders')) }}
    having count(*) > 0

    union all

    select
        'sales_receipt' as order_type,
        count(*) as number_of_rows,
        sum(total_amount) as amount
    from {{ unchecked(ref('sales_receipts'), noted_for=ref('orders')) }}
    having count(*) > 0

),

only_united as (

    select * from united
    except
    select * from apart

),

only_apart as (

    select * from apart
    except
    select * from united

)

select
    order_type,
    number_of_rows,
    amount
from only_united
union all
select
    order_type,
    number_of_rows,
    amount
from only_apart
