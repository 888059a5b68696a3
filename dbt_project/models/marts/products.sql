with

open_versions as (

    select * from {{ ref('items_snapshot') }} where dbt_valid_to is null

),

final as (

    select
        record_key,
        quickbooks_id,
        item_name,
        item_type,
        item_subtype,
        unit_of_measure,
        manufacturers_part_number,
        purchase_cost,
        purchase_description,
        cogs_account,
        preferred_vendor,
        sales_price,
        sales_description,
        sales_tax_code,
        income_account,
        expense_account,
        asset_account,
        class,
        bar_code,
        min_reorder_point,
        max_reorder_point,
        quantity_on_hand,
        quantity_on_order,
        quantity_on_sales_order,
        inventory_date,
        status,
        transx,
        unit_weight_kg,
        upc,
        file_name,
        dbt_valid_from as valid_from
    from open_versions

)

select * from final
