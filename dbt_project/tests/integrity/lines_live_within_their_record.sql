-- A line's version begins and ends while its transaction is there, and is open only where that is open. Broken, an
-- order of some past moment has lines without a head, or current lines drop out of `order_lines`.
{{ config(meta={'dagster': {'ref': {'name': 'invoice_lines_snapshot'}}}) }}

{%- set transactions = {
    'invoice_lines_snapshot': 'invoices_snapshot',
    'sales_receipt_lines_snapshot': 'sales_receipts_snapshot',
} %}

{%- for lines, records in transactions.items() %}

select
    '{{ lines }}' as snapshot,
    lines.dbt_scd_id,
    lines.record_key,
    lines.dbt_valid_from,
    lines.dbt_valid_to
from {{ unchecked(ref(lines), whole=true) }} as lines
left join {{ unchecked(ref(records), whole=true) }} as first_heads
    on
        lines.record_key = first_heads.record_key
        and lines.dbt_valid_from >= first_heads.dbt_valid_from
        and lines.dbt_valid_from < coalesce(first_heads.dbt_valid_to, 'infinity')
left join {{ unchecked(ref(records), whole=true) }} as last_heads
    on
        lines.record_key = last_heads.record_key
        and coalesce(lines.dbt_valid_to, 'infinity') > last_heads.dbt_valid_from
        and coalesce(lines.dbt_valid_to, 'infinity') <= coalesce(last_heads.dbt_valid_to, 'infinity')
where first_heads.record_key is null or last_heads.record_key is null
{% if not loop.last %}union all{% endif %}
{%- endfor %}
