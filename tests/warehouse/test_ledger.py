"""Turns at the warehouse, and what history has yet to take up."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from quickbooks_history.exports.inbox import list_inbox
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.appended import appended_loads, loads_ahead_of_history
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.ledger import Decision, NoSuchLoadError
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg


@pytest.fixture
def warehouse(database: str) -> Iterator[psycopg.Connection]:
    """An empty warehouse."""
    with connect(database) as connection:
        ensure_schema(connection)
        yield connection


def enter(connection: psycopg.Connection, entity: str, day: int, status: str = "loaded") -> int:
    """Enter a load without rows."""
    row = connection.execute(
        "insert into meta.loads (entity, file_name, scope, exported_at, status, file_path, extracted_at, sha256)"
        " values (%s, %s, 'partial', make_timestamptz(2025, 4, %s, 0, 0, 0), %s, 'x', now(), gen_random_uuid()::text)"
        " returning load_id",
        [entity, f"{entity}_{day}.csv", day, status],
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_the_second_waits_for_its_turn_and_says_so(warehouse: psycopg.Connection, database: str) -> None:
    told: list[str] = []
    waits, done = threading.Event(), threading.Event()

    def second() -> None:
        with connect(database) as connection, ledger.turn(connection, lambda words: (told.append(words), waits.set())):
            done.set()

    with ledger.turn(warehouse, told.append):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(10)
        assert not done.wait(0.3)
    assert done.wait(10)
    thread.join()
    assert told == ["waiting for another run that writes to this warehouse to end"]


def test_a_turn_ends_with_its_process(warehouse: psycopg.Connection, database: str) -> None:
    other = connect(database)
    turn = ledger.turn(other, print)
    turn.__enter__()
    other.close()  # as when it is killed
    warehouse.execute("set lock_timeout = '10s'")
    with ledger.turn(warehouse, print):
        pass


def test_a_run_is_dead_when_nobody_holds_its_lock(warehouse: psycopg.Connection, database: str) -> None:
    with connect(database) as process:
        ledger.lock_run(process, "one")
        assert not ledger.run_is_dead(warehouse, "one")
        assert ledger.run_is_dead(warehouse, "another")
    deadline = time.monotonic() + 10  # the server notices a moment later that the connection is gone
    while not ledger.run_is_dead(warehouse, "one"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_pending_are_the_loads_that_some_snapshot_has_yet_to_apply(warehouse: psycopg.Connection) -> None:
    first, second, invoices = (
        enter(warehouse, "items", 1),
        enter(warehouse, "items", 2),
        enter(warehouse, "invoices", 3),
    )
    enter(warehouse, "items", 4, "held")
    assert ledger.pending_loads(warehouse) == ["items_1.csv", "items_2.csv", "invoices_3.csv"]
    applied = [("items_snapshot", first), ("items_snapshot", second), ("invoices_snapshot", invoices)]
    for snapshot, load_id in applied:
        warehouse.execute("insert into meta.applied_loads values (%s, %s)", [snapshot, load_id])
    assert ledger.pending_loads(warehouse) == ["invoices_3.csv"], "its lines are yet to come"
    warehouse.execute("insert into meta.applied_loads values ('invoice_lines_snapshot', %s)", [invoices])
    assert ledger.pending_loads(warehouse) == []
    ledger.decide(warehouse, Decision.WITHDRAW, "items_1.csv", "run")
    assert ledger.pending_loads(warehouse) == ["items_1.csv"]


@pytest.mark.parametrize("seconds", [1_743_645_600.0, 1_743_645_600.123456789, 1_743_645_599.9999996, -1.25])
def test_a_folder_whose_files_were_delivered_has_nothing_new(
    warehouse: psycopg.Connection, tmp_path: Path, seconds: float
) -> None:
    folder = tmp_path / "50%"
    folder.mkdir()
    for name in ("item_all_04_03_2025.csv", "Item_04_04_2025_2_00_03.csv"):
        (folder / name).write_text("x")
        os.utime(folder / name, (seconds, seconds))
    delivered, refused = list_inbox([folder]).exports
    for day, (export, status) in enumerate([(delivered, "loaded"), (refused, "rejected")], start=1):
        warehouse.execute(
            "update meta.loads set file_path = %s, file_size = %s, file_modified_at = %s where load_id = %s",
            [str(export.path), export.size, export.modified_at, enter(warehouse, "items", day, status)],
        )

    def listed() -> list[Path]:
        known = ledger.delivered_from(warehouse, [folder])
        return [export.path for export in list_inbox([folder], known=known).exports]

    assert listed() == [refused.path], "what was wrong may have been mended outside the file"
    assert ledger.delivered_from(warehouse, [tmp_path / "5", tmp_path / "50"]) == set()
    (folder / delivered.path.name).write_text("other")
    assert listed() == [delivered.path, refused.path]


def test_a_decision_is_noted_with_its_run(warehouse: psycopg.Connection) -> None:
    load_id = enter(warehouse, "items", 1, "held")
    entry = ledger.decide(warehouse, Decision.APPROVE, "items_1.csv", "1a2b3c4d-0000")
    assert (entry.load_id, entry.status) == (load_id, "loaded")
    assert entry.reason is not None
    assert entry.reason.startswith("approved at ")
    assert entry.reason.endswith("(run 1a2b3c4d)")
    with pytest.raises(NoSuchLoadError, match=r"items_1.csv: no load that is held; its loads are loaded"):
        ledger.decide(warehouse, Decision.APPROVE, "items_1.csv", "another-run")
    with pytest.raises(NoSuchLoadError, match="the ledger has no such file"):
        ledger.decide(warehouse, Decision.WITHDRAW, "items_9.csv", "run")


def test_a_run_counts_the_rows_of_its_own_loads(warehouse: psycopg.Connection) -> None:
    """It costs what it loaded; that nothing else was lost is asked of the whole log, once a week."""
    of_run, of_another = enter(warehouse, "items", 1), enter(warehouse, "items", 2)
    warehouse.execute("update meta.loads set row_count = 1, run_id = load_id::text")
    warehouse.execute("insert into meta.applied_loads select 'items_snapshot', load_id from meta.loads")
    for load_id in (of_run, of_another):
        warehouse.execute(
            'insert into raw.items ("Item Name", _load_id, _exported_at)'
            " select 'A', load_id, exported_at from meta.loads where load_id = %s",
            [load_id],
        )

    def incomplete(run_id: str | None = None) -> list[tuple[int | None, int, int]]:
        ahead = loads_ahead_of_history(warehouse, "items", run_id) if run_id else None
        loads = appended_loads(warehouse, "items", ahead)
        return [(load.load_id, load.in_ledger, load.in_raw) for load in loads if not load.is_complete]

    assert incomplete(str(of_run)) == []
    warehouse.execute("delete from raw.items where _load_id = %s", [of_another])
    assert incomplete(str(of_run)) == []
    assert incomplete() == incomplete(str(of_another)) == [(of_another, 1, 0)]
    warehouse.execute("delete from meta.applied_loads where load_id = %s", [of_another])
    assert incomplete(str(of_run)) == [(of_another, 1, 0)], "history would take it up"


def test_a_run_that_is_executed_again_does_not_go_on_to_an_older_load(warehouse: psycopg.Connection) -> None:
    """It withdrew a correction and then failed: executed again, it must not withdraw what that corrected."""
    older, newer = enter(warehouse, "items", 1), enter(warehouse, "items", 1)
    assert ledger.decide(warehouse, Decision.WITHDRAW, "items_1.csv", "aaaa1111-0").load_id == newer
    assert ledger.decide(warehouse, Decision.WITHDRAW, "items_1.csv", "aaaa1111-0").load_id == newer
    assert ledger.decide(warehouse, Decision.WITHDRAW, "items_1.csv", "bbbb2222-0").load_id == older
