"""Warehouses for timelines, and the orders in which files come to them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

pytest.register_assert_rewrite("timeline")

from timeline import ORDERS, Dbt, History  # noqa: E402 - after its asserts are told to explain themselves

from quickbooks_history.warehouse.connection import connect  # noqa: E402
from quickbooks_history.warehouse.schema import ensure_schema  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = "history_template"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """dbt with the project parsed."""
    return Dbt(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def history_template(server_url: str, dbt: Dbt) -> str:
    """Name of a database that has the ledger, the raw tables and the staging views, all empty."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(TEMPLATE)))
    url = _url_of(server_url, TEMPLATE)
    with connect(url) as connection:
        ensure_schema(connection)
    dbt.build_staging(url)
    return TEMPLATE


@pytest.fixture
def history(server_url: str, history_template: str, dbt: Dbt, tmp_path) -> Iterator[History]:
    """An empty warehouse; the files of one `deliver` come at once."""
    name = f"history_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(history_template))
        )
        yield History(_url_of(server_url, name), dbt, tmp_path)
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(params=ORDERS, ids=lambda order: order.__name__)
def any_order(request: pytest.FixtureRequest, history: History) -> History:
    """An empty warehouse; the test runs once for each order in which the files of one `deliver` may come."""
    history.order = request.param
    return history


def _url_of(server_url: str, database: str) -> str:
    parts = conninfo_to_dict(server_url)
    return f"postgresql://{parts.get('user') or 'postgres'}@/{database}?host={parts['host']}"
