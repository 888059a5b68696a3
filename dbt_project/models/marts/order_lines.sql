{%- set line_columns = [
    'record_key', 'quickbooks_id', 'product_service', 'occurrence', 'description', 'quantity', 'rate', 'rate_percent',
    'amount', 'class', 'service_date', 'sales_tax_code', 'unit_of_measure', 'file_name', 'valid_from',
] -%}

with

invoice_lines as (

    select
        'invoice' as order_type,
        invoice_no as order_number,
        {{ line_columns | join(',\n        ') }}
    from {{ ref('invoice_lines') }}

),

sales_receipt_lines as (

    select
        'sales_receipt' as order_type,
        sales_receipt_no as order_number,
        {{ line_columns | join(',\n        ') }}
    from {{ ref('sales_receipt_lines') }}

),

final as (

    select * from invoice_lines
    union all
    select * from sales_receipt_lines

)

select * from final
