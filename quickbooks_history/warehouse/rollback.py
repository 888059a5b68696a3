"""The way back from history to upserts: the pipeline stands still, and current state is made in a schema beside it.

What is made is what the loader would hold had it upserted from the first day, and is held against the marts. Log,
ledger and history are only read.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from quickbooks_history.exports.contract import ENTITIES, QUICKBOOKS_ID, Entity, Level
from quickbooks_history.warehouse.recomputation import FIRST, SCRATCH
from quickbooks_history.warehouse.schema import column_types, raw_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

KEY = "_key"
"""The column by which current state is upserted: a record's key; of a line, as JSON, its record's, its product, and its
number among the record's lines with that product."""

ROLLBACK = "rollback"
"""The schema of the tables that are upserted to (meltano/meltano.yml, environment `rollback`)."""


_UPSERTING = "quickbooks_history.upserting"
"""Name of the advisory lock under which one loader at a time writes to that schema."""


_WAIT_FOR_LOADER = "select pg_advisory_xact_lock(hashtext(%s))"


class NotOursError(RuntimeError):
    """The schema holds a table that was not made by a rollback; the message names it."""


class RolledBackError(RuntimeError):
    """The pipeline is rolled back, and what was asked for would move the log or history on; the message says so."""


def rolled_back_since(connection: psycopg.Connection) -> datetime | None:
    """Return since when the pipeline is rolled back, or None if it is not."""
    row = connection.execute("select begun_at from meta.rollback").fetchone()
    return row[0] if row else None


def in_words(connection: psycopg.Connection) -> str | None:
    """Say since when the pipeline is rolled back, and what to do; None if it is not."""
    row = connection.execute("select begun_at, made_at is not null from meta.rollback").fetchone()
    if row is None:
        return None
    state = "" if row[1] else ", and current state is incomplete: once more, `qbh rollback`"
    return f"rolled back since {row[0]:%Y-%m-%d %H:%M:%S} UTC{state}; forward again: `qbh rollback --undo`"


def require_forward(connection: psycopg.Connection) -> None:
    """See that the pipeline is not rolled back.

    Raises:
        RolledBackError: It is.
    """
    since = rolled_back_since(connection)
    if since is not None:
        raise RolledBackError(
            f"rolled back since {since:%Y-%m-%d %H:%M} UTC: nothing is loaded, and history stays as it is, "
            "until `qbh rollback --undo`; `qbh rollback` takes what has come since into the schema rollback"
        )


def stand_still(connection: psycopg.Connection) -> None:
    """Have nothing move the log or history on any more, until `go_forward`; current state is yet to be made."""
    connection.execute(
        "insert into meta.rollback default values on conflict (is_the_only_row) do update set made_at = null"
    )


def note_made(connection: psycopg.Connection) -> None:
    """Note that current state is made."""
    connection.execute("update meta.rollback set made_at = clock_timestamp()")


def go_forward(connection: psycopg.Connection, tell: Callable[[str], None]) -> None:
    """Let the pipeline go on, and drop the tables that were upserted to.

    Args:
        connection: In autocommit mode, with the right to write to the warehouse.
        tell: Is told if tables stay, because somebody has built on them.

    Raises:
        NotOursError: The schema holds something that was not made by a rollback; nothing of it is touched.
    """
    connection.execute("delete from meta.rollback")
    require_own_tables(connection)
    tables = sql.SQL(", ").join(sql.Identifier(ROLLBACK, table) for _, table in current_tables())
    try:
        with connection.transaction():
            connection.execute(_WAIT_FOR_LOADER, [_UPSERTING])
            connection.execute(sql.SQL("drop table if exists {}").format(tables))
            connection.execute(sql.SQL("drop schema if exists {}").format(sql.Identifier(ROLLBACK)))
    except psycopg.errors.DependentObjectsStillExist as error:
        tell(f"the schema {ROLLBACK} stays, and nothing keeps it up to date: {error.diag.message_detail}")


def current_tables() -> list[tuple[Entity, str]]:
    """Return the tables of current state, each with its entity."""
    return [(entity, table) for entity in ENTITIES.values() for table in entity.tables.values()]


def tables_there(connection: psycopg.Connection) -> list[str]:
    """Return the tables of current state that are there."""
    return [table for _, table in current_tables() if column_types(connection, ROLLBACK, table)]


def require_own_tables(connection: psycopg.Connection) -> None:
    """See that the tables that are there were made by a rollback.

    Raises:
        NotOursError: One was not.
    """
    for table in tables_there(connection):
        if KEY not in column_types(connection, ROLLBACK, table):
            raise NotOursError(
                f"{ROLLBACK}.{table} is a table of somebody else's, in the schema that `qbh rollback` fills: "
                f"rename that schema (alter schema {ROLLBACK} rename to ...)"
            )


def empty_tables(connection: psycopg.Connection) -> None:
    """Empty the tables that were upserted to before, if there are any; what is built on them stays."""
    with connection.transaction():
        connection.execute(_WAIT_FOR_LOADER, [_UPSERTING])
        for table in tables_there(connection):
            connection.execute(sql.SQL("truncate {}").format(sql.Identifier(ROLLBACK, table)))


def lock_tables(connection: psycopg.Connection) -> None:
    """Wait until no other loader writes to these tables, and keep others waiting as long as the connection lives."""
    connection.execute("select pg_advisory_lock(hashtext(%s))", [_UPSERTING])


@dataclass(frozen=True)
class EffectiveLoad:
    """A load in force.

    Attributes:
        load_id: Its number.
        entity: What its file lists.
        file_name: The file.
        file_path: Where it lay when it was loaded.
        sha256: Hex digest of its bytes.
        scope: `partial` or `full`.
        exported_at: The moment its name states, UTC.
        file_modified_at: When the file was last written, UTC.
        observed_columns: Staging names of the contract's columns that it has.
    """

    load_id: int
    entity: str
    file_name: str
    file_path: str
    sha256: str
    scope: str
    exported_at: datetime
    file_modified_at: datetime
    observed_columns: list[str]


_EFFECTIVE = """
    select distinct on (entity, exported_at, scope)
        load_id, entity, file_name, file_path, sha256, scope, exported_at, file_modified_at, observed_columns
    from meta.loads
    where status = 'loaded'
    order by entity, exported_at, scope, load_id desc
"""


def effective_loads(connection: psycopg.Connection) -> list[EffectiveLoad]:
    """Return the loads in force, in no order."""
    with connection.cursor(row_factory=class_row(EffectiveLoad)) as cursor:
        return cursor.execute(_EFFECTIVE).fetchall()


def on_disk(loads: Sequence[EffectiveLoad], folders: Sequence[Path]) -> dict[int, Path]:
    """Return where the files of loads lie, byte for byte as they were loaded; of those that do, by load.

    Args:
        loads: Any.
        folders: Where files may have been moved to.
    """
    named: dict[str, list[Path]] = {load.file_name: [] for load in loads}
    for folder in folders:
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name in named:
                named[path.name].append(path)
    found = {}
    for load in loads:
        for path in (Path(load.file_path), *named[load.file_name]):
            if _is_content(path, load.sha256):
                found[load.load_id] = path
                break
    return found


def _is_content(path: Path, sha256: str) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def write_from_log(connection: psycopg.Connection, load: EffectiveLoad, folder: Path) -> Path:
    """Write the file of a load once more, from its rows in the log: the contract's columns that it had.

    Args:
        connection: To the warehouse; the month of the load is in it.
        load: Of which the file is not to be had.
        folder: For it; it is made.
    """
    entity = ENTITIES[load.entity]
    headers = [column.header for column in entity.columns if column.staging_names[0] in load.observed_columns]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / load.file_name
    rows = sql.SQL(
        "copy (select {} from {} where _load_id = {} and _exported_at = {} order by _sdc_source_lineno)"
        " to stdout (format csv, header, force_quote *, encoding 'utf8')"
    ).format(
        sql.SQL(", ").join(map(sql.Identifier, headers)),
        raw_table(load.entity),
        sql.Literal(load.load_id),
        sql.Literal(load.exported_at),
    )
    with path.open("wb") as file, connection.cursor().copy(rows) as copy:
        for block in copy:
            file.write(block)
    # Of two files of one slot the one written last counts.
    os.utime(path, (load.file_modified_at.timestamp(),) * 2)
    return path


def lay_out_as_log(connection: psycopg.Connection) -> None:
    """Show what was upserted as rows of a log, in the scratch schema: staging types it there as it types the log.

    A transaction is its header, as the last row of it, and the lines that its last export listed. What came of files
    that the ledger does not have in force is left out.
    """
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(SCRATCH)))
    for entity in ENTITIES.values():
        connection.execute(_rows_as_in_log(entity))


def _rows_as_in_log(entity: Entity) -> sql.Composed:
    def columns(level: Level, table: str) -> sql.Composed:
        own = {entity.number_header, QUICKBOOKS_ID}
        return sql.SQL(", ").join(
            sql.SQL("{}.{}" if column.level is level or column.header in own else "null::text as {1}").format(
                sql.Identifier(table), sql.Identifier(column.header)
            )
            for column in entity.columns
        )

    of_load = sql.SQL(
        "loads.load_id as _load_id, loads.exported_at as _exported_at,"
        " null::timestamptz as _sdc_extracted_at, null::timestamptz as _sdc_batched_at"
    )
    lines = sql.SQL("""
        union all
        select {columns}, {of_load}, line._sdc_source_lineno
        from {lines} as line
        inner join {records} as record on line._key::jsonb ->> 0 = record._key
        inner join loads on line._sdc_source_file = loads.file_name
        where line._sdc_source_file = record._sdc_source_file
    """).format(
        columns=columns(Level.LINE, "line"),
        of_load=of_load,
        lines=sql.Identifier(ROLLBACK, entity.tables.get(Level.LINE, "")),
        records=sql.Identifier(ROLLBACK, entity.tables[Level.RECORD]),
    )
    return sql.SQL("""
        create view {view} as
        with loads as ({effective})
        select {columns}, {of_load}, 9223372036854775807 as _sdc_source_lineno
        from {records} as record
        inner join loads on record._sdc_source_file = loads.file_name
        {lines}
    """).format(
        view=sql.Identifier(SCRATCH, entity.name),
        effective=sql.SQL(_EFFECTIVE),
        columns=columns(Level.RECORD, "record"),
        of_load=of_load,
        records=sql.Identifier(ROLLBACK, entity.tables[Level.RECORD]),
        lines=lines if entity.has_lines else sql.SQL(""),
    )


@dataclass(frozen=True)
class Upserted:
    """How a table that was upserted to compares with the mart of the same.

    Attributes:
        mart: The mart's table, in `marts`.
        table: The table that was upserted to, in `rollback`.
        agree: How many records, or lines, both have with the same values.
        deleted: How many more there are of which history says that they are gone, records that a full export has not
            listed, and lines: upserts cannot.
        missing: How many the mart has and upserts have not made.
        surplus: How many upserts have made and history has never heard of.
        wrong: How many have some other value.
        first: Of those three kinds the first rows, at most `FIRST` of each: `kind`, `mart` and `upserted`.
    """

    mart: str
    table: str
    agree: int
    deleted: int
    missing: int
    surplus: int
    wrong: int
    first: tuple[Mapping[str, Any], ...]

    @property
    def agrees(self) -> bool:
        """Whether upserts have made what history says is there now."""
        return not (self.missing or self.surplus or self.wrong)

    @property
    def in_words(self) -> str:
        """What is to be said of it in a line."""
        counts = {"missing": self.missing, "surplus": self.surplus, "wrong": self.wrong}
        words = [f"{count:,} {kind}" for kind, count in counts.items() if count]
        told = f"agrees, {self.agree:,} rows" if self.agrees else f"differs: {'; '.join(words)}; {self.agree:,} agree"
        deleted = f"; {self.deleted:,} more that QuickBooks has deleted" if self.deleted else ""
        return f"{told}{deleted}"


_KEPT = {"s_no", "load_id", "line_no", "file_name", "exported_at", "scope", "_sdc_extracted_at", "_sdc_batched_at"}
"""What staging knows of a row and its file, and is no value of the record."""


def compare_with_marts(connection: psycopg.Connection) -> Iterator[Upserted]:
    """Hold what was upserted, typed in the scratch schema, against the marts of current state that are there."""
    for entity in ENTITIES.values():
        for level, table in entity.tables.items():
            key = ["record_key", "product_service", "occurrence"] if level is Level.LINE else ["record_key"]
            made = [("marts", MARTS.get(table, table)), ("snapshots", f"{table}_snapshot")]
            if all(column_types(connection, *relation) for relation in made):
                yield _compare(connection, table, key)


def _compare(connection: psycopg.Connection, table: str, key: Sequence[str]) -> Upserted:
    mart = MARTS.get(table, table)
    staged, shown = column_types(connection, SCRATCH, f"stg_{table}"), column_types(connection, "marts", mart)
    columns = [column for column in shown if column in staged and column not in _KEPT]

    def row(relation: str) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(relation, column) for column in columns)

    def same(one: str, other: str) -> sql.Composed:
        return sql.SQL(" and ").join(
            sql.SQL("{} = {}").format(sql.Identifier(one, column), sql.Identifier(other, column)) for column in key
        )

    paired = sql.SQL("""
        with mart as (select {columns} from {mart}),
        upserted as (select {columns} from {staged}),
        paired as (
            select
                case
                    when upserted.record_key is null then 'missing'
                    when mart.record_key is not null and ({mart_row}) is distinct from ({upserted_row}) then 'wrong'
                    when mart.record_key is not null then 'agree'
                    when exists (select from {snapshot} as version where {is_version}) then 'deleted'
                    else 'surplus'
                end as kind,
                mart,
                upserted
            from mart full join upserted on {is_same}
        )
    """).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        mart=sql.Identifier("marts", mart),
        staged=sql.Identifier(SCRATCH, f"stg_{table}"),
        snapshot=sql.Identifier("snapshots", f"{table}_snapshot"),
        mart_row=row("mart"),
        upserted_row=row("upserted"),
        is_version=same("version", "upserted"),
        is_same=same("mart", "upserted"),
    )
    counts = {"agree": 0, "deleted": 0, "missing": 0, "surplus": 0, "wrong": 0}
    counts.update(connection.execute(paired + sql.SQL("select kind, count(*) from paired group by kind")).fetchall())
    first: list[dict[str, Any]] = []
    for kind in ("missing", "surplus", "wrong"):
        if counts[kind]:
            found = connection.execute(
                paired
                + sql.SQL("select to_jsonb(mart), to_jsonb(upserted) from paired where kind = {} limit {}").format(
                    sql.Literal(kind), sql.Literal(FIRST)
                )
            )
            first += [{"kind": kind, "mart": there, "upserted": upserted} for there, upserted in found]
    counts["deleted"] += _left_over(connection, table)
    return Upserted(mart, table, **counts, first=tuple(first))


def _left_over(connection: psycopg.Connection, table: str) -> int:
    """How many rows were upserted that `lay_out_as_log` leaves out: lines that have left their record."""
    row = connection.execute(
        sql.SQL("select (select count(*) from {}) - (select count(*) from {})").format(
            sql.Identifier(ROLLBACK, table), sql.Identifier(SCRATCH, f"stg_{table}")
        )
    ).fetchone()
    return int(row[0]) if row else 0


MARTS = {"items": "products"}
"""Tables of current state whose mart has another name."""
