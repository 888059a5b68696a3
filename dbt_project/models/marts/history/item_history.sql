{%- set history_columns = [
    'item_name',
    'purchase_cost',
    'purchase_description',
    'sales_price',
    'sales_description',
    'quantity_on_hand',
    'quantity_on_order',
    'quantity_on_sales_order',
    'status',
] -%}

{{ config(meta={'entity': 'items', 'history_columns': history_columns}) }}

{{ history(
    entity='items',
    snapshot='items_snapshot',
    identity=['record_key', 'quickbooks_id', 'item_name'],
    columns=history_columns
) }}
