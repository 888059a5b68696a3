with

source as (

    select * from {{ ref('base_sales_receipts') }} where record_key is not null

),

-- A transaction's header columns are those of its last row.
final as (

    select distinct on (record_key, exported_at, load_id)
        -- ids
        record_key,
        quickbooks_id,
        sales_receipt_no,

        -- text
        customer_name,
        payment_method,
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
        industry,
        source_channel,

        -- numerics
        total_tax,
        total_amount,

        -- dates
        sales_receipt_date,
        due_date,
        ship_date,
        created_date,
        modified_date,

        -- the row and its file
        s_no,
        load_id,
        line_no,
        file_name,
        exported_at,
        scope,
        _sdc_extracted_at,
        _sdc_batched_at
    from source
    order by record_key asc, exported_at asc, load_id asc, line_no desc

)

select * from final
