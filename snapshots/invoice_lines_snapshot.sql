{% snapshot invoice_lines_snapshot %}

{%- set observed = {
    'entity': 'invoices',
    'number': 'Invoice No',
    'records': 'stg_invoices',
    'lines': 'stg_invoice_lines',
} %}

{{ append_log(unique_key=['record_key', 'product_service', 'occurrence'], observed=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
