"""A password stays where it belongs, and a connection that is to be encrypted is, in every process of a run."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
from export_files import write_export
from home import Home
from tls_proxy import TlsProxy

from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-7f3a%41!zqx"
ENCODED = "canary-7f3a%2541%21zqx"
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[TlsProxy]:
    """A server that wants a password, behind a door that wants TLS."""
    settings = Settings(home=tmp_path / "server", database_url=None)
    url = embedded.start(settings)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"create role canary superuser login password '{CANARY}'")
        rules = settings.pgdata / "pg_hba.conf"
        rules.write_text("local all canary scram-sha-256\n" + rules.read_text())
        owner.execute("select pg_reload_conf()")
    proxy = TlsProxy(str(settings.pgdata / ".s.PGSQL.5432"), tmp_path)
    yield proxy
    proxy.close()
    embedded.stop(settings)


def test_a_password_is_written_nowhere_and_tls_is_used_everywhere(door: TlsProxy, tmp_path: Path) -> None:
    address = f"postgresql://canary:{ENCODED}@127.0.0.1:{door.port}/{embedded.DATABASE}"
    home = Home(tmp_path / "home", {"DATABASE_URL": f"{address}?sslmode=verify-full&sslrootcert={door.certificate}"})
    export = write_export(tmp_path / "item_all_04_03_2025.csv", "items", {"Item Name": "A", "Sales Price": "n/a"})
    bad = write_export(tmp_path / "Item_04_04_2025_2_00_00.csv", "customers", {"Customer Name": "A"})

    with CommandLines() as seen:
        load = home.qbh("load", str(export), str(bad))
        told = [load, home.qbh("status"), home.qbh("verify"), home.qbh("doctor")]
        wrong = Home(tmp_path / "wrong", {"DATABASE_URL": f"{address.replace(ENCODED, ENCODED + 'x')}?sslmode=require"})
        told += [wrong.qbh("load", str(export)), wrong.qbh("status")]
    assert load.returncode == 3, load.stdout + load.stderr
    assert all(run.returncode == 0 for run in told[1:3]), told[2].stderr
    assert door.let_in > 5
    assert door.turned_away == 0

    assert not [run.args for run in told if _has(run.stdout.encode() + run.stderr.encode())]
    assert not [line for line in seen.lines if _has(line.encode())]
    written = [path for folder in (home.path, wrong.path) for path in folder.rglob("*") if path.is_file()]
    assert len(written) > 20, "the run has written no logs and no artifacts"
    assert not [path for path in written if _has(path.read_bytes())]
    of_tools = [
        path for folder in ("dbt_project", "meltano") for path in (PROJECT / folder).rglob("*") if path.is_file()
    ]
    assert not [path for path in of_tools if _has(path.read_bytes())]

    # The same, where TLS is not asked for: the door lets nobody in, and so the test above can fail.
    plain = Home(tmp_path / "plain", {"DATABASE_URL": f"{address}?sslmode=disable"})
    assert plain.qbh("status").returncode == 1
    assert door.turned_away > 0


def _has(content: bytes) -> bool:
    return CANARY.encode() in content or ENCODED.encode() in content


class CommandLines:
    """What everybody on the machine may read of each process: its command line, looked at all the time."""

    def __init__(self) -> None:
        self.lines: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> CommandLines:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            for process in psutil.process_iter():
                if process.pid != os.getpid():
                    with suppress(psutil.Error):
                        self.lines.add(" ".join(process.cmdline()))
            time.sleep(0.1)
