{% snapshot customers_snapshot %}

{%- set observed = {
    'entity': 'customers',
    'number': 'Customer Name',
    'records': 'stg_customers',
} %}

{{ config(unique_key='record_key', meta=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
