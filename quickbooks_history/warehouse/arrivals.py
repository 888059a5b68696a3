"""What the ledger says of the newest exports: how old they are, and which columns they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import class_row

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

DRIFT_DAYS = 30
"""A column is missed for so long: whoever looks once a week sees it, and a narrower template does not warn for ever."""


@dataclass(frozen=True)
class NewestExport:
    """The youngest export of an entity.

    Attributes:
        file_name: Its file.
        exported_at: The moment that its name states.
        loaded_at: When it was loaded.
        hours: How old it is: since its moment, or since it was loaded if the name states a moment after that.
    """

    file_name: str
    exported_at: datetime
    loaded_at: datetime
    hours: float


def newest_export_query(connection: psycopg.Connection, entity: str) -> str:
    """SQL that tells the loads of an entity with their ages, youngest first."""
    return (
        sql.SQL("""
select
    file_name,
    exported_at,
    loaded_at,
    extract(epoch from now() - least(exported_at, loaded_at))::double precision / 3600 as hours
from meta.loads
where entity = {entity} and status in ('loaded', 'held')
order by hours
""")
        .format(entity=sql.Literal(entity))
        .as_string(connection)
    )


def newest_export(connection: psycopg.Connection, entity: str) -> NewestExport | None:
    """Return the youngest export of an entity, or None if none has ever been loaded."""
    with connection.cursor(row_factory=class_row(NewestExport)) as cursor:
        return cursor.execute(f"{newest_export_query(connection, entity)} limit 1".encode()).fetchone()


@dataclass(frozen=True)
class ColumnDrift:
    """A column by which the newest full or partial export of an entity differs from what is expected of it.

    Attributes:
        file_name: The export.
        scope: `full` or `partial`.
        drift: `unknown`: the contract does not know the column; `missing`: exports of this scope had it lately.
        column_name: The column: its header if it is unknown, else its staging name.
        last_seen_in: The last export that had a missing column.
    """

    file_name: str
    scope: str
    drift: str
    column_name: str
    last_seen_in: str | None


def column_drift_query(connection: psycopg.Connection, entity: str) -> str:
    """SQL that tells the columns by which the newest exports of an entity differ from what is expected of them."""
    return (
        sql.SQL("""
with accepted as not materialized (
    select * from meta.loads where entity = {entity} and status in ('loaded', 'held')
),

newest as (
    select newest_of_scope.*
    from (values ('full'), ('partial')) as scopes (scope)
    cross join lateral (
        select * from accepted where scope = scopes.scope order by exported_at desc, load_id desc limit 1
    ) as newest_of_scope
),

lately as (
    select distinct on (before.scope, had.column_name)
        before.scope,
        before.file_name,
        had.column_name
    from newest
    inner join accepted as before
        on
            before.scope = newest.scope
            and before.exported_at < newest.exported_at
            and before.exported_at >= newest.exported_at - make_interval(days => {days})
    cross join unnest(before.observed_columns) as had (column_name)
    order by before.scope, had.column_name, before.exported_at desc
)

select
    file_name,
    scope,
    'unknown' as drift,
    unnest(unknown_columns) as column_name,
    null as last_seen_in
from newest
union all
select
    newest.file_name,
    newest.scope,
    'missing' as drift,
    lately.column_name,
    lately.file_name as last_seen_in
from newest
inner join lately on newest.scope = lately.scope
where lately.column_name <> all(newest.observed_columns)
order by scope, drift, column_name
""")
        .format(entity=sql.Literal(entity), days=sql.Literal(DRIFT_DAYS))
        .as_string(connection)
    )


def column_drift(connection: psycopg.Connection, entity: str) -> list[ColumnDrift]:
    """Return the columns by which the newest exports of an entity differ from what is expected of them."""
    with connection.cursor(row_factory=class_row(ColumnDrift)) as cursor:
        return cursor.execute(column_drift_query(connection, entity)).fetchall()


REFUSED_DAYS = 30
"""A refused file is told of for so long, if nothing mends it: by then somebody has seen it, or does without it."""


@dataclass(frozen=True)
class RefusedExport:
    """An export that was rejected, and in whose place nothing has come since.

    Attributes:
        file_name: Its file.
        reason: What was wrong with it, and what to do.
        refused_at: When it was last looked at.
        file_path: Where it lay.
    """

    file_name: str
    reason: str
    refused_at: datetime
    file_path: str


def refused_exports_query(connection: psycopg.Connection, entity: str) -> str:
    """SQL that tells the exports of an entity that were rejected lately and not mended, latest first."""
    return (
        sql.SQL("""
select
    file_name,
    reason,
    loaded_at as refused_at,
    file_path
from meta.loads as refused
where
    entity = {entity}
    and status = 'rejected'
    and loaded_at > now() - make_interval(days => {days})
    and not exists (
        select from meta.loads as later
        where
            later.load_id > refused.load_id
            and (
                later.file_path = refused.file_path
                or later.entity = refused.entity
                and later.exported_at = refused.exported_at
                and later.scope = refused.scope
                and later.status in ('loaded', 'held', 'withdrawn')
            )
    )
order by load_id desc
""")
        .format(entity=sql.Literal(entity), days=sql.Literal(REFUSED_DAYS))
        .as_string(connection)
    )


def refused_exports(connection: psycopg.Connection, entity: str) -> list[RefusedExport]:
    """Return the exports of an entity that were rejected lately and not mended, latest first."""
    with connection.cursor(row_factory=class_row(RefusedExport)) as cursor:
        return cursor.execute(refused_exports_query(connection, entity)).fetchall()
