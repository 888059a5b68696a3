"""A run reads what its loads touch, however much history there is: never a whole table of raw rows, versions or changes.

The server counts the rows that it reads of each table and each index, whatever the statement and its plan.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from export_files import export_text
from timeline import File

from quickbooks_history.warehouse.connection import connect

NIGHTS, RECORDS = 25, 600
"""Each night every record is exported, and every tenth has changed."""

LARGE = 1000
"""Rows of a table that is not to be read whole; a smaller one may be, and soon is."""

TOUCHED = range(300, 306)


def item_rows(night, records):
    return [{"Item Name": f"AK-{n}", "Sales Price": value(n, night)} for n in records]


def invoice_rows(night, records):
    return [
        {
            "Invoice No": str(1000 + n),
            "Product/Service": product,
            "Product/Service Quantity": value(n, night),
            "Total Amount": value(n, night),
        }
        for n in records
        for product in ("AK-4", "Bolt")
    ]


def value(record, night):
    return str(night if night % 10 == record % 10 else night // 10 * 10)


ROWS = {"items": item_rows, "invoices": invoice_rows}
WORDS = {"items": "Item", "invoices": "Invoice"}


def export(entity, night, records, hour=2):
    """The nights are ten days apart, so that the log has many months."""
    moment = datetime(2025, 1, 1, hour, tzinfo=UTC) + timedelta(days=10 * night)
    name = f"{WORDS[entity]}_{moment:%m_%d_%Y}_{moment.hour}_00_00.csv"
    return File(name, export_text(entity, *ROWS[entity](night, records)))


@pytest.mark.parametrize("entity", ["items", "invoices"])
def test_a_run_reads_what_its_loads_touch(history, entity):
    history.load([export(entity, night, range(RECORDS)) for night in range(NIGHTS)])
    history.refresh(entity)
    new, late = export(entity, NIGHTS, TOUCHED), export(entity, 1, TOUCHED, hour=14)
    happenings = {
        "a new file": lambda: history.load([new]),
        "a late file": lambda: history.load([late]),
        "a withdrawal": lambda: history.set_status(late.name, "withdrawn"),
        "nothing": lambda: None,
    }

    sizes = large_tables(history)
    assert sizes.keys() >= {f"snapshots.{entity}_snapshot", f"raw.{entity}_2025_01", f"raw.{entity}_2025_08"}
    for what, happens in happenings.items():
        happens()
        before = rows_read(history)
        history.refresh(entity)
        after = rows_read(history)
        read = {table: f"{after[table] - before[table]} of {rows} rows" for table, rows in sizes.items()}
        assert {t: read[t] for t, rows in sizes.items() if after[t] - before[t] > rows / 3} == {}, f"after {what}"


def large_tables(history):
    """The tables that grow with history, and how many rows they have."""
    with connect(history.url) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select oid::regclass::text from pg_class"
                " where relkind = 'r' and relnamespace::regnamespace::text in ('raw', 'snapshots', 'marts')"
            )
        ]
        counts = {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in names}
    return {name: rows for name, rows in counts.items() if rows >= LARGE}


def rows_read(history):
    """What has been read of each table up to now, by scans and by indexes."""
    with connect(history.url) as connection:
        # A session tells what it has read when it ends, and dbt's need a moment to end.
        while connection.execute(
            "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and backend_type = 'client backend'"
        ).fetchone():
            time.sleep(0.05)
        return dict(
            connection.execute("""
                select relid::regclass::text, seq_tup_read + coalesce((
                    select sum(idx_tup_read)::bigint from pg_stat_user_indexes as indexes
                    where indexes.relid = tables.relid
                ), 0)
                from pg_stat_user_tables as tables
            """).fetchall()
        )
