"""The guard: a full export that would delete too much is loaded but waits for a person (HISTORY.md section 3.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse.schema import raw_table, record_key

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

SPARED_RECORDS = 10
"""So many records may go without asking, whatever share of all they are."""

WHAT_TO_DO = "; qbh approve FILE if that is right, else deliver the whole export"
"""The end of the reason, until somebody has decided."""


def why_held(
    connection: psycopg.Connection, entity: str, load_id: int, exported_at: datetime, max_share: float
) -> str | None:
    """Say why a full export that has just been copied must wait, or None if it need not.

    The records that are open just before its moment are those that the last effective full export before it
    lists, and those that partial ones list since: so it is asked of the log, whose history may not be made yet.
    Of months that are archived history knows: they do not go before it has taken them up.

    Args:
        connection: In the transaction that loads the file.
        entity: What it lists.
        load_id: The load.
        exported_at: Its moment.
        max_share: The share of open records that may close without asking (`QBH_MAX_DELETED_SHARE`).

    Returns:
        A reason for the ledger, with numbers and what to do, or None.
    """
    statement = sql.SQL("""
        with effective as (
            select distinct on (exported_at, scope) load_id, exported_at, scope
            from meta.loads
            where entity = %(entity)s and status = 'loaded' and exported_at < %(exported_at)s
            order by exported_at, scope, load_id desc
        ),
        last_full as (select max(exported_at) as exported_at from effective where scope = 'full'),
        listing as (
            select effective.load_id, effective.exported_at
            from effective cross join last_full
            where last_full.exported_at is null
                or effective.exported_at > last_full.exported_at
                or effective.exported_at = last_full.exported_at and effective.scope = 'full'
        ),
        first_archived as (
            select min(month) as month from meta.archived_partitions cross join last_full
            where
                entity = %(entity)s
                and not is_lent
                and month at time zone 'UTC' < %(exported_at)s
                and (month + interval '1 month') at time zone 'UTC' > coalesce(last_full.exported_at, '-infinity')
        ),
        open_records as (
            select distinct listed.record_key
            from listing cross join lateral (
                select {key} as record_key from {raw}
                where _load_id = listing.load_id and _exported_at = listing.exported_at
            ) as listed
            where listed.record_key is not null
            {open_in_history}
        ),
        listed_now as (
            select {key} as record_key from {raw}
            where _load_id = %(load_id)s and _exported_at = %(exported_at)s
        )
        select count(*), count(*) filter (where record_key not in (
            select record_key from listed_now where record_key is not null
        ))
        from open_records
    """).format(
        key=record_key(ENTITIES[entity]),
        raw=raw_table(entity),
        open_in_history=_open_in_history(entity) if _is_archived(connection, entity) else sql.SQL(""),
    )
    row = connection.execute(statement, {"entity": entity, "load_id": load_id, "exported_at": exported_at}).fetchone()
    open_count, closed = row or (0, 0)
    if closed <= SPARED_RECORDS or closed <= max_share * open_count:
        return None
    return f"would delete {closed} of {open_count} {entity} ({closed / open_count:.0%}), so it was held{WHAT_TO_DO}"


def _is_archived(connection: psycopg.Connection, entity: str) -> bool:
    """Whether some month of an entity's log is archived; then its history is there."""
    row = connection.execute(
        "select exists (select from meta.archived_partitions where entity = %s and not is_lent)", [entity]
    ).fetchone()
    return bool(row and row[0])


def _open_in_history(entity: str) -> sql.Composed:
    """The records that are open just before a moment by the snapshot, if a month since the last full export is gone."""
    return sql.SQL("""
        union
        select versions.record_key
        from {snapshot} as versions cross join first_archived
        where
            first_archived.month is not null
            and versions.dbt_valid_from < %(exported_at)s
            and (versions.dbt_valid_to is null or versions.dbt_valid_to >= %(exported_at)s)
    """).format(snapshot=sql.Identifier("snapshots", f"{entity}_snapshot"))
