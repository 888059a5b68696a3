"""What every test may lean on: a real PostgreSQL server, and a fresh database in it."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from xdist.scheduler import LoadFileScheduling

from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

_numbers = itertools.count(1)


SHARED_FILES = ("test_properties.py",)
"""Files whose tests are long and stand alone, so that each may go to another process."""


class _FileByFile(LoadFileScheduling):
    """Hands the tests of a file to one process, in the order in which they were found; its fixtures are made once."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return nodeid if file.endswith(SHARED_FILES) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Say how tests are handed out when several processes run them (pytest-xdist)."""
    config.option.loadscopereorder = False  # or the files with most tests would come first, and the longest test last
    return _FileByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the session a folder of its own, unless it has been given one.

    All sessions of a user share one folder otherwise, and each that starts takes the rights of others off it: the
    servers of a session that runs already, which are another user's when root starts them, would lose their data.
    """
    if config.option.basetemp is None:  # pytest-xdist names its workers' folders, inside this one
        folder = tempfile.mkdtemp(prefix="qbh-tests-")
        config.option.basetemp = str(Path(folder) / "t")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer has set for the project must not reach a test."""
    for name in [*os.environ]:
        if name.startswith(("QBH_", "TAP_QUICKBOOKS_CSV_", "TARGET_POSTGRES_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of an embedded PostgreSQL server that lives as long as the test session."""
    settings = Settings(home=tmp_path_factory.mktemp("server"), database_url=None)
    yield embedded.start(settings)
    embedded.stop(settings)


@pytest.fixture
def database(server_url: str) -> Iterator[str]:
    """URL of an empty database of the test's own."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        yield _url_of(server_url, name)
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _url_of(server_url: str, database: str) -> str:
    parts = conninfo_to_dict(make_conninfo(server_url, dbname=database))
    user = parts.get("user") or "postgres"
    return f"postgresql://{user}@/{database}?host={parts['host']}"
