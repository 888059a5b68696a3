"""The database, the disk, the inbox or the clock lets a run down: what is said, what is tried again, and what is left.

Each test causes a fault at a moment that it chooses and lets the real processes meet it. What they cannot get over is
told in words; then the fault is gone, and one `qbh load` makes everything what the delivered files say.

Faults elsewhere: processes killed at any moment, `test_kills.py`; a connection lost at any statement of dbt or of the
loader, `tests/history/test_killed_runs.py`; a wrong password, `test_doors.py`; spoilt files, `test_bad_files.py`; no
room for a long file, `tests/exports/test_reading.py`.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
from company import Company, agrees, nothing_is_left_over, processes
from export_files import export_text
from home import Home
from up import running, wait_until
from way import Way

from quickbooks_history.exports.names import parse_export_name
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.ledger import pending_loads, turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    import reference

LONGEST_RUN = 240
"""Seconds after which a command hangs."""

SOON = 10
"""Seconds within which a command that waits ends when it is told to."""

INTERRUPTED = 130
"""Exit status of a command that somebody has stopped."""


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


_numbers = itertools.count(1)


class Command:
    """A command of `qbh` that runs while a test does something to it."""

    def __init__(self, home: Home, *arguments: str) -> None:
        self._output = home.path.parent / f"said-{next(_numbers)}.txt"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                ["qbh", *arguments], env=home.environment, stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def said(self) -> str:
        """Its words, where the terminal has broken its lines too."""
        return " ".join(self._output.read_text().split())

    def has_child(self, name: str) -> psutil.Process | None:
        """A process that it has started, if there is one of that name."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                if name in " ".join(child.cmdline()):
                    return child
        return None

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
    """One that loads; then all but that of a dbt at work, also those that say that the run lives and has its turn."""
    file = loaded.next_night()[0]
    with held(loaded.url, loading(file)) as connection:
        load = Command(loaded.home, "load")
        connection.execute("select pg_terminate_backend(%s)", [somebody_waits(loaded.url, load)])
        connection.commit()  # the lock goes
        wait_until(lambda: "try meltano_load again" in load.said)
    with held(loaded.url, BUILDING) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where backend_type = 'client backend' and pid not in (%s, pg_backend_pid())",
            [somebody_waits(loaded.url, load)],
        )
    wait_until(lambda: "try dbt_build again" in load.said)
    at_work = [kind for kind, _ in processes(loaded.home) if kind in {"dbt", "qbh-dbt"}]
    assert at_work == [], "a dbt goes on that nobody listens to, in the next one's folder"
    said = load.ends(0)
    assert "2 of 2 new files loaded" in said
    loaded.is_right()


@pytest.mark.thorough
def test_the_way_to_the_server_is_cut_and_stays_so(loaded: Loaded) -> None:
    """A server elsewhere. A run that waits to try again can be stopped; a new one says what it cannot reach."""
    file = loaded.next_night()[0]
    with Way(f"{loaded.home.path}/postgres/.s.PGSQL.5432") as way:
        address = f"postgresql://postgres@127.0.0.1:{way.port}/quickbooks_history"
        far = replace(loaded.home, variables=loaded.home.variables | {"DATABASE_URL": address})
        with held(loaded.url, loading(file)):
            load = Command(far, "load")
            somebody_waits(loaded.url, load)
            way.cut()
        wait_until(lambda: load.said.count("try meltano_load again") == 2)
        told = time.monotonic()
        load.process.send_signal(signal.SIGINT)
        load.process.wait(LONGEST_RUN)
        assert time.monotonic() - told < SOON
        assert load.process.returncode == INTERRUPTED
        load = Command(far, "load")
        said = load.ends(1)
        assert f'connection to server at "127.0.0.1", port {way.port} failed: Connection refused' in said
        assert "qbh doctor" in said
    loaded.load()


@pytest.fixture
def disk(loaded: Loaded) -> Iterator[Disk]:
    """A disk of its own for the spool, or the inbox, or all of a home."""
    made = Disk(loaded.home.path.parent / "disk")
    yield made
    made.unmount()


class Disk:
    """A small file system that is mounted somewhere."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._is_mounted = False

    def mount(self, place: Path, size: str) -> None:
        self.place = place
        place.mkdir(exist_ok=True)
        done = _as_root("mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(place))
        if done.returncode != 0:
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        self._is_mounted = True

    def make_read_only(self) -> None:
        done = _as_root("mount", "-o", "remount,ro", str(self.place))
        assert done.returncode == 0, done.stderr

    def unmount(self) -> None:
        if self._is_mounted:
            _as_root("umount", "-l", str(self.place))
        self._is_mounted = False


def _as_root(*command: str) -> subprocess.CompletedProcess[str]:
    way = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return subprocess.run([*way, *command], capture_output=True, text=True, check=False)


def test_the_spool_has_no_room(loaded: Loaded, disk: Disk) -> None:
    """It is told of the file; nothing is tried again, for no room comes of waiting."""
    loaded.next_night()
    disk.mount(loaded.home.path / "spool", "8k")
    load = loaded.home.qbh("load")
    said = " ".join((load.stdout + load.stderr).split())
    assert load.returncode == 1, said
    assert "No space left on device; make room, and load again" in said
    assert "try meltano_load again" not in said
    assert "Traceback" not in said
    disk.unmount()
    loaded.load()


def test_the_inbox_is_on_a_mount_that_may_not_be_written_and_then_vanishes(loaded: Loaded, disk: Disk) -> None:
    disk.mount(loaded.inbox.parent / "mount", "1m")
    loaded.company.next_files(disk.place)
    disk.make_read_only()
    load = loaded.home.qbh("load", str(disk.place))
    assert load.returncode == 0, load.stdout + load.stderr
    loaded.is_right()
    disk.unmount()

    disk.mount(disk.place, "1m")
    files = loaded.company.next_files(disk.place)
    contents = {file: file.read_bytes() for file in files}
    with connect(loaded.url) as connection, turn(connection, print):
        command = Command(loaded.home, "load", str(disk.place))
        somebody_waits(loaded.url, command)
        disk.unmount()
    said = command.ends(3)
    for file in files:
        assert f"{file.name} gone" in said
        file.write_bytes(contents[file])  # where the mount was: the paths are the same
    load = loaded.home.qbh("load", str(disk.place))
    assert load.returncode == 0, load.stdout + load.stderr
    loaded.is_right()


@pytest.mark.thorough
def test_files_change_while_they_are_read(loaded: Loaded) -> None:
    """What is loaded is what stood in a file at one moment, or nothing."""
    changes = [cut_off, written_over_and_its_times_put_back, replaced, deleted]
    files = [Padded(loaded) for _ in changes]
    load = Command(loaded.home, "load")
    for change, file in zip(changes, files, strict=True):
        with file.being_read(load):
            change(file)
    said = load.ends(3)
    reason = "the file changed while it was read; load it again when it is written to its end"
    assert said.count(reason[:30]) == 2
    with connect(loaded.url) as connection:
        for change, file in zip(changes, files, strict=True):
            entries = connection.execute(
                "select status, row_count, case status when 'loaded' then sha256 end, reason from meta.loads"
                " where file_name = %s and status <> 'duplicate'",
                [file.path.name],
            ).fetchall()
            if change in {replaced, deleted}:
                was_old = hashlib.sha256(file.old).hexdigest()
                remark = "columns not in the contract, kept in raw: Padding"
                assert entries == [("loaded", len(file.load.rows), was_old, remark)]
            else:
                assert entries == [("rejected", 0, None, reason)]
    loaded.is_right()
    for file in files:
        file.is_new()
    loaded.load()


def cut_off(file: Padded) -> None:
    os.truncate(file.path, 2 * len(file.old) // 3)


def written_over_and_its_times_put_back(file: Padded) -> None:
    times = file.path.stat()
    with file.path.open("r+b") as there:
        there.write(file.new)
    os.utime(file.path, ns=(times.st_atime_ns, times.st_mtime_ns))


def replaced(file: Padded) -> None:
    beside = file.path.with_name("beside")
    beside.write_bytes(file.new)
    beside.replace(file.path)


def deleted(file: Padded) -> None:
    file.path.unlink()


class Padded:
    """An export that takes a while to be read: it has few rows, and in each a long cell that history does not use."""

    LENGTH = 3 * 10**7
    """Characters of all of it."""

    def __init__(self, loaded: Loaded) -> None:
        self.path = loaded.next_night()[0]
        self._company = loaded.company
        self.load = loaded.company.loads[self.path.name]
        self._new_load = replace(self.load, rows=tuple(row | {"Sales Price": "99"} for row in self.load.rows))
        self.old, self.new = self._with_padding(self.load, "o"), self._with_padding(self._new_load, "n")
        self.path.write_bytes(self.old)

    def _with_padding(self, load: reference.Load, letter: str) -> bytes:
        rows = [row | {"Padding": letter * (self.LENGTH // len(load.rows))} for row in load.rows]
        return export_text("items", *rows, extra=(*load.columns, "Padding")).encode()

    def is_new(self) -> None:
        """Write what is to be loaded in the end."""
        self.path.write_bytes(self.new)
        self._company.loads[self.path.name] = self._new_load

    @contextmanager
    def being_read(self, command: Command) -> Iterator[None]:
        """Stop the tap while it is in the middle of the file, and let it go on afterwards."""
        tap = wait_until(lambda: command.has_child("/tap-quickbooks-csv"))
        while tap.is_running() and command.process.poll() is None:
            if self._is_half_read(tap):
                tap.suspend()
                if self._is_half_read(tap):
                    yield
                    tap.resume()
                    return
                tap.resume()
            time.sleep(0.001)
        pytest.fail(f"was not seen being read: {command.said}")

    def _is_half_read(self, reader: psutil.Process) -> bool:
        for file in (*Path(f"/proc/{reader.pid}/fd").glob("*"),):
            with suppress(OSError):
                if file.readlink() == self.path:
                    told = Path(f"/proc/{reader.pid}/fdinfo/{file.name}").read_text()
                    return 0 < int(told.split()[1]) < self.path.stat().st_size // 2
        return False


@pytest.mark.thorough
def test_the_clock_was_set_back(loaded: Loaded) -> None:
    """Files, and what the ledger and Dagster have noted, are of a time that is yet to come."""
    ahead = (datetime.now(UTC) + timedelta(days=400)).timestamp()
    first, second = loaded.next_night(), loaded.next_night()
    os.utime(first[0], (ahead, ahead))
    for file in second:
        os.utime(file, (ahead, ahead))
    loaded.load()
    with connect(loaded.url) as connection:
        connection.execute("update meta.loads set loaded_at = loaded_at + interval '400 days'")
    corrected = second[0]
    load = loaded.company.loads[corrected.name]
    loaded.company.loads[corrected.name] = replace(load, rows=tuple(row | {"Sales Price": "77"} for row in load.rows))
    corrected.write_bytes(export_text("items", *loaded.company.loads[corrected.name].rows, extra=load.columns).encode())
    loaded.next_night()
    loaded.load()


def test_the_disk_is_full(tmp_path: Path, disk: Disk) -> None:
    """All of a home's: database, spool, Dagster's record of runs. Full while files are loaded, and from the start."""
    disk.mount(tmp_path / "home", "400m")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    home = Home(disk.place, {"QBH_MAX_DELETED_SHARE": "1", "QBH_INBOX": str(inbox)})
    small = Loaded(home, Company(random.Random(4)), inbox, home.url())
    try:
        file = small.next_night()[0]
        with held(small.url, loading(file)):
            load = Command(home, "load")
            somebody_waits(small.url, load)
            fill(disk.place)
        said = load.ends(1)
        assert FULL in said
        load = Command(home, "load")
        assert f"{FULL}: Dagster's record of runs" in load.ends(1)
        home.qbh("stop")
        load = Command(home, "load")
        assert "the embedded database does not start" in load.ends(1)
        assert f"{FULL}; make room, and try again" in load.said
        (disk.place / BALLAST).unlink()
        small.load()
    finally:
        home.qbh("stop")


BALLAST = "ballast"
FULL = "No space left on device"


def fill(place: Path) -> None:
    """Leave no room in a file system."""
    with (place / BALLAST).open("wb", buffering=0) as ballast, suppress(OSError):
        for size in (2**20, 2**12):
            with suppress(OSError):
                while ballast.write(bytes(size)) == size:
                    pass


def test_two_loads_and_the_sensor_at_once(loaded: Loaded) -> None:
    """All three see the same files; each file is loaded once, by one of them."""
    home = replace(
        loaded.home, variables=loaded.home.variables | {"QBH_SENSOR_SECONDS": "1", "QBH_SETTLE_SECONDS": "0"}
    )
    with running(home):
        for _ in range(2):
            loaded.next_night()
        first = Command(home, "load")
        second = Command(home, "load")
        loaded.next_night()
        first.ends(0)
        second.ends(0)
        wait_until(lambda: is_idle(loaded))
    loaded.is_right()
    with connect(loaded.url) as connection:
        often = connection.execute(
            "select file_name from meta.loads where status = 'loaded' group by file_name, sha256 having count(*) > 1"
        ).fetchall()
        assert often == []


def is_idle(loaded: Loaded) -> bool:
    """Whether all files are loaded and history has taken them up, and nobody is at work."""
    with connect(loaded.url) as connection:
        delivered = {name for (name,) in connection.execute("select file_name from meta.loads")}
        busy = connection.execute("select from pg_locks where locktype = 'advisory'").fetchone()
        return not busy and delivered >= set(loaded.company.loads) and not pending_loads(connection)
