"""Whole processes, as a user runs them, in homes and databases of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from psycopg import sql

from benchmarks.table import WrongResultError
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import embedded
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import psycopg

_OF_OTHERS = re.compile("(QBH|DAGSTER|DBT|MELTANO|TAP|TARGET)_.*|PG.*|DATABASE_URL|PYTHONDONTWRITEBYTECODE")
"""Variables that would let a measured process work elsewhere or otherwise than a fresh checkout does. Without compiled
bytecode every start of a process would compile all it imports."""

LAST_WORDS = 2_000
"""Characters of a failed process's output that are told."""


def tell(what: str) -> None:
    """Say how far it is, on standard error."""
    print(f"  {what}", file=sys.stderr, flush=True)


def forget_environment() -> None:
    """Drop every variable from this process, and so from its children, that is not the benchmark's own."""
    for name in filter(_OF_OTHERS.fullmatch, [*os.environ]):
        del os.environ[name]
    os.environ["PATH"] = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"


def run(command: Sequence[str], log: Path, *, environment: Mapping[str, str], folder: Path | None = None) -> float:
    """Run a process to its end.

    Args:
        command: The program and its arguments.
        log: Where its output goes.
        environment: Variables beside those of this process.
        folder: Where it runs.

    Returns:
        Seconds from start to end.

    Raises:
        WrongResultError: It did not end with 0.
    """
    with log.open("a") as output:
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        took = time.perf_counter() - start
    if done.returncode:
        words = log.read_text(errors="replace")[-LAST_WORDS:]
        print(words, file=sys.stderr)
        raise WrongResultError(f"`{' '.join(command[:3])}` ended with {done.returncode}")
    return took


@dataclass
class Home:
    """A `QBH_HOME` of its own, and what was delivered to it.

    Attributes:
        folder: The home.
        url: Its database; the embedded one of this home when there is none.
        rows: Of each entity, the rows of the files that were delivered.
    """

    folder: Path
    url: str | None = None
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENTITIES, 0))

    def __post_init__(self) -> None:
        self.inbox.mkdir(parents=True)

    @cached_property
    def settings(self) -> Settings:
        """As the processes of this home read them."""
        return Settings(home=self.folder, database_url=self.url)

    @property
    def inbox(self) -> Path:
        """Where exports are dropped."""
        return self.folder / "inbox"

    @property
    def environment(self) -> dict[str, str]:
        """What tells a process of this home and no other."""
        return {"QBH_HOME": str(self.folder)} | ({"DATABASE_URL": self.url} if self.url else {})

    def expect(self, entity: str, *exports: Path) -> None:
        """Note the rows of exports that lie in the inbox; none of them has a line break within a cell."""
        for export in exports:
            with export.open("rb") as file:
                self.rows[entity] += sum(1 for _ in file) - 1

    def qbh(self, *arguments: str) -> float:
        """Run one of our commands and return its seconds."""
        return run(["qbh", *arguments], self.folder / "qbh.log", environment=self.environment)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """A connection to this home's database, whose server runs for so long."""
        url = self.url or embedded.start(self.settings)
        try:
            with connect(url) as connection:
                yield connection
        finally:
            if not self.url:
                embedded.stop(self.settings)

    def require_rows(self) -> None:
        """Require every row of every file to be in raw.

        Raises:
            WrongResultError: One is missing, or there are more.
        """
        with self.connection() as connection:
            for entity, rows in self.rows.items():
                require_rows(connection, "raw", entity, rows)

    def require_right(self) -> None:
        """Require every row in raw, and history to be what `qbh verify` makes of them anew.

        Raises:
            WrongResultError: It is not.
        """
        self.require_rows()
        took = self.qbh("verify")
        tell(f"qbh verify agrees, {took:.1f} s")


def require_rows(connection: psycopg.Connection, schema: str, table: str, rows: int) -> None:
    """Require a table to have so many rows.

    Raises:
        WrongResultError: It has more, or fewer.
    """
    statement = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
    (found,) = connection.execute(statement).fetchone() or (0,)
    if found != rows:
        raise WrongResultError(f"{schema}.{table} has {found:,} rows, {rows:,} are right")


class Server:
    """One embedded PostgreSQL for a part's peer and product, with a database that is empty when a turn begins.

    It has the name that `qbh` gives its own, for which a checkout has parsed its dbt project.
    """

    def __init__(self, folder: Path) -> None:
        self._settings = Settings(home=folder, database_url=None)

    def __enter__(self) -> Server:
        self._url = embedded.start(self._settings)
        return self

    def __exit__(self, *_: object) -> None:
        embedded.stop(self._settings)

    def empty_database(self) -> str:
        """Put an empty database in place of what the turn before has made, and return its URL.

        The server has written out what is left of that turn before the next one's time begins.
        """
        name = sql.Identifier(embedded.DATABASE)
        with connect(self._url.replace(f"/{embedded.DATABASE}?", "/postgres?")) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(name))
            connection.execute(sql.SQL("create database {} encoding 'utf8' template template0").format(name))
            connection.execute("checkpoint")
        return self._url


def warm_up(folder: Path, exports: Iterable[Path]) -> None:
    """Load some exports into a home that is not measured: what a fresh checkout compiles, it compiles now."""
    home = Home(folder)
    for export in exports:
        export.rename(home.inbox / export.name)
    tell(f"warmed up, {home.qbh('load'):.1f} s")
