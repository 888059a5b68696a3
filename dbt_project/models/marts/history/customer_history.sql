{%- set history_columns = [
    'customer_name',
    'company_name',
    'first_name',
    'middle_name',
    'last_name',
    'main_phone',
    'alt_phone',
    'work_phone',
    'mobile',
    'fax',
    'main_email',
    'cc_email',
    'terms',
    'billing_address_line_1',
    'billing_address_line_2',
    'billing_address_line_3',
    'billing_address_city',
    'billing_address_state',
    'billing_address_postal_code',
    'billing_address_country',
    'shipping_address_line_1',
    'shipping_address_line_2',
    'shipping_address_line_3',
    'shipping_address_city',
    'shipping_address_state',
    'shipping_address_postal_code',
    'shipping_address_country',
    'current_balance',
    'status',
] -%}

{{ config(meta={'entity': 'customers', 'history_columns': history_columns}) }}

{{ history(
    entity='customers',
    snapshot='customers_snapshot',
    identity=['record_key', 'quickbooks_id', 'customer_name'],
    columns=history_columns
) }}
