"""Dagster's storage in files: what ours writes is what Dagster's own writes, and it is made whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from dagster._core.events import (
    AssetMaterializationPlannedData,
    DagsterEvent,
    DagsterEventType,
    StepMaterializationData,
)
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy import event
from sqlalchemy.engine import Engine

from quickbooks_history.event_log import SqliteEventLog, SqliteStorage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import ForkServerContext
    from pathlib import Path

ITEMS, CUSTOMERS = dg.AssetKey(["raw", "items"]), dg.AssetKey(["raw", "customers"])
DATES = ["2025-04-02", "2025-04-03", "2025-04-04"]


def entry(event_type: DagsterEventType, data: object, run_id: str = "run") -> EventLogEntry:
    event = DagsterEvent(event_type.value, "load_exports", event_specific_data=data)  # type: ignore[arg-type]
    return EventLogEntry(None, 10, "", run_id, time.time(), job_name="load_exports", dagster_event=event)


def materialized(key: dg.AssetKey, date: str, run_id: str = "run") -> EventLogEntry:
    made = dg.AssetMaterialization(key, partition=date, metadata={"rows": 3}, tags={"dagster/data_version": date})
    return entry(DagsterEventType.ASSET_MATERIALIZATION, StepMaterializationData(made, []), run_id)


def planned(key: dg.AssetKey, date: str) -> EventLogEntry:
    return entry(DagsterEventType.ASSET_MATERIALIZATION_PLANNED, AssetMaterializationPlannedData(key, date))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteEventLog]:
    made = SqliteEventLog(str(tmp_path))
    yield made
    made.dispose()


def told(storage: SqliteEventLogStorage) -> dict[str, object]:
    """What a storage says of the run and of the assets."""
    records = {record.asset_entry.asset_key: record.asset_entry for record in storage.get_asset_records()}
    last = {key: made.last_materialization for key, made in records.items()}
    return {
        "events": [made.dagster_event_type for made in storage.get_logs_for_run("run")],
        "partitions": {key: storage.get_materialized_partitions(key) for key in (ITEMS, CUSTOMERS)},
        "last": {key: made and made.asset_materialization and made.asset_materialization.partition
                 for key, made in last.items()},
        "tags": {key: [made["dagster/data_version"] for made in storage.get_event_tags_for_asset(key)]
                 for key in (ITEMS, CUSTOMERS)},
    }  # fmt: skip


def test_a_batch_writes_what_dagster_writes_event_by_event(log: SqliteEventLog, tmp_path: Path) -> None:
    batches = [
        [planned(key, date) for key in (CUSTOMERS, ITEMS) for date in DATES],
        [materialized(ITEMS, date) for date in DATES],
        [materialized(CUSTOMERS, date) for date in DATES[:2]],
    ]
    stock = SqliteEventLogStorage(str(tmp_path / "stock"))
    for batch in batches:
        log.store_event_batch(batch)
        stock.store_event_batch(batch)
    assert told(log) == told(stock)
    assert told(log)["last"] == {ITEMS: DATES[2], CUSTOMERS: DATES[1]}
    assert told(SqliteEventLogStorage(str(tmp_path))) == told(stock), "Dagster's own storage goes on with the files"


def test_a_batch_that_fails_leaves_nothing_and_stops_nothing(
    log: SqliteEventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, stored = SqliteEventLogStorage.store_event, []

    def fail_at_the_third(storage: SqliteEventLogStorage, event: EventLogEntry) -> None:
        stored.append(event)
        if len(stored) == 3:
            raise OSError("no space left on device")
        store(storage, event)

    monkeypatch.setattr(SqliteEventLogStorage, "store_event", fail_at_the_third)
    with pytest.raises(OSError, match="no space"):
        log.store_event_batch([materialized(ITEMS, date) for date in DATES])
    assert log.get_logs_for_run("run") == []
    assert log.get_materialized_partitions(ITEMS) == set()
    # Dagster then writes them one by one.
    for date in DATES:
        log.store_event(materialized(ITEMS, date))
    assert log.get_materialized_partitions(ITEMS) == set(DATES)
    assert len(log.get_logs_for_run("run")) == len(DATES)


def test_what_is_there_is_asked_for_once(log: SqliteEventLog) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for date in DATES[:2]:
            statements.clear()
            log.store_event(materialized(ITEMS, date))
            (record,) = log.get_asset_records([ITEMS])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    last = record.asset_entry.last_materialization
    assert last is not None
    assert last.asset_materialization is not None
    assert last.asset_materialization.partition == DATES[1]
    assert statements
    assert not [told for told in statements if "secondary_indexes" in told or "PRAGMA" in told]


def test_of_many_runs_a_few_files_stay_open(log: SqliteEventLog) -> None:
    for number in range(12):
        log.store_event_batch([materialized(ITEMS, date, f"run-{number}") for date in DATES])
    assert len(log._engines) <= 5  # the index, and the four runs that were asked for last
    assert [len(log.get_logs_for_run(f"run-{number}")) for number in range(12)] == [len(DATES)] * 12


def test_files_that_another_process_deletes_are_made_anew(log: SqliteEventLog, tmp_path: Path) -> None:
    log.store_event(materialized(ITEMS, DATES[0]))
    for file in tmp_path.glob("*.db*"):
        file.unlink()
    log.store_event(materialized(ITEMS, DATES[1]))
    assert log.get_materialized_partitions(ITEMS) == {DATES[1]}
    assert len(SqliteEventLogStorage(str(tmp_path)).get_logs_for_run("run")) == 1


DIED = 9
STATEMENTS_BETWEEN_DEATHS = 12


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["quickbooks_history.event_log"])
    return context


def make_and_die(home: str, statements: int) -> None:
    """Make a storage, and die as by `kill -9` before one of the statements that make it."""
    left = iter(range(statements))

    @event.listens_for(Engine, "before_cursor_execute")
    def die(*_: object) -> None:
        if next(left, None) is None:
            os._exit(DIED)

    SqliteStorage.from_local(home)


def inside(home: Path) -> dict[str, object]:
    """Which files a storage has, their tables and indexes, and what Dagster notes of its migrations."""
    made: dict[str, object] = {}
    for file in sorted(home.rglob("*.db")):
        name = str(file.relative_to(home))
        with closing(sqlite3.connect(file)) as connection:
            made[name] = [
                sorted(connection.execute(query).fetchall())
                for query in (
                    "select name, sql from sqlite_master where sql is not null",
                    "select version_num from alembic_version",
                    "select name from secondary_indexes where migration_completed is not null",
                )
            ]
    return made


def test_what_is_killed_while_the_storage_is_made_is_made_anew(tmp_path: Path, processes: ForkServerContext) -> None:
    DagsterSqliteStorage.from_local(str(tmp_path / "stock"))
    whole = inside(tmp_path / "stock")
    assert len(whole) == 3
    deaths = 0
    while True:
        home = tmp_path / f"dies-{deaths}"
        process = processes.Process(target=make_and_die, args=(str(home), deaths * STATEMENTS_BETWEEN_DEATHS))
        process.start()
        process.join()
        storage = SqliteStorage.from_local(str(home))
        assert storage.event_log_storage.get_dynamic_partitions("export_dates") == []
        storage.dispose()
        assert inside(home) == whole, f"killed at statement {deaths * STATEMENTS_BETWEEN_DEATHS}"
        if process.exitcode != DIED:
            break
        deaths += 1
    assert process.exitcode == 0
    assert deaths > 10


def test_a_storage_that_was_left_half_made_is_completed(tmp_path: Path) -> None:
    """As versions before this one left it when they were killed in their first second."""
    (tmp_path / "history/runs").mkdir(parents=True)
    (tmp_path / "history/runs/index.db").touch()
    storage = SqliteStorage.from_local(str(tmp_path))
    assert storage.event_log_storage.get_dynamic_partitions("export_dates") == []
    storage.dispose()


def test_what_is_whole_of_a_storage_stays(tmp_path: Path) -> None:
    SqliteStorage.from_local(str(tmp_path)).dispose()
    shutil.rmtree(tmp_path / "history")
    kept = (tmp_path / "schedules/schedules.db").stat().st_ino
    SqliteStorage.from_local(str(tmp_path)).dispose()
    assert len(inside(tmp_path)) == 3
    assert (tmp_path / "schedules/schedules.db").stat().st_ino == kept


def test_of_many_at_once_each_finds_a_whole_storage(tmp_path: Path, processes: ForkServerContext) -> None:
    never = 10**6
    started = [processes.Process(target=make_and_die, args=(str(tmp_path / "home"), never)) for _ in range(4)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * 4
    DagsterSqliteStorage.from_local(str(tmp_path / "stock"))
    assert inside(tmp_path / "home") == inside(tmp_path / "stock")
