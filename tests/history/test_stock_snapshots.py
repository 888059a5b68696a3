"""Stock snapshots beside ours, in one project and in the same runs: dbt's strategies do what dbt says of them.

Both strategies, `timestamp` and `check`, with each of the three answers to a row that is gone (`hard_deletes`).
"""

from __future__ import annotations

import shutil
from bisect import bisect_left
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from timeline import DBT_PROJECT, Dbt, files

from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from timeline import History

SNAPSHOT = """
{{% snapshot {strategy}_{hard_deletes} %}}
{{{{ config(unique_key='name', strategy='{strategy}', {settings}, hard_deletes='{hard_deletes}') }}}}
select * from shop.prices
{{% endsnapshot %}}
"""

STRATEGIES = {"timestamp": "updated_at='changed_at'", "check": "check_cols=['price']"}

HARD_DELETES = ("ignore", "invalidate", "new_record")

PRICES = """
    create schema shop;
    create table shop.prices (name text, price integer, changed_at timestamp);
    insert into shop.prices
    values ('grape', 1, '2025-01-01'), ('melon', 1, '2025-01-01'), ('peach', 1, '2025-01-01'), ('quince', 1, '2025-01-01');
"""

# A grape costs more, a melon only says so; peaches and quinces are gone, and there are apples.
CHANGES = """
    update shop.prices set price = 2, changed_at = '2025-02-01' where name = 'grape';
    update shop.prices set changed_at = '2025-02-01' where name = 'melon';
    delete from shop.prices where name in ('peach', 'quince');
    insert into shop.prices values ('apple', 1, '2025-02-01');
"""

# Quinces are back; dbt dates it by this, or by the run that sees it.
RETURN = "insert into shop.prices values ('quince', 1, now());"

EXPORTS = [
    """
    item_all_04_01_2025.csv
        Item Name | Sales Price
        A         | 1
        B         | 1
    """,
    """
    item_all_04_02_2025.csv
        Item Name | Sales Price
        A         | 2
    """,
    """
    Item_04_01_2025_2_00_00.csv
        Item Name | Sales Price
        B         | 3
    """,
]

EXPECTED = {
    "timestamp_ignore": """
        name   | price | from  | to
        grape  | 1     | 01-01 | 02-01
        grape  | 2     | 02-01 |
        melon  | 1     | 01-01 | 02-01
        melon  | 1     | 02-01 |
        peach  | 1     | 01-01 |
        quince | 1     | 01-01 | run 3
        quince | 1     | run 3 |
        apple  | 1     | 02-01 |
    """,
    "timestamp_invalidate": """
        name   | price | from  | to
        grape  | 1     | 01-01 | 02-01
        grape  | 2     | 02-01 |
        melon  | 1     | 01-01 | 02-01
        melon  | 1     | 02-01 |
        peach  | 1     | 01-01 | run 2
        quince | 1     | 01-01 | run 2
        quince | 1     | run 3 |
        apple  | 1     | 02-01 |
    """,
    "timestamp_new_record": """
        name   | price | from  | to    | dbt_is_deleted
        grape  | 1     | 01-01 | 02-01 | False
        grape  | 2     | 02-01 |       | False
        melon  | 1     | 01-01 | 02-01 | False
        melon  | 1     | 02-01 |       | False
        peach  | 1     | 01-01 | run 2 | False
        peach  | 1     | run 2 |       | True
        quince | 1     | 01-01 | run 2 | False
        quince | 1     | run 2 | run 3 | True
        quince | 1     | run 3 |       | False
        apple  | 1     | 02-01 |       | False
    """,
    "check_ignore": """
        name   | price | from  | to
        grape  | 1     | run 1 | run 2
        grape  | 2     | run 2 |
        melon  | 1     | run 1 |
        peach  | 1     | run 1 |
        quince | 1     | run 1 |
        apple  | 1     | run 2 |
    """,
    "check_invalidate": """
        name   | price | from  | to
        grape  | 1     | run 1 | run 2
        grape  | 2     | run 2 |
        melon  | 1     | run 1 |
        peach  | 1     | run 1 | run 2
        quince | 1     | run 1 | run 2
        quince | 1     | run 3 |
        apple  | 1     | run 2 |
    """,
    "check_new_record": """
        name   | price | from  | to    | dbt_is_deleted
        grape  | 1     | run 1 | run 2 | False
        grape  | 2     | run 2 |       | False
        melon  | 1     | run 1 |       | False
        peach  | 1     | run 1 | run 2 | False
        peach  | 1     | run 2 |       | True
        quince | 1     | run 1 | run 2 | False
        quince | 1     | run 2 | run 3 | True
        quince | 1     | run 3 |       | False
        apple  | 1     | run 2 |       | False
    """,
}


AS_PLANNED = """
{{% snapshot {name} %}}
{{{{ config(unique_key='item_name', strategy='timestamp', updated_at='_sdc_batched_at') }}}}
select "Item Name" as item_name, "Sales Price" as sales_price, _sdc_batched_at from {{{{ source('raw', 'items') }}}}
{{% endsnapshot %}}
"""
"""The migration plan's snapshot over the log, as its second and third phase write it."""

FOUR_NIGHTS = [
    f"""
    Item_04_0{night}_2025_2_00_00.csv
        Item Name | Sales Price
        A         | {price}
        B         | 5
    """
    for night, price in ((1, 1), (2, 2), (4, 4), (3, 3))
]
"""The price of A rises every night, that of B never; the third night comes last."""


@pytest.fixture
def beside_stock(history: History) -> History:
    """An empty warehouse, whose dbt project is ours with stock snapshots in a folder beside our own."""
    built = shutil.ignore_patterns("target", "logs")
    shutil.copytree(DBT_PROJECT, history.folder / "dbt_project", ignore=built)
    shutil.copytree(DBT_PROJECT.parent / "snapshots", history.folder / "snapshots")
    stock = history.folder / "snapshots" / "stock"
    stock.mkdir()
    for strategy, settings in STRATEGIES.items():
        for hard_deletes in HARD_DELETES:
            file = stock / f"{strategy}_{hard_deletes}.sql"
            file.write_text(SNAPSHOT.format(strategy=strategy, settings=settings, hard_deletes=hard_deletes))
    planned = history.folder / "snapshots" / "planned"
    planned.mkdir()
    for name in ("every_night", "at_once"):
        (planned / f"{name}.sql").write_text(AS_PLANNED.format(name=name))
    history.dbt, history.quick = Dbt(history.folder, history.url, history.folder / "dbt_project"), None
    return history


def test_stock_snapshots_do_what_dbt_ships_beside_ours(beside_stock: History) -> None:
    history, ends = beside_stock, []
    for export, statements in zip([*EXPORTS, ""], [PRICES, CHANGES, RETURN, "select"], strict=True):
        history.load(files(export))
        with connect(history.url) as connection:
            connection.execute(statements)
        history.dbt.build("effective_loads", "items_snapshot", "stock")
        ends.append(datetime.now(UTC).replace(tzinfo=None))

    def shown(value: Any) -> str:
        """A moment of the clock is written as the run that it is of, or comes before."""
        if isinstance(value, datetime):
            return f"{value:%m-%d}" if value.year == 2025 else f"run {1 + bisect_left(ends, value)}"
        return "" if value is None else str(value)

    for name, expected in EXPECTED.items():
        history.shows(f"snapshots.{name}", expected, shown=shown)
        versions = history.rows(f"snapshots.{name}", ["dbt_scd_id", "dbt_valid_from", "dbt_updated_at"])
        assert len({scd_id for scd_id, *_ in versions}) == len(versions)
        assert all(valid_from == updated_at for _, valid_from, updated_at in versions)
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 1           | 04-01          | 04-02
        A         | 2           | 04-02          |
        B         | 1           | 04-01          | 04-01 02:00:00
        B         | 3           | 04-01 02:00:00 | 04-02
        """,
    )
    assert set(history.rows("meta.applied_loads", ["snapshot"])) == {("items_snapshot",)}


def test_a_stock_snapshot_over_the_log_is_no_history(beside_stock: History) -> None:
    """What the README says of the plan's own snapshot: run after every load, and run once after all of them."""
    history = beside_stock
    for night in FOUR_NIGHTS:
        history.load(files(night))
        history.dbt.build("effective_loads", "items_snapshot", "every_night")
    history.dbt.build("at_once")

    def versions(table: str) -> list[tuple[Any, ...]]:
        rows = history.rows(f"snapshots.{table}", ["item_name", "sales_price", "dbt_valid_from", "dbt_valid_to"])
        return sorted(rows, key=lambda row: (row[0], row[2]))

    # What did not change has a version of each load; all are of today; and the night that came late is taken for the newest.
    nights = versions("every_night")
    assert [(name, price) for name, price, *_ in nights] == [
        *(("A", price) for price in ("1", "2", "4", "3")),
        *(("B", "5") for _ in range(4)),
    ]
    assert all(valid_from.year >= 2026 for _, _, valid_from, _ in nights)

    # Of a backlog, every load of every item is open; and so they multiply, with nothing new.
    assert [until for *_, until in versions("at_once")] == [None] * 8
    history.dbt.build("at_once")
    assert len(versions("at_once")) == 20

    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 1           | 04-01 02:00:00 | 04-02 02:00:00
        A         | 2           | 04-02 02:00:00 | 04-03 02:00:00
        A         | 3           | 04-03 02:00:00 | 04-04 02:00:00
        A         | 4           | 04-04 02:00:00 |
        B         | 5           | 04-01 02:00:00 |
        """,
    )
