"""`qbh archive` and `qbh restore` on the made-up company: the log leaves, history stays, and goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from export_files import write_export
from psycopg.rows import dict_row

from quickbooks_history.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Home

ENTITIES = ("items", "customers", "invoices", "sales_receipts")
HISTORY = (
    *("snapshots.items_snapshot", "snapshots.invoices_snapshot", "snapshots.invoice_lines_snapshot"),
    *("marts.item_history", "marts.invoice_history", "marts.products", "marts.orders"),
)


def hashes(home: Home) -> list[object]:
    with psycopg.connect(home.url()) as connection:
        return [
            connection.execute(f"select md5(string_agg(t::text, ',' order by t::text)) from {table} as t").fetchone()
            for table in HISTORY
        ]


def raw_rows(home: Home) -> list[int]:
    with psycopg.connect(home.url()) as connection:
        return [connection.execute(f"select count(*) from raw.{entity}").fetchone()[0] for entity in ENTITIES]  # type: ignore[index]


def products(home: Home) -> list[dict[str, str]]:
    """The current items as a row of an export each."""
    with psycopg.connect(home.url(), row_factory=dict_row) as connection:
        return [
            {
                "Item Name": item["item_name"],
                "Purchase Cost": str(item["purchase_cost"] or ""),
                "Sales Price": str(item["sales_price"] or ""),
                "Quantity On Hand": str(item["quantity_on_hand"] or ""),
                "Status": item["status"],
                "QuickBooks Internal Id": item["quickbooks_id"],
            }
            for item in connection.execute("select * from marts.products order by item_name")
        ]


def succeeds(home: Home, *command: str) -> str:
    run = home.qbh(*command)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def changes(home: Home, name: str, since: str) -> list[tuple[str, str, str]]:
    told = json.loads(succeeds(home, "history", "items", "--key", name, "--since", since, "--json"))
    return [(change["column_name"], change["old_value"], change["new_value"]) for change in told]


@pytest.fixture(scope="module")
def archived(copied: Home) -> Home:
    """A home of whose log all is archived: everything in it is of April and May 2025."""
    before, rows = hashes(copied), raw_rows(copied)
    shown = succeeds(copied, "archive", "--before", "2025-06-01")
    assert all(entity in shown for entity in ENTITIES)
    assert raw_rows(copied) == [0, 0, 0, 0]
    assert hashes(copied) == before
    assert "nothing to archive" in succeeds(copied, "archive", "--before", "2025-06-01")

    # From the files alone history is proved, and they stay where they are.
    assert "history is what the log says" in succeeds(copied, "verify")
    assert raw_rows(copied) == [0, 0, 0, 0]

    moved = json.loads(succeeds(copied, "restore", "--json"))
    assert sum(month["row_count"] for month in moved) == sum(rows)
    assert raw_rows(copied) == rows
    succeeds(copied, "archive", "--before", "2025-06-01")
    return copied


def test_a_night_after_the_archived_months(archived: Home, tmp_path: Path) -> None:
    item, other, *_ = products(archived)
    night = tmp_path / "Item_06_01_2025_2_00_00.csv"
    write_export(night, "items", item | {"Sales Price": "4711"}, other)
    succeeds(archived, "load", str(night))
    assert ("sales_price", str(float(item["Sales Price"])).removesuffix(".0"), "4711") in changes(
        archived, item["Item Name"], "2025-06-01"
    )
    assert changes(archived, other["Item Name"], "2025-06-01") == []

    # A full export, compared with one that is archived: one item is gone, one is new.
    full = tmp_path / "item_all_06_02_2025.csv"
    gone, *there = products(archived)[2:]
    write_export(
        full, "items", *products(archived)[:2], *there, item | {"Item Name": "new", "QuickBooks Internal Id": "X-1"}
    )
    succeeds(archived, "load", str(full))
    assert changes(archived, gone["Item Name"], "2025-06-01") == [("_record", "active", None)]
    assert ("item_name", None, "new") in changes(archived, "new", "2025-06-01")
    with psycopg.connect(archived.url()) as connection:
        assert connection.execute("select count(*) from raw.items where _exported_at < '2025-06-01'").fetchone() == (0,)

    explained = json.loads(
        succeeds(archived, "explain", "items", "--key", other["Item Name"], "--column", "item_name", "--json")
    )
    assert [(value["value"], value["raw_value"]) for value in explained] == [(other["Item Name"], None)]
    assert explained[0]["file_name"].endswith("_2025.csv")
    assert explained[0]["line_no"] > 1


@pytest.mark.thorough
def test_dbt_by_hand_does_not_make_another_history(archived: Home) -> None:
    with psycopg.connect(archived.url()) as connection:
        connection.execute("alter table snapshots.customers_snapshot rename to kept_snapshot")
    try:
        run = archived.by_hand(
            *("dbt", "build", "--select", "customers_snapshot", "--target-path", str(archived.path / "by_hand")),
            cwd=PROJECT_ROOT / "dbt_project",
        )
        assert run.returncode != 0
        assert "months of customers from 2025-04 on are archived" in run.stdout
    finally:
        with psycopg.connect(archived.url()) as connection:
            connection.execute("alter table snapshots.kept_snapshot rename to customers_snapshot")


@pytest.mark.thorough
def test_a_late_file_and_a_withdrawal_of_an_archived_month(archived: Home, tmp_path: Path) -> None:
    late = tmp_path / "Item_04_15_2025_5_00_00.csv"
    item = products(archived)[1]
    write_export(late, "items", item | {"Sales Price": "815"})
    succeeds(archived, "load", str(late))
    assert any(new == "815" for _, _, new in changes(archived, item["Item Name"], "2025-04-15"))
    rows = raw_rows(archived)
    assert rows[0] > 0, "the items of April are back, for history was made from there on"
    assert rows[1:] == [0, 0, 0]

    succeeds(archived, "archive", "--before", "2025-06-01")
    succeeds(archived, "withdraw", late.name)
    assert not any(new == "815" for _, _, new in changes(archived, item["Item Name"], "2025-04-15"))
    assert "restored" not in succeeds(archived, "restore", "--since", "2025-07-01")
    succeeds(archived, "restore")
    assert "history is what the log says" in succeeds(archived, "verify")


@pytest.mark.thorough
def test_a_file_of_the_archive_that_is_gone(archived: Home) -> None:
    succeeds(archived, "archive", "--before", "2025-06-01")
    file = next((archived.path / "log_archive").glob("customers_2025_04-*.parquet"))
    aside = file.rename(file.with_suffix(".aside"))
    try:
        restored = archived.qbh("restore")
        assert restored.returncode == 1
        assert file.name in restored.stderr.replace("\n", "")
        verified = archived.qbh("verify")
        assert verified.returncode == 1
        doctor = archived.qbh("doctor")
        assert doctor.returncode == 1
        assert file.name in doctor.stdout.replace("\n", "")
    finally:
        aside.rename(file)
    succeeds(archived, "restore")
