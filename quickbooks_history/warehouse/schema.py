"""The tables that dbt does not own: the append-only log in `raw` and the ledger in `meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from quickbooks_history.exports.contract import ENTITIES, QUICKBOOKS_ID, Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    import psycopg

# The ledger: one row per delivery, accepted or not (HISTORY.md section 4). What a delivery is known by
# (path, size, modification time) lets a folder be looked through again without reading its files.
_LEDGER = """
create schema if not exists meta;
create table if not exists meta.loads (
    load_id bigint generated always as identity primary key,
    entity text not null,
    file_name text not null,
    scope text not null check (scope in ('partial', 'full')),
    exported_at timestamptz not null,
    sha256 text,
    row_count bigint not null default 0,
    row_checksum numeric,
    status text not null check (status in ('loaded', 'duplicate', 'rejected', 'held', 'withdrawn')),
    reason text,
    loaded_at timestamptz not null default clock_timestamp(),
    load_seconds numeric,
    observed_columns text[] not null default '{}',
    unknown_columns text[] not null default '{}',
    encoding text,
    file_path text not null,
    file_size bigint,
    file_modified_at timestamptz,
    extracted_at timestamptz not null,
    run_id text
);
create unique index if not exists loads_content
    on meta.loads (entity, exported_at, scope, sha256) where status in ('loaded', 'held', 'withdrawn');
create table if not exists meta.applied_loads (
    snapshot text,
    load_id bigint references meta.loads,
    primary key (snapshot, load_id)
);
create table if not exists meta.stale_history (
    entity text,
    record_key text,
    stale_from timestamptz,
    primary key (entity, record_key)
);
create table if not exists meta.unchecked_records (
    snapshot text,
    record_key text,
    unchecked_from timestamptz,
    primary key (snapshot, record_key)
);
create table if not exists meta.archived_partitions (
    entity text,
    month date,
    file_name text,
    sha256 text not null,
    row_count bigint not null,
    table_bytes bigint not null,
    file_bytes bigint not null,
    archived_at timestamptz not null,
    is_lent boolean not null default false,
    primary key (entity, file_name)
);
create table if not exists meta.rollback (
    begun_at timestamptz not null default clock_timestamp(),
    made_at timestamptz,
    is_the_only_row boolean primary key default true check (is_the_only_row)
);
create index if not exists loads_delivery on meta.loads (file_path, file_size, file_modified_at);
"""

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

LEDGER_COLUMN_TYPES = {
    line.split()[0]: line.strip(" ,").split()[1]
    for line in _LEDGER.partition("meta.loads (")[2].partition(");")[0].strip().splitlines()
}
"""Names and types of the ledger's columns."""


def ensure_schema(connection: psycopg.Connection) -> None:
    """Make the ledger and one raw table for each entity of the contract, where they are missing.

    A column that the contract or the ledger has gained since is added. Safe to run at every start and from two
    processes at once (an advisory lock makes the second wait).
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtext('quickbooks_history.schema'))")
        connection.execute(_LEDGER)
        _add_columns(connection, "loads", LEDGER_COLUMN_TYPES)
        _add_columns(connection, "stale_history", {"stale_from": "timestamptz"})
        _add_columns(connection, "unchecked_records", {"unchecked_from": "timestamptz"})
        connection.execute("create schema if not exists raw")
        for entity in ENTITIES.values():
            _ensure_raw_table(connection, entity)


def _add_columns(connection: psycopg.Connection, table: str, wanted: Mapping[str, str]) -> None:
    """Add the columns that a table of `meta` has gained since it was made; without need, nobody is waited for."""
    have = column_types(connection, "meta", table)
    for name, type_ in wanted.items():
        if name not in have:
            connection.execute(
                sql.SQL("alter table {} add column {} {}").format(
                    sql.Identifier("meta", table), sql.Identifier(name), sql.SQL(type_)
                )
            )


def _ensure_raw_table(connection: psycopg.Connection, entity: Entity) -> None:
    table = raw_table(entity.name)
    exists = connection.execute("select to_regclass(%s)", [f"raw.{entity.name}"]).fetchone()
    if exists is None or exists[0] is None:
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(h)) for h in entity.headers)
        connection.execute(
            sql.SQL("create table {} ({}, {}) partition by range (_exported_at)").format(
                table,
                columns,
                sql.SQL(_LOAD_COLUMNS),
            )
        )
        connection.execute(sql.SQL("create index on {} (_load_id)").format(table))
        # The record key exactly as staging writes it, or PostgreSQL will not see that the index serves it.
        connection.execute(sql.SQL("create index on {} (({}), _exported_at)").format(table, record_key(entity)))
        # Rows that another Singer tap sends under an entity's name state no moment: they land here.
        connection.execute(
            sql.SQL("create table {} partition of {} default").format(
                sql.Identifier("raw", f"{entity.name}_undated"), table
            )
        )
    else:
        add_raw_columns(connection, entity.name, entity.headers)


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
