-- Every change that a history tells of lies between two observations of its record, and every difference between two
-- observations is told: computed from staging column by column, and not through versions. Broken, a change was lost,
-- invented or misdated on the way from the log to the history marts.
{{ config(tags=['thorough'], meta={'dagster': {'ref': {'name': 'item_history'}}}) }}

{%- set histories = {
    'item_history': 'items',
    'customer_history': 'customers',
    'invoice_history': 'invoices',
    'sales_receipt_history': 'sales_receipts',
} %}

with

told as (

    {%- for history in histories %}
    select
        '{{ history }}' as history,
        record_key,
        column_name,
        old_value,
        new_value,
        changed_at,
        change_type
    from {{ unchecked(ref(history)) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

observed as (

    {%- for history, entity in histories.items() %}
    select
        '{{ history }}' as history,
        record_key,
        column_name,
        old_value,
        new_value,
        changed_at,
        change_type
    from ({{ observed_changes(entity, history) }}) as changes
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

only_told as (

    select * from told
    except all
    select * from observed

),

only_observed as (

    select * from observed
    except all
    select * from told

)

select
    'not observed' as fault,
    history,
    record_key,
    column_name,
    old_value,
    new_value,
    changed_at,
    change_type
from only_told
union all
select
    'not told' as fault,
    history,
    record_key,
    column_name,
    old_value,
    new_value,
    changed_at,
    change_type
from only_observed
