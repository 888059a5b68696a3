"""What differs between the tables of `meta` and `raw` as they are and as this version makes them.

What they should be is not written down a second time: the migrations and the contract make them once more, as temporary
tables, and PostgreSQL's catalog describes both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg import sql

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse import migrations
from quickbooks_history.warehouse.schema import make_raw_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

_TEMPORARY = "pg_temp"


@dataclass(frozen=True)
class Difference:
    """One thing that is not as this version makes it.

    Attributes:
        found: What is there instead.
        remedy: What to do about it.
    """

    found: str
    remedy: str


@dataclass
class _Table:
    """A table as the catalog describes it; what has a name of PostgreSQL's own choice is known by its definition."""

    columns: dict[str, str] = field(default_factory=dict)
    constraints: set[str] = field(default_factory=set)
    indexes: set[str] = field(default_factory=set)


def differences(connection: psycopg.Connection) -> list[Difference]:
    """Return what is missing in `meta` and `raw`, or is otherwise than this version makes it. Nothing is written.

    Columns and indexes that somebody has added are nobody's business, and months of the log are not looked at.

    Args:
        connection: To a database that has had every migration.
    """
    with connection.transaction(force_rollback=True):
        # First, for temporary tables hide others of their names.
        present = {schema: _described(connection, schema) for schema in ("meta", "raw")}
        migrations.apply(connection, migrations.migrations(), schema=_TEMPORARY)
        ledger = _described(connection, _TEMPORARY)
        for entity in ENTITIES.values():
            make_raw_table(connection, entity, _TEMPORARY)
        made = _described(connection, _TEMPORARY)
        # Of those that have no month, that they are there: they are what the whole log is.
        log = {name: made[name] if name in ENTITIES else _Table() for name in made if name not in ledger}
        return [*_compared("meta", ledger, present["meta"]), *_compared("raw", log, present["raw"])]


def _compared(schema: str, wanted: dict[str, _Table], present: dict[str, _Table]) -> Iterator[Difference]:
    def in_psql(statement: str) -> str:
        return f"in psql, with nothing else running: set search_path to {schema}; {statement}"

    for name, table in wanted.items():
        full_name = f"{schema}.{name}"
        if name not in present:
            yield Difference(
                f"there is no table {full_name}",
                "restore the database from a backup, or load all exports into an empty one (docs/operations.md)",
            )
            continue
        have = present[name]
        for column, definition in table.columns.items():
            quoted = sql.Identifier(column).as_string()
            if column not in have.columns:
                remedy = in_psql(f"alter table {name} add column {quoted} {definition}")
                yield Difference(f"{full_name} has no column {quoted}", remedy)
            elif have.columns[column] != definition:
                yield Difference(
                    f"column {quoted} of {full_name} is {have.columns[column]}, not {definition}",
                    in_psql(f"alter table {name} alter column {quoted} ..., back to what it should be"),
                )
        for constraint in sorted(table.constraints - have.constraints):
            yield Difference(f"{full_name} has no {constraint}", in_psql(f"alter table {name} add {constraint}"))
        for index in sorted(table.indexes - have.indexes):
            yield Difference(f"{full_name} lacks an index", in_psql(index))


_COLUMNS = """
    select relname, attname, concat_ws(
        ' ',
        format_type(atttypid, atttypmod),
        case when attnotnull then 'not null' end,
        case when attidentity <> '' then 'generated always as identity' end,
        'default ' || pg_get_expr(adbin, adrelid)
    )
    from pg_class
    join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relnamespace = {schema} and relkind in ('r', 'p')
    order by relname, attnum
"""

# A primary key is told as a constraint, and not once more as the index that it is.
_CONSTRAINTS = """
    select relname, pg_get_constraintdef(pg_constraint.oid, true)
    from pg_class
    join pg_constraint on conrelid = pg_class.oid and contype <> 'n'
    where relnamespace = {schema} and relkind in ('r', 'p')
"""

# Without their names, which PostgreSQL may have chosen.
_INDEXES = """
    select relname, replace(
        regexp_replace(pg_get_indexdef(indexrelid, 0, true), ' INDEX .+? ON ', ' INDEX ON '), ' ON ONLY ', ' ON '
    )
    from pg_class
    join pg_index on indrelid = pg_class.oid and indisvalid
    where relnamespace = {schema} and relkind in ('r', 'p')
    and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
"""


def _described(connection: psycopg.Connection, schema: str) -> dict[str, _Table]:
    """Describe every table of a schema, whose own names are told without it."""
    connection.execute(sql.SQL("set local search_path to {}").format(sql.Identifier(schema)))
    row = connection.execute("select pg_my_temp_schema()" if schema == _TEMPORARY else "select 0").fetchone()
    namespace = sql.Literal(row[0]) if row and row[0] else sql.SQL("to_regnamespace({})").format(sql.Literal(schema))
    tables: dict[str, _Table] = {}
    for name, column, definition in connection.execute(sql.SQL(_COLUMNS).format(schema=namespace)):
        tables.setdefault(name, _Table()).columns[column] = definition
    for name, definition in connection.execute(sql.SQL(_CONSTRAINTS).format(schema=namespace)):
        tables[name].constraints.add(definition)
    for name, definition in connection.execute(sql.SQL(_INDEXES).format(schema=namespace)):
        tables[name].indexes.add(definition)
    return tables


def missing_tables(connection: psycopg.Connection, names: list[str]) -> list[str]:
    """Return which tables and views are not there, of those that history is made of; before the first history, none.

    Args:
        connection: To the warehouse.
        names: Those that are to be looked for, as `schema.table`.
    """
    if connection.execute("select from meta.applied_loads limit 1").fetchone() is None:
        return []
    missing = connection.execute(
        "select name from unnest(%s::text[]) as name where to_regclass(name) is null", [names]
    ).fetchall()
    return [name for (name,) in missing]
