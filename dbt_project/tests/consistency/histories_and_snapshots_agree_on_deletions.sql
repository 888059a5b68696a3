-- A record whose last `_record` row is a deletion has no open version, and one that was closed has such a row. Broken,
-- the history marts tell of deletions that the current tables do not show, or the other way about.
{{ config(meta={'dagster': {'ref': {'name': 'item_history'}}}) }}

{%- set histories = {
    'item_history': 'items_snapshot',
    'customer_history': 'customers_snapshot',
    'invoice_history': 'invoices_snapshot',
    'sales_receipt_history': 'sales_receipts_snapshot',
} %}

with

told as (

    {%- for history in histories %}
    select
        '{{ history }}' as history,
        record_key
    from {{ unchecked(ref(history)) }}
    where column_name = '_record'
    group by record_key
    having max(changed_at) filter (where change_type = 'deleted')
        > coalesce(max(changed_at) filter (where change_type = 'restored'), '-infinity')
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

closed as (

    {%- for history, snapshot in histories.items() %}
    select
        '{{ history }}' as history,
        record_key
    from {{ unchecked(ref(snapshot)) }}
    group by record_key
    having count(dbt_valid_to) = count(*)
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

only_told as (

    select * from told
    except
    select * from closed

),

only_closed as (

    select * from closed
    except
    select * from told

)

select
    history,
    record_key
from only_told
union all
select
    history,
    record_key
from only_closed
