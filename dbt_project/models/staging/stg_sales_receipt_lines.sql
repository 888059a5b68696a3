with

-- A row with a blank `Product/Service` shows the header and no line.
source as (

    select * from {{ ref('base_sales_receipts') }}
    where record_key is not null and line_product_service is not null

),

-- Lines are told apart by product and by which of the record's lines of that product it is, in file order:
-- inserting a line does not rename the lines of other products.
final as (

    select
        -- ids
        record_key,
        quickbooks_id,
        line_product_service as product_service,
        row_number() over (
            partition by record_key, exported_at, load_id, line_product_service
            order by line_no
        )::integer as occurrence,

        -- text
        line_description as description,
        line_class as class,
        line_sales_tax_code as sales_tax_code,
        line_unit_of_measure as unit_of_measure,

        -- numerics
        line_quantity as quantity,
        line_rate as rate,
        line_rate_percent as rate_percent,
        line_amount as amount,

        -- dates
        line_service_date as service_date,

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

)

select * from final
