"""Processes killed at random moments, whatever `qbh` is at: the next run recovers, and history is as it should be.

`FAULT_KILLS=100 uv run pytest tests/faults/test_kills.py -s` kills a hundred times, otherwise than before, and tells
what it hit; `FAULT_SEED` repeats one of these. Without them it is a few kills that are always the same.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import reference
from companies import INVOICES, ITEMS, Book
from export_files import export_text
from home import Home

from quickbooks_history.exports.names import parse_export_name
from quickbooks_history.warehouse.archive import archived_months, damaged_files
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

KILLS = int(os.environ.get("FAULT_KILLS", "0"))
SEED = int(os.environ.get("FAULT_SEED", "0")) or (random.randrange(2**32) if KILLS else 6)
USUAL_KILLS = 3

USUAL_RUN = 14
"""Seconds that a command takes; within them a process is killed."""

LONGEST_RUN = 240
"""Seconds after which a command that has lost a process hangs."""

LINGER = 30
"""Seconds in which what a killed command has started must end by itself."""

FIRST_NIGHT = datetime(2025, 1, 20, tzinfo=UTC)
ARCHIVED = "2025-03-01"

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


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home", {"QBH_MAX_DELETED_SHARE": "1", "QBH_INBOX": str(tmp_path / "inbox")})
    (tmp_path / "inbox").mkdir()
    yield made
    made.qbh("stop")


def test_killed_at_random_moments(home: Home, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    company = Company(chance)
    print(f"FAULT_SEED={SEED}")
    for _ in range(4):
        company.next_files(tmp_path / "inbox")
    load = home.qbh("load")
    assert load.returncode == 0, load.stdout + load.stderr
    agrees(home, company)

    hit: Counter[str] = Counter()
    for number in range(KILLS or USUAL_KILLS):
        what = OPERATIONS[number % len(OPERATIONS)] if not KILLS else chance.choice(OPERATIONS)
        command = prepared(what, company, tmp_path, chance)
        victim, seconds = run_and_kill(home, command, chance)
        told = f"kill {number + 1}, {' '.join(command)}, {victim} after {seconds:.1f} s (seed {SEED})"
        print(told, flush=True)
        hit[f"{what}: {victim}"] += 1
        no_process_is_left(home, told)
        recovery = home.qbh("load")
        assert recovery.returncode == 0, f"{told}\n{recovery.stdout}{recovery.stderr}"
        try:
            agrees(home, company)
            nothing_is_left_over(home)
        except AssertionError as error:
            raise AssertionError(f"{told}: {error}") from error
    print(", ".join(f"{count} {name}" for name, count in sorted(hit.items())))
    verified = home.qbh("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    restored = home.qbh("restore")
    assert restored.returncode == 0, restored.stderr
    agrees(home, company, whole=True)


@pytest.mark.parametrize("at", [1, 4, 9])
def test_told_to_stop(home: Home, tmp_path: Path, at: int) -> None:
    """As a service manager does it: nothing of the command runs on, its database included."""
    Company(random.Random(1)).next_files(tmp_path / "inbox")
    with subprocess.Popen(
        ["qbh", "load"], env=home.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(at)
        process.send_signal(signal.SIGTERM)
        process.wait(LINGER)
    assert process.returncode in {143, 130, 1}
    deadline = time.monotonic() + LINGER
    while left := [other for _, other in processes(home)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.2)
    assert home.qbh("load").returncode == 0


OPERATIONS = ("load", "archive", "rebuild", "load", "withdraw", "restore", "verify")


def prepared(what: str, company: Company, folder: Path, chance: random.Random) -> list[str]:
    """The command, with something for it to do."""
    if what == "load":
        for _ in range(chance.randint(1, 2)):
            company.next_files(folder / "inbox")
    if what == "archive":
        return ["archive", "--before", ARCHIVED]
    if what == "withdraw":
        return ["withdraw", chance.choice([*company.loads]), *chance.choice([[], ["--undo"]])]
    return [what]


def run_and_kill(home: Home, command: list[str], chance: random.Random) -> tuple[str, float]:
    """Run a command, kill one of its processes at a random moment, and wait for its end; return which, and when."""
    with subprocess.Popen(
        ["qbh", *command], env=home.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        began = time.monotonic()
        at = chance.uniform(0.3, USUAL_RUN)
        while time.monotonic() - began < at and process.poll() is None:
            time.sleep(0.02)
        victim = "nothing, it had ended"
        found = [(kind, other) for kind, other in processes(home) if kind]
        if process.poll() is None and found:
            kind = chance.choice(sorted({kind for kind, _ in found}))
            victim = kind
            with suppress(psutil.NoSuchProcess):
                chance.choice([other for other_kind, other in found if other_kind == kind]).kill()
        seconds = time.monotonic() - began
        try:
            process.wait(LONGEST_RUN)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise AssertionError(f"{' '.join(command)} hangs when {victim} is killed after {seconds:.1f} s") from None
    return victim, seconds


KINDS = {
    "target-postgres": "loader",
    "tap-quickbooks-csv": "tap",
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


def no_process_is_left(home: Home, told: str) -> None:
    """Whatever was started ends by itself; the embedded server may wait for the next command."""
    deadline = time.monotonic() + LINGER
    while True:
        left = []
        for kind, process in processes(home):
            with suppress(psutil.Error):
                if kind not in {"server", "backend"} and not process.name().startswith("postgres"):
                    left.append(" ".join(process.cmdline())[:120])
        if not left:
            return
        assert time.monotonic() < deadline, f"{told}: left over {left}"
        time.sleep(0.2)


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
    with connect(home.url()) as connection:
        relations = connection.execute(r"""
            select oid::regclass::text from pg_class
            where relname like '%\_\_dbt\_%' or relnamespace::regnamespace::text = 'quickbooks_history_scratch'
        """).fetchall()
        assert relations == []
        locks = connection.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone()
        assert locks == (0,), "a lock was left"
        assert not any(month.is_lent for month in archived_months(connection)), "a month is lent for ever"
    spool = home.path / "spool"
    assert [*spool.glob("*")] == [], "the spool was not emptied"
    assert [*(home.path / "log_archive").glob("*.writing")] == []
