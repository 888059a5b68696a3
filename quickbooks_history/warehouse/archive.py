"""Months of the log outside the database: Parquet files with a manifest, and the ways there and back.

A month is in the database, in the archive, or in both; never in neither. It goes when its file has been written, forced
to disk, and read back and compared with the rows, which are dropped in the transaction that notes the file. It comes
back in one transaction too, when the file has the checksum that was noted and its rows are those that were loaded.

While history is made anew, months are lent: they are in the database and their files stay what counts.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.on_disk import write_out
from quickbooks_history.warehouse.activity import table_bytes
from quickbooks_history.warehouse.appended import checksum
from quickbooks_history.warehouse.ledger import pending_loads
from quickbooks_history.warehouse.schema import (
    add_raw_columns,
    attach_partition,
    column_types,
    new_partition,
    partition_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

MANIFEST = "manifest.jsonl"
"""Says of every file of the archive, in a line of JSON, what is in it: for whoever reads it without the database."""

_WRITING = ".writing"
"""Ends the name of a file that is not written to its end."""

_WAIT = "set local lock_timeout = '5s'"
"""A partition's rows can be dropped when nobody reads its table, and whoever comes to read waits behind who waits."""

_ROWS = 20_000
"""Rows that are in memory at a time."""


class ArchiveError(RuntimeError):
    """A month cannot go into the archive or come out of it; the message says why. Nothing was changed."""


@dataclass(frozen=True)
class ArchivedMonth:
    """A month of an entity's log that is in the archive.

    Attributes:
        entity: Whose log.
        month: Its first day, UTC.
        file_name: Its file, in the archive's folder.
        sha256: Hex digest of the file.
        row_count: Rows in it.
        table_bytes: What they took in the database, indexes included.
        file_bytes: What the file takes.
        archived_at: When the rows left the database.
        is_lent: Whether they are in the database too, for as long as history is made anew.
    """

    entity: str
    month: date
    file_name: str
    sha256: str
    row_count: int
    table_bytes: int
    file_bytes: int
    archived_at: datetime
    is_lent: bool = False

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return datetime(self.month.year, self.month.month, 1, tzinfo=UTC)

    @property
    def ends(self) -> date:
        """The first day after it, UTC."""
        return _next_month(self.month)

    @property
    def partition(self) -> str:
        """The table, in `raw`, that its rows come from."""
        return partition_name(self.entity, self.begins)


def archived_months(connection: psycopg.Connection) -> list[ArchivedMonth]:
    """Return what the archive holds, oldest month first."""
    with connection.cursor(row_factory=class_row(ArchivedMonth)) as cursor:
        return cursor.execute("select * from meta.archived_partitions order by month, entity, archived_at").fetchall()


def archive(
    connection: psycopg.Connection, folder: Path, before: date, tell: Callable[[str], None]
) -> list[ArchivedMonth]:
    """Move the months that have ended before a day out of the database, each in a transaction of its own.

    Args:
        connection: In autocommit mode, with the right to write to the warehouse.
        folder: Of the archive; it is made when it is missing.
        before: Months that end at this day's first moment, UTC, or earlier go.
        tell: Is told of each.

    Returns:
        What has gone.

    Raises:
        ArchiveError: History has not taken up all loads yet, or what was written is not what is there.
        OSError: The folder cannot be written to, or the disk is full.
    """
    if behind := pending_loads(connection):
        raise ArchiveError(f"history has yet to take up {behind[0]}: run `qbh load` first")
    folder.mkdir(parents=True, exist_ok=True)
    recover(connection, folder)
    gone = []
    for entity in ENTITIES:
        for partition, begins in _monthly_partitions(connection, entity):
            if _next_month(begins) <= before:
                month = _archive_month(connection, folder, entity, partition, begins)
                tell(f"archived {partition}: {month.row_count:,} rows, {month.file_name}")
                gone.append(month)
    return gone


def restore(
    connection: psycopg.Connection, folder: Path, months: Sequence[ArchivedMonth], tell: Callable[[str], None]
) -> None:
    """Bring months back into the database, each in a transaction of its own; their files stay where they are.

    Args:
        connection: In autocommit mode, with the right to write to the warehouse.
        folder: Of the archive.
        months: Which.
        tell: Is told of each.

    Raises:
        ArchiveError: A file is gone or is not what was written, or its rows are not what the loads brought.
    """
    for month in months:
        _require_intact(folder, month)
    for month in reversed(months):  # what is there is the newest of the log, also where this breaks off
        with connection.transaction():
            if not month.is_lent:
                _bring_back(connection, folder, month)
            connection.execute(
                "delete from meta.archived_partitions where entity = %s and file_name = %s",
                [month.entity, month.file_name],
            )
        tell(f"restored {month.partition}: {month.row_count:,} rows")


def months_to_replay(connection: psycopg.Connection) -> list[ArchivedMonth]:
    """Return the archived months that history must see again: those since the first load that it has yet to take up.

    That is so when a file comes late, or a decision is made of an old one. Lent months are among them.
    """
    archived = archived_months(connection)
    if not archived:
        return []
    since: dict[str, datetime] = dict(
        connection.execute(
            "select entity, min(exported_at) from meta.loads where file_name = any(%s) group by entity",
            [pending_loads(connection)],
        ).fetchall()
    )
    return [
        month for month in archived if month.entity in since and month.ends > since[month.entity].astimezone(UTC).date()
    ]


@contextmanager
def whole_log(connection: psycopg.Connection, folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Have all of the log in the database, for as long as all of it is looked at.

    Args:
        connection: In autocommit mode, with the right to write to the warehouse.
        folder: Of the archive.
        tell: Is told if months are brought back.

    Raises:
        ArchiveError: As from `restore`.
    """
    archived = archived_months(connection)
    if archived:
        tell(f"bringing back {len(archived)} archived months, {sum(month.row_count for month in archived):,} rows")
    for month in archived:
        _require_intact(folder, month)
    try:
        for month in reversed(archived):
            if not month.is_lent:
                with connection.transaction():
                    _bring_back(connection, folder, month)
                    connection.execute(
                        "update meta.archived_partitions set is_lent = true where entity = %s and file_name = %s",
                        [month.entity, month.file_name],
                    )
        yield
    finally:
        if not connection.closed:
            put_away(connection)


def recover(connection: psycopg.Connection, folder: Path) -> None:
    """Undo what killed runs left: months that are lent still, and files that were not written to their end.

    Args:
        connection: In autocommit mode, with the right to write to the warehouse.
        folder: Of the archive.
    """
    put_away(connection)
    for half_written in folder.glob(f"*{_WRITING}"):
        half_written.unlink(missing_ok=True)


def put_away(connection: psycopg.Connection) -> None:
    """Drop the rows of months that were lent, also by a run that was killed.

    A month that has got more rows stays, and is archived no more. One that somebody reads for long is left for the next
    time: who waits for him makes all others wait.
    """
    lent = [month for month in archived_months(connection) if month.is_lent]
    for partition in dict.fromkeys(month.partition for month in lent):
        files = [month for month in lent if month.partition == partition]
        with suppress(psycopg.errors.LockNotAvailable), connection.transaction():
            _put_away_month(connection, partition, files)


def _put_away_month(connection: psycopg.Connection, partition: str, files: list[ArchivedMonth]) -> None:
    of_files = [files[0].entity, [month.file_name for month in files]]
    table = sql.Identifier("raw", partition)
    connection.execute(_WAIT)
    connection.execute(sql.SQL("lock table {} in share row exclusive mode").format(table))
    row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    if row and row[0] == sum(month.row_count for month in files):
        connection.execute(sql.SQL("drop table {}").format(table))
        connection.execute(
            "update meta.archived_partitions set is_lent = false where entity = %s and file_name = any(%s)", of_files
        )
    else:
        connection.execute("delete from meta.archived_partitions where entity = %s and file_name = any(%s)", of_files)


def damaged_files(connection: psycopg.Connection, folder: Path) -> list[str]:
    """Say of each file that counts, and is gone or is not what was written, which it is and what is wrong."""
    problems = []
    for month in archived_months(connection):
        try:
            _require_intact(folder, month)
        except ArchiveError as error:
            problems.append(str(error))
    return problems


def _archive_month(
    connection: psycopg.Connection, folder: Path, entity: str, partition: str, begins: datetime
) -> ArchivedMonth:
    with connection.transaction():
        table = sql.Identifier("raw", partition)
        # Readers read on until the rows go; nobody writes to what is being written out.
        connection.execute(sql.SQL("lock table {} in share row exclusive mode").format(table))
        if (differing := _not_as_loaded(connection, entity, partition)) is not None:
            raise ArchiveError(f"raw.{partition} stays: the rows of {differing} are not those that were loaded")
        size = table_bytes(connection, "raw", partition)
        writing = folder / f"{partition}{_WRITING}"
        try:
            rows = _write(connection, partition, writing)
            _require_same(connection, partition, writing)
            sha256 = _sha256(writing)
            file = folder / f"{partition}-{sha256[:12]}.parquet"
            writing.replace(file)
        finally:
            writing.unlink(missing_ok=True)
        write_out(folder)
        facts: dict[str, Any] = {
            "entity": entity,
            "month": begins.date(),
            "file_name": file.name,
            "sha256": sha256,
            "row_count": rows,
            "table_bytes": size,
            "file_bytes": file.stat().st_size,
            "archived_at": datetime.now(UTC),
        }
        _note_in_manifest(connection, folder, facts, begins)
        connection.execute(
            sql.SQL("insert into meta.archived_partitions ({}) values ({})").format(
                sql.SQL(", ").join(map(sql.Identifier, facts)), sql.SQL(", ").join(map(sql.Placeholder, facts))
            ),
            facts,
        )
        connection.execute(_WAIT)
        try:
            connection.execute(sql.SQL("drop table {}").format(table))
        except psycopg.errors.LockNotAvailable as error:
            raise ArchiveError(f"raw.{partition} stays: somebody reads raw.{entity}; try again later") from error
    return ArchivedMonth(**facts)


def _bring_back(connection: psycopg.Connection, folder: Path, month: ArchivedMonth) -> None:
    """Copy a month's file, which is known to be intact, into its partition, in the caller's transaction."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    file = folder / month.file_name
    with pq.ParquetFile(file) as parquet:
        names = parquet.schema_arrow.names
        texts = [field.name for field in parquet.schema_arrow if pa.types.is_string(field.type)]
        add_raw_columns(connection, month.entity, texts)
        is_new = new_partition(connection, month.entity, month.begins)
        # Values in quotes and nulls without: so a blank cell is not taken for one that the file did not have.
        statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(
            sql.Identifier("raw", month.partition), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        options = arrow_csv.WriteOptions(include_header=False, quoting_style="all_valid")
        with connection.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for batch in parquet.iter_batches(_ROWS):
                    lines = io.BytesIO()
                    arrow_csv.write_csv(batch, lines, options)
                    copy.write(lines.getbuffer())
            rows = cursor.rowcount
        if is_new:
            attach_partition(connection, month.entity, month.begins)
    if rows != month.row_count:
        raise ArchiveError(f"{file}: {rows:,} rows of {month.row_count:,}; put a copy of the file in its place")
    if (differing := _not_as_loaded(connection, month.entity, month.partition)) is not None:
        raise ArchiveError(
            f"{file}: the rows of {differing} are not those that were loaded;"
            " restore meta and the archive from one backup"
        )


def _not_as_loaded(connection: psycopg.Connection, entity: str, partition: str) -> str | None:
    """Return the file of a load whose rows in a partition are not those that it brought; None if there is none."""
    differing = connection.execute(
        sql.SQL("""
            select coalesce(loads.file_name, 'a load that the ledger does not know')
            from (
                select _load_id, count(*) as row_count, {checksum} as row_checksum from {partition} group by _load_id
            ) as there
            left join meta.loads on there._load_id = loads.load_id
            where
                loads.load_id is null
                or there.row_count <> loads.row_count
                or there.row_checksum <> loads.row_checksum
            limit 1
        """).format(checksum=checksum(connection, entity), partition=sql.Identifier("raw", partition))
    ).fetchone()
    return None if differing is None else str(differing[0])


def _write(connection: psycopg.Connection, partition: str, file: Path) -> int:
    """Write a partition's rows to a Parquet file, forced to disk, and count them."""
    import pyarrow.parquet as pq

    count = 0
    schema = _schema(connection, partition)
    with file.open("wb") as sink:
        with pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True) as writer:
            for batch in _batches(connection, partition, schema):
                writer.write_batch(batch, row_group_size=_ROWS)
                count += batch.num_rows
        sink.flush()
        os.fsync(sink.fileno())
    return count


def _require_same(connection: psycopg.Connection, partition: str, file: Path) -> None:
    """Read a file back and compare it, cell by cell, with the rows that it was written from."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
        written = parquet.iter_batches(_ROWS)
        for batch in _batches(connection, partition, _schema(connection, partition)):
            read = next(written, None)
            if read is None or not batch.equals(read):
                raise ArchiveError(f"{file}: not what is in raw.{partition}; see whether the disk is sound")
        if next(written, None) is not None:
            raise ArchiveError(f"{file}: more rows than in raw.{partition}; see whether the disk is sound")


def _schema(connection: psycopg.Connection, partition: str) -> pa.Schema:
    import pyarrow as pa

    kinds = {"bigint": pa.int64(), "timestamp with time zone": pa.timestamp("us", tz="UTC")}
    types = column_types(connection, "raw", partition)
    return pa.schema([pa.field(name, kinds.get(type_, pa.string())) for name, type_ in types.items()])


def _batches(connection: psycopg.Connection, partition: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """A partition's rows by load and line, the same each time, `_ROWS` at a time."""
    import pyarrow as pa

    with connection.cursor(f"rows_of_{partition}", binary=True) as cursor:
        cursor.execute(
            sql.SQL("select {} from {} order by _load_id, _sdc_source_lineno, ctid").format(
                sql.SQL(", ").join(map(sql.Identifier, schema.names)), sql.Identifier("raw", partition)
            )
        )
        while rows := cursor.fetchmany(_ROWS):
            columns = zip(*rows, strict=True)
            yield pa.RecordBatch.from_arrays(
                [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
            )


def _monthly_partitions(connection: psycopg.Connection, entity: str) -> list[tuple[str, datetime]]:
    """The partitions that hold a month, each with its first moment, oldest first."""
    names = connection.execute(
        "select relname from pg_inherits inner join pg_class on inhrelid = pg_class.oid"
        " where inhparent = to_regclass(%s) and relname <> %s",
        [f"raw.{entity}", f"{entity}_undated"],
    ).fetchall()
    months = []
    for (name,) in names:
        year, month = map(int, name.removeprefix(f"{entity}_").split("_"))
        months.append((name, datetime(year, month, 1, tzinfo=UTC)))
    return sorted(months, key=lambda month: month[1])


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1) if first.year < date.max.year else date.max


def _require_intact(folder: Path, month: ArchivedMonth) -> None:
    file = folder / month.file_name
    remedy = "put a copy of it there, or set QBH_LOG_ARCHIVE to the folder that has it"
    try:
        found = _sha256(file)
    except OSError as error:
        raise ArchiveError(f"{file}: cannot be read ({error.strerror}); {remedy}") from error
    if found != month.sha256:
        raise ArchiveError(f"{file}: is not what was written (its SHA-256 is another); {remedy}")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _note_in_manifest(connection: psycopg.Connection, folder: Path, month: dict[str, Any], begins: datetime) -> None:
    """Add a line to the manifest, on disk before the rows go; what it says of a file stays true for ever."""
    loads = connection.execute(
        "select coalesce(json_agg(json_build_object('load_id', load_id, 'file_name', file_name, 'sha256', sha256,"
        " 'row_count', row_count, 'row_checksum', row_checksum::text) order by load_id), '[]') from meta.loads"
        " where entity = %s and exported_at >= %s and exported_at < %s and row_count > 0",
        [month["entity"], begins, _next_month(begins)],
    ).fetchone()
    manifest = folder / MANIFEST
    with manifest.open("a+b") as file:
        if file.seek(0, os.SEEK_END) and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
            file.write(b"\n")  # a line that was cut off stays what it is
        file.write(json.dumps({**month, "loads": loads and loads[0]}, default=str).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    write_out(folder)
