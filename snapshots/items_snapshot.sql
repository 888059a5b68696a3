{% snapshot items_snapshot %}

{{ config(unique_key='record_key', meta={'entity': 'items'}) }}

{{ record_observations('stg_items') }}

{% endsnapshot %}
