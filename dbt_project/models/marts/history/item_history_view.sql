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

-- What the item was called for customers in the version that a change opened, or that a deletion closed. Two joins: one
-- that asks which of the two a change is would compare every change of an item with every version of it.
described as (

    select
        item_history.*,
        coalesce(opened.sales_description, closed.sales_description) as sales_description,
        item_history.column_name in (
            {%- for column in numeric_columns %}
            '{{ column }}'{% if not loop.last %},{% endif %}
            {%- endfor %}
        ) as is_numeric
    from item_history
    left join versions as opened
        on
            item_history.change_type != 'deleted'
            and item_history.record_key = opened.record_key
            and item_history.changed_at = opened.dbt_valid_from
    left join versions as closed
        on
            item_history.change_type = 'deleted'
            and item_history.record_key = closed.record_key
            and item_history.changed_at = closed.dbt_valid_to

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
