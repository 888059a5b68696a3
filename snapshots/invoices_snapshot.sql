{% snapshot invoices_snapshot %}

{%- set observed = {
    'entity': 'invoices',
    'number': 'Invoice No',
    'records': 'stg_invoices',
} %}

{{ append_log(unique_key='record_key', observed=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
