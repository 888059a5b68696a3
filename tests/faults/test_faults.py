"""The database, the disk, the inbox or the clock lets a run down: what is said, what is tried again, and what is left.

Each test causes a fault at a moment that it chooses and lets the real processes meet it. What they cannot get over is
told in words; then the fault is gone, and one `qbh load` makes everything what the delivered files say.

Faults elsewhere: processes killed at any moment, `test_kills.py`; a connection lost at any statement of dbt or of the
loader, `tests/history/test_killed_runs.py`; a wrong password, `test_doors.py`; files that are spoilt, `test_bad_files.py`.
"""

from __future__ import annotations

import random
import signal
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
from company import Company, agrees, nothing_is_left_over, processes
from home import Home
from up import wait_until

from quickbooks_history.exports.names import parse_export_name
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_RUN = 240
"""Seconds after which a command hangs."""


@dataclass
class Loaded:
    """A home with a company's first night in it; every test goes on with the nights after it."""

    home: Home
    company: Company
    inbox: Path
    url: str

    def next_night(self) -> list[Path]:
        return self.company.next_files(self.inbox)

    def is_right(self) -> None:
        agrees(self.home, self.company)
        nothing_is_left_over(self.home)

    def load(self) -> None:
        load = self.home.qbh("load")
        assert load.returncode == 0, load.stdout + load.stderr
        self.is_right()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("loaded")
    inbox = folder / "inbox"
    inbox.mkdir()
    home = Home(folder / "home", {"QBH_MAX_DELETED_SHARE": "1", "QBH_INBOX": str(inbox)})
    made = Loaded(home, Company(random.Random(3)), inbox, home.url())
    made.next_night()
    made.load()
    yield made
    home.qbh("stop")


class Command:
    """A command of `qbh` that runs while a test does something to it."""

    def __init__(self, home: Home, *arguments: str) -> None:
        self._output = home.path.parent / "said.txt"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                ["qbh", *arguments], env=home.environment, stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def said(self) -> str:
        """Its words, where the terminal has broken its lines too."""
        return " ".join(self._output.read_text().split())

    def ends(self, status: int) -> str:
        """Wait for its end, and return what it has said."""
        try:
            self.process.wait(LONGEST_RUN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert self.process.returncode == status, self._output.read_text()
        assert "Traceback" not in self.said
        return self.said


def loading(file: Path) -> str:
    """The statement by which a test holds the loader at a file, which it has begun to enter."""
    name = parse_export_name(file.name, UTC)
    slot = f"{name.entity.name}/{name.exported_at.isoformat()}/{name.scope.value}"
    return f"select pg_advisory_xact_lock(hashtextextended('{slot}', 0))"


BUILDING = "lock table snapshots.items_snapshot in share mode"
"""The statement by which a test holds dbt at a snapshot that it is about to write."""


@contextmanager
def held(url: str, statement: str) -> Iterator[psycopg.Connection]:
    """Keep the processes that come to a moment there; they go on at the end, if they still can."""
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        connection.execute(statement)
        yield connection


def somebody_waits(url: str, command: Command) -> int:
    """Wait for a backend that is held, and return its process id."""

    def waiting() -> int | None:
        if command.process.poll() is not None:
            pytest.fail(command.said)
        with connect(url) as connection:
            found = connection.execute("select pid from pg_locks where not granted limit 1").fetchone()
            return found and found[0]

    return int(wait_until(waiting))


def postmaster(home: Home) -> psutil.Process:
    return next(process for kind, process in processes(home) if kind == "server")


@contextmanager
def held_when_it_answers(url: str, statement: str, command: Command) -> Iterator[psycopg.Connection]:
    """The same, as soon as there is a server again."""

    def answers() -> bool:
        if command.process.poll() is not None:
            pytest.fail(command.said)
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return True
        return False

    wait_until(answers)
    with held(url, statement) as connection:
        yield connection


def test_the_database_is_stopped_while_files_are_loaded_and_killed_while_history_is_made(loaded: Loaded) -> None:
    """The embedded one: whoever tries again starts it."""
    file = loaded.next_night()[0]
    with held(loaded.url, loading(file)):
        load = Command(loaded.home, "load")
        somebody_waits(loaded.url, load)
        postmaster(loaded.home).send_signal(signal.SIGINT)

    with held_when_it_answers(loaded.url, BUILDING, load):
        somebody_waits(loaded.url, load)
        postmaster(loaded.home).kill()
    said = load.ends(0)
    assert "try meltano_load again" in said
    assert "try dbt_build again" in said
    assert "2 of 2 new files loaded" in said
    loaded.is_right()


def test_connections_are_cut(loaded: Loaded) -> None:
    """One that loads, and then all there are, those that say that the run lives and has its turn among them."""
    file = loaded.next_night()[0]
    with held(loaded.url, loading(file)) as connection:
        load = Command(loaded.home, "load")
        connection.execute("select pg_terminate_backend(%s)", [somebody_waits(loaded.url, load)])
        connection.commit()  # the lock goes
        wait_until(lambda: "try meltano_load again" in load.said)
    with held(loaded.url, BUILDING) as connection:
        somebody_waits(loaded.url, load)
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where backend_type = 'client backend' and pid <> pg_backend_pid()"
        )
    said = load.ends(0)
    assert "try dbt_build again" in said
    assert "2 of 2 new files loaded" in said
    loaded.is_right()
