-- Every version begins and ends at the moment of some effective load of its entity (HISTORY.md, `exported_at`).
-- Broken, a clock has got into history, or a withdrawn export still speaks in it: moments could not be explained.
{{ config(meta={'dagster': {'ref': {'name': 'items_snapshot'}}}) }}

{%- set snapshots = {
    'items_snapshot': 'items',
    'customers_snapshot': 'customers',
    'invoices_snapshot': 'invoices',
    'invoice_lines_snapshot': 'invoices',
    'sales_receipts_snapshot': 'sales_receipts',
    'sales_receipt_lines_snapshot': 'sales_receipts',
} %}

with

effective_loads as (

    select * from {{ ref('effective_loads') }}

),

version_moments as (

    {%- for snapshot, entity in snapshots.items() %}
    select
        '{{ snapshot }}' as snapshot,
        '{{ entity }}' as entity,
        dbt_valid_from as moment
    from {{ unchecked(ref(snapshot)) }}
    union
    select
        '{{ snapshot }}' as snapshot,
        '{{ entity }}' as entity,
        dbt_valid_to as moment
    from {{ unchecked(ref(snapshot)) }}
    where dbt_valid_to is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from version_moments
where
    not exists (
        select 1 from effective_loads
        where
            version_moments.entity = effective_loads.entity
            and version_moments.moment = effective_loads.exported_at
    )
