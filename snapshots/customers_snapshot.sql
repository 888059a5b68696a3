{% snapshot customers_snapshot %}

{{ config(unique_key='record_key', meta={'entity': 'customers'}) }}

{{ record_observations('stg_customers') }}

{% endsnapshot %}
