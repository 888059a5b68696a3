with

source as (

    select * from {{ ref('base_customers') }} where record_key is not null

),

-- Of several rows with one key in a file, the last counts.
final as (

    select distinct on (record_key, exported_at, load_id)
        -- ids
        record_key,
        quickbooks_id,
        customer_name,

        -- text
        company_name,
        first_name,
        middle_name,
        last_name,
        account_number,
        customer_type,
        job_title,
        main_phone,
        alt_phone,
        work_phone,
        mobile,
        fax,
        main_email,
        cc_email,
        terms,
        price_level,
        sales_rep,
        tax_code,
        tax_item,
        resale_no,
        preferred_delivery_method,
        preferred_payment_method,
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
        status,
        notes,

        -- numerics
        credit_limit,
        current_balance,

        -- dates
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
