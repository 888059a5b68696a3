"""The embedded server starts on what killed processes have left, and ends with the last that uses it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import embedded

if TYPE_CHECKING:
    from pathlib import Path

START = """
import psycopg
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import embedded
with psycopg.connect(embedded.start(Settings(database_url=None))) as connection:
    print(*connection.execute("show work_mem").fetchone())
"""


def starting(settings: Settings) -> subprocess.Popen[str]:
    environment = os.environ | {"QBH_HOME": str(settings.home)}
    return subprocess.Popen([sys.executable, "-c", START], env=environment, stdout=subprocess.PIPE, text=True)


def test_it_is_not_kept_for_a_process_that_has_stopped_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database_url=None)
    for _ in range(2):
        embedded.start(settings)
        assert embedded.stop(settings)
        said, _ = starting(settings).communicate(timeout=60)
        assert said == "64MB\n"
        assert not embedded.is_running(settings)


def test_it_starts_on_what_killed_processes_have_left(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database_url=None)
    making = settings.home / "postgres.making"

    first = starting(settings)
    deadline = time.monotonic() + 60
    while not (making / "PG_VERSION").exists():  # `initdb` is at it, and goes on when we are killed
        assert time.monotonic() < deadline
        time.sleep(0.01)
    first.kill()
    first.communicate()
    assert not settings.pgdata.exists()

    # The first start makes the database; each of the others finds what a killed one may leave.
    others = f"{os.getpid()}\n{settings.pgdata}\n1\n5432\n{settings.pgdata}\n\n  1 1\nready   \n"
    for postmaster, handles in ((None, None), ("", "[12"), (others, "")):
        if postmaster is not None:
            (settings.pgdata / "postmaster.pid").write_text(postmaster)
            (settings.pgdata / ".handle_pids.json").write_text(handles)
            assert not embedded.is_running(settings)
        said, _ = starting(settings).communicate(timeout=60)
        assert said == "64MB\n"
        assert not embedded.is_running(settings)


def test_it_is_waited_for_while_it_recovers_from_the_crash_of_a_process(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database_url=None)
    url = embedded.start(settings)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create table log (line text)")
            connection.execute("checkpoint")
            connection.execute("insert into log select md5(n::text) from generate_series(1, 1000000) as n")
            os.kill(connection.info.backend_pid, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                connection.execute("select")
        with psycopg.connect(embedded.start(settings)) as connection:
            assert connection.execute("select count(*) from log").fetchone() == (1_000_000,)
    finally:
        embedded.stop(settings)
