"""Dagster's SQLite storage, made whole, with connections that are kept and batches of events that are written at once.

Dagster makes an engine, opens a file and commits for every event: 8 ms for a materialization, of which a run over ten
years of export dates writes 18,000, and as many events that announce them. Nothing else is changed: the files are
Dagster's, and its own storage reads and goes on with them.
"""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import fasteners  # type: ignore[import-untyped]
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, _event_logs_directory
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine

from quickbooks_history.on_disk import write_out

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from dagster import AssetKey
    from dagster._core.events.log import EventLogEntry
    from dagster._serdes import ConfigurableClassData
    from sqlalchemy.engine import Connection

_RUNS_KEPT = 4
"""Each run has a file of its own, and a web server looks into many."""

_MADE_LAST = "history"
"""The folder of a storage that is there when the others are."""


@dataclass
class _Batch:
    """What belongs to the batch that is being written.

    Attributes:
        end: What is to happen then: the transactions are committed.
        connections: In a transaction each, by file.
        latest: Of each asset, the last event and its number.
    """

    end: ExitStack
    connections: dict[str, Connection] = field(default_factory=dict)
    latest: dict[AssetKey, tuple[EventLogEntry, int]] = field(default_factory=dict)


class _Kept(NamedTuple):
    """An engine, and the file that it was made for."""

    engine: Engine
    file: int | None


def _file(path: str) -> int | None:
    """What tells a file from another one of its name; None where there is none."""
    try:
        return Path(path).stat().st_ino
    except FileNotFoundError:
        return None


class SqliteEventLog(SqliteEventLogStorage):
    """Dagster's event log in SQLite files."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, _Kept] = OrderedDict()
        self._batch: _Batch | None = None
        self._there: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)
        # A batch holds it, and so does each event of the batch.
        self._db_lock = threading.RLock()  # type: ignore[assignment]

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Write events one after the other, in one transaction of each file that they go to."""
        with self._db_lock, ExitStack() as end:
            batch = self._batch = _Batch(end)
            try:
                super().store_event_batch(events)
                for event, event_id in batch.latest.values():
                    super()._store_asset_event(batch.connections[INDEX_SHARD_NAME], event, event_id)
            finally:
                self._batch = None

    def _store_asset_event(self, conn: Connection, event: EventLogEntry, event_id: int) -> None:
        """Note what is the latest of an asset: of a batch, the last."""
        key = event.dagster_event.asset_key if event.dagster_event else None
        if self._batch is None or key is None:
            super()._store_asset_event(conn, event, event_id)
        else:
            self._batch.latest[key] = (event, event_id)

    def has_table(self, table_name: str) -> bool:
        """Whether there is such a table."""

        def ask() -> bool:
            with self.index_connection() as connection:  # makes what is missing, which Dagster's own does not
                return connection.dialect.has_table(connection, table_name)

        return self._is_there("table", table_name, ask)

    def has_secondary_index(self, name: str) -> bool:
        """Whether a migration of Dagster's has been carried out."""
        ask = super().has_secondary_index
        return self._is_there("migration", name, lambda: ask(name))

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the table of assets has such a column."""
        ask = super().has_asset_key_col
        return self._is_there("column", column_name, lambda: ask(column_name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        ask = super()._has_asset_key_col_on_connection
        return self._is_there("column", column_name, lambda: ask(conn, column_name))

    def _is_there(self, kind: str, name: str, ask: Callable[[], bool]) -> bool:
        """Remember what is there: nothing of it goes away, and each event and each look at an asset asks."""
        if (kind, name) not in self._there and ask():
            self._there.add((kind, name))
        return (kind, name) in self._there

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if self._batch is None:
                with self._engine(shard).begin() as connection:
                    yield connection
                return
            connections = self._batch.connections
            if shard not in connections:
                connections[shard] = self._batch.end.enter_context(self._engine(shard).begin())
            yield connections[shard]

    def _engine(self, shard: str) -> Engine:
        kept = self._engines.get(shard)
        if kept is not None and kept.file != _file(self.path_for_shard(shard)):
            # Another process has deleted it, as `dagster run wipe` does: what went into it would go nowhere.
            self._engines.pop(shard).engine.dispose()
            self._initialized_dbs.discard(shard)
            kept = None
        if kept is None:
            engine = create_engine(
                self.conn_string_for_shard(shard), connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
            )
            if shard != INDEX_SHARD_NAME:
                event.listen(engine, "connect", _without_waiting_for_each)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            kept = self._engines[shard] = _Kept(engine, _file(self.path_for_shard(shard)))
        self._engines.move_to_end(shard)
        self._forget_runs()
        return kept.engine

    def _forget_runs(self) -> None:
        """Close the files of runs that nobody has asked for lately."""
        in_use = {INDEX_SHARD_NAME, *(self._batch.connections if self._batch else ())}
        runs = [shard for shard in self._engines if shard not in in_use]
        for shard in runs[:-_RUNS_KEPT]:
            self._engines.pop(shard).engine.dispose()

    def dispose(self) -> None:
        """Close all files."""
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].engine.dispose()
        super().dispose()


class SqliteStorage(DagsterSqliteStorage):
    """All that Dagster stores, where Dagster's own SQLite storage stores it."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = SqliteEventLog(_event_logs_directory(base_dir))

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> SqliteStorage:  # noqa: ANN401
        """Make it as `dagster.yaml` says."""
        return cls.from_local(inst_data=inst_data, **config_value)

    @classmethod
    def from_local(cls, base_dir: str, inst_data: ConfigurableClassData | None = None) -> SqliteStorage:
        """Open what a folder holds, made before if there is nothing."""
        _make_whole(Path(base_dir))
        return super().from_local(base_dir, inst_data)


def _make_whole(folder: Path) -> None:
    """Make the files of a storage whole or not at all, if there are none.

    Dagster makes them in 170 statements, each of which waits for the disk: seconds on a slow one. What is left when it
    is killed among these, and what another process is at, it takes for files of an older version of itself, and asks
    each time for a migration that nobody has to do.
    """
    if (folder / _MADE_LAST).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(folder / "making.lock"):
        if (folder / _MADE_LAST).exists():
            return
        making = folder / ".making"
        if making.exists():
            shutil.rmtree(making)
        event.listen(Engine, "connect", _without_waiting)
        try:
            DagsterSqliteStorage.from_local(str(making)).dispose()
        finally:
            event.remove(Engine, "connect", _without_waiting)
        for path in making.rglob("*"):
            write_out(path)
        for part in sorted(making.iterdir(), key=lambda path: path.name == _MADE_LAST):
            if not (folder / part.name).exists():
                part.rename(folder / part.name)
        shutil.rmtree(making, ignore_errors=True)


def _without_waiting_for_each(connection: sqlite3.Connection, _: object) -> None:
    """Let the disk take what is told of a run when the system gives it: a load would wait for it 280 times.

    When the power fails, the last of it is lost, and the file stays whole. The index waits, by whose numbers sensors
    know what they have seen.
    """
    connection.execute("pragma synchronous = normal")


def _without_waiting(connection: sqlite3.Connection, _: object) -> None:
    """Leave it to the system when it writes: until it is whole it counts for nothing."""
    connection.execute("pragma synchronous = off")
