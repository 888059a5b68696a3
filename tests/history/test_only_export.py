"""An entity's only export is read from the log once by the tests of a first build, and nothing told wrong of it passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from timeline import History

ONLY = """
    item_all_04_03_2025.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 10          | 5
        B         |             | 1
"""
TOLD, CURRENT, ADDS_UP = (
    "newest_exports_are_told",
    "current_state_is_last_observation",
    "history_adds_up_item_history_ref_products___item_history",
)

FAULTS = {
    "another value": "update marts.item_history set new_value = '11' where new_value = '10'",
    "a value before": "update marts.item_history set old_value = '9' where new_value = '10'",
    "another kind": "update marts.item_history set change_type = 'changed' where new_value = '10'",
    "another moment": "update marts.item_history set changed_at = changed_at + interval '1 day' where new_value = '10'",
    "no moment": "update marts.item_history set changed_at = null where new_value = '10'",
    "a value not told": "delete from marts.item_history where new_value = '10'",
    "nothing told of an item": "delete from marts.item_history where record_key = 'B'",
    "told twice": "insert into marts.item_history select * from marts.item_history where new_value = '10'",
    "told of another column": "update marts.item_history set column_name = 'status' where new_value = '10'",
    "a deletion": """
        insert into marts.item_history (record_key, item_name, column_name, old_value, changed_at, change_type)
        values ('A', 'A', '_record', 'active', '2025-04-03', 'deleted')
    """,
    "a value that is blank": """
        insert into marts.item_history (record_key, item_name, column_name, new_value, changed_at, change_type)
        values ('B', 'B', 'sales_price', '3', '2025-04-03', 'created')
    """,
    "an item without a version": """
        insert into marts.item_history (record_key, item_name, column_name, new_value, changed_at, change_type)
        values ('C', 'C', 'sales_price', '3', '2025-04-03', 'created')
    """,
    "no item": "update marts.item_history set record_key = null where new_value = '10'",
    "a version of another value": "update snapshots.items_snapshot set sales_price = 11 where record_key = 'A'",
    "a version is missing": "delete from snapshots.items_snapshot where record_key = 'B'",
}


def test_what_is_told_wrong_of_an_only_export_is_found(history: History) -> None:
    history.deliver(ONLY)
    history.dbt.build()
    tests = {name: history.dbt.compiled(name) for name in (TOLD, CURRENT, ADDS_UP)}
    assert "stg_items" in tests[CURRENT]
    assert "stg_items" not in tests[TOLD]
    assert findings(history, tests, "select 1") == set()
    found = {what: findings(history, tests, fault) for what, fault in FAULTS.items()}
    assert not [what for what, finders in found.items() if not finders]
    assert {what for what, finders in found.items() if finders == {TOLD}} == {
        *("a value before", "another kind", "another moment", "a deletion"),
    }


def test_it_is_read_again_where_a_run_looks_at_what_it_rewrote(history: History) -> None:
    history.deliver(ONLY)
    history.dbt.build()
    with connect(history.url) as connection:
        connection.execute("delete from meta.unchecked_records")
    told = {TOLD: history.dbt.compiled(TOLD)}
    assert "stg_items" in told[TOLD]
    assert findings(history, told, "select 1") == set()
    assert findings(history, told, FAULTS["another value"]) == {TOLD}


def findings(history: History, tests: dict[str, str], fault: str) -> set[str]:
    """Which of the tests find something after a statement, which is then undone."""
    with connect(history.url) as connection, connection.transaction(force_rollback=True):
        connection.execute(fault.encode())
        return {name for name, statement in tests.items() if connection.execute(statement.encode()).fetchall()}
