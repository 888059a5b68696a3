{% snapshot invoices_snapshot %}

{{ config(unique_key='record_key', meta={'entity': 'invoices'}) }}

{{ record_observations('stg_invoices') }}

{% endsnapshot %}
