"""What docs/operations.md says of backups, done: a dump, and a server taken back to a moment."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from export_files import write_export
from home import Home

from quickbooks_history.warehouse import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.thorough

PROGRAMS = embedded.programs()
SERVER_USER = "pgserver" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""


def postgres(program: str, *arguments: str | Path) -> None:
    subprocess.run([PROGRAMS / program, *map(str, arguments)], check=True, user=SERVER_USER, capture_output=True)


@contextmanager
def running(data: Path) -> Iterator[str]:
    """A server over a data folder, and its URL."""
    log = data.parent / f"{data.name}.log"
    postgres("pg_ctl", "start", "--wait", "--pgdata", data, "--log", log, "--options", f"-h '' -k {data.parent}")
    try:
        yield f"postgresql://postgres@/postgres?host={data.parent}"
    finally:
        postgres("pg_ctl", "stop", "--wait", "--mode", "fast", "--pgdata", data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that the server may write to and find its way to."""
    made = tmp_path / "server"
    made.mkdir()
    if SERVER_USER:
        shutil.chown(made, SERVER_USER)
        for parent in made.parents:
            if parent.stat().st_mode & 0o005 != 0o005:
                parent.chmod(parent.stat().st_mode | 0o055)
    return made


def test_a_server_is_taken_back_to_a_moment_and_loads_what_came_after(folder: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "home" / "inbox"
    inbox.mkdir(parents=True)
    data, written_ahead, base = folder / "data", folder / "wal", folder / "base"
    postgres("initdb", "--username", "postgres", "--pgdata", data)
    subprocess.run(["mkdir", written_ahead], check=True, user=SERVER_USER)
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(
            f"archive_mode = on\narchive_command = 'test ! -f {written_ahead}/%f && cp %p {written_ahead}/%f'\n"
        )

    def prices(url: str) -> list[tuple[str, ...]]:
        with psycopg.connect(url) as connection:
            return connection.execute(
                "select item_name, new_value, file_name from marts.item_history"
                " where column_name = 'sales_price' order by changed_at, item_name"
            ).fetchall()

    with running(data) as url:
        home = Home(tmp_path / "home", {"DATABASE_URL": url})
        write_export(inbox / "item_all_04_03_2025.csv", "items", {"Item Name": "A", "Sales Price": "1"})
        assert home.qbh("load").returncode == 0
        postgres("pg_basebackup", "--pgdata", base, "--checkpoint", "fast", "--dbname", url)
        write_export(inbox / "Item_04_04_2025_2_00_00.csv", "items", {"Item Name": "A", "Sales Price": "2"})
        assert home.qbh("load").returncode == 0
        with psycopg.connect(url) as connection:
            (moment,) = connection.execute("select clock_timestamp()").fetchone() or ()
        time.sleep(1)
        write_export(inbox / "Item_04_05_2025_2_00_00.csv", "items", {"Item Name": "A", "Sales Price": "3"})
        assert home.qbh("load").returncode == 0
        after = prices(url)
        assert len(after) == 3
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("select pg_switch_wal()")

    with (base / "postgresql.conf").open("a") as settings:
        settings.write(
            f"restore_command = 'cp {written_ahead}/%f %p'\nrecovery_target_time = '{moment}'\n"
            "recovery_target_action = 'promote'\narchive_mode = off\n"
        )
    subprocess.run(["touch", base / "recovery.signal"], check=True, user=SERVER_USER)
    with running(base) as url:
        home = Home(tmp_path / "home", {"DATABASE_URL": url})
        _wait_until_promoted(url)
        assert prices(url) == after[:2]
        assert "history is what the log says" in home.qbh("verify").stdout
        loaded = home.qbh("load")
        assert loaded.returncode == 0
        assert "Item_04_05_2025_2_00_00.csv" in loaded.stdout
        assert prices(url) == after

        # And the other way: a dump, read into an empty database.
        dump = folder / "warehouse.dump"
        postgres("pg_dump", "--format", "custom", "--file", dump, url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create database restored")
        restored = url.replace("/postgres?", "/restored?")
        postgres("pg_restore", "--no-owner", "--exit-on-error", "--dbname", restored, dump)
        home = Home(tmp_path / "home", {"DATABASE_URL": restored})
        assert prices(restored) == after
        assert "history is what the log says" in home.qbh("verify").stdout
        assert "no exports there" in home.qbh("load").stdout or home.qbh("load").returncode == 0


def _wait_until_promoted(url: str) -> None:
    for _ in range(100):
        with psycopg.connect(url) as connection:
            if connection.execute("select pg_is_in_recovery()").fetchone() == (False,):
                return
        time.sleep(0.1)
    raise AssertionError("the server is still in recovery")
