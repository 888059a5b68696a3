"""What a warehouse needs now and then: space given back, and statistics renewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from quickbooks_history.warehouse.activity import table_bytes

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
    select nspname, relname
    from pg_class
        inner join pg_namespace on relnamespace = pg_namespace.oid
    where
        nspname = any(%s)
        and relkind in ('r', 'p')
        and not relispartition
        and pg_has_role(relowner, 'member')
    order by nspname, relname
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
    for schema, table in connection.execute(_TABLES, [_SCHEMAS]).fetchall():
        before = table_bytes(connection, schema, table)
        connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(schema, table)))
        sizes.append(TableSize(f"{schema}.{table}", before, table_bytes(connection, schema, table)))
    return sorted(sizes, key=lambda size: -size.after)
