{% snapshot items_snapshot %}

{%- set observed = {
    'entity': 'items',
    'number': 'Item Name',
    'records': 'stg_items',
} %}

{{ append_log(unique_key='record_key', observed=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
