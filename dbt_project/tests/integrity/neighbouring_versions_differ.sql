-- Of two versions of which one ends where the next begins, some column besides the row's place in its file is another
-- (HISTORY.md 3.4). Broken, an export that changed nothing has made a version, and people count changes that were none.
{{ config(meta={'dagster': {'ref': {'name': 'items_snapshot'}}}) }}

{%- set lines = ['record_key', 'product_service', 'occurrence'] %}
{%- set snapshots = {
    'items_snapshot': ['record_key'],
    'customers_snapshot': ['record_key'],
    'invoices_snapshot': ['record_key'],
    'invoice_lines_snapshot': lines,
    'sales_receipts_snapshot': ['record_key'],
    'sales_receipt_lines_snapshot': lines,
} %}

{%- for snapshot, key in snapshots.items() %}

select
    '{{ snapshot }}' as snapshot,
    versions.dbt_scd_id,
    versions.record_key,
    versions.dbt_valid_from
from (
    select
        dbt_scd_id,
        record_key,
        dbt_valid_from,
        lag(dbt_valid_to) over versions_of_key as ended_before,
        {{ version_content(snapshot) }} as content,
        lag({{ version_content(snapshot) }}) over versions_of_key as content_before
    from {{ unchecked(ref(snapshot)) }}
    window versions_of_key as (partition by {{ key | join(', ') }} order by dbt_valid_from)
) as versions
where versions.ended_before = versions.dbt_valid_from and versions.content is not distinct from versions.content_before
{% if not loop.last %}union all{% endif %}
{%- endfor %}
