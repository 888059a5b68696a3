{% snapshot sales_receipts_snapshot %}

{%- set observed = {
    'entity': 'sales_receipts',
    'number': 'Sales Receipt No',
    'records': 'stg_sales_receipts',
} %}

{{ append_log(unique_key='record_key', observed=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
