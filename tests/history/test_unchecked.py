"""Which records the data tests of a run look at: those whose history was rewritten since tests last passed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from timeline import History

TWO_ITEMS = """
    item_all_04_03_2025.csv
        Item Name | Sales Price
        A         | 10
        B         | 3
"""
ONE_CHANGES = """
    Item_04_04_2025_2_00_03.csv
        Item Name | Sales Price
        A         | 11
"""
OVERLAP = "update snapshots.items_snapshot set dbt_valid_to = dbt_valid_from where item_name = %s"


def test_tests_of_a_run_look_at_what_it_rewrote(history: History) -> None:
    history.deliver(TWO_ITEMS)
    assert _unchecked(history) == {"*"}, "all of a first build"

    _execute(history, "delete from meta.unchecked_records")
    history.deliver(ONE_CHANGES)
    assert _unchecked(history) == {"A"}
    assert _passes(history, only_unchecked=True)

    _execute(history, OVERLAP, "B")
    assert _passes(history, only_unchecked=True), "nobody asked for B"
    assert not _passes(history, only_unchecked=False)
    _execute(history, "insert into meta.unchecked_records values ('*', '*')")
    assert not _passes(history, only_unchecked=True)


def test_a_record_that_was_rewritten_wrongly_is_found(history: History) -> None:
    history.deliver(TWO_ITEMS)
    _execute(history, "delete from meta.unchecked_records")
    history.deliver(ONE_CHANGES)
    _execute(history, OVERLAP, "A")
    assert not _passes(history, only_unchecked=True)


@pytest.mark.parametrize(
    "fault",
    [
        "delete from marts.item_history where new_value = '12'",
        "insert into marts.item_history select * from marts.item_history where new_value = '12'",
        "update marts.item_history set new_value = '9' where new_value = '12'",
        "update snapshots.items_snapshot set status = 'Inactive' where sales_price = 12",
    ],
)
def test_what_is_told_of_a_rewritten_record_adds_up_from_there_on(history: History, fault: str) -> None:
    history.deliver(TWO_ITEMS)
    history.deliver(ONE_CHANGES)
    _execute(history, "delete from meta.unchecked_records")
    history.deliver(ONE_CHANGES.replace("04_04", "04_05").replace("11", "12"))
    assert _unchecked(history) == {"A"}

    history.dbt.build("products")
    adding_up = "history_adds_up_item_history_ref_products___item_history"
    assert _passes(history, only_unchecked=True, tests=adding_up)
    _execute(history, fault)
    assert not _passes(history, only_unchecked=True, tests=adding_up)


def test_of_a_rewritten_record_its_versions_are_looked_at_from_there_on_and_the_one_before(history: History) -> None:
    history.deliver(TWO_ITEMS)
    history.deliver(ONE_CHANGES)
    history.deliver(ONE_CHANGES.replace("04_04", "04_05").replace("11", "12"))
    _execute(history, "delete from meta.unchecked_records")
    history.deliver(ONE_CHANGES.replace("04_04", "04_06").replace("11", "13"))
    assert _unchecked(history) == {"A"}

    of_its_price = f"{OVERLAP} and sales_price = %s"
    _execute(history, of_its_price, "A", "10")
    assert _passes(history, only_unchecked=True), "what it was before the version before was looked at when it was made"
    assert not _passes(history, only_unchecked=False)

    _execute(
        history, "update snapshots.items_snapshot set dbt_valid_to = '2025-04-04 02:00:03Z' where sales_price = 10"
    )
    assert _passes(history, only_unchecked=False)
    _execute(history, of_its_price, "A", "12")
    assert not _passes(history, only_unchecked=True)


def test_tests_of_a_run_plan_the_months_that_they_need(history: History) -> None:
    """Each month of the log that a query may read costs its plan, also when it reads nothing of it; ten years have 120."""
    history.deliver(TWO_ITEMS.replace("04_03_2025", "01_03_2023"))
    months = [(year, month) for year in (2023, 2024) for month in range(1, 13)]
    history.deliver("".join(ONE_CHANGES.replace("04_04_2025", f"{month:02}_20_{year}") for year, month in months))
    _execute(history, "delete from meta.unchecked_records")
    history.deliver(ONE_CHANGES.replace("11", "12"))
    assert _unchecked(history) == {"A"}
    history.dbt.build()
    _execute(history, "delete from meta.unchecked_records where record_key != 'A'")

    newest, current = (
        _planned_months(history, test) for test in ("newest_exports_are_told", "current_state_is_last_observation")
    )
    assert newest == {"2025_04", "2024_12", "2023_01"}, "the newest, the observation before it, the full export before"
    assert current == {"2025_04"}


def _planned_months(history: History, test: str) -> set[str]:
    with connect(history.url) as connection:
        plan = connection.execute(f"explain {history.dbt.compiled(test)}".encode()).fetchall()
    return set(re.findall(r"\bitems_(\d{4}_\d\d)\b", "\n".join(line for (line,) in plan)))


def _unchecked(history: History) -> set[str]:
    return {key for (key,) in history.rows("meta.unchecked_records", ["record_key"])}


def _execute(history: History, statement: str, *values: str) -> None:
    with connect(history.url) as connection:
        connection.execute(statement, values)


def _passes(history: History, *, only_unchecked: bool, tests: str = "items_snapshot,test_type:generic") -> bool:
    flag = json.dumps({"only_unchecked": only_unchecked})
    return history.dbt.passes("test", "--select", tests, "--vars", flag)
