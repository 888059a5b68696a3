{% snapshot items_snapshot %}

{%- set observed = {
    'entity': 'items',
    'number': 'Item Name',
    'records': 'stg_items',
} %}

{{ config(unique_key='record_key', meta=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
