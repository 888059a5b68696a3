{% snapshot customers_snapshot %}

{%- set observed = {
    'entity': 'customers',
    'number': 'Customer Name',
    'records': 'stg_customers',
} %}

{{ append_log(unique_key='record_key', observed=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
