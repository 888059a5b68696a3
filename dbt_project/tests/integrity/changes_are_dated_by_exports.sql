-- Every change is dated by an effective load of its entity and names the file of a load at that moment. Broken, the
-- history marts were built from other snapshots than those that stand there, and nobody can look a change up.
{{ config(meta={'dagster': {'ref': {'name': 'item_history'}}}) }}

{%- set histories = {
    'item_history': 'items',
    'customer_history': 'customers',
    'invoice_history': 'invoices',
    'sales_receipt_history': 'sales_receipts',
} %}

with

effective_loads as (

    select * from {{ ref('effective_loads') }}

),

changes as (

    {%- for history, entity in histories.items() %}
    select distinct
        '{{ history }}' as history,
        '{{ entity }}' as entity,
        changed_at,
        file_name
    from {{ unchecked(ref(history)) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from changes
where
    not exists (
        select 1 from effective_loads
        where
            changes.entity = effective_loads.entity
            and changes.changed_at = effective_loads.exported_at
            and changes.file_name = effective_loads.file_name
    )
