-- What the newest export of each entity says of a record, other than its observation before did, stands in the history
-- mart, and nothing else is told of it at that moment. Looked up record by record in the log, whatever the run rewrote;
-- of an only export on its first day, what current_state_is_last_observation and history_adds_up do not show.
-- Broken, the run has not noticed a change, or has noticed one that is none.
{{ config(meta={'dagster': {'ref': {'name': 'item_history'}}}) }}

{%- set histories = {
    'item_history': ['items', 'Item Name'],
    'customer_history': ['customers', 'Customer Name'],
    'invoice_history': ['invoices', 'Invoice No'],
    'sales_receipt_history': ['sales_receipts', 'Sales Receipt No'],
} %}

{%- for history, (entity, number) in histories.items() %}

select
    '{{ history }}' as history,
    contradictions.*
from ({{ contradictions_of_newest_exports(entity, history, number) }}) as contradictions
{% if not loop.last %}union all{% endif %}
{%- endfor %}
