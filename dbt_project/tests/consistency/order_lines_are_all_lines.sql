-- `order_lines` holds every invoice's and every sales receipt's lines once, and their amounts. Broken, a sum over
-- `order_lines` is not the company's sales.
{{ config(meta={'dagster': {'ref': {'name': 'order_lines'}}}) }}

with

united as (

    select
        order_type,
        count(*) as number_of_rows,
        sum(amount) as amount
    from {{ unchecked(ref('order_lines')) }}
    group by order_type

),

apart as (

    select
        'invoice' as order_type,
        count(*) as number_of_rows,
        sum(amount) as amount
    from {{ unchecked(ref('invoice_lines'), noted_for=ref('order_lines')) }}
    having count(*) > 0

    union all

    select
        'sales_receipt' as order_type,
        count(*) as number_of_rows,
        sum(amount) as amount
    from {{ unchecked(ref('sales_receipt_lines'), noted_for=ref('order_lines')) }}
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
