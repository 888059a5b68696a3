"""How the tables of `meta` became what they are: numbered SQL files, each applied once to a database, in order.

A file that has been released is never changed; what a later version wants otherwise is the next file. Its names are
without a schema, for `qbh doctor` makes the same tables elsewhere to compare with (`warehouse/drift.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from quickbooks_history import version

if TYPE_CHECKING:
    import psycopg

FOLDER = Path(__file__).parent
"""Where the files are: `0001_what_it_is_about.sql` and so on, without a gap."""

TABLE = "schema_migrations"
"""The table of `meta` that says which of them a database has had. A database of 0.1.0 or before has none."""

_FILE_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


@dataclass(frozen=True)
class Migration:
    """One step of the schema.

    Attributes:
        number: Its place among them, from 1 on.
        name: What it is about.
        statements: Its SQL.
    """

    number: int
    name: str
    statements: str


class NewerDatabaseError(RuntimeError):
    """A program of a later version has worked in the database, and this one keeps its hands off it."""


@cache
def migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Return all migrations, in order.

    Args:
        folder: Where they are.

    Raises:
        ValueError: The files are not numbered from 1 on without a gap.
    """
    found = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
        named = _FILE_NAME.fullmatch(path.name)
        if named is None or int(named["number"]) != number:
            raise ValueError(f"{path} is not named as migration {number}: {number:04}_what_it_is_about.sql")
        found.append(Migration(number, named["name"], path.read_text()))
    return tuple(found)


def applied(connection: psycopg.Connection) -> int:
    """Return the number of the last migration that the database has had; 0 if there is none, or no schema yet.

    Raises:
        NewerDatabaseError: It has had one that this program does not know.
    """
    noted = connection.execute("select to_regclass(%s)", [f"meta.{TABLE}"]).fetchone()
    if noted is None or noted[0] is None:
        return 0
    last = connection.execute(
        "select number, program_version from meta.schema_migrations order by number desc limit 1"
    ).fetchone()
    number, by = last or (0, None)
    if number > len(migrations()):
        raise NewerDatabaseError(
            f"the database is newer than this program: quickbooks-history {by} has worked in it (its schema is number "
            f"{number}), and this is {version()}, which knows number {len(migrations())}. Nothing was written. "
            f"Install {by} or a later version (docs/operations.md, Upgrades)"
        )
    return int(number)


def migrate(connection: psycopg.Connection) -> None:
    """Apply what the database has not had yet, all of it or, where one fails, nothing.

    Args:
        connection: In a transaction, in which nobody else migrates.

    Raises:
        NewerDatabaseError: The database has had more than this program knows.
    """
    connection.execute("create schema if not exists meta")
    due = migrations()[applied(connection) :]
    if not due:
        return
    apply(connection, due, schema="meta")
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into meta.schema_migrations (number, name, program_version) values (%s, %s, %s)",
            [(migration.number, migration.name, version()) for migration in due],
        )


def apply(connection: psycopg.Connection, due: tuple[Migration, ...], *, schema: str) -> None:
    """Run the statements of migrations in a schema.

    Args:
        connection: In a transaction.
        due: The migrations, in order.
        schema: Where their names are.
    """
    before = connection.execute("select current_setting('search_path')").fetchone() or ("",)
    connection.execute(sql.SQL("set local search_path to {}").format(sql.Identifier(schema)))
    for migration in due:
        connection.execute(migration.statements.encode())
    connection.execute("select set_config('search_path', %s, true)", [before[0]])
