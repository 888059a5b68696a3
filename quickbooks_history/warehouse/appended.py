"""Whether `raw` still holds what the loads brought: rows and checksums against the ledger (docs/decisions.md, 36)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import class_row

from quickbooks_history.exports.contract import LOAD_COLUMNS
from quickbooks_history.warehouse.schema import column_types, raw_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    import psycopg


def checksum(connection: psycopg.Connection, entity: str) -> sql.Composed:
    """Aggregate over an entity's raw rows that tells these rows from others, in whatever order they stand.

    Of each row it takes the hashes of its cells, each by its column's name, and of its line number. A null adds
    nothing, so that a column which a later file brings changes no load before.
    """
    cells = [
        sql.SQL("coalesce(hashtextextended({}, hashtextextended({}, 0)), 0)").format(
            sql.Identifier(name), sql.Literal(name)
        )
        for name, type_ in column_types(connection, "raw", entity).items()
        if type_ == "text" and name not in LOAD_COLUMNS
    ]
    line = sql.SQL("coalesce(hashint8extended(_sdc_source_lineno, 0), 0)")
    return sql.SQL("coalesce(sum({}), 0)").format(sql.SQL(" # ").join([*cells, line]))


@dataclass(frozen=True)
class AppendedLoad:
    """One load's rows, in `raw` and by the ledger.

    Attributes:
        load_id: The load; None of rows that no load brought.
        exported_at: Its moment; the ledger's and the rows' own must be one.
        file_name: Its file's name, or None if the ledger does not know the load.
        file_path: Where the file lay.
        sha256: The file's fingerprint.
        encoding: How its text is encoded.
        in_ledger: Rows that the ledger says were loaded.
        in_raw: Rows that are there.
        checksum_in_ledger: Of the rows when they were loaded; None of a load from before checksums were kept.
        checksum_in_raw: Of the rows that are there.
    """

    load_id: int | None
    exported_at: datetime | None
    file_name: str | None
    file_path: str | None
    sha256: str | None
    encoding: str | None
    in_ledger: int
    in_raw: int
    checksum_in_ledger: Decimal | None
    checksum_in_raw: Decimal

    @property
    def is_complete(self) -> bool:
        """Whether there are as many rows as were loaded."""
        return self.in_raw == self.in_ledger

    @property
    def is_unchanged(self) -> bool:
        """Whether the rows are those that were loaded, as far as the ledger can tell."""
        return self.checksum_in_ledger is None or self.checksum_in_raw == self.checksum_in_ledger


def loads_ahead_of_history(connection: psycopg.Connection, entity: str, run_id: str) -> list[int]:
    """Return the loads of an entity that a run has brought, or that wait for history to take them up.

    The run before may have been killed behind them, before anybody looked. Loads whose months are archived are looked
    at when these come back: a corrected one is in force no more, and still `loaded`.
    """
    found = connection.execute(
        """
        select load_id from meta.loads
        where
            entity = %s
            and (
                run_id = %s
                or status = 'loaded'
                and not exists (select from meta.applied_loads where applied_loads.load_id = loads.load_id)
            )
            and not exists (
                select from meta.archived_partitions as archived
                where
                    archived.entity = loads.entity
                    and not archived.is_lent
                    and archived.month = date_trunc('month', loads.exported_at at time zone 'UTC')::date
                    and loads.loaded_at < archived.archived_at
            )
        """,
        [entity, run_id],
    ).fetchall()
    return [load_id for (load_id,) in found]


def appended_loads(
    connection: psycopg.Connection, entity: str, load_ids: Sequence[int] | None = None
) -> list[AppendedLoad]:
    """Return the loads of an entity that have rows, in `raw` or by the ledger, each with both counts and checksums.

    Args:
        connection: To the warehouse.
        entity: Whose loads.
        load_ids: Look only at these, which costs as much as they hold. Without them, all of the log is read: then rows
            of no load, and rows of a load that the ledger does not have, are there too.
    """
    with connection.cursor(row_factory=class_row(AppendedLoad)) as cursor:
        return cursor.execute(_appended(connection, entity, load_ids)).fetchall()


def differences_query(connection: psycopg.Connection, entity: str, load_ids: Sequence[int] | None = None) -> str:
    """SQL that a person can run to see the loads whose rows are not those that were loaded."""
    return (
        sql.SQL("select * from ({}) as appended\nwhere in_raw <> in_ledger or checksum_in_raw <> checksum_in_ledger")
        .format(_appended(connection, entity, load_ids))
        .as_string(connection)
    )


def _appended(connection: psycopg.Connection, entity: str, load_ids: Sequence[int] | None) -> sql.Composed:
    of_run = sql.SQL("""
        select load_id, exported_at, rows.*
        from meta.loads cross join lateral (
            select count(*) as in_raw, {checksum} as checksum from {raw}
            where
                _load_id = loads.load_id
                and _exported_at = loads.exported_at
                and _exported_at between {first} and {last}
        ) as rows
        where load_id = any({load_ids})
    """)
    of_all = sql.SQL("""
        select _load_id as load_id, _exported_at as exported_at, count(*) as in_raw, {checksum} as checksum
        from {raw} group by _load_id, _exported_at
    """)
    # By literals PostgreSQL plans the months of these loads alone, and not the 120 of ten years.
    first, last = connection.execute(
        "select min(exported_at), max(exported_at) from meta.loads where load_id = any(%s)", [list(load_ids or ())]
    ).fetchone() or (None, None)
    parts = {
        "first": sql.Literal(first),
        "last": sql.Literal(last),
        "raw": raw_table(entity),
        "checksum": checksum(connection, entity),
        "entity": sql.Literal(entity),
        "load_ids": sql.SQL("{}::bigint[]").format(sql.Literal(None if load_ids is None else list(load_ids))),
    }
    return sql.SQL("""
        with rows_there as ({rows_there}),
        entered as (
            select * from meta.loads
            where entity = {entity} and row_count > 0 and ({load_ids} is null or load_id = any({load_ids}))
        )
        select
            load_id,
            exported_at,
            file_name,
            file_path,
            sha256,
            encoding,
            coalesce(row_count, 0) as in_ledger,
            coalesce(in_raw, 0) as in_raw,
            row_checksum as checksum_in_ledger,
            coalesce(checksum, 0) as checksum_in_raw
        from entered full join rows_there using (load_id, exported_at)
        where row_count is not null or in_raw > 0
        order by load_id, exported_at
    """).format(rows_there=(of_run if load_ids is not None else of_all).format(**parts), **parts)


def rewritten_rows_query(connection: psycopg.Connection, entity: str, load: AppendedLoad) -> str:
    """SQL that finds the rows of a load that another transaction wrote than the one that wrote most of them.

    A load is one transaction, so these were changed since. Rows that a restored backup wrote are all of one.
    """
    return (
        sql.SQL(
            "with loaded as (\n    select xmin as written_by, * from {raw}\n"
            "    where _load_id = {load_id} and _exported_at = {exported_at}\n)\n\n"
            "select * from loaded\nwhere written_by::text <> "
            "(select mode() within group (order by written_by::text) from loaded)\norder by _sdc_source_lineno"
        )
        .format(
            raw=raw_table(entity),
            load_id=sql.Literal(load.load_id),
            exported_at=sql.Literal(load.exported_at),
        )
        .as_string(connection)
    )
