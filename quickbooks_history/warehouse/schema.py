"""The tables that dbt does not own: the append-only log in `raw` and the ledger in `meta`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psycopg import sql

from quickbooks_history.exports.contract import ENTITIES, QUICKBOOKS_ID, Entity
from quickbooks_history.warehouse.migrations import applied, migrate, migrations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import psycopg

# What every row of `raw` carries beside the file's own columns. The loader sets the `qbh.*` values for its
# transaction, so that a COPY need not repeat them on every line of the file it streams.
_LOAD_COLUMNS = """
    _sdc_source_lineno bigint,
    _sdc_source_file text default current_setting('qbh.source_file', true),
    _sdc_extracted_at timestamptz default current_setting('qbh.extracted_at', true)::timestamptz,
    _sdc_batched_at timestamptz default now(),
    _exported_at timestamptz default current_setting('qbh.exported_at', true)::timestamptz,
    _load_id bigint default current_setting('qbh.load_id', true)::bigint
"""


LOAD_COLUMN_TYPES = dict(line.strip(" ,").split()[:2] for line in _LOAD_COLUMNS.strip().splitlines())
"""Names and types of the columns that every raw table has beside the file's own."""

_TABLE_COLUMNS = re.compile(r"^create table if not exists loads \((?P<columns>.*?)^\);", re.MULTILINE | re.DOTALL)
_ADDED_COLUMN = re.compile(r"^alter table loads add column (?:if not exists )?(?P<column>\w+ .+);", re.MULTILINE)


def _ledger_column_types() -> dict[str, str]:
    statements = "".join(migration.statements for migration in migrations())
    made = "".join(found["columns"] for found in _TABLE_COLUMNS.finditer(statements)).strip().splitlines()
    added = [found["column"] for found in _ADDED_COLUMN.finditer(statements)]
    return dict(line.strip(" ,").split()[:2] for line in (*made, *added))


LEDGER_COLUMN_TYPES = _ledger_column_types()
"""Names and types of the ledger's columns, as the migrations make them."""


def ensure_schema(connection: psycopg.Connection) -> None:
    """Bring `meta` and `raw` to what this version works with: every migration, and a raw table for each entity.

    A database of an earlier version is migrated, and a column that the contract has gained since is added; history is
    not touched. Where nothing is due, which is asked in three short queries, nobody is waited for. Safe to run at every
    start and from two processes at once (an advisory lock makes the second wait).

    Args:
        connection: In autocommit mode.

    Raises:
        NewerDatabaseError: A later version has worked in the database. Nothing is written.
    """
    if applied(connection) == len(migrations()) and not missing_raw_columns(connection):
        return
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtext('quickbooks_history.schema'))")
        migrate(connection)
        connection.execute("create schema if not exists raw")
        for entity, missing in missing_raw_columns(connection).items():
            if column_types(connection, "raw", entity):
                add_raw_columns(connection, entity, missing)
            else:
                make_raw_table(connection, ENTITIES[entity], "raw")


def missing_raw_columns(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Return, for each entity whose raw table lacks columns of the contract, or is not there, which it lacks."""
    rows = connection.execute(
        "select relname, array_agg(attname::text) from pg_attribute join pg_class on pg_class.oid = attrelid"
        " where relnamespace = to_regnamespace('raw') and relname = any(%s) and attnum > 0 and not attisdropped"
        " group by relname",
        [list(ENTITIES)],
    ).fetchall()
    have = {name: set(columns) for name, columns in rows}
    lacks = {
        entity.name: [header for header in entity.headers if header not in have.get(entity.name, ())]
        for entity in ENTITIES.values()
    }
    return {entity: headers for entity, headers in lacks.items() if headers}


def make_raw_table(connection: psycopg.Connection, entity: Entity, schema: str) -> None:
    """Make an entity's append-only log, without a month yet.

    Args:
        connection: In a transaction.
        entity: Whose log it is.
        schema: Where to make it: `raw`, or where somebody wants to see what it should be.
    """
    table = sql.Identifier(schema, entity.name)
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(h)) for h in entity.headers)
    connection.execute(
        sql.SQL("create table {} ({}, {}) partition by range (_exported_at)").format(
            table, columns, sql.SQL(_LOAD_COLUMNS)
        )
    )
    connection.execute(sql.SQL("create index on {} (_load_id)").format(table))
    # The record key exactly as staging writes it, or PostgreSQL will not see that the index serves it.
    connection.execute(sql.SQL("create index on {} (({}), _exported_at)").format(table, record_key(entity)))
    # Rows that another Singer tap sends under an entity's name state no moment: they land here.
    connection.execute(
        sql.SQL("create table {} partition of {} default").format(
            sql.Identifier(schema, f"{entity.name}_undated"), table
        )
    )


def record_key(entity: Entity) -> sql.Composed:
    """Expression over a raw row that tells its record from others: its QuickBooks id, else its name or number."""
    return sql.SQL("coalesce({}, {})").format(_trimmed(QUICKBOOKS_ID), _trimmed(entity.number_header))


def _trimmed(header: str) -> sql.Composed:
    """Staging's `to_text`: blanks, tabs, line ends and no-break blanks trimmed, blank text null."""
    return sql.SQL(r"nullif(btrim({}, e' \t\r\n\u00a0'), '')").format(sql.Identifier(header))


def raw_table(entity: str) -> sql.Identifier:
    """The qualified name of an entity's raw table."""
    return sql.Identifier("raw", entity)


def column_types(connection: psycopg.Connection, schema: str, table: str) -> dict[str, str]:
    """Names and types of a table's columns, in its order; of a table that is not there, none."""
    rows = connection.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute"
        " where attrelid = to_regclass(format('%%I.%%I', %s::text, %s::text)) and attnum > 0 and not attisdropped"
        " order by attnum",
        [schema, table],
    ).fetchall()
    return dict(rows)


def add_raw_columns(connection: psycopg.Connection, entity: str, headers: Iterable[str]) -> None:
    """Add the columns that the entity's raw table does not have yet, as text."""
    have = column_types(connection, "raw", entity)
    for header in headers:
        if header not in have:
            connection.execute(
                sql.SQL("alter table {} add column if not exists {} text").format(
                    raw_table(entity), sql.Identifier(header)
                )
            )


def partition_name(entity: str, exported_at: datetime) -> str:
    """Name, in schema `raw`, of the monthly partition that holds a moment, UTC, of an entity."""
    return f"{entity}_{exported_at:%Y_%m}"


def ensure_partition(connection: psycopg.Connection, entity: str, exported_at: datetime) -> None:
    """Make the monthly partition of an entity's raw table that holds `exported_at`, UTC, if it is missing."""
    if new_partition(connection, entity, exported_at):
        attach_partition(connection, entity, exported_at)


def new_partition(connection: psycopg.Connection, entity: str, exported_at: datetime) -> bool:
    """Make the table that is to be a monthly partition, UTC, of an entity's raw table: `attach_partition` is due.

    What is filled before it is attached gets its indexes at once and not row by row, and at `wal_level = minimal` it
    is not written twice. Whoever wants the same month waits until the transaction ends.

    Returns:
        Whether it was made; False if the month has its partition.
    """
    name = partition_name(entity, exported_at)
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"raw.{name}"])
    found = connection.execute("select to_regclass(%s)", [f"raw.{name}"]).fetchone()
    if found is not None and found[0] is not None:
        return False
    connection.execute(
        sql.SQL("create table {} (like {} including all excluding indexes)").format(
            sql.Identifier("raw", name), raw_table(entity)
        )
    )
    return True


def attach_partition(connection: psycopg.Connection, entity: str, exported_at: datetime) -> None:
    """Make the table of `new_partition` a partition, with the indexes of all."""
    first = exported_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    # A mistyped year is a year all the same; there is no month after the calendar's last.
    last_month = (first.year, first.month) == (9999, 12)
    following = (
        sql.SQL("maxvalue")
        if last_month
        else sql.Literal(first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1))
    )
    connection.execute(
        sql.SQL("alter table {} attach partition {} for values from ({}) to ({})").format(
            raw_table(entity), sql.Identifier("raw", partition_name(entity, exported_at)), sql.Literal(first), following
        )
    )
