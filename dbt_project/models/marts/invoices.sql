with

open_versions as (

    select * from {{ ref('invoices_snapshot') }} where dbt_valid_to is null

),

final as (

    select
        record_key,
        quickbooks_id,
        invoice_no,
        customer_name,
        invoice_date,
        due_date,
        ship_date,
        shipping_method,
        terms,
        po_number,
        class,
        sales_rep,
        fob,
        memo,
        customer_message,
        template,
        status,
        currency,
        exchange_rate,
        billing_address_line_1,
        billing_address_line_2,
        billing_address_line_3,
        billing_address_line_4,
        billing_address_line_5,
        billing_address_city,
        billing_address_state,
        billing_address_postal_code,
        billing_address_country,
        shipping_address_line_1,
        shipping_address_line_2,
        shipping_address_line_3,
        shipping_address_line_4,
        shipping_address_line_5,
        shipping_address_city,
        shipping_address_state,
        shipping_address_postal_code,
        shipping_address_country,
        sales_tax,
        tax_percentage,
        total_tax,
        total_amount,
        external_id,
        created_date,
        modified_date,
        file_name,
        dbt_valid_from as valid_from
    from open_versions

)

select * from final
