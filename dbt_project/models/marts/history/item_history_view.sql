{{ config(materialized='view', indexes=[]) }}

{%- set numeric_columns = [
    'purchase_cost',
    'sales_price',
    'quantity_on_hand',
    'quantity_on_order',
    'quantity_on_sales_order',
] %}

with

item_history as (

    select * from {{ ref('item_history') }}

),

versions as (

    select * from {{ ref('items_snapshot') }}

),

-- What the item was called for customers in the version that a change opened, or that a deletion closed.
described as (

    select
        item_history.*,
        versions.sales_description,
        item_history.column_name in (
            {%- for column in numeric_columns %}
            '{{ column }}'{% if not loop.last %},{% endif %}
            {%- endfor %}
        ) as is_numeric
    from item_history
    left join versions
        on
            item_history.record_key = versions.record_key
            and case
                when item_history.change_type = 'deleted' then item_history.changed_at = versions.dbt_valid_to
                else item_history.changed_at = versions.dbt_valid_from
            end

),

measured as (

    select
        *,
        case when is_numeric then trim_scale(new_value::numeric - old_value::numeric) end as numeric_change,
        case when is_numeric then abs(old_value::numeric) end as old_size
    from described

),

final as (

    select
        record_key,
        quickbooks_id,
        item_name,
        sales_description,
        column_name,
        old_value,
        new_value,
        numeric_change,
        trim_scale(round(100 * numeric_change / nullif(old_size, 0), 2)) as percent_change,
        changed_at,
        change_type,
        file_name
    from measured

)

select * from final
