"""What the ledger `meta.loads` knows of files, and the change of a load's status; its rows are the loader's."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import class_row

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse.guard import WHAT_TO_DO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from quickbooks_history.exports.inbox import FileState, FoundExport

_ENTRY = """
    load_id, entity, file_name, scope, exported_at, row_count, status, reason, loaded_at, file_path, run_id
"""


@dataclass(frozen=True)
class LedgerEntry:
    """One delivery as the ledger has it; see HISTORY.md section 4 for what the columns mean."""

    load_id: int
    entity: str
    file_name: str
    scope: str
    exported_at: datetime
    row_count: int
    status: str
    reason: str | None
    loaded_at: datetime
    file_path: str
    run_id: str | None


def ledger_path(export: FoundExport) -> str:
    """The path by which the ledger knows a file."""
    return _as_text(export.path)


def _as_text(path: Path) -> str:
    """A path as text, also where a folder's name is no UTF-8."""
    return os.fsencode(path).decode(errors="replace")


_WRITING = "quickbooks_history.writing"
"""Name of the advisory lock under which one run at a time writes to the warehouse."""


@contextmanager
def turn(connection: psycopg.Connection, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold the right to write to the warehouse; the server frees it from the dead.

    Args:
        connection: In autocommit mode.
        waiting: Is told when another run has it.
    """
    row = connection.execute("select pg_try_advisory_lock(hashtext(%s))", [_WRITING]).fetchone()
    if not (row and row[0]):
        waiting("waiting for another run that writes to this warehouse to end")
        connection.execute("select pg_advisory_lock(hashtext(%s))", [_WRITING])
    try:
        yield
    finally:
        # A server that is gone has freed it, and what went wrong before that is what is to be told.
        with suppress(psycopg.OperationalError):
            connection.execute("select pg_advisory_unlock(hashtext(%s))", [_WRITING])


def lock_run(connection: psycopg.Connection, run_id: str) -> None:
    """Say that a run's process lives, for as long as the connection does."""
    connection.execute("select pg_advisory_lock_shared(hashtextextended(%s, 0))", [run_id])


def run_is_dead(connection: psycopg.Connection, run_id: str) -> bool:
    """Whether no process says that it is this run's."""
    row = connection.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [run_id]).fetchone()
    return bool(row and row[0])


def delivered_from(connection: psycopg.Connection, folders: Iterable[Path]) -> set[FileState]:
    """Return the files of some folders that the loader has seen and need not see again, as they were then.

    Without those that were rejected; see `undelivered`.

    Args:
        connection: To the warehouse.
        folders: Absolute paths.
    """
    beginnings = [_as_text(folder / "_").removesuffix("_") for folder in folders]
    return set(
        connection.execute(
            "select file_path, file_size, (extract(epoch from file_modified_at) * 1000000)::bigint from meta.loads"
            " where file_path ^@ any(%s) and status <> 'rejected'",
            [beginnings],
        )
    )


def undelivered(
    connection: psycopg.Connection,
    exports: Iterable[FoundExport],
    *,
    retry_rejected: bool = True,
    archive: Path | None = None,
) -> list[FoundExport]:
    """Return the files that the loader has yet to see, or to see again, in the order they were given.

    A file is known by its path, size and modification time, so that a folder may be looked through again
    without reading its files.

    Args:
        connection: To the warehouse.
        exports: What was found.
        retry_rejected: Whether one that was rejected is seen again: what was wrong may have been mended outside the
            file (its permissions, this program).
        archive: Folder that files are moved to after they were delivered; in it they are known by their name alone.
    """

    def known_by(export: FoundExport) -> str:
        moved = archive is not None and export.path.is_relative_to(archive)
        return export.path.name if moved else ledger_path(export)

    found = [(known_by(export), export) for export in exports]
    columns = ["file_path"] if archive is None else ["file_path", "file_name"]
    known = {
        loaded
        for column in columns
        for loaded in connection.execute(
            f"select {column}, file_size, file_modified_at from meta.loads"  # noqa: S608 - one of the two above
            f" where {column} = any(%s) and (status <> 'rejected' or not %s)",
            [[name for name, _ in found], retry_rejected],
        )
    }
    return [export for name, export in found if (name, export.size, export.modified_at) not in known]


def is_duplicate(connection: psycopg.Connection, export: FoundExport, sha256: str) -> bool:
    """Whether a load of the file's slot has this content already, whatever became of that load.

    Args:
        connection: To the warehouse.
        export: A file.
        sha256: Hex digest of its bytes.
    """
    name = export.name
    found = connection.execute(
        "select from meta.loads where entity = %s and exported_at = %s and scope = %s and sha256 = %s"
        " and status in ('loaded', 'held', 'withdrawn')",
        [name.entity.name, name.exported_at, name.scope.value, sha256],
    ).fetchone()
    return found is not None


class Decision(Enum):
    """What a person decides of a load: the name of the job that does it, from which statuses to which, and its word."""

    WITHDRAW = ("withdraw", ("loaded", "held"), "withdrawn", "withdrawn")
    UNDO_WITHDRAWAL = ("undo_withdrawal", ("withdrawn",), "loaded", "withdrawal undone")
    APPROVE = ("approve", ("held",), "loaded", "approved")

    def __init__(self, job: str, was: tuple[str, ...], becomes: str, word: str) -> None:
        self.job = job
        self.was = was
        self.becomes = becomes
        self.word = word


class NoSuchLoadError(ValueError):
    """No load of a file can be given the status that was asked for; the message says what there is."""


def decidable(connection: psycopg.Connection, decision: Decision, file_name: str) -> int:
    """Return the newest load of a file of which this can be decided.

    Args:
        connection: To the warehouse.
        decision: What a person has decided.
        file_name: The file, without its folder.

    Raises:
        NoSuchLoadError: The file has no load with such a status.
    """
    statuses = connection.execute(
        "select load_id, status from meta.loads where file_name = %s order by load_id desc", [file_name]
    ).fetchall()
    for load_id, status in statuses:
        if status in decision.was:
            return int(load_id)
    if not statuses:
        raise NoSuchLoadError(f"{file_name}: the ledger has no such file; it knows files by name, without folder")
    there = f"its loads are {', '.join(status for _, status in reversed(statuses))}"
    raise NoSuchLoadError(f"{file_name}: no load that is {' or '.join(decision.was)}; {there}")


def decide(connection: psycopg.Connection, decision: Decision, file_name: str, run_id: str) -> LedgerEntry:
    """Put the newest load of a file of which this can be decided in force or out of it, and note when.

    What the run has decided of the file before stands: a run that failed later on and is executed again must not go on
    to the load that the file had before.

    Args:
        connection: To the warehouse.
        decision: What a person has decided.
        file_name: The file, without its folder.
        run_id: The run that does it, or the first of those that were executed again, for the ledger.

    Returns:
        The load as it is now.

    Raises:
        NoSuchLoadError: The file has no load with such a status.
    """
    mark = f"(run {run_id.partition('-')[0]})"
    done = connection.execute(
        "select load_id from meta.loads where file_name = %s and status = %s and reason like %s",
        [file_name, decision.becomes, f"%{decision.word} at % {mark}"],
    ).fetchone()
    if done is not None:
        return entry(connection, done[0])
    load_id = decidable(connection, decision, file_name)
    noted = f"{decision.word} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {mark}"
    connection.execute(
        "update meta.loads set status = %s, reason = concat_ws('; ', replace(reason, %s, ''), %s::text)"
        " where load_id = %s",
        [decision.becomes, WHAT_TO_DO, noted, load_id],  # it is done
    )
    return entry(connection, load_id)


def entry(connection: psycopg.Connection, load_id: int) -> LedgerEntry:
    """Return one load's entry."""
    with connection.cursor(row_factory=class_row(LedgerEntry)) as cursor:
        found = cursor.execute(
            f"select {_ENTRY} from meta.loads where load_id = %s",  # noqa: S608 - constant
            [load_id],
        ).fetchone()
    assert found is not None  # noqa: S101 - entries are never deleted
    return found


def pending_loads(connection: psycopg.Connection) -> list[str]:
    """Return the files whose loads came into force or went out of it since history was last brought up to date."""
    snapshots = [(entity.name, snapshot) for entity in ENTITIES.values() for snapshot in entity.snapshots]
    rows = connection.execute(
        """
        with effective as (
            select distinct on (entity, exported_at, scope) load_id, entity
            from meta.loads where status = 'loaded'
            order by entity, exported_at, scope, load_id desc
        ),
        due as (
            select load_id, snapshot
            from effective inner join unnest(%s::text[], %s::text[]) as made (entity, snapshot) using (entity)
        )
        select distinct loads.exported_at, loads.file_name
        from due full join meta.applied_loads as applied using (load_id, snapshot) inner join meta.loads using (load_id)
        where due is null or applied is null
        order by loads.exported_at, loads.file_name
        """,
        [[entity for entity, _ in snapshots], [snapshot for _, snapshot in snapshots]],
    ).fetchall()
    return [file_name for _, file_name in rows]


def count_loads(connection: psycopg.Connection, folder: Path) -> tuple[int, int]:
    """Count the loads of files that lay in a folder, and all others; of what was rejected nothing is loaded."""
    row = connection.execute(
        "select count(*) filter (where is_inside), count(*) filter (where not is_inside) from ("
        "    select coalesce(starts_with(file_path, %s), false) as is_inside"
        "    from meta.loads where status in ('loaded', 'held', 'withdrawn')"
        ") as loads",
        [f"{folder}/"],
    ).fetchone()
    return row or (0, 0)


def waiting(connection: psycopg.Connection) -> list[LedgerEntry]:
    """Return the loads that are held until a person decides, oldest export first."""
    with connection.cursor(row_factory=class_row(LedgerEntry)) as cursor:
        return cursor.execute(
            f"select {_ENTRY} from meta.loads where status = 'held' order by exported_at, load_id"  # noqa: S608 - constant
        ).fetchall()


def latest_entries(connection: psycopg.Connection, exports: Sequence[FoundExport]) -> list[LedgerEntry]:
    """Return the newest entry of each of the files that the ledger knows, oldest export first."""
    with connection.cursor(row_factory=class_row(LedgerEntry)) as cursor:
        return cursor.execute(
            f"select * from (select distinct on (file_path) {_ENTRY} from meta.loads"  # noqa: S608 - constant
            " where file_path = any(%s) order by file_path, load_id desc) as latest"
            " order by exported_at, scope = 'full', file_name",
            [[ledger_path(export) for export in exports]],
        ).fetchall()


def rows_by_entity(connection: psycopg.Connection) -> dict[str, int]:
    """Return how many rows all loads of each entity have brought into `raw`."""
    rows = connection.execute("select entity, sum(row_count)::bigint from meta.loads group by entity").fetchall()
    return dict(rows)
