with

open_versions as (

    select * from {{ ref('customers_snapshot') }} where dbt_valid_to is null

),

final as (

    select
        record_key,
        quickbooks_id,
        customer_name,
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
        credit_limit,
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
        current_balance,
        status,
        notes,
        created_date,
        modified_date,
        file_name,
        dbt_valid_from as valid_from
    from open_versions

)

select * from final
