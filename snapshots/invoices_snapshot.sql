{% snapshot invoices_snapshot %}

{%- set observed = {
    'entity': 'invoices',
    'number': 'Invoice No',
    'records': 'stg_invoices',
} %}

{{ config(unique_key='record_key', meta=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
