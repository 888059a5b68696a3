"""Timelines in which the contract learns columns between two runs.

History is made by the project as it is; then its contract and its SQL get the lines of `LINES`, and no others, and go
on with the same database. What came before did not observe the new columns, also where a file had them: `raw` kept
their values, as those of columns that nobody knew.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from timeline import DBT_PROJECT, Dbt, at_once, latest_first, one_by_one

from quickbooks_history.exports import names
from quickbooks_history.exports.contract import ENTITIES, Column, Kind, Level
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.history import has_history, sizes
from quickbooks_history.warehouse.recomputation import adopt_columns
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COLUMNS = {
    "items": (
        Column("Bin Location", "bin_location", history=True),
        Column("Shelf Life Days", "shelf_life_days", Kind.NUMERIC),
        Column("Pallet Size", "pallet_size"),
    ),
    "invoices": (
        Column("Project", "project"),
        Column("Product/Service Cost", "cost", Kind.NUMERIC, level=Level.LINE),
    ),
}
"""What the contract learns ..."""

LINES = {
    "staging/base/base_items.sql": [
        ("    ['UPC', 'upc', 'text'],", "    ['Bin Location', 'bin_location', 'text'],"),
        ("    ['UPC', 'upc', 'text'],", "    ['Shelf Life Days', 'shelf_life_days', 'numeric'],"),
        ("    ['UPC', 'upc', 'text'],", "    ['Pallet Size', 'pallet_size', 'text'],"),
    ],
    "staging/stg_items.sql": [
        ("        upc,", "        pallet_size,"),
        ("        upc,", "        bin_location,"),
        ("        inventory_date,", "        shelf_life_days,"),
    ],
    "marts/history/item_history.sql": [("    'status',", "    'bin_location',")],
    "staging/base/base_invoices.sql": [
        ("    ['Memo', 'memo', 'text'],", "    ['Project', 'project', 'text'],"),
        ("    ['Lot No', 'line_lot_no', 'text'],", "    ['Product/Service Cost', 'line_cost', 'numeric'],"),
    ],
    "staging/stg_invoices.sql": [("        memo,", "        project,")],
    "staging/stg_invoice_lines.sql": [("        line_lot_no as lot_no,", "        line_cost as cost,")],
}
"""... and the lines that its SQL gets, each before one that is there."""

SNAPSHOTS = ("items_snapshot", "invoices_snapshot", "invoice_lines_snapshot")
HISTORIES = ("item_history", "invoice_history")

BEFORE = """
    item_all_04_03_2025.csv
        Item Name | Sales Price | Bin Location | Shelf Life Days
        A         | 10          | R1           | 90
        B         | 3           | R2           | long
        C         | 8           |              |

    Item_04_05_2025_2_00_00.csv
        Item Name | Sales Price
        A         | 11
        B         | 3

    item_all_04_10_2025.csv
        Item Name | Sales Price | Bin Location
        A         | 11          | R3
        B         | 4           | R2

    Invoice_04_04_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Product/Service Cost | Project | Total Amount
        1001       | AK-4            | 1                        | 5                    | Barn    | 30
        1001       | Bolt            | 7                        | 2                    | Barn    | 30

    Invoice_04_09_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1001       | AK-4            | 1                        | 30
        1001       | Bolt            | 8                        | 30
        1002       | AK-4            | 2                        | 20
"""
"""Files that came before the contract knew the columns, some with them and some without."""


@pytest.fixture(scope="module")
def grown_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dbt project, with the lines for the new columns and no others."""
    project = tmp_path_factory.mktemp("grown") / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(DBT_PROJECT.parent / "snapshots", project.parent / "snapshots")
    for name, lines in LINES.items():
        path = project / "models" / name
        text = path.read_text()
        for place, line in lines:
            assert text.count(f"\n{place}\n") == 1, f"{name} has no one line {place!r}"
            text = text.replace(f"\n{place}\n", f"\n{line}\n{place}\n")
        path.write_text(text)
    return project


@pytest.fixture(scope="module")
def grown_dbt(tmp_path_factory: pytest.TempPathFactory, history_url: str, grown_project: Path) -> Dbt:
    """dbt with that project parsed."""
    return Dbt(tmp_path_factory.mktemp("dbt"), history_url, grown_project)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory, history_url: str, grown_project: Path) -> Dbt:
    """The same, making all of history anew in a schema of its own."""
    return Dbt(tmp_path_factory.mktemp("scratch"), history_url, grown_project, target="scratch")


@pytest.fixture
def grow(history, grown_dbt) -> Iterator[Callable[[], None]]:
    """Lets contract and SQL learn the columns; what was delivered before stays as it is."""
    with _contract_may_grow() as grow_contract:

        def grow() -> None:
            grow_contract()
            with connect(history.url) as connection:
                ensure_schema(connection)
            history.dbt, history.quick = grown_dbt, None

        yield grow


@contextmanager
def _contract_may_grow() -> Iterator[Callable[[], None]]:
    with pytest.MonkeyPatch.context() as contract:

        def grow() -> None:
            for name, columns in COLUMNS.items():
                entity = ENTITIES[name]
                contract.setitem(ENTITIES, name, replace(entity, columns=(*entity.columns, *columns)))
            names._patterns.cache_clear()

        yield grow
    names._patterns.cache_clear()


def _known_by(history) -> dict[str, list[tuple]]:
    """What PostgreSQL knows every row of history by."""
    rows = {name: history.row_identities(f"snapshots.{name}") for name in SNAPSHOTS}
    return rows | {name: sorted(history.rows(f"marts.{name}", ["ctid", "xmin"])) for name in HISTORIES}


def _is_as_made_anew(history, scratch: Dbt) -> None:
    """Assert that history is what the effective loads give from nothing, row for row and column for column."""
    with connect(history.url) as connection:
        connection.execute("drop schema if exists quickbooks_history_scratch cascade")
    scratch.build_with_parents(*SNAPSHOTS, *HISTORIES)
    for schema, tables in (("snapshots", SNAPSHOTS), ("marts", HISTORIES)):
        for table in tables:
            columns = _columns(history, "quickbooks_history_scratch", table)
            assert _columns(history, schema, table) == columns
            anew = history.rows(f"quickbooks_history_scratch.{table}", columns)
            assert sorted(history.rows(f"{schema}.{table}", columns), key=str) == sorted(anew, key=str), table


def _columns(history, schema: str, table: str) -> list[str]:
    where = f"table_schema = '{schema}' and table_name = '{table}'"
    return sorted(name for (name,) in history.rows("information_schema.columns", ["column_name"], where))


def test_columns_that_are_learned_change_nothing_of_the_past(history, grow, scratch):
    """The snapshots get the columns, blank; no row is written, and what depends on the views is there."""
    history.deliver(BEFORE)
    before = _known_by(history)
    grow()

    history.dbt.build_all()

    assert _known_by(history) == before
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | bin_location | shelf_life_days | from           | to
        A         | 10          |              |                 | 04-03          | 04-05 02:00:00
        A         | 11          |              |                 | 04-05 02:00:00 |
        B         | 3           |              |                 | 04-03          | 04-10
        B         | 4           |              |                 | 04-10          |
        C         | 8           |              |                 | 04-03          | 04-10
        """,
    )
    history.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key | product_service | quantity | cost | from           | to
        1001       | AK-4            | 1        |      | 04-04 02:00:00 |
        1001       | Bolt            | 7        |      | 04-04 02:00:00 | 04-09 02:00:00
        1001       | Bolt            | 8        |      | 04-09 02:00:00 |
        1002       | AK-4            | 2        |      | 04-09 02:00:00 |
        """,
    )
    history.shows("marts.item_history", "column_name | new_value", "column_name = 'bin_location'")
    history.shows("staging.data_quality_issues", "column_name | raw_value")
    history.shows(
        "marts.products",
        """
        item_name | sales_price
        A         | 11
        B         | 4
        """,
    )
    _is_as_made_anew(history, scratch)

    history.dbt.build_all()
    assert _known_by(history) == before


def test_raw_tables_get_the_columns_with_all_their_months(history, grow):
    """One that no file has brought yet, and one that a file had brought as unknown: it holds what it held."""
    history.deliver(BEFORE)
    grow()

    for table in ("raw.items", "raw.items_2025_04", "raw.items_undated"):
        assert {"Bin Location", "Shelf Life Days", "Pallet Size"} <= set(_columns(history, *table.split(".")))
    assert {"Project", "Product/Service Cost"} <= set(_columns(history, "raw", "invoices_2025_04"))
    held = history.rows("raw.items", ["Bin Location"], "_sdc_source_file = 'item_all_04_03_2025.csv'")
    assert held == [("R1",), ("R2",), ("",)]


AFTER = """
    item_all_04_20_2025.csv
        Item Name | Sales Price | Bin Location | Shelf Life Days
        A         | 11          | R1           | 90.0
        B         | 4           |              |

    Item_04_21_2025_2_00_00.csv
        Item Name | Sales Price | Bin Location
        A         | 11          | R1
        B         | 4           | R9

    Item_04_22_2025_2_00_00.csv
        Item Name | Sales Price | Shelf Life Days
        A         | 12          | 90
        B         | 4           |

    Item_04_07_2025_2_00_00.csv
        Item Name | Sales Price | Bin Location
        A         | 11          | R0
        C         | 8           | R7

    Invoice_04_20_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Product/Service Cost | Project | Total Amount
        1001       | AK-4            | 1                        | 5.00                 | Barn    | 30
        1001       | Bolt            | 8                        |                      | Barn    | 30

    Invoice_04_21_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1001       | AK-4            | 1                        | 30
        1001       | Bolt            | 8                        | 30

    Invoice_04_06_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Product/Service Cost | Total Amount
        1001       | Bolt            | 7                        | 2                    | 30
        1001       | AK-4            | 1                        | 4                    | 30
"""
"""Files that come when the contract knows the columns: with both, with one, with none, and a late one of each kind."""


@pytest.mark.parametrize("order", [one_by_one, latest_first, at_once], ids=lambda order: order.__name__)
def test_files_that_come_later_show_the_columns(history, grow, scratch, order):
    """From the moment of the first file that has them, and never before; those of before do not blank them."""
    history.deliver(BEFORE)
    grow()
    history.dbt.build_staging()
    history.order = order
    history.deliver(AFTER)

    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | bin_location | shelf_life_days | from           | to
        A         | 10          |              |                 | 04-03          | 04-05 02:00:00
        A         | 11          |              |                 | 04-05 02:00:00 | 04-07 02:00:00
        A         | 11          | R0           |                 | 04-07 02:00:00 | 04-20
        A         | 11          | R1           | 90              | 04-20          | 04-22 02:00:00
        A         | 12          | R1           | 90              | 04-22 02:00:00 |
        B         | 3           |              |                 | 04-03          | 04-10
        B         | 4           |              |                 | 04-10          | 04-21 02:00:00
        B         | 4           | R9           |                 | 04-21 02:00:00 |
        C         | 8           |              |                 | 04-03          | 04-07 02:00:00
        C         | 8           | R7           |                 | 04-07 02:00:00 | 04-10
        """,
    )
    history.shows(
        "marts.item_history",
        """
        item_name | old_value | new_value | changed_at     | change_type | file_name
        A         |           | R0        | 04-07 02:00:00 | changed     | Item_04_07_2025_2_00_00.csv
        A         | R0        | R1        | 04-20          | changed     | item_all_04_20_2025.csv
        B         |           | R9        | 04-21 02:00:00 | changed     | Item_04_21_2025_2_00_00.csv
        C         |           | R7        | 04-07 02:00:00 | changed     | Item_04_07_2025_2_00_00.csv
        """,
        "column_name = 'bin_location'",
    )
    history.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key | product_service | quantity | cost | from           | to
        1001       | AK-4            | 1        |      | 04-04 02:00:00 | 04-06 02:00:00
        1001       | AK-4            | 1        | 4    | 04-06 02:00:00 | 04-20 02:00:00
        1001       | AK-4            | 1        | 5    | 04-20 02:00:00 |
        1001       | Bolt            | 7        |      | 04-04 02:00:00 | 04-06 02:00:00
        1001       | Bolt            | 7        | 2    | 04-06 02:00:00 | 04-09 02:00:00
        1001       | Bolt            | 8        | 2    | 04-09 02:00:00 | 04-20 02:00:00
        1001       | Bolt            | 8        |      | 04-20 02:00:00 |
        1002       | AK-4            | 2        |      | 04-09 02:00:00 |
        """,
    )
    history.shows(
        "snapshots.invoices_snapshot",
        """
        invoice_no | project | from           | to
        1001       |         | 04-04 02:00:00 | 04-20 02:00:00
        1001       | Barn    | 04-20 02:00:00 |
        1002       |         | 04-09 02:00:00 |
        """,
    )
    _is_as_made_anew(history, scratch)


def test_without_the_files_that_showed_them_the_columns_are_blank_again(history, grow, scratch):
    """Withdrawn, they never came; undone, they did."""
    history.deliver(BEFORE)
    grow()
    history.dbt.build_staging()
    history.refresh("items", "invoices")
    versions = ["record_key", "dbt_scd_id", "dbt_valid_to", "bin_location", "shelf_life_days"]
    lines = ["record_key", "dbt_scd_id", "dbt_valid_to", "cost"]
    changes = ["record_key", "column_name", "old_value", "new_value", "changed_at", "file_name"]

    def history_now() -> list[list[tuple]]:
        tables = {
            "snapshots.items_snapshot": versions,
            "snapshots.invoice_lines_snapshot": lines,
            "marts.item_history": changes,
        }
        return [sorted(history.rows(table, columns), key=str) for table, columns in tables.items()]

    before = history_now()
    history.deliver(AFTER)
    after = history_now()
    later = [file.name for file in history.runs[-1]]

    for name in later:
        history.set_status(name, "withdrawn")
    history.refresh("items", "invoices")
    assert history_now() == before
    _is_as_made_anew(history, scratch)

    for name in later:
        history.set_status(name, "loaded")
    history.refresh("items", "invoices")
    assert history_now() == after


def test_columns_that_a_rebuild_adopted_before_it_broke_off_come_with_the_next_run(history, grow, scratch):
    """All loads of the entity are applied once more, with the columns that they have now."""
    history.deliver(BEFORE)
    grow()
    history.dbt.build_staging()
    history.refresh("items", "invoices")
    with connect(history.url) as connection:
        assert adopt_columns(connection) == 3
    history.refresh("items", "invoices")
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | bin_location | from           | to
        A         | 10          | R1           | 04-03          | 04-05 02:00:00
        A         | 11          | R1           | 04-05 02:00:00 | 04-10
        A         | 11          | R3           | 04-10          |
        B         | 3           | R2           | 04-03          | 04-10
        B         | 4           | R2           | 04-10          |
        C         | 8           |              | 04-03          | 04-10
        """,
    )
    _is_as_made_anew(history, scratch)


def test_an_entity_that_has_no_tables_yet_has_no_history(history):
    """As one that the contract has learned since the last load; what is there of others can be asked for."""
    history.deliver(BEFORE)

    with connect(history.url) as connection:
        assert has_history(connection, ENTITIES["items"])
        assert not has_history(connection, ENTITIES["customers"])
        assert sizes(connection, ENTITIES["items"]).versions == 5
        assert sizes(connection, ENTITIES["customers"]).versions == 0
