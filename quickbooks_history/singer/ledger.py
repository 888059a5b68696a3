"""The statements by which one delivered file becomes rows of `raw` and an entry of the ledger, or nothing."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.singer.delivery import LINE_NUMBER, DeliveryError, DeliveryNote
from quickbooks_history.warehouse.appended import note_checksum
from quickbooks_history.warehouse.guard import why_held
from quickbooks_history.warehouse.schema import add_raw_columns, ensure_partition, raw_table

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

_COPY_BLOCK = 2**20
"""Bytes handed to the server at a time."""


@dataclass(frozen=True)
class Entry:
    """What the ledger says of a delivery.

    Attributes:
        load_id: The entry's number; that of the earlier one when a rejection was noted before.
        status: `loaded`, `held`, `duplicate` or `rejected`.
        reason: Why, or what is to be known of it.
    """

    load_id: int
    status: str
    reason: str | None


def prepare_raw_table(connection: psycopg.Connection, note: DeliveryNote) -> None:
    """Make the partition and the columns that a delivery needs, in a transaction of their own.

    They lock the whole table, which no other load should wait for longer than this takes.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtext('quickbooks_history.schema'))")
        add_raw_columns(connection, note.entity, note.unknown_columns)
        ensure_partition(connection, note.entity, note.exported_at)


def load_delivery(
    connection: psycopg.Connection,
    note: DeliveryNote,
    batch_file: Path,
    run_id: str | None,
    max_deleted_share: float,
) -> Entry:
    """Copy a batch file into `raw` and enter it in the ledger, in one transaction.

    A delivery whose content equals any earlier load of its slot is entered as a duplicate and loads nothing.

    Args:
        connection: In autocommit mode; `prepare_raw_table` has been called.
        note: The delivery; its status is `loaded`.
        batch_file: Its rows.
        run_id: The run that loads it, for the ledger.
        max_deleted_share: The share of open records that a full export may close; one that would close more is
            entered as `held`.

    Returns:
        The ledger's entry.

    Raises:
        DeliveryError: The server took another number of rows than the note states; nothing is loaded.
        psycopg.Error: The server refused a row; nothing is loaded.
    """
    with connection.transaction():
        _lock_slot(connection, note)
        twin = _same_content(connection, note)
        if twin is not None:
            twin_reason = "same content as load {} ({})".format(*twin)
            return _enter(connection, note, run_id, status="duplicate", row_count=0, reason=twin_reason)
        remarks = "; ".join(_remarks(connection, note)) or None
        entry = _enter(connection, note, run_id, status="loaded", row_count=note.row_count, reason=remarks)
        _set_row_defaults(connection, note, entry.load_id)
        copied = _copy(connection, note.entity, batch_file)
        if copied != note.row_count:
            raise DeliveryError(
                f"{note.file_name}: {copied} rows arrived of {note.row_count}; none is loaded, load it again"
            )
        note_checksum(connection, note.entity, entry.load_id)
        entry = _guarded(connection, note, entry, max_deleted_share)
        # From the transaction's begin to here, which is what the others that load wait for.
        connection.execute(
            "update meta.loads set load_seconds = extract(epoch from clock_timestamp() - now()) where load_id = %s",
            [entry.load_id],
        )
        return entry


def _guarded(connection: psycopg.Connection, note: DeliveryNote, entry: Entry, max_deleted_share: float) -> Entry:
    """Hold a full export that would delete too much."""
    if note.scope != "full":
        return entry
    why = why_held(connection, note.entity, entry.load_id, note.exported_at, max_deleted_share)
    if why is None:
        return entry
    reason = "; ".join(filter(None, (why, entry.reason)))
    connection.execute("update meta.loads set status = 'held', reason = %s where load_id = %s", [reason, entry.load_id])
    return Entry(entry.load_id, "held", reason)


def enter_rejection(connection: psycopg.Connection, note: DeliveryNote, run_id: str | None) -> Entry:
    """Enter a rejected file, unless the ledger says the same of the same file already.

    Args:
        connection: In autocommit mode.
        note: The delivery; its status is `rejected`.
        run_id: The run that met it, for the ledger.

    Returns:
        The ledger's entry, new or old.
    """
    with connection.transaction():
        _lock_slot(connection, note)
        known = connection.execute(
            "select load_id from meta.loads where file_path = %s and sha256 is not distinct from %s"
            " and status = 'rejected' and reason is not distinct from %s order by load_id limit 1",
            [note.file_path, note.sha256, note.reason],
        ).fetchone()
        if known is not None:
            # It may have been written anew, or copied here again, with the same in it.
            connection.execute(
                "update meta.loads set file_size = %s, file_modified_at = %s where load_id = %s",
                [note.size, note.modified_at, known[0]],
            )
            return Entry(known[0], "rejected", note.reason)
        return _enter(connection, note, run_id, status="rejected", row_count=0, reason=note.reason)


def _lock_slot(connection: psycopg.Connection, note: DeliveryNote) -> None:
    """Let two deliveries for one slot be looked at one after the other, until the transaction ends."""
    slot = f"{note.entity}/{note.exported_at.isoformat()}/{note.scope}"
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [slot])


def _same_content(connection: psycopg.Connection, note: DeliveryNote) -> tuple[int, str] | None:
    """Find the earlier load of the slot that has this content, whatever became of it."""
    return connection.execute(
        "select load_id, file_name from meta.loads where entity = %s and exported_at = %s and scope = %s"
        " and sha256 = %s and status in ('loaded', 'held', 'withdrawn')",
        [note.entity, note.exported_at, note.scope, note.sha256],
    ).fetchone()


def _remarks(connection: psycopg.Connection, note: DeliveryNote) -> list[str]:
    """Say what is unusual about a load: that it corrects another, and columns that nothing reads."""
    remarks = []
    corrected = connection.execute(
        "select load_id, file_name from meta.loads where entity = %s and exported_at = %s and scope = %s"
        " and status in ('loaded', 'held') order by load_id desc limit 1",
        [note.entity, note.exported_at, note.scope],
    ).fetchone()
    if corrected is not None:
        remarks.append("correction of load {} ({})".format(*corrected))
    if note.unknown_columns:
        remarks.append(f"columns not in the contract, kept in raw: {', '.join(note.unknown_columns)}")
    return remarks


def _enter(
    connection: psycopg.Connection,
    note: DeliveryNote,
    run_id: str | None,
    *,
    status: str,
    row_count: int,
    reason: str | None,
) -> Entry:
    facts = {
        "entity": note.entity,
        "file_name": note.file_name,
        "scope": note.scope,
        "exported_at": note.exported_at,
        "sha256": note.sha256,
        "row_count": row_count,
        "status": status,
        "reason": reason,
        "observed_columns": list(note.observed_columns),
        "unknown_columns": list(note.unknown_columns),
        "encoding": note.encoding,
        "file_path": note.file_path,
        "file_size": note.size,
        "file_modified_at": note.modified_at,
        "extracted_at": note.extracted_at,
        "run_id": run_id,
    }
    statement = sql.SQL("insert into meta.loads ({}) values ({}) returning load_id").format(
        sql.SQL(", ").join(map(sql.Identifier, facts)), sql.SQL(", ").join(map(sql.Placeholder, facts))
    )
    row = connection.execute(statement, facts).fetchone()
    assert row is not None  # noqa: S101 - `returning` of one inserted row
    return Entry(row[0], status, reason)


def _set_row_defaults(connection: psycopg.Connection, note: DeliveryNote, load_id: int) -> None:
    """Set, until the transaction ends, what the raw table's column defaults put in every row."""
    connection.execute(
        "select set_config('qbh.load_id', %s, true), set_config('qbh.source_file', %s, true),"
        " set_config('qbh.extracted_at', %s, true), set_config('qbh.exported_at', %s, true)",
        [str(load_id), note.file_name, note.extracted_at.isoformat(), note.exported_at.isoformat()],
    )


def _copy(connection: psycopg.Connection, entity: str, batch_file: Path) -> int:
    """Stream a batch file into its raw table and return the number of rows that the server counted."""
    with batch_file.open(encoding="utf-8", newline="") as text:
        header = next(csv.reader(text, strict=True))
    columns = [name for name in header if name != LINE_NUMBER]
    # Every text column is FORCE_NOT_NULL: a blank cell is '', so that null means a column the file lacks.
    statement = sql.SQL("copy {} ({}) from stdin (format csv, header, encoding 'utf8', force_not_null ({}))").format(
        raw_table(entity),
        sql.SQL(", ").join(map(sql.Identifier, header)),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    with connection.cursor() as cursor:
        with batch_file.open("rb") as data, cursor.copy(statement) as copy:
            while block := data.read(_COPY_BLOCK):
                copy.write(block)
        return cursor.rowcount


def require_entity(stream: str) -> str:
    """Return the stream's name, if it is an entity of the contract.

    Raises:
        DeliveryError: It is not: then no raw table and no ledger entry can be made for its files.
    """
    if stream not in ENTITIES:
        raise DeliveryError(
            f"stream {stream}: CSV batches are taken for {', '.join(ENTITIES)} only; "
            "let other taps send RECORD messages"
        )
    return stream
