"""History goes on where months of the log are archived: what it must know of them it has, or asks for."""

from __future__ import annotations

from datetime import date

import pytest

from quickbooks_history.warehouse.archive import archive, archived_months, restore
from quickbooks_history.warehouse.connection import connect

ITEMS = "\n".join(f"A{n} | {n}" for n in range(20))
APRIL = f"""
    item_all_04_03_2025.csv
        Item Name | Sales Price
        {ITEMS}

    Item_04_10_2025_2_00_00.csv
        Item Name | Sales Price
        new       | 1
"""


@pytest.fixture
def archived(history, tmp_path):
    """A history of twenty-one items whose log is in files."""
    history.deliver(APRIL)
    with connect(history.url) as connection:
        assert len(archive(connection, tmp_path / "archive", date(2025, 5, 1), lambda _: None)) == 1
    return history


def statuses(history):
    return dict(history.rows("meta.loads", ["file_name", "status"]))


def test_a_full_export_that_would_delete_much_is_held(archived):
    """The guard counts the records that are open, of which the log in the database says nothing."""
    archived.deliver("""
        item_all_05_03_2025.csv
            Item Name | Sales Price
            A1        | 1
    """)
    assert statuses(archived)["item_all_05_03_2025.csv"] == "held"
    reason = archived.rows("meta.loads", ["reason"], "status = 'held'")[0][0]
    assert reason.startswith("would delete 20 of 21 items")
    assert len(archived.rows("snapshots.items_snapshot", ["record_key"], "dbt_valid_to is null")) == 21


def test_a_full_export_that_deletes_little_is_not(archived):
    archived.deliver(f"""
        item_all_05_03_2025.csv
            Item Name | Sales Price
            {ITEMS}
    """)
    assert statuses(archived)["item_all_05_03_2025.csv"] == "loaded"
    archived.shows("snapshots.items_snapshot", "item_name | to\nnew | 05-03", where="dbt_valid_to is not null")


def test_a_partial_export_changes_what_it_lists(archived):
    archived.deliver("""
        Item_05_03_2025_2_00_00.csv
            Item Name | Sales Price
            A1        | 1.00
            A2        | 7
    """)
    archived.shows(
        "snapshots.items_snapshot",
        """
            item_name | sales_price | from           | to
            A1        | 1           | 04-03          |
            A2        | 2           | 04-03          | 05-03 02:00:00
            A2        | 7           | 05-03 02:00:00 |
        """,
        where="item_name in ('A1', 'A2')",
    )
    archived.dbt.build()
    assert archived.dbt.passes("test", "--select", "newest_exports_are_told", "current_state_is_last_observation")


def test_history_is_not_made_without_the_months_that_it_needs(archived, tmp_path):
    late = """
        Item_04_05_2025_2_00_00.csv
            Item Name | Sales Price
            A1        | 8
    """
    with pytest.raises(AssertionError, match="months of items from 2025-04 on are archived"):
        archived.deliver(late)
    with connect(archived.url) as connection:
        restore(connection, tmp_path / "archive", archived_months(connection), lambda _: None)
    archived.refresh("items")
    archived.shows(
        "snapshots.items_snapshot", "sales_price | from\n1 | 04-03\n8 | 04-05 02:00:00", where="item_name = 'A1'"
    )
