with

open_lines as (

    select * from {{ ref('invoice_lines_snapshot') }} where dbt_valid_to is null

),

invoices as (

    select * from {{ ref('invoices') }}

),

-- A line of an open transaction is open as long as the transaction was last seen with it.
final as (

    select
        open_lines.record_key,
        open_lines.quickbooks_id,
        invoices.invoice_no,
        open_lines.product_service,
        open_lines.occurrence,
        open_lines.description,
        open_lines.quantity,
        open_lines.rate,
        open_lines.rate_percent,
        open_lines.amount,
        open_lines.class,
        open_lines.service_date,
        open_lines.sales_tax_code,
        open_lines.unit_of_measure,
        open_lines.inventory_site,
        open_lines.serial_no,
        open_lines.lot_no,
        open_lines.file_name,
        open_lines.dbt_valid_from as valid_from
    from open_lines
    inner join invoices on open_lines.record_key = invoices.record_key

)

select * from final
