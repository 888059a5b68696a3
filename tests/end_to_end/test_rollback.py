"""`qbh rollback` and `--undo` on the made-up company: upserts beside history, and forward again."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest
from export_files import write_export

from quickbooks_history.warehouse.recomputation import SCRATCH

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Home

LOG_AND_HISTORY = (
    *("raw.items", "raw.customers", "raw.invoices", "raw.sales_receipts", "meta.loads", "meta.applied_loads"),
    *("snapshots.items_snapshot", "snapshots.invoices_snapshot", "snapshots.invoice_lines_snapshot"),
    *("marts.item_history", "marts.invoice_history", "marts.products", "marts.orders"),
)
NIGHT = "Item_06_01_2025_2_00_00.csv"


def rows(home: Home, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(home.url()) as connection:
        return connection.execute(query).fetchall()


def hashes(home: Home) -> list[tuple[object, ...]]:
    return rows(
        home,
        " union all ".join(
            f"select '{table}', md5(string_agg(t::text, ',' order by t::text)) from {table} as t"
            for table in LOG_AND_HISTORY
        ),
    )


@pytest.fixture(scope="module")
def before(copied: Home) -> list[tuple[object, ...]]:
    """What log and history hold; the files of all items are gone, so that only the log knows what was in them."""
    with psycopg.connect(copied.url()) as connection:
        connection.execute("update meta.loads set file_path = '/gone/' || file_name where entity = 'items'")
    return hashes(copied)


@pytest.fixture(scope="module")
def rolled_back(copied: Home, before: list[tuple[object, ...]]) -> Home:
    run = copied.qbh("rollback")
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count(" agrees, ") == 6
    assert "forward again: `qbh rollback --undo`" in run.stderr
    assert "incomplete" not in run.stderr
    assert hashes(copied) == before, "the log or history is not as it was"
    return copied


def test_there_is_a_row_for_each_record_and_for_each_line(rolled_back: Home) -> None:
    (deleted,) = rows(
        rolled_back,
        "select count(distinct record_key) from snapshots.items_snapshot"
        " where record_key not in (select record_key from marts.products)",
    )
    assert deleted != (0,)
    assert rows(rolled_back, "select count(*) from rollback.items except select count(*) + 1 from marts.products") == []
    assert rows(
        rolled_back,
        'select _key, "Sales Price" from rollback.items except select record_key, "Sales Price" from rollback.items'
        " inner join marts.products on _key = record_key",
    ) == rows(
        rolled_back,
        'select _key, "Sales Price" from rollback.items where _key not in (select record_key from marts.products)',
    )
    assert rows(rolled_back, "select count(*) from rollback.invoice_lines") >= rows(
        rolled_back, "select count(*) from marts.invoice_lines"
    )


def test_nothing_moves_on(rolled_back: Home, before: list[tuple[object, ...]]) -> None:
    write_export(rolled_back.path / "inbox" / NIGHT, "items", {"Item Name": "new in June", "Sales Price": "4711"})
    for command in (
        *(["load"], ["withdraw", "item_all_04_03_2025.csv"], ["rebuild"], ["archive", "--before", "2025-05-01"]),
        ["restore"],
    ):
        run = rolled_back.qbh(*command)
        assert run.returncode == 1
        assert "rolled back since" in run.stderr
        assert "until `qbh rollback --undo`" in " ".join(run.stderr.split())
        assert "Traceback" not in run.stderr
    # A loader that somebody starts by hand would append.
    meltano = ("meltano", "run", "tap-quickbooks-csv", "target-postgres")
    by_hand = rolled_back.run(*meltano, cwd=_meltano())
    assert by_hand.returncode != 0
    assert "rolled back since" in by_hand.stderr
    assert hashes(rolled_back) == before
    assert (rolled_back.path / "logs" / "load.log.1").stat().st_size > 0, "the log of the last run is gone"
    status = json.loads(rolled_back.qbh("status", "--json").stdout)
    assert status["rolled_back_since"]
    assert "rolled back" in rolled_back.qbh("status").stdout
    assert "history is what the log says" in rolled_back.qbh("verify").stdout


def test_once_more_with_what_has_come_since_and_a_history_that_says_otherwise(
    rolled_back: Home, before: list[tuple[object, ...]]
) -> None:
    # What was loaded is not new when it has another date of change, and what comes late is upserted in its place.
    inbox = rolled_back.path / "inbox"
    ((known, first_listed),) = rows(
        rolled_back,
        "select file_path, file_name from meta.loads where entity = 'customers' and status = 'loaded'"
        " order by exported_at limit 1",
    )
    shutil.copyfile(str(known), inbox / str(first_listed))
    ((name, id_, price),) = rows(
        rolled_back,
        "select item_name, quickbooks_id, sales_price from marts.products where sales_price > 2 order by 1 limit 1",
    )
    late = {"Item Name": str(name), "QuickBooks Internal Id": str(id_), "Sales Price": "1"}
    write_export(inbox / "Item_04_05_2025_9_00_00.csv", "items", late, {"Item Name": "late", "Sales Price": "2"})
    (inbox / "Item_06_02_2025_2_00_00.csv").write_text("Item Name,Sales Price\nA,1\n")
    # What is set for loads does not turn upserts into appends.
    settings = {"TARGET_POSTGRES_LOAD_METHOD": "append-only", "TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA": "raw"}
    spoil = "update snapshots.items_snapshot set status = %s where dbt_valid_to is null and quickbooks_id = %s"
    ((status,),) = rows(rolled_back, f"select status from marts.products where quickbooks_id = '{id_}'")
    with psycopg.connect(rolled_back.url()) as connection:
        assert connection.execute(spoil, ["spoilt by hand", id_]).rowcount == 1
    run = rolled_back.run("qbh", "rollback", "--json", environment=settings)
    with psycopg.connect(rolled_back.url()) as connection:
        connection.execute(spoil, [status, id_])
    assert run.returncode == 1
    printed = json.loads(run.stdout)
    assert [file.split(",")[0].split(":")[0] for file in printed["files"]] == [
        "rejected Item_06_02_2025_2_00_00.csv",
        "upserted Item_04_05_2025_9_00_00.csv",
        f"upserted {NIGHT}",
    ]
    told = printed["marts"]
    assert told.pop("marts.products").startswith("rollback.items differs: 1 wrong; ")
    assert len(told) == 5
    assert all(" agrees, " in comparison for comparison in told.values())
    said = " ".join(run.stderr.split())
    assert "what was upserted is not what the marts say: marts.products." in said
    assert "forward again: `qbh rollback --undo`" in said
    new = "select \"Sales Price\" from rollback.items where _key = 'new in June'"
    assert rows(rolled_back, new) == [("4711",)]
    assert rows(rolled_back, new.replace("new in June", "late")) == [("2",)]
    assert rows(rolled_back, f"select \"Sales Price\"::numeric from rollback.items where _key = '{id_}'") == [(price,)]
    assert rows(rolled_back, f"select count(*) from rollback.customers where _sdc_source_file = '{first_listed}'") == [
        (0,)
    ]
    assert hashes(rolled_back) == before


def test_dbt_by_hand_stands_still(rolled_back: Home) -> None:
    dbt = ("dbt", "build", "--profiles-dir", ".", "--select", "effective_loads", "items_snapshot", "item_history")
    by_hand = rolled_back.by_hand(*dbt, cwd=_meltano().parent / "dbt_project")
    assert by_hand.returncode == 1
    assert "until `qbh rollback --undo`" in by_hand.stdout


def test_forward_again(rolled_back: Home, before: list[tuple[object, ...]]) -> None:
    assert rows(rolled_back, "select begun_at from meta.rollback") != []
    with psycopg.connect(rolled_back.url()) as connection:
        connection.execute("create view public.of_somebody as select * from rollback.items")
    run = rolled_back.qbh("rollback", "--undo")
    assert run.returncode == 0, run.stderr
    assert "the schema rollback stays" in run.stderr
    with psycopg.connect(rolled_back.url()) as connection:
        connection.execute("drop view public.of_somebody")
        # As a rollback leaves it that is killed while it compares.
        connection.execute(f"create schema {SCRATCH}")
        connection.execute(f"create view {SCRATCH}.items as select * from rollback.items")
    run = rolled_back.qbh("rollback", "--undo", "--json")
    assert json.loads(run.stdout) == {"rolled_back": False, "tables_that_stay": []}
    assert hashes(rolled_back) == before
    assert rows(rolled_back, f"select from pg_namespace where nspname in ('rollback', '{SCRATCH}')") == []
    again = rolled_back.qbh("rollback", "--undo")
    assert again.returncode == 1
    assert "not rolled back" in again.stderr

    # A schema of that name that is somebody else's is left alone, and so is the pipeline.
    with psycopg.connect(rolled_back.url()) as connection:
        connection.execute("create schema rollback; create table rollback.items as select 1 as of_others")
    refused = rolled_back.qbh("rollback")
    assert refused.returncode == 1
    assert "rollback.items is a table of somebody else's" in " ".join(refused.stderr.split())
    assert rows(rolled_back, "select of_others from rollback.items") == [(1,)]
    assert rows(rolled_back, "select begun_at from meta.rollback") == []

    assert rolled_back.qbh("load").returncode == 3, "one file cannot be read"
    assert rows(rolled_back, "select sales_price::text from marts.products where item_name = 'new in June'") == [
        ("4711",)
    ]


def _meltano() -> Path:
    from quickbooks_history.settings import Settings

    return Settings().meltano_project
