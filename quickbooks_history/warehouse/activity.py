"""What a run has written to history, and how big tables are: the figures that people follow from night to night.

Rows carry the transaction that wrote them, and a table of history is only written where it differs. So what a run
wrote is what it found to be new, and needs no bookkeeping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import class_row, dict_row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    import psycopg

PRICES = ("purchase_cost", "sales_price")
"""The columns of items whose changes are worth a table."""


def begin(connection: psycopg.Connection) -> str:
    """Return a mark: rows that are written from now on are told from those that were there by it."""
    row = connection.execute("select pg_current_xact_id()::xid::text").fetchone()
    assert row is not None  # noqa: S101 - a query without `from` gives one row
    return str(row[0])


_SINCE_REWRITTEN = {
    "marts": sql.SQL("changed_at >= rewritten.since"),
    "snapshots": sql.SQL("""dbt_valid_from >= (
        select coalesce(max(dbt_valid_from), '-infinity') from {table}
        where record_key = rewritten.record_key and dbt_valid_from < rewritten.since
    )"""),
}
"""Of a record, what can have been written: what came from where it was rewritten on, and the version before.

As data tests look at them (`since_rewritten` in `dbt_project/macros/unchecked.sql`).
"""


def _written(schema: str, table: str) -> sql.Composed:
    """The rows of a table of history that were written since a mark.

    Only the records that have been rewritten since data tests last passed are looked at, by the table's index and from
    where they were rewritten on; or all of them, which are noted as `*`. A record of ten years has thousands of rows.
    """
    name = sql.Identifier(schema, table)
    # The versions of a record's lines do not follow one another; there are few.
    since = sql.SQL("true") if table.endswith("_lines_snapshot") else _SINCE_REWRITTEN[schema].format(table=name)
    return sql.SQL("""
        with rewritten as (
            select record_key, coalesce(unchecked_from, '-infinity') as since
            from meta.unchecked_records where snapshot in ('*', %(snapshot)s)
        ),
        written as not materialized (
            select rows.*
            from rewritten cross join lateral (
                select *, xmin as written_by from {table}
                where record_key = rewritten.record_key and {since}
                offset 0
            ) as rows
            where age(written_by) < age(%(mark)s::xid) and not exists (select from rewritten where record_key = '*')
            union all
            select *, xmin as written_by from {table}
            where age(xmin) < age(%(mark)s::xid) and exists (select from rewritten where record_key = '*')
        )
    """).format(table=name, since=since)


def records_written(connection: psycopg.Connection, snapshot: str, mark: str) -> int:
    """Count the records of which some version was begun, ended or put right since a mark.

    Args:
        connection: To the warehouse.
        snapshot: Its name.
        mark: What `begin` returned.
    """
    statement = sql.SQL("{written} select count(distinct record_key) from written").format(
        written=_written("snapshots", snapshot)
    )
    row = connection.execute(statement, {"snapshot": snapshot, "mark": mark}).fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class ChangeCount:
    """How many rows of one change type a run wrote: of changes in one column or, where none is named, in all.

    `records` says how many records they are of; where a column is named, that is not counted.
    """

    change_type: str
    column_name: str | None
    changes: int
    records: int | None


def changes_written(connection: psycopg.Connection, mart: str, snapshot: str, mark: str) -> list[ChangeCount]:
    """Count the changes that came into a history mart since a mark, by kind, and those of kind `changed` by column.

    Args:
        connection: To the warehouse.
        mart: The mart's name.
        snapshot: Name of the snapshot that it is made of.
        mark: What `begin` returned.
    """
    # Grouped and then counted, for `count(distinct ...)` sorts all rows, of which a first export writes a million.
    statement = sql.SQL("""
        {written}
        select change_type, null as column_name, sum(changes)::bigint as changes, count(*) as records
        from (select change_type, record_key, count(*) as changes from written group by 1, 2) as of_records
        group by change_type
        union all
        select change_type, column_name, count(*), null
        from written where change_type = 'changed' group by change_type, column_name
        order by change_type, column_name
    """).format(written=_written("marts", mart))
    with connection.cursor(row_factory=class_row(ChangeCount)) as cursor:
        return cursor.execute(statement, {"snapshot": snapshot, "mark": mark}).fetchall()


@dataclass(frozen=True)
class PriceChange:
    """A price or cost that was one number and is another."""

    item_name: str
    column_name: str
    old_value: str
    new_value: str
    difference: Decimal
    percent: Decimal | None
    changed_at: datetime
    file_name: str | None


def biggest_price_changes(connection: psycopg.Connection, mark: str, limit: int = 10) -> list[PriceChange]:
    """Return the changes of prices and costs that came into `marts.item_history` since a mark, the biggest first.

    Args:
        connection: To the warehouse.
        mark: What `begin` returned.
        limit: At most so many.
    """
    statement = sql.SQL("""
        {written},
        measured as (
            select *, trim_scale(new_value::numeric - old_value::numeric) as difference, abs(old_value::numeric) as size
            from (
                select * from written
                where change_type = 'changed' and column_name = any(%(prices)s)
                    and old_value is not null and new_value is not null
                offset 0
            ) as prices
        )
        select
            item_name, column_name, old_value, new_value, difference,
            round(100 * difference / nullif(size, 0), 1) as percent, changed_at, file_name
        from measured
        order by abs(difference) desc, item_name, column_name, changed_at
        limit %(limit)s
    """).format(written=_written("marts", "item_history"))
    arguments = {"snapshot": "items_snapshot", "mark": mark, "prices": list(PRICES), "limit": limit}
    with connection.cursor(row_factory=class_row(PriceChange)) as cursor:
        return cursor.execute(statement, arguments).fetchall()


def table_bytes(connection: psycopg.Connection, schema: str, table: str) -> int:
    """Return what a table takes on disk with its indexes, a partitioned one with all its partitions."""
    row = connection.execute(
        "select coalesce(sum(pg_total_relation_size(coalesce(part.relid, asked.relid))), 0)::bigint"
        " from (select format('%%I.%%I', %s::text, %s::text)::regclass as relid) as asked"
        " left join lateral pg_partition_tree(asked.relid) as part on true",
        [schema, table],
    ).fetchone()
    return int(row[0]) if row else 0


def load_seconds(connection: psycopg.Connection, load_ids: Sequence[int]) -> float:
    """Return how long the transactions took that loaded some files, all together."""
    row = connection.execute(
        "select coalesce(sum(load_seconds), 0) from meta.loads where load_id = any(%s)", [list(load_ids)]
    ).fetchone()
    return float(row[0]) if row else 0.0


def first_rows(
    connection: psycopg.Connection, schema: str, view: str, limit: int = 10
) -> tuple[list[dict[str, Any]], int]:
    """Return the first rows of a view, in its own order, and how many there are in all."""
    statement = sql.SQL("select *, count(*) over () as rows_in_all from {} limit {}").format(
        sql.Identifier(schema, view), sql.Literal(limit)
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement).fetchall()
    in_all = [row.pop("rows_in_all") for row in rows]
    return rows, in_all[0] if in_all else 0


def first_of(connection: psycopg.Connection, statement: str) -> dict[str, Any] | None:
    """Return the first row of a query that dbt has compiled, its blank columns left out; None if it gives none."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(f"select * from ({statement}\n) as rows limit 1".encode()).fetchone()  # noqa: S608 - dbt's own
    return {name: value for name, value in row.items() if value is not None} if row else None
