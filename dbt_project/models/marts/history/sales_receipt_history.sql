{%- set history_columns = [
    'customer_name',
    'sales_receipt_date',
    'due_date',
    'ship_date',
    'total_tax',
    'total_amount',
] -%}

{{ config(meta={'entity': 'sales_receipts', 'history_columns': history_columns}) }}

{{ history(
    entity='sales_receipts',
    snapshot='sales_receipts_snapshot',
    identity=['record_key', 'quickbooks_id', 'sales_receipt_no'],
    columns=history_columns
) }}
