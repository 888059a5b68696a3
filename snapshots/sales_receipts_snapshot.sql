{% snapshot sales_receipts_snapshot %}

{{ config(unique_key='record_key', meta={'entity': 'sales_receipts'}) }}

{{ record_observations('stg_sales_receipts') }}

{% endsnapshot %}
