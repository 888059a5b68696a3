{% snapshot sales_receipts_snapshot %}

{%- set observed = {
    'entity': 'sales_receipts',
    'number': 'Sales Receipt No',
    'records': 'stg_sales_receipts',
} %}

{{ config(unique_key='record_key', meta=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
