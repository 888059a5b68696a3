"""What a warehouse needs now and then: space given back, and statistics renewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    import psycopg


@dataclass(frozen=True)
class TableSize:
    """What a table takes on disk, its indexes and, where it has any, its partitions included.

    Attributes:
        table: Its schema and name.
        before: Bytes before it was tidied.
        after: Bytes after that.
    """

    table: str
    before: int
    after: int


# A partitioned table brings its partitions along.
_TABLES = """
    select oid::regclass::text
    from pg_class
    where
        relnamespace in (select oid from pg_namespace where nspname = any(%s))
        and relkind in ('r', 'p')
        and not relispartition
        and pg_has_role(relowner, 'member')
    order by oid::regclass::text
"""
_SCHEMAS = ["raw", "meta", "staging", "snapshots", "marts"]


def tidy(connection: psycopg.Connection) -> list[TableSize]:
    """Vacuum and analyze every table of ours. Readers and writers go on meanwhile.

    Args:
        connection: To the warehouse, in autocommit mode.

    Returns:
        What each table took before and after, largest first.
    """
    sizes = []
    for (table,) in connection.execute(_TABLES, [_SCHEMAS]).fetchall():
        before = _size(connection, table)
        connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.SQL(table)))
        sizes.append(TableSize(table, before, _size(connection, table)))
    return sorted(sizes, key=lambda size: -size.after)


def _size(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(
        # Of a table that is not partitioned, the tree has no rows.
        "select coalesce(sum(pg_total_relation_size(relid)), pg_total_relation_size(%(table)s::regclass))"
        " from pg_partition_tree(%(table)s::regclass)",
        {"table": table},
    ).fetchone()
    return int(row[0]) if row else 0
