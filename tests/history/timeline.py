"""Timelines: export files in, tables of history out, both written as one would write them in a document.

    any_order.deliver('''
        item_all_04_03_2025.csv
            Item Name | Sales Price | Quantity On Hand
            A         | 10.00       | 5

        Item_04_04_2025_2_00_03.csv
            Item Name | Sales Price | Quantity On Hand
            A         | 10.0        | 4
    ''')
    any_order.shows('snapshots.items_snapshot', '''
        item_name | sales_price | quantity_on_hand | from           | to
        A         | 10          | 5                | 04-03          | 04-04 02:00:03
        A         | 10          | 4                | 04-04 02:00:03 |
    ''')

The tables in between are the product's: files are read by its tap, loaded by its target, and made history by its
dbt models, on a real PostgreSQL server. Only Meltano, Dagster and the processes between them are left out.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dbt.cli.main import dbtRunner
from export_files import export_text
from psycopg import sql

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.exports.names import parse_export_name
from quickbooks_history.parsed import OF_RUNS
from quickbooks_history.singer.delivery import DeliveryNote, local_path
from quickbooks_history.singer.tap import TapQuickBooksCsv
from quickbooks_history.singer.target import TargetPostgresAppend
from quickbooks_history.warehouse.connection import connect, sqlalchemy_url, tool_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import psycopg
    from quick_dbt import QuickDbt

DATABASE, TEMPLATE = "history", "history_template"
"""The database of the test that runs, and the one that it is usually a copy of.

dbt writes a database's name into the project as it parses it, so that every test's database has one name.
"""

DBT_PROJECT = Path(__file__).parents[2] / "dbt_project"

SHORT_NAMES = {"from": "dbt_valid_from", "to": "dbt_valid_to"}
"""What columns may be called in a table that a test writes out."""

FIRST_MODIFIED = datetime(2026, 1, 1, tzinfo=UTC)
"""When the first file of a timeline was written, as far as its file system knows."""


@dataclass(frozen=True)
class File:
    """An export that a timeline delivers: its name, and its CSV text."""

    name: str
    text: str

    @property
    def slot(self) -> tuple[str, datetime, str]:
        """The place in history that the file fills."""
        name = parse_export_name(self.name, UTC)
        return name.entity.name, name.exported_at, name.scope

    @property
    def entity(self) -> str:
        """What the file lists."""
        return self.slot[0]

    @property
    def order(self) -> tuple[datetime, bool]:
        """Where the file stands in history: by moment, a full export after a partial one."""
        return self.slot[1], self.slot[2] == "full"


def files(text: str) -> list[File]:
    """Read a timeline's files: a name on a line of its own, and below it a table.

    A column that the table does not name is absent from the file, unless a file without it would be rejected: then
    it is there, and blank.
    """
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.endswith(".csv"):
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return [_file(name, lines) for name, lines in found]


def _file(name: str, lines: list[str]) -> File:
    entity = parse_export_name(name, UTC).entity.name
    header, *rows = [_cells(line) for line in lines]
    records = [dict(zip(header, row, strict=True)) for row in rows]
    return File(name, export_text(entity, *records, extra=tuple(header)))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


# The orders in which a timeline's files may come. Files of one slot correct one another, so that their order among
# themselves is part of what is delivered: it is kept in each.


def one_by_one(delivered: Sequence[File]) -> list[list[File]]:
    """As a folder fills in the course of a year."""
    return [[file] for file in delivered]


def latest_first(delivered: Sequence[File]) -> list[list[File]]:
    """As when someone finds older and older exports."""
    return [[file] for file in sorted(delivered, key=lambda file: file.order, reverse=True)]


def at_once(delivered: Sequence[File]) -> list[list[File]]:
    """As when history begins with a folder of old exports."""
    return [list(delivered)]


ORDERS = (one_by_one, latest_first, at_once)


@contextmanager
def warehouse(server: psycopg.Connection, template: str, keep_as: str | None = None) -> Iterator[None]:
    """Make the tests' database, as a copy of another; drop it in the end, or keep it under another name.

    Args:
        server: A connection from which databases are made and dropped.
        template: The database to copy.
        keep_as: What it is called from then on.
    """
    server.execute(f"create database {DATABASE} template {template}")
    try:
        yield
        if keep_as:
            server.execute(f"alter database {DATABASE} rename to {keep_as}")
    finally:
        server.execute(f"drop database if exists {DATABASE} with (force)")


class Dbt:
    """dbt in this process, its project parsed once for one database."""

    def __init__(self, folder: Path, url: str, project: Path = DBT_PROJECT, target: str = "dev") -> None:
        self._environment = tool_environment(url)
        self._flags = [
            *("--project-dir", str(project), "--profiles-dir", str(project), "--target", target),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"), "--log-level", "none"),
            *("--no-write-json", "--no-partial-parse"),
        ]
        self._runner = dbtRunner()
        self._runner = dbtRunner(manifest=self._invoke("parse").result)

    def build_staging(self) -> None:
        """Make the staging views; they hold for every run to come."""
        self.build("staging")

    def build_history(self, entities: Iterable[str]) -> None:
        """Bring the snapshots and the history marts of some entities up to date."""
        self.build(*(node for entity in entities for node in history_nodes(entity)))

    def build_all(self) -> None:
        """Make everything and test it, as a load does."""
        self._invoke("build", "--exclude", "resource_type:unit_test")

    def build_with_parents(self, *nodes: str) -> None:
        """Make some tables and whatever they are made of."""
        self.build(*(f"+{node}" for node in nodes))

    def build(self, *nodes: str, flags: Sequence[str] = ()) -> None:
        """Build models and snapshots, of all or of these.

        Raises:
            AssertionError: One failed, or the run did.
        """
        selection = ["--select", *nodes] if nodes else []
        self._invoke("build", "--resource-type", "model", "--resource-type", "snapshot", *selection, *flags)

    def passes(self, *arguments: str) -> bool:
        """Whether a command succeeds; tests that fail are no errors of the one who asks."""
        return bool(self._run(*arguments).success)

    def compiled(self, test: str) -> str:
        """Return the SQL of a data test as a run has it, which looks at what was rewritten."""
        (result,) = self._invoke("compile", "--select", test, *OF_RUNS).result
        return str(result.node.compiled_code)

    def _invoke(self, *arguments: str) -> Any:
        result = self._run(*arguments)
        if not result.success:
            failures = [f"{node.node.name}: {node.message}" for node in result.result or [] if node.status == "error"]
            raise AssertionError("\n".join(failures)) from result.exception
        return result

    def _run(self, *arguments: str) -> Any:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in self._environment.items():
                environment.setenv(name, value)
            return self._runner.invoke([*arguments, *self._flags])


def history_nodes(entity: str) -> list[str]:
    """The snapshots and the mart that make an entity's history."""
    contract = ENTITIES[entity]
    return ["effective_loads", *contract.snapshots, f"{contract.singular}_history"]


@dataclass
class History:
    """A warehouse, and a folder from which files are delivered to it.

    Attributes:
        url: Its database.
        dbt: Makes the history.
        folder: Where the files are laid, each delivery's in a folder of its own.
        order: How `deliver` groups its files; each group is one run.
        quick: Brings history up to date in place of `dbt`, if there is one.
        runs: Of the groups that were delivered, each with its files.
    """

    url: str
    dbt: Dbt
    folder: Path
    order: Any = at_once
    quick: QuickDbt | None = None
    runs: list[list[File]] = field(default_factory=list)

    def deliver(self, delivered: str | Sequence[File]) -> None:
        """Load files, in this history's order, and bring history up to date after each group."""
        for group in self.order(files(delivered) if isinstance(delivered, str) else delivered):
            self.load(group)
            self.refresh(*{file.entity for file in group})

    def load(self, group: Sequence[File]) -> None:
        """Load files as one run of tap and target does, without touching history."""
        paths = [self._lay(file, place) for place, file in enumerate(group)]
        self.runs.append(list(group))
        spool = {"encoding": {"format": "csv"}, "storage": {"root": str(self.folder / "spool")}}
        tap = TapQuickBooksCsv(config={"paths": list(map(str, paths)), "batch_config": spool})
        target = TargetPostgresAppend(config={"sqlalchemy_url": sqlalchemy_url(self.url)})
        for entity in dict.fromkeys(file.entity for file in group):
            stream = tap.streams[entity]
            for _, urls in stream.get_batches(stream.get_batch_config(tap.config)):
                for batch_file in map(local_path, urls):
                    target.take_delivery(DeliveryNote.read(batch_file), batch_file)
        target.process_endofpipe()
        target.target_connector._engine.dispose()

    def refresh(self, *entities: str) -> None:
        """Bring the history of entities up to date."""
        if self.quick:
            self.quick.forget_tables()  # which `dbt` may have made meanwhile, and the test before dropped
        (self.quick or self.dbt).build_history(sorted(entities))

    def set_status(self, file_name: str, status: str) -> None:
        """Say in the ledger what became of the latest load of a file."""
        with connect(self.url) as connection:
            changed = connection.execute(
                "update meta.loads set status = %s where load_id = (select max(load_id) from meta.loads"
                " where file_name = %s and status <> 'duplicate')",
                [status, file_name],
            ).rowcount
        assert changed == 1, f"no load of {file_name}"

    def shows(
        self, relation: str, expected: str, where: str = "true", shown: Callable[[Any], str] | None = None
    ) -> None:
        """Assert that a relation holds these rows, and no others, in the columns that the table names.

        Moments are written as `MM-DD` (of 2025) and, if it is not midnight, the time of day; null as blank. Another
        way to write a value is what `shown` gives.
        """
        __tracebackhide__ = True
        header, *rows = [_cells(line) for line in filter(None, map(str.strip, expected.splitlines()))]
        actual = [[(shown or _shown)(value) for value in row] for row in self.rows(relation, header, where)]
        assert _aligned(header, actual) == _aligned(header, rows), f"{relation} holds other rows"

    def rows(self, relation: str, columns: Sequence[str], where: str = "true") -> list[tuple[Any, ...]]:
        """Rows of a relation, `<schema>.<name>`."""
        statement = sql.SQL("select {} from {} where {}").format(
            sql.SQL(", ").join(sql.Identifier(SHORT_NAMES.get(name, name)) for name in columns),
            sql.Identifier(*relation.split(".")),
            sql.SQL(where),
        )
        with connect(self.url) as connection:
            return connection.execute(statement).fetchall()

    def row_identities(self, relation: str) -> list[tuple[Any, ...]]:
        """What PostgreSQL knows a relation's rows by: a row that is written anew has another."""
        return sorted(self.rows(relation, ["dbt_scd_id", "ctid", "xmin"]))

    def _lay(self, file: File, place: int) -> Path:
        """Write a file where nothing lies yet, later than the files of its group before it."""
        folder = self.folder / f"{len(self.runs):03}_{place:03}"
        folder.mkdir()
        path = folder / file.name
        path.write_bytes(file.text.encode())
        modified = FIRST_MODIFIED.timestamp() + 60 * len(self.runs) + place
        os.utime(path, (modified, modified))
        return path


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        assert moment.year == 2025, f"timelines play in 2025, and this is {moment}"
        return f"{moment:%m-%d}" if moment.time() == moment.min.time() else f"{moment:%m-%d %H:%M:%S}"
    return "" if value is None else str(value)


def _aligned(header: list[str], rows: list[list[str]]) -> str:
    """A table as text, its rows sorted, so that two of them can be compared line by line."""
    table = [header, *sorted(rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
    )
