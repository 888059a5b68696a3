"""Warehouses for timelines, and the orders in which files come to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

pytest.register_assert_rewrite("timeline")

from timeline import ORDERS, Dbt, History  # noqa: E402 - after its asserts are told to explain themselves

from quickbooks_history.warehouse.connection import connect  # noqa: E402
from quickbooks_history.warehouse.schema import ensure_schema  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATABASE, TEMPLATE = "history", "history_template"
"""The database of the test that runs, and the one that it is a copy of.

dbt writes a database's name into the project as it parses it, so that every test's database has one name.
"""


@pytest.fixture(scope="session")
def history_server(server_url: str) -> Iterator[psycopg.Connection]:
    """A connection from which databases are made and dropped."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def history_url(server_url: str) -> str:
    """URL of the database of the test that runs."""
    parts = conninfo_to_dict(server_url)
    return f"postgresql://{parts.get('user') or 'postgres'}@/{DATABASE}?host={parts['host']}"


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory, history_url: str) -> Dbt:
    """dbt with the project parsed."""
    return Dbt(tmp_path_factory.mktemp("dbt"), history_url)


@pytest.fixture(scope="session")
def _template(history_server: psycopg.Connection, history_url: str, dbt: Dbt) -> None:
    """Make the database that others are copies of: ledger, raw tables and staging views, all empty."""
    history_server.execute(f"create database {DATABASE} template template0")
    with connect(history_url) as connection:
        ensure_schema(connection)
    dbt.build_staging()
    history_server.execute(f"alter database {DATABASE} rename to {TEMPLATE}")


@pytest.fixture
def history(
    history_server: psycopg.Connection, history_url: str, dbt: Dbt, _template: None, tmp_path: Path
) -> Iterator[History]:
    """An empty warehouse; the files of one `deliver` come at once."""
    history_server.execute(f"create database {DATABASE} template {TEMPLATE}")
    yield History(history_url, dbt, tmp_path)
    history_server.execute(f"drop database {DATABASE} with (force)")


@pytest.fixture(params=ORDERS, ids=lambda order: order.__name__)
def any_order(request: pytest.FixtureRequest, history: History) -> History:
    """An empty warehouse; the test runs once for each order in which the files of one `deliver` may come."""
    history.order = request.param
    return history
