{% snapshot sales_receipt_lines_snapshot %}

{%- set observed = {
    'entity': 'sales_receipts',
    'number': 'Sales Receipt No',
    'records': 'stg_sales_receipts',
    'lines': 'stg_sales_receipt_lines',
} %}

{{ append_log(unique_key=['record_key', 'product_service', 'occurrence'], observed=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
