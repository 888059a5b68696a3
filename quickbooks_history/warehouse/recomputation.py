"""History as it is against history made anew from the log: what differs, and the replacement of one by the other.

dbt's target `scratch` makes all of history anew in a schema of its own (dbt_project/profiles.yml), by the road that a
first build takes and a nightly run does not.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse.history import mark_everything_unchecked
from quickbooks_history.warehouse.schema import column_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

SCRATCH_TARGET = "scratch"
"""The target by which dbt makes history anew."""

SCRATCH = "quickbooks_history_scratch"
"""The schema that it builds in: one that nobody else would think of, for it is dropped with all that is in it."""

FIRST = 5
"""Of each kind of difference, so many rows are told."""

# What two rows of a table must share to be two versions of one; of a table that has none of these, no two are.
_IDENTITIES = (("dbt_scd_id",), ("record_key", "column_name", "changed_at", "change_type"), ("load_id",))


@dataclass(frozen=True)
class RowDifference:
    """One row that is not as it was recomputed.

    Attributes:
        there: What the table holds, or None if it lacks the row.
        recomputed: What it should hold, or None if it should not hold the row.
    """

    there: dict[str, Any] | None
    recomputed: dict[str, Any] | None

    @property
    def kind(self) -> str:
        """`missing`, `surplus` or `wrong`."""
        if self.there is None:
            return "missing"
        return "surplus" if self.recomputed is None else "wrong"


@dataclass(frozen=True)
class Comparison:
    """How a table of history compares with what the log says.

    Attributes:
        table: Its name, `<schema>.<table>`.
        rows: How many rows were recomputed.
        missing: How many of them the table lacks.
        surplus: How many rows it has that were not recomputed.
        wrong: How many rows it has of which some column was recomputed to another value.
        absent_columns: Columns that it lacks or has with another type; all of them if there is no such table.
        first: The first differing rows of each kind, at most `FIRST`.
    """

    table: str
    rows: int
    missing: int = 0
    surplus: int = 0
    wrong: int = 0
    absent_columns: tuple[str, ...] = ()
    first: tuple[RowDifference, ...] = field(default=())

    @property
    def agrees(self) -> bool:
        """Whether the table holds what the log says."""
        return not (self.missing or self.surplus or self.wrong or self.absent_columns)

    @property
    def in_words(self) -> str:
        """What is to be said of it in a line."""
        if self.agrees:
            return f"agrees, {self.rows:,} rows"
        counts = {"missing": self.missing, "surplus": self.surplus, "wrong": self.wrong}
        words = [f"{count:,} {kind}" for kind, count in counts.items() if count]
        words += [f"no column {', '.join(self.absent_columns)}"] if self.absent_columns else []
        return f"differs, {self.rows:,} rows recomputed: {'; '.join(words)}"


@contextmanager
def scratch_schema(connection: psycopg.Connection) -> Iterator[None]:
    """See to it that the scratch schema is empty before, and gone after."""
    drop_scratch(connection)
    try:
        yield
    finally:
        if not connection.closed:
            drop_scratch(connection)


def drop_scratch(connection: psycopg.Connection) -> None:
    """Drop the scratch schema and all that is in it, if it is there."""
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(SCRATCH)))


def compare(connection: psycopg.Connection, schema: str, table: str) -> Comparison:
    """Compare a table of history, row for row, with the one of its name that was recomputed.

    Args:
        connection: In autocommit mode.
        schema: The table's schema.
        table: Its name.
    """
    name = f"{schema}.{table}"
    there, recomputed = sql.Identifier(schema, table), sql.Identifier(SCRATCH, table)
    types = column_types(connection, SCRATCH, table)
    row = connection.execute(sql.SQL("select count(*) from {}").format(recomputed)).fetchone()
    rows = int(row[0]) if row else 0
    present = column_types(connection, schema, table)
    if not present:
        return Comparison(name, rows, missing=rows, absent_columns=tuple(types))
    columns = [column for column in types if present.get(column) == types[column]]
    identity = next((key for key in _IDENTITIES if set(key) <= set(columns)), ())
    statement = sql.SQL("""
        with surplus as (select {columns} from {there} except all select {columns} from {recomputed}),
        missing as (select {columns} from {recomputed} except all select {columns} from {there}),
        paired as (
            select to_jsonb(surplus) as there, to_jsonb(missing) as recomputed
            from surplus full join missing on {same}
        ),
        numbered as (
            select there, recomputed, count(*) over kind as of_kind, row_number() over kind_in_order as nth
            from paired
            window kind as (partition by there is null, recomputed is null),
                kind_in_order as (kind order by coalesce(there, recomputed)::text)
        )
        select there, recomputed, of_kind from numbered where nth <= {most}
    """).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        there=there,
        recomputed=recomputed,
        same=sql.SQL(" and ").join(
            sql.SQL("surplus.{0} = missing.{0}").format(sql.Identifier(column)) for column in identity
        )
        if identity
        else sql.SQL("false"),
        most=sql.Literal(FIRST),
    )
    counts = {"missing": 0, "surplus": 0, "wrong": 0}
    first = []
    with connection.cursor(row_factory=dict_row) as cursor:
        for found in cursor.execute(statement):
            difference = RowDifference(found["there"], found["recomputed"])
            counts[difference.kind] = found["of_kind"]
            first.append(difference)
    absent = tuple(column for column in types if column not in columns)
    return Comparison(name, rows, **counts, absent_columns=absent, first=tuple(first))


def replace(connection: psycopg.Connection, tables: Sequence[tuple[str, str]]) -> list[Comparison]:
    """Put the recomputed rows in place of those that are there, in one transaction.

    Readers see all of the old or all of the new, for rows are deleted and inserted: a truncated table is empty to
    those who began to read before. Tables that agree are not written to; what is not there, dbt makes at its next run.
    dbt run by hand waits, as it does for a run of its own kind.

    Args:
        connection: In autocommit mode.
        tables: Schema and name of each table of history, what is made of others after them.

    Returns:
        What was there before.
    """
    with connection.transaction():
        for schema, table in tables:
            if column_types(connection, schema, table):
                connection.execute(
                    sql.SQL("lock table {} in share row exclusive mode").format(sql.Identifier(schema, table))
                )
        comparisons = [compare(connection, schema, table) for schema, table in tables]
        for (schema, table), comparison in zip(tables, comparisons, strict=True):
            there, recomputed = sql.Identifier(schema, table), sql.Identifier(SCRATCH, table)
            types, present = column_types(connection, SCRATCH, table), column_types(connection, schema, table)
            if comparison.agrees or not present:
                continue
            for column in comparison.absent_columns:
                if column in present:  # of another type: what shows it, dbt makes again
                    connection.execute(
                        sql.SQL("alter table {} drop column {} cascade").format(there, sql.Identifier(column))
                    )
                connection.execute(
                    sql.SQL("alter table {} add column {} {}").format(
                        there, sql.Identifier(column), sql.SQL(types[column])
                    )
                )
            columns = sql.SQL(", ").join(map(sql.Identifier, types))
            connection.execute(sql.SQL("delete from {}").format(there))
            connection.execute(
                sql.SQL("insert into {} ({}) select {} from {}").format(there, columns, columns, recomputed)
            )
        _note_applied(connection)
        if not all(comparison.agrees for comparison in comparisons):
            mark_everything_unchecked(connection)
    return comparisons


def _note_applied(connection: psycopg.Connection) -> None:
    """Note that every snapshot holds the recomputed loads, and that no history mart is behind its snapshot."""
    connection.execute("delete from meta.applied_loads")
    connection.execute("delete from meta.stale_history")
    for entity in ENTITIES.values():
        for snapshot in entity.snapshots:
            connection.execute(
                sql.SQL(
                    "insert into meta.applied_loads (snapshot, load_id) select %s, load_id from {} where entity = %s"
                ).format(sql.Identifier(SCRATCH, "effective_loads")),
                [snapshot, entity.name],
            )


def adopt_columns(connection: psycopg.Connection) -> int:
    """Let loads have the columns that the contract did not know when they came and `raw` kept.

    Only history that is made anew may do so: a nightly run would not know which records to look at again. Should it
    not come to that, the next run applies all loads of the entity once more.

    Args:
        connection: In autocommit mode.

    Returns:
        How many loads have more columns now.
    """
    adopted: set[int] = set()
    with connection.transaction():
        for entity in ENTITIES.values():
            for column in entity.columns:
                changed = connection.execute(
                    "update meta.loads set observed_columns = observed_columns || %(names)s,"
                    " unknown_columns = array_remove(unknown_columns, %(header)s)"
                    " where entity = %(entity)s and %(header)s = any(unknown_columns) returning load_id",
                    {"names": list(column.staging_names), "header": column.header, "entity": entity.name},
                ).fetchall()
                adopted.update(load_id for (load_id,) in changed)
                if changed:
                    connection.execute(
                        "delete from meta.applied_loads where snapshot = any(%s)", [list(entity.snapshots)]
                    )
    return len(adopted)
