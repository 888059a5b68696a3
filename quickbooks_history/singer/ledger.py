"""The statements by which one delivered file becomes rows of `raw` and an entry of the ledger, or nothing."""

from __future__ import annotations

import csv
import select
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.singer.delivery import LINE_NUMBER, DeliveryError, DeliveryNote
from quickbooks_history.visible import visible
from quickbooks_history.warehouse.appended import checksum
from quickbooks_history.warehouse.guard import why_held
from quickbooks_history.warehouse.schema import (
    add_raw_columns,
    attach_partition,
    ensure_partition,
    new_partition,
    partition_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_COPY_BLOCK = 2**20
"""Bytes handed to the server at a time."""

LONG_FILE = 2**24
"""Bytes from which on a file that opens a month fills its partition before that gets its indexes."""


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


@dataclass(frozen=True)
class _EarlierLoad:
    """A load of the slot that a delivery is for."""

    load_id: int
    file_name: str
    sha256: str | None
    status: str


@dataclass(frozen=True)
class _Delivery:
    """A file of which not all parts have come.

    Attributes:
        file_name: Its name.
        entry: Its entry in the ledger.
        table: Where its rows go, in `raw`.
        transaction: Rolls back, or commits, all of it.
        opens_month: Whether `table` is still to become a partition.
        rows: That have been copied.
    """

    file_name: str
    entry: Entry
    table: str
    transaction: ExitStack
    opens_month: bool = False
    rows: int = 0


class Appender:
    """Appends delivered files to the log, each in one transaction with its ledger entry.

    It keeps what is the same for many files, for a night's file of a hundred rows takes three milliseconds.
    """

    def __init__(self, connection: psycopg.Connection, run_id: str | None, max_deleted_share: float) -> None:
        """Append over a connection.

        Args:
            connection: In autocommit mode.
            run_id: The run that loads the files, for the ledger.
            max_deleted_share: The share of open records that a full export may close; one that would close more is
                entered as `held`.
        """
        self._connection = connection
        self._run_id = run_id
        self._max_deleted_share = max_deleted_share
        self._delivery: _Delivery | None = None
        self._prepared: set[tuple[str, str, tuple[str, ...]]] = set()
        self._checksums: dict[str, str] = {}
        self._copies: dict[tuple[str, ...], str] = {}

    def append(self, note: DeliveryNote, batch_file: Path) -> Entry | None:
        """Copy a batch file into `raw`; an export's parts and its entry in the ledger are one transaction.

        A delivery whose content equals any earlier load of its slot is entered as a duplicate and loads nothing.

        Args:
            note: The delivery; its status is `loaded`.
            batch_file: Its rows, or some of them: then the next call is to bring the next ones.

        Returns:
            The ledger's entry. None while parts are still to come, and of parts whose delivery has ended before them.

        Raises:
            DeliveryError: The server took another number of rows than the note states; nothing is loaded.
            psycopg.Error: The server refused a row; nothing is loaded.
        """
        if note.part == 1:
            self.abandon()
            self._delivery = self._begin(note)
        delivery, self._delivery = self._delivery, None
        if delivery is None:
            return None
        with delivery.transaction as transaction:
            if delivery.entry.status == "duplicate":
                return delivery.entry
            copied = delivery.rows + self._copy(delivery.table, batch_file)
            if copied != note.row_count:
                raise DeliveryError(
                    f"{note.file_name}: {copied} rows arrived of {note.row_count}; none is loaded, load it again"
                )
            if not note.is_last:
                self._delivery = replace(delivery, rows=copied, transaction=transaction.pop_all())
                return None
            return self._finish(note, delivery)

    def abandon(self) -> str | None:
        """Roll back a delivery of which parts are missing, if there is one, and return why it cannot be entered."""
        delivery, self._delivery = self._delivery, None
        if delivery is None:
            return None
        with suppress(psycopg.Rollback), delivery.transaction:
            raise psycopg.Rollback
        return f"{delivery.file_name}: broke off after {delivery.rows} rows; none is loaded, load it again"

    def _begin(self, note: DeliveryNote) -> _Delivery:
        """Enter a delivery in the ledger, in a transaction that stays open."""
        self._prepare(note)
        connection = self._connection
        with ExitStack() as transaction:
            transaction.enter_context(connection.transaction())
            _lock_slot(connection, note)
            earlier = _earlier_loads(connection, note)
            twin = next((load for load in earlier if load.sha256 == note.sha256), None)
            if twin is not None:
                reason = f"same content as load {twin.load_id} ({twin.file_name})"
                entry = _enter(connection, note, self._run_id, status="duplicate", row_count=0, reason=reason)
                return _Delivery(note.file_name, entry, note.entity, transaction.pop_all())
            remarks = "; ".join(_remarks(note, earlier)) or None
            entry = _enter(connection, note, self._run_id, status="loaded", row_count=note.row_count, reason=remarks)
            if _is_long(note) and new_partition(connection, note.entity, note.exported_at):
                table = partition_name(note.entity, note.exported_at)
                return _Delivery(note.file_name, entry, table, transaction.pop_all(), opens_month=True)
            return _Delivery(note.file_name, entry, note.entity, transaction.pop_all())

    def _finish(self, note: DeliveryNote, delivery: _Delivery) -> Entry:
        """Say in the ledger what has been copied."""
        checksum_of_month = self._checksum_of_month(note)
        row_checksum, arguments = f"({checksum_of_month} where _load_id = %s)", [delivery.entry.load_id]
        if delivery.opens_month:
            # The month has no other rows; and what is not part of an update PostgreSQL does on all cores.
            row_checksum, arguments = (
                "%s",
                [*(self._connection.execute(checksum_of_month.encode(), []).fetchone() or ())],
            )
            attach_partition(self._connection, note.entity, note.exported_at)
        entry = _guarded(self._connection, note, delivery.entry, self._max_deleted_share)
        # The seconds from the transaction's begin to here are what the others that load wait for.
        self._connection.execute(
            f"update meta.loads set row_checksum = {row_checksum}, row_count = %s,"  # noqa: S608 - as psycopg has quoted it
            " load_seconds = extract(epoch from clock_timestamp() - now()) where load_id = %s",
            [*arguments, note.row_count, entry.load_id],
        )
        return entry

    def reject(self, note: DeliveryNote) -> Entry:
        """Enter a rejected file, unless the ledger says the same of the same file already.

        Args:
            note: The delivery; its status is `rejected`.

        Returns:
            The ledger's entry, new or old.
        """
        with self._connection.transaction():
            _lock_slot(self._connection, note)
            known = self._connection.execute(
                "select load_id from meta.loads where file_path = %s and sha256 is not distinct from %s"
                " and status = 'rejected' and reason is not distinct from %s order by load_id limit 1",
                [note.file_path, note.sha256, note.reason],
            ).fetchone()
            if known is not None:
                # It may have been written anew, or copied here again, with the same in it.
                self._connection.execute(
                    "update meta.loads set file_size = %s, file_modified_at = %s where load_id = %s",
                    [note.size, note.modified_at, known[0]],
                )
                return Entry(known[0], "rejected", note.reason)
            return _enter(self._connection, note, self._run_id, status="rejected", row_count=0, reason=note.reason)

    def _prepare(self, note: DeliveryNote) -> None:
        """Make the partition and the columns that a delivery needs, in a transaction of their own.

        They lock the whole table, which no other load should wait for longer than this takes.
        """
        needs = (note.entity, f"{note.exported_at:%Y-%m}", note.unknown_columns)
        if needs in self._prepared:
            return
        with self._connection.transaction():
            self._connection.execute("select pg_advisory_xact_lock(hashtext('quickbooks_history.schema'))")
            add_raw_columns(self._connection, note.entity, note.unknown_columns)
            if not _is_long(note):
                ensure_partition(self._connection, note.entity, note.exported_at)
                self._prepared.add(needs)
        if note.unknown_columns:
            self._checksums.clear()

    def _copy(self, table: str, batch_file: Path) -> int:
        """Stream a batch file into a table of `raw` and return the number of rows that the server counted."""
        with batch_file.open(encoding="utf-8", newline="") as text:
            header = next(csv.reader(text, strict=True))
        statement = self._copies.get((table, *header))
        if statement is None:
            statement = self._copies[table, *header] = _copy_statement(table, header)
        with self._connection.cursor() as cursor:
            with batch_file.open("rb") as data, cursor.copy(statement) as copy:
                while block := data.read(_COPY_BLOCK):
                    copy.write(block)
                    self._send()
            return cursor.rowcount

    def _send(self) -> None:
        """Wait until what was written has gone: libpq keeps all that the server has not taken yet, however much."""
        server = self._connection.pgconn
        while server.flush():
            select.select([], [server.socket], [])

    def _checksum_of_month(self, note: DeliveryNote) -> str:
        """The query for the checksum of a partition's rows."""
        partition = partition_name(note.entity, note.exported_at)
        query = self._checksums.get(partition)
        if query is None:
            select = sql.SQL("select {} from {}").format(
                checksum(self._connection, note.entity), sql.Identifier("raw", partition)
            )
            # As text, with the marks of parameters: a column's name may have a percent sign in it.
            query = self._checksums[partition] = select.as_string(self._connection).replace("%", "%%")
        return query


def _is_long(note: DeliveryNote) -> bool:
    return (note.size or 0) >= LONG_FILE


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


def _lock_slot(connection: psycopg.Connection, note: DeliveryNote) -> None:
    """Let two deliveries for one slot be looked at one after the other, until the transaction ends."""
    slot = f"{note.entity}/{note.exported_at.isoformat()}/{note.scope}"
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [slot])


def _earlier_loads(connection: psycopg.Connection, note: DeliveryNote) -> list[_EarlierLoad]:
    """The loads of a delivery's slot, whatever became of them, the latest first."""
    with connection.cursor(row_factory=class_row(_EarlierLoad)) as cursor:
        return cursor.execute(
            "select load_id, file_name, sha256, status from meta.loads where entity = %s and exported_at = %s"
            " and scope = %s and status in ('loaded', 'held', 'withdrawn') order by load_id desc",
            [note.entity, note.exported_at, note.scope],
        ).fetchall()


def _remarks(note: DeliveryNote, earlier: Sequence[_EarlierLoad]) -> list[str]:
    """Say what is unusual about a load: that it corrects another, and columns that nothing reads."""
    remarks = []
    corrected = next((load for load in earlier if load.status != "withdrawn"), None)
    if corrected is not None:
        remarks.append(f"correction of load {corrected.load_id} ({corrected.file_name})")
    if note.unknown_columns:
        remarks.append(visible(f"columns not in the contract, kept in raw: {', '.join(note.unknown_columns)}"))
    return remarks


_FACTS = (
    *("entity", "file_name", "scope", "exported_at", "sha256", "row_count", "status", "reason", "observed_columns"),
    *("unknown_columns", "encoding", "file_path", "file_size", "file_modified_at", "extracted_at", "run_id"),
)

# Beside the entry itself, until the transaction ends, what the raw table's column defaults put in every row.
_ENTER = f"""
    with entered as (
        insert into meta.loads ({", ".join(_FACTS)})
        values ({", ".join(f"%({fact})s" for fact in _FACTS)})
        returning load_id
    )
    select
        load_id,
        set_config('qbh.load_id', load_id::text, true),
        set_config('qbh.source_file', %(file_name)s, true),
        set_config('qbh.extracted_at', %(extracted_at)s::timestamptz::text, true),
        set_config('qbh.exported_at', %(exported_at)s::timestamptz::text, true)
    from entered
"""  # noqa: S608 - names of columns


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
    row = connection.execute(_ENTER, facts).fetchone()
    assert row is not None  # noqa: S101 - of one inserted row
    return Entry(row[0], status, reason)


def _copy_statement(table: str, header: Sequence[str]) -> str:
    columns = [name for name in header if name != LINE_NUMBER]
    # Every text column is FORCE_NOT_NULL: a blank cell is '', so that null means a column the file lacks.
    return (
        sql.SQL("copy {} ({}) from stdin (format csv, header, encoding 'utf8', force_not_null ({}))")
        .format(
            sql.Identifier("raw", table),
            sql.SQL(", ").join(map(sql.Identifier, header)),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
        )
        .as_string()
    )


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
