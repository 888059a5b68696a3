with

source as (

    select * from {{ ref('base_items') }} where record_key is not null

),

-- Of several rows with one key in a file, the last counts.
final as (

    select distinct on (record_key, exported_at, load_id)
        -- ids
        record_key,
        quickbooks_id,
        item_name,

        -- text
        item_type,
        item_subtype,
        unit_of_measure,
        manufacturers_part_number,
        purchase_description,
        cogs_account,
        preferred_vendor,
        sales_description,
        sales_tax_code,
        income_account,
        expense_account,
        asset_account,
        class,
        bar_code,
        status,
        transx,
        upc,

        -- numerics
        purchase_cost,
        sales_price,
        min_reorder_point,
        max_reorder_point,
        quantity_on_hand,
        quantity_on_order,
        quantity_on_sales_order,
        unit_weight_kg,

        -- dates
        inventory_date,

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
