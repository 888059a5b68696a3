with

invoices as (

    select * from {{ ref('invoices') }}

),

sales_receipts as (

    select * from {{ ref('sales_receipts') }}

),

final as (

    select
        'invoice' as order_type,
        invoice_no as order_number,
        record_key,
        quickbooks_id,
        invoice_date as order_date,
        due_date,
        ship_date,
        customer_name,
        status,
        terms,
        null::text as payment_method,
        shipping_method,
        sales_rep,
        class,
        memo,
        total_tax,
        total_amount,
        file_name,
        valid_from
    from invoices

    union all

    select
        'sales_receipt' as order_type,
        sales_receipt_no as order_number,
        record_key,
        quickbooks_id,
        sales_receipt_date as order_date,
        due_date,
        ship_date,
        customer_name,
        null as status,
        null as terms,
        payment_method,
        shipping_method,
        sales_rep,
        class,
        memo,
        total_tax,
        total_amount,
        file_name,
        valid_from
    from sales_receipts

)

select * from final
