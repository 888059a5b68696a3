"""What the command line reads of history: changes, states at a moment, and sizes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import class_row, dict_row

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.schema import column_types

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from quickbooks_history.exports.contract import Entity
    from quickbooks_history.warehouse.ledger import LedgerEntry


@dataclass(frozen=True)
class Change:
    """One row of an entity's history mart; HISTORY.md section 4 says what its columns hold."""

    record_key: str
    number: str | None
    column_name: str
    old_value: str | None
    new_value: str | None
    changed_at: datetime
    change_type: str
    file_name: str | None

    def as_row(self, entity: Entity) -> dict[str, object]:
        """Return the row as the mart has it, the record's number under the mart's name for it."""
        return {entity.number if name == "number" else name: value for name, value in asdict(self).items()}


def has_history(connection: psycopg.Connection, entity: Entity) -> bool:
    """Whether an entity's snapshot and history mart have been built; one that the contract has learned has none yet."""
    row = connection.execute(
        "select to_regclass(%s) is not null and to_regclass(%s) is not null",
        [f"snapshots.{entity.name}_snapshot", f"marts.{entity.singular}_history"],
    ).fetchone()
    return bool(row and row[0])


def has_any_history(connection: psycopg.Connection) -> bool:
    """Whether some entity's history has been built."""
    return any(has_history(connection, entity) for entity in ENTITIES.values())


MOST_COUNT_COST = 10_000
"""What counting a relation's rows may cost by PostgreSQL's own reckoning: a quarter of a second at most."""

MOST_LOG_PAGES = 1_000
"""How many pages of 8 KB the log may have for the rows of its views to be counted: twenty views type all of it."""


def exact_rows(connection: psycopg.Connection, schema: str, table: str) -> int | None:
    """Count the rows of a table or view, if that does not take a pass over much of the log; else None.

    What is not there yet has none.
    """
    if not column_types(connection, schema, table):
        return 0
    if schema == "staging" and _is_view_of_long_log(connection, table):
        return None  # to plan a view over all months of all entities takes a second or two
    count = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
    plan = connection.execute(sql.SQL("explain (format json) {}").format(count)).fetchone()
    if not plan or plan[0][0]["Plan"]["Total Cost"] > MOST_COUNT_COST:
        return None
    row = connection.execute(count).fetchone()
    return int(row[0]) if row else None


def _is_view_of_long_log(connection: psycopg.Connection, table: str) -> bool:
    """Whether a relation of staging is a view, and the log has more pages than may be read to count its rows."""
    row = connection.execute(
        "select relkind = 'v' and"
        " (select sum(relpages) > %s from pg_class where relnamespace = 'raw'::regnamespace and relkind = 'r')"
        " from pg_class where oid = to_regclass(format('staging.%%I', %s::text))",
        [MOST_LOG_PAGES, table],
    ).fetchone()
    return bool(row and row[0])


def count_rows(connection: psycopg.Connection, schema: str, table: str) -> int | None:
    """Count the rows of a table or view, if that does not take a pass over much of the log.

    Returns:
        The number of rows; of a table that is too long to be counted at every run, what PostgreSQL's statistics say;
        of such a view, None.
    """
    rows = exact_rows(connection, schema, table)
    return estimated_rows(connection, schema, table) if rows is None else rows


def estimated_rows(connection: psycopg.Connection, schema: str, table: str) -> int | None:
    """Return how many rows a table has by PostgreSQL's statistics; of a view, None."""
    row = connection.execute(
        "select reltuples::bigint from pg_class where oid = format('%%I.%%I', %s::text, %s::text)::regclass"
        " and relkind = 'r' and reltuples >= 0",
        [schema, table],
    ).fetchone()
    return int(row[0]) if row else None


def mark_everything_unchecked(connection: psycopg.Connection) -> None:
    """Let the next data tests look at all of history, not only at what was rewritten since they last passed."""
    connection.execute(
        "insert into meta.unchecked_records (snapshot, record_key) values ('*', '*') on conflict do nothing"
    )


def everything_is_unchecked(connection: psycopg.Connection) -> bool:
    """Whether the next data tests look at all of history."""
    row = connection.execute("select exists (select from meta.unchecked_records where record_key = '*')").fetchone()
    return bool(row and row[0])


def forget_unchecked(connection: psycopg.Connection) -> None:
    """Note that all data tests have passed."""
    connection.execute("delete from meta.unchecked_records")


def is_known(connection: psycopg.Connection, entity: Entity, key: str) -> bool:
    """Whether some version of some record has this QuickBooks id, name or number."""
    statement = sql.SQL("select exists ({})").format(records_with_key(entity))
    row = connection.execute(statement, {"key": key}).fetchone()
    return bool(row and row[0])


def latest_export(connection: psycopg.Connection, entity: Entity, moment: datetime) -> str | None:
    """Return the name of the last loaded file of an entity that was exported at or before a moment."""
    row = connection.execute(
        "select file_name from meta.loads where entity = %s and status = 'loaded' and exported_at <= %s"
        " order by exported_at desc, load_id desc limit 1",
        [entity.name, moment],
    ).fetchone()
    return row[0] if row else None


def records_with_key(entity: Entity, key: sql.Composable = sql.Placeholder("key")) -> sql.Composed:  # noqa: B008
    """SQL for record keys, each looked up by index: a record's key is its QuickBooks id, where it has one.

    Args:
        entity: What the records are.
        key: A QuickBooks id, or a name or number that a record has or had; the statement's parameter `key`.
    """
    return sql.SQL(
        "select record_key from {snapshot} where record_key = {key}"
        " union select record_key from {snapshot} where {number} = {key}"
    ).format(
        snapshot=sql.Identifier("snapshots", f"{entity.name}_snapshot"), number=sql.Identifier(entity.number), key=key
    )


def changes(
    connection: psycopg.Connection,
    entity: Entity,
    *,
    key: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
    with_created: bool = True,
) -> list[Change]:
    """Return changes of an entity's records, latest first.

    Args:
        connection: To a warehouse whose marts are built.
        entity: Whose history.
        key: Only this record: its QuickBooks id, or a name or number that it has or had.
        since: Only changes at or after this moment.
        limit: At most so many.
        with_created: Whether the first version's values are changes too.

    Returns:
        Rows of `marts.<singular>_history`.
    """
    mart = sql.Identifier("marts", f"{entity.singular}_history")
    conditions: list[sql.Composable] = [sql.SQL("true")]
    if key is not None:
        conditions.append(sql.SQL("record_key = any(array({}))").format(records_with_key(entity)))
    if since is not None:
        conditions.append(sql.SQL("changed_at >= %(since)s"))
    if not with_created:
        conditions.append(sql.SQL("change_type <> 'created'"))
    statement = sql.SQL("""
        select record_key, {number} as number, column_name, old_value, new_value, changed_at, change_type, file_name
        from {mart} where {conditions}
        order by changed_at desc, number, record_key, column_name
        limit %(limit)s
    """).format(number=sql.Identifier(entity.number), mart=mart, conditions=sql.SQL(" and ").join(conditions))
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(statement, {"key": key, "since": since, "limit": limit}).fetchall()


def state_at(
    connection: psycopg.Connection,
    entity: Entity,
    moment: datetime,
    *,
    key: str | None = None,
    lines: bool = False,
) -> list[dict[str, Any]]:
    """Return the records, or the lines of transactions, as they were at a moment.

    Args:
        connection: To a warehouse whose snapshots are built.
        entity: What.
        moment: When; a version that begins at that moment counts.
        key: Only this record: its QuickBooks id, or a name or number that it has or had.
        lines: The lines of transactions instead of the transactions.

    Returns:
        Rows of the snapshot, by name or number.
    """
    records = sql.Identifier("snapshots", f"{entity.name}_snapshot")
    snapshot = sql.Identifier("snapshots", f"{entity.singular}_lines_snapshot") if lines else records
    order = sql.SQL("line_no") if lines else sql.Identifier(entity.number)
    conditions: list[sql.Composable] = [
        sql.SQL("dbt_valid_from <= %(moment)s and (dbt_valid_to > %(moment)s or dbt_valid_to is null)")
    ]
    if key is not None:
        conditions.append(sql.SQL("record_key = any(array({}))").format(records_with_key(entity)))
    statement = sql.SQL("select * from {} where {} order by {}, record_key").format(
        snapshot, sql.SQL(" and ").join(conditions), order
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, {"key": key, "moment": moment}).fetchall()


@dataclass(frozen=True)
class Issue:
    """One row of `staging.data_quality_issues`."""

    file_name: str
    line_no: int | None
    column_name: str | None
    raw_value: str | None
    issue: str


def issues_of_loads(connection: psycopg.Connection, loads: Sequence[LedgerEntry]) -> list[Issue]:
    """Return what could not be used as it stood in the files of some loads, in the order of files and lines."""
    if not loads:
        return []
    moments = [load.exported_at for load in loads]
    with connection.cursor(row_factory=class_row(Issue)) as cursor:
        return cursor.execute(
            "select file_name, line_no, column_name, raw_value, issue from staging.data_quality_issues"
            " where load_id = any(%s) and exported_at between %s and %s order by load_id, line_no, column_name",
            [[load.load_id for load in loads], min(moments), max(moments)],
        ).fetchall()


def issues_of_newest_exports(connection: psycopg.Connection) -> list[Issue]:
    """Return what could not be used as it stood in the newest export of each entity, as `issues_of_loads` does."""
    if not column_types(connection, "staging", "data_quality_issues"):
        return []  # nothing has been built yet
    return issues_of_loads(connection, [ledger.entry(connection, load_id) for load_id in newest_loads(connection)])


def newest_loads(connection: psycopg.Connection) -> set[int]:
    """Return the loads in force that are the newest export of their entity: one, or a full and a partial one."""
    newest = connection.execute("""
        select load_id from staging.effective_loads
        where (entity, exported_at) in (select entity, max(exported_at) from staging.effective_loads group by entity)
    """).fetchall()
    return {load_id for (load_id,) in newest}


@dataclass(frozen=True)
class EntitySize:
    """How much the warehouse holds of one entity."""

    entity: str
    files: int
    rows: int
    rejected: int
    held: int
    latest_export: datetime | None
    versions: int
    open_records: int
    changes: int


def sizes(connection: psycopg.Connection, entity: Entity) -> EntitySize:
    """Count an entity's loads, rows, versions, open records and changes."""
    statement = sql.SQL("""
        select
            count(*) filter (where status = 'loaded') as files,
            coalesce(sum(row_count), 0)::bigint as rows,
            count(*) filter (where status = 'rejected') as rejected,
            count(*) filter (where status = 'held') as held,
            max(exported_at) filter (where status = 'loaded') as latest_export
        from meta.loads where entity = %s
    """)
    with connection.cursor(row_factory=dict_row) as cursor:
        counts: dict[str, Any] = cursor.execute(statement, [entity.name]).fetchone() or {}
        counts |= {"versions": 0, "open_records": 0, "changes": 0}
        if has_history(connection, entity):
            counts |= (
                cursor.execute(
                    sql.SQL("""
                        select
                            (select count(*) from {snapshot}) as versions,
                            (select count(*) from {snapshot} where dbt_valid_to is null) as open_records,
                            (select count(*) from {mart}) as changes
                    """).format(
                        snapshot=sql.Identifier("snapshots", f"{entity.name}_snapshot"),
                        mart=sql.Identifier("marts", f"{entity.singular}_history"),
                    )
                ).fetchone()
                or {}
            )
    return EntitySize(entity=entity.name, **counts)
