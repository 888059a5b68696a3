{%- set history_columns = [
    'customer_name',
    'invoice_date',
    'due_date',
    'ship_date',
    'terms',
    'status',
    'total_tax',
    'total_amount',
] -%}

{{ config(meta={'entity': 'invoices', 'history_columns': history_columns}) }}

{{ history(
    entity='invoices',
    snapshot='invoices_snapshot',
    identity=['record_key', 'quickbooks_id', 'invoice_no'],
    columns=history_columns
) }}
