{% snapshot invoice_lines_snapshot %}

{{ config(unique_key=['record_key', 'product_service', 'occurrence'], meta={'entity': 'invoices'}) }}

{{ line_observations('stg_invoice_lines', 'stg_invoices') }}

{% endsnapshot %}
