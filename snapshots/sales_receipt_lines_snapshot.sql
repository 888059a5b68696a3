{% snapshot sales_receipt_lines_snapshot %}

{{ config(unique_key=['record_key', 'product_service', 'occurrence'], meta={'entity': 'sales_receipts'}) }}

{{ line_observations('stg_sales_receipt_lines', 'stg_sales_receipts') }}

{% endsnapshot %}
