"""A small company whose files are loaded while something goes wrong, and whether all of them is right afterwards."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psutil
import reference
from companies import INVOICES, ITEMS, Book
from export_files import export_text

from quickbooks_history.exports.names import parse_export_name
from quickbooks_history.warehouse.archive import archived_months, damaged_files
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from home import Home

FIRST_NIGHT = datetime(2025, 1, 20, tzinfo=UTC)

COLUMNS = {
    "items": ("Item Name", "Purchase Cost", "Sales Price", "Quantity On Hand", "Status"),
    "invoices": (
        *("Invoice No", "Customer", "Invoice Date", "Product/Service", "Product/Service Quantity", "Total Amount"),
        "QuickBooks Internal Id",
    ),
}


@dataclass
class Company:
    """What its exports say, night by night; each has the files of every book."""

    random: random.Random
    night: int = 0
    loads: dict[str, reference.Load] = field(default_factory=dict)

    def next_files(self, folder: Path) -> list[Path]:
        """Write a night's exports, a full one every fifth night."""
        moment = FIRST_NIGHT + timedelta(days=5 * self.night)
        full = self.night % 5 == 0
        self.night += 1
        return [self._write(folder, book, moment, full=full) for book in (ITEMS, INVOICES)]

    def _write(self, folder: Path, book: Book, moment: datetime, *, full: bool) -> Path:
        name = f"{book.fulls[0]}_{moment:%m_%d_%Y}.csv" if full else f"{book.partial}_{moment:%m_%d_%Y}_2_00_00.csv"
        keys = [key for key in range(14) if self.random.random() < (0.95 if full else 0.4)]
        rows = [row for key in keys for row in self._rows(book, key)]
        columns = COLUMNS[book.entity]
        stated = parse_export_name(name, UTC)
        self.loads[name] = reference.Load(stated.exported_at, stated.scope.value, name, columns, tuple(rows))
        path = folder / name
        path.write_bytes(export_text(book.entity, *rows, extra=columns).encode())
        return path

    def _rows(self, book: Book, key: int) -> list[dict[str, str]]:
        some = self.random.choice
        if book is ITEMS:
            return [dict(zip(COLUMNS["items"], (f"A-{key}", "1", some("123"), some("456"), "true"), strict=True))]
        total = some(["10", "20.00"])
        return [
            dict(
                zip(
                    COLUMNS["invoices"],
                    (f"{key}", "N", "01-31-2025", some("XY"), some("12"), total, f"1-{key}"),
                    strict=True,
                )
            )
            for _ in range(self.random.randint(1, 3))
        ]


KINDS = {
    "target-postgres": "loader",
    "tap-quickbooks-csv": "tap",
    "qbh-meltano": "qbh-meltano",
    "meltano": "Meltano",
    "qbh-dbt": "qbh-dbt",
    "standby": "dbt",
    "bin/qbh": "qbh",
}


def processes(home: Home) -> list[tuple[str, psutil.Process]]:
    """The processes of a home, each with what it is."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            line = " ".join(process.cmdline())
            if process.name().startswith("postgres"):
                # The server's children write their titles in place of their commands.
                owner = process if str(home.path) in line else process.parent()
                if owner is not None and str(home.path) in " ".join(owner.cmdline()):
                    is_client = "[local]" in line
                    found.append(("server" if owner == process else "backend" if is_client else "", process))
            elif process.environ().get("QBH_HOME") == str(home.path):
                found.append((next((kind for part, kind in KINDS.items() if part in line), ""), process))
    return found


def agrees(home: Home, company: Company, *, whole: bool = False) -> None:
    """Assert that log, ledger, snapshots and history marts are what the delivered files and the decisions make."""
    with connect(home.url()) as connection:
        delivered = {name for (name,) in connection.execute("select file_name from meta.loads")}
        assert delivered == set(company.loads), "a file was not delivered"
        log_is_complete(connection, home, whole=whole)
        for book in (ITEMS, INVOICES):
            effective = [
                company.loads[name]
                for (name,) in connection.execute(
                    "select file_name from meta.loads where entity = %s and status = 'loaded'", [book.entity]
                )
            ]
            versions(connection, book.snapshot, ["record_key"], book.kind.record_columns, book, effective)
            if book.lines:
                key = ["record_key", "product_service", "occurrence"]
                versions(connection, book.lines, key, book.kind.line_columns, book, effective)
            columns = "record_key, column_name, old_value, new_value, changed_at, change_type, file_name"
            told = connection.execute(f"select {columns} from marts.{book.history}").fetchall()
            expected = [tuple(vars(change).values()) for change in reference.changes(book.kind, effective)]
            same(told, expected, book.history)


def versions(
    connection: psycopg.Connection, snapshot: str, key: list[str], columns: Any, book: Book, loads: list[reference.Load]
) -> None:
    names = [name for _, name, _ in columns]
    made = reference.line_versions if book.lines == snapshot else reference.record_versions
    selected = ", ".join([*key, "dbt_valid_from", "dbt_valid_to", "file_name", *names])
    expected = [
        (*version.key, version.valid_from, version.valid_to, version.file_name, *map(version.values.get, names))
        for version in made(book.kind, loads)
    ]
    same(connection.execute(f"select {selected} from snapshots.{snapshot}").fetchall(), expected, snapshot)


def same(actual: list[tuple[Any, ...]], expected: list[tuple[Any, ...]], what: str) -> None:
    missing, extra = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    assert not missing and not extra, f"{what}: missing {[*missing][:3]}, not to be there {[*extra][:3]}"  # noqa: PT018


def log_is_complete(connection: psycopg.Connection, home: Home, *, whole: bool) -> None:
    """Each load's rows are in the database, or its month is in an archive whose files are sound; none is in both."""
    away = {(month.entity, month.month) for month in archived_months(connection) if not month.is_lent}
    assert not (whole and away)
    assert damaged_files(connection, home.path / "log_archive") == []
    for entity in ("items", "invoices"):
        for name, rows, there, month in connection.execute(f"""
            select file_name, row_count, count(raw._load_id), date_trunc('month', exported_at at time zone 'UTC')::date
            from meta.loads full join raw.{entity} as raw on load_id = raw._load_id
            where entity = '{entity}' or load_id is null group by load_id
        """):
            allowed = {rows, 0} if (entity, month) in away else {rows}
            assert there in allowed, f"{name}: {there} rows of {rows}"


def nothing_is_left_over(home: Home) -> None:
    """Of nothing that was killed; temporary tables of a session that was, PostgreSQL drops itself, when it vacuums."""
    with connect(home.url()) as connection:
        relations = connection.execute(r"""
            select oid::regclass::text from pg_class
            where
                relpersistence != 't' and relname like '%\_\_dbt\_%'
                or relnamespace::regnamespace::text = 'quickbooks_history_scratch'
        """).fetchall()
        assert relations == [], relations
        assert connection.execute("select from pg_namespace where nspname = 'rollback'").fetchone() is None
        assert connection.execute("select from meta.rollback").fetchone() is None, "it stands still for ever"
        locks = connection.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone()
        assert locks == (0,), "a lock was left"
        assert not any(month.is_lent for month in archived_months(connection)), "a month is lent for ever"
    spool = home.path / "spool"
    assert [*spool.glob("*")] == [], "the spool was not emptied"
    assert [*(home.path / "log_archive").glob("*.writing")] == []
