"""What the ledger `meta.loads` knows of files, and the change of a load's status; its rows are the loader's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import class_row, tuple_row

from quickbooks_history.warehouse.schema import raw_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg

    from quickbooks_history.exports.inbox import FoundExport

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
    """The path by which the ledger knows a file: text, also where a folder's name is no UTF-8."""
    return os.fsencode(export.path).decode(errors="replace")


_LOADING = "quickbooks_history.loading"
"""Name of the advisory lock under which one command at a time delivers and builds."""


def try_lock_loading(connection: psycopg.Connection) -> bool:
    """Take the right to load until the connection closes, if nobody has it; the server frees it from the dead."""
    row = connection.execute("select pg_try_advisory_lock(hashtext(%s))", [_LOADING]).fetchone()
    return bool(row and row[0])


def lock_loading(connection: psycopg.Connection) -> None:
    """Wait for the right to load, and take it until the connection closes."""
    connection.execute("select pg_advisory_lock(hashtext(%s))", [_LOADING])


def undelivered(connection: psycopg.Connection, exports: Iterable[FoundExport]) -> list[FoundExport]:
    """Return the files that the loader has yet to see, or to see again, in the order they were given.

    A file is known by its path, size and modification time, so that a folder may be looked through again
    without reading its files. One that was rejected is seen again: what was wrong may have been mended
    outside the file (its permissions, this program).
    """
    known = {
        (path, size, modified_at)
        for path, size, modified_at in connection.execute(
            "select file_path, file_size, file_modified_at from meta.loads where status <> 'rejected'"
        )
    }
    return [export for export in exports if (ledger_path(export), export.size, export.modified_at) not in known]


class NoSuchLoadError(ValueError):
    """No load of a file can be given the status that was asked for; the message says what there is."""


def set_status(
    connection: psycopg.Connection, file_name: str, *, was: Sequence[str], becomes: str, word: str
) -> LedgerEntry:
    """Change the status of the newest load of a file that has one of some statuses, and note when.

    Args:
        connection: In autocommit mode.
        file_name: The file, without its folder.
        was: The statuses that it may have.
        becomes: The status that it gets.
        word: What is done, for the ledger: `withdrawn`, `approved`.

    Returns:
        The load as it is now.

    Raises:
        NoSuchLoadError: The file has no load with such a status.
    """
    noted = f"{word} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    with connection.cursor(row_factory=class_row(LedgerEntry)) as cursor:
        changed = cursor.execute(
            "update meta.loads set status = %s, reason = concat_ws('; ', reason, %s::text)"  # noqa: S608 - constant
            " where load_id = (select max(load_id) from meta.loads where file_name = %s and status = any(%s))"
            f" returning {_ENTRY}",
            [becomes, noted, file_name, list(was)],
        ).fetchone()
    if changed is None:
        rows = connection.execute(
            "select status from meta.loads where file_name = %s order by load_id", [file_name]
        ).fetchall()
        there = f"its loads are {', '.join(status for (status,) in rows)}" if rows else "the ledger has no such file"
        raise NoSuchLoadError(f"{file_name}: no load that is {' or '.join(was)}; {there}")
    return changed


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


@dataclass(frozen=True)
class AppendCount:
    """How many rows of one load stand in `raw`, and how many the ledger says were loaded."""

    load_id: int | None
    file_name: str | None
    in_ledger: int
    in_raw: int


def append_differences(connection: psycopg.Connection, entity: str) -> list[AppendCount]:
    """Return the loads of an entity whose rows in `raw` are not as many as the ledger says.

    Rows of no load, and rows of a load that the ledger does not have, are differences too.
    """
    statement = sql.SQL("""
        with counted as (select _load_id as load_id, count(*) as in_raw from {} group by _load_id),
        entered as (
            select load_id, file_name, row_count from meta.loads where entity = %s
        )
        select load_id, file_name, coalesce(row_count, 0), coalesce(in_raw, 0)
        from entered full join counted using (load_id)
        where coalesce(row_count, 0) <> coalesce(in_raw, 0)
        order by load_id
    """).format(raw_table(entity))
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [AppendCount(*row) for row in cursor.execute(statement, [entity])]
