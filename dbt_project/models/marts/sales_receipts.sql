with

open_versions as (

    select * from {{ ref('sales_receipts_snapshot') }} where dbt_valid_to is null

),

final as (

    select
        record_key,
        quickbooks_id,
        sales_receipt_no,
        customer_name,
        sales_receipt_date,
        payment_method,
        due_date,
        ship_date,
        shipping_method,
        class,
        sales_rep,
        fob,
        memo,
        message_to_customer,
        template,
        billing_address_line_1,
        billing_address_line_2,
        billing_address_line_3,
        billing_address_city,
        billing_address_state,
        billing_address_postal_code,
        billing_address_country,
        shipping_address_line_1,
        shipping_address_line_2,
        shipping_address_line_3,
        shipping_address_city,
        shipping_address_state,
        shipping_address_postal_code,
        shipping_address_country,
        customer_sales_tax_code,
        total_tax,
        total_amount,
        industry,
        source_channel,
        created_date,
        modified_date,
        file_name,
        dbt_valid_from as valid_from
    from open_versions

)

select * from final
