"""A tool that stands by does what the tool does, for one command, and leaves nothing behind."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg2
import pytest

from quickbooks_history.kept_sessions import kept_sessions
from quickbooks_history.standby import DBT, MELTANO, Standby, address_of, stands_by
from quickbooks_history.warehouse.connection import tool_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOOLS = Path(sys.executable).parent
PROJECT = Path(__file__).parents[1] / "dbt_project"
PROGRAM = "qbh-dbt"


@pytest.fixture
def standby() -> Iterator[Standby]:
    standing_by = Standby(DBT)
    yield standing_by
    standing_by.dismiss()


def dbt(*arguments: str, program: str = PROGRAM, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOOLS / program, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        cwd=PROJECT,
    )


def listing(folder: Path) -> list[str]:
    return ["ls", "--quiet", "--resource-type", "snapshot", "--target-path", str(folder), "--log-path", str(folder)]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_does_the_command_in_its_folder_with_its_environment(standby: Standby, tmp_path: Path) -> None:
    found = dbt(*listing(tmp_path), DBT_PROFILES_DIR=str(PROJECT))
    assert found.returncode == 0, found.stdout
    assert "quickbooks_history.items_snapshot.items_snapshot" in found.stdout.splitlines()
    assert not found.stderr
    assert standby._process.wait(30) == 0, "it was not the one that stood by"


def test_it_ends_as_dbt_does(standby: Standby) -> None:
    wrong = dbt("no-such-command")
    assert standby._process.wait(30) == 0
    directly = dbt("no-such-command", program="dbt")
    assert (wrong.returncode, wrong.stderr) == (directly.returncode, directly.stderr)
    assert wrong.returncode == 2


def test_a_second_command_is_done_by_dbt_itself(standby: Standby) -> None:
    assert stands_by(DBT)
    assert dbt("--help").returncode == 0
    assert not stands_by(DBT), "a run has another one stand by"
    again = dbt("--help")
    assert again.returncode == 0
    assert "Usage" in again.stdout


def test_without_one_that_stands_by_it_is_dbt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(address_of(DBT), raising=False)
    assert "Usage" in dbt("--help").stdout
    assert "Usage" in dbt("--help", **{address_of(DBT): "/nowhere"}).stdout


def test_one_that_was_killed_is_replaced(standby: Standby) -> None:
    standby._process.kill()
    standby._process.wait()
    assert "Usage" in dbt("--help").stdout


@pytest.mark.parametrize(("received", "status"), [(signal.SIGTERM, 1), (signal.SIGKILL, -signal.SIGKILL)])
def test_the_one_ends_with_the_other(standby: Standby, database: str, received: signal.Signals, status: int) -> None:
    """A command that waits for a table's lock; told to end, or killed, nothing of it goes on."""
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("create schema held; create table held.one (a int)")
        connection.commit()
        cursor.execute("lock table held.one")
        wait = "{% do run_query('lock table held.one') %}"
        command = subprocess.Popen(
            [TOOLS / PROGRAM, "--quiet", "show", "--inline", f"{wait} select 1"],
            env={**os.environ, **tool_environment(database), "DBT_PROFILES_DIR": str(PROJECT)},
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waiting = "select count(*) from pg_locks where not granted"

        def waits() -> bool:
            cursor.execute(waiting)
            return bool(cursor.fetchone()[0])

        wait_until(waits)
        command.send_signal(received)
        assert command.wait(30) == status
        standby._process.wait(30)


def test_what_lies_in_the_folder_is_no_module_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports come from others, and `qbh load .` is called among them."""
    for name in ("ctypes", "json", "dbt"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    standing_by = Standby(DBT)
    try:
        assert dbt("--help").returncode == 0
        assert standing_by._process.wait(30) == 0
    finally:
        standing_by.dismiss()
    assert not (tmp_path / "executed").exists()


def test_ctrl_c_reaches_it_by_way_of_its_command(standby: Standby) -> None:
    """A terminal tells all that is of its session, and dbt would be told twice."""
    assert os.getsid(standby._process.pid) != os.getsid(0)


def test_meltano_stands_by_too(tmp_path: Path) -> None:
    """Its settings, its plugins and what it prints are those of the command's folder and environment."""
    standing_by = Standby(MELTANO)
    try:
        command = ["--environment=dev", "config", "print", "target-postgres"]
        environment = {
            **os.environ,
            "MELTANO_SYS_DIR_ROOT": str(tmp_path),
            "MELTANO_SEND_ANONYMOUS_USAGE_STATS": "false",
            "TARGET_POSTGRES_LOAD_METHOD": "upsert",
        }
        found, directly = (
            subprocess.run(
                [TOOLS / program, *command],
                capture_output=True,
                text=True,
                env=environment,
                cwd=PROJECT.parent / "meltano",
            )
            for program in ("qbh-meltano", "meltano")
        )
        assert standing_by._process.wait(30) == 0, "it was not the one that stood by"
    finally:
        standing_by.dismiss()
    assert found.returncode == 0, found.stderr
    assert '"load_method": "upsert"' in found.stdout
    assert found.stdout == directly.stdout
    without_times = [re.sub(r"^\S+Z ", "", run.stderr, flags=re.MULTILINE) for run in (found, directly)]
    assert without_times[0] == without_times[1]


@pytest.mark.parametrize("end", [signal.SIGCONT, signal.SIGKILL])
def test_one_imports_itself_when_the_one_before_it_has(tmp_path: Path, end: signal.Signals) -> None:
    """Or has ended: whatever became of that, this one is to be there."""
    first = Standby(MELTANO)
    first._process.send_signal(signal.SIGSTOP)
    second = Standby(DBT, after=first)
    try:
        assert not select.select([second._ready], [], [], 4)[0]
        first._process.send_signal(end)
        assert select.select([second._ready], [], [], 60)[0]
        assert dbt(*listing(tmp_path), DBT_PROFILES_DIR=str(PROJECT)).returncode == 0
        assert second._process.wait(30) == 0, "it was not the one that stood by"
    finally:
        first._process.kill()  # one that is stopped does not end otherwise
        second.dismiss()
        first.dismiss()


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    parent = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import pathlib, sys, time; from quickbooks_history.standby import Standby; s = Standby('dbt')\n"
            "pathlib.Path(sys.argv[1]).write_text(str(s._process.pid)); time.sleep(60)",
            str(told),
        ]
    )
    wait_until(lambda: told.exists() and bool(told.read_text()))
    standing_by = psutil.Process(int(told.read_text()))
    parent.kill()
    parent.wait()
    wait_until(lambda: not standing_by.is_running() or standing_by.status() == psutil.STATUS_ZOMBIE)


@pytest.mark.skipif(sys.platform != "linux", reason="pipes have a size on Linux alone")
def test_what_it_prints_need_not_be_read_at_once(standby: Standby, tmp_path: Path) -> None:
    """Dagster reads a line, and then looks at the database for a while."""
    printing = subprocess.Popen(
        [TOOLS / PROGRAM, *listing(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        env={**os.environ, "DBT_PROFILES_DIR": str(PROJECT)},
    )
    assert printing.stdout is not None
    printing.stdout.readline()
    assert fcntl.fcntl(printing.stdout, fcntl.F_GETPIPE_SZ) == 1 << 20
    printing.communicate()


def test_a_session_is_given_again_and_is_as_new(database: str) -> None:
    with kept_sessions():
        first = psycopg2.connect(database)
        with first.cursor() as cursor:
            cursor.execute("create temporary table mine (a int); set work_mem = '1MB'; select pg_advisory_lock(7)")
            cursor.execute("select pg_backend_pid()")
            (session,) = cursor.fetchone()
        first.commit()
        first.close()
        again = psycopg2.connect(database)
        with again.cursor() as cursor:
            cursor.execute(
                "select pg_backend_pid(), to_regclass('mine'), current_setting('work_mem'), count(*) from pg_locks"
                " where locktype = 'advisory' and pid = pg_backend_pid()"
            )
            assert cursor.fetchone() == (session, None, "64MB", 0)
        again.close()
        elsewhere = psycopg2.connect(f"{database}&application_name=other")
        assert elsewhere.info.backend_pid != session
        broken = psycopg2.connect(database)
        with pytest.raises(psycopg2.Error), broken.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")
        broken.close()
        assert psycopg2.connect(database).info.backend_pid != session
