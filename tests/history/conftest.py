"""Warehouses for timelines, and the orders in which files come to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

pytest.register_assert_rewrite("timeline", "runs")

# After its asserts are told to explain themselves.
from quick_dbt import QuickDbt  # noqa: E402
from runs import BEFORE, HISTORIES, NODES, PENDING, SNAPSHOTS, WITHDRAWN, Run, undisturbed  # noqa: E402
from timeline import DATABASE, ORDERS, TEMPLATE, Dbt, History, files, latest_first, warehouse  # noqa: E402

from quickbooks_history.warehouse.connection import connect  # noqa: E402
from quickbooks_history.warehouse.schema import ensure_schema  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
def history_template(history_server: psycopg.Connection, history_url: str, dbt: Dbt) -> str:
    """Make the database that others are copies of: ledger, raw tables and staging views, all empty."""
    with warehouse(history_server, "template0", keep_as=TEMPLATE):
        with connect(history_url) as connection:
            ensure_schema(connection)
        dbt.build_staging()
    return TEMPLATE


@pytest.fixture(scope="session")
def quick_dbt(tmp_path_factory: pytest.TempPathFactory, history_url: str, history_template: str) -> QuickDbt:
    """dbt for the runs of timelines, which are hundreds."""
    return QuickDbt(tmp_path_factory.mktemp("quick_dbt"), history_url)


@pytest.fixture
def history(
    history_server: psycopg.Connection,
    history_url: str,
    dbt: Dbt,
    quick_dbt: QuickDbt,
    history_template: str,
    tmp_path: Path,
) -> Iterator[History]:
    """An empty warehouse; the files of one `deliver` come at once."""
    with warehouse(history_server, history_template):
        yield History(history_url, dbt, tmp_path, quick=quick_dbt)


# Random companies are delivered in every order in the usual run, too.
_THOROUGH = {latest_first: pytest.mark.thorough}


@pytest.fixture(
    params=[pytest.param(order, id=order.__name__, marks=_THOROUGH.get(order, ())) for order in ORDERS],
)
def any_order(request: pytest.FixtureRequest, history: History) -> History:
    """An empty warehouse; the test runs once for each order in which the files of one `deliver` may come."""
    history.order = request.param
    return history


@pytest.fixture(scope="session")
def incremental_run(
    history_server: psycopg.Connection,
    history_url: str,
    dbt: Dbt,
    history_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Run]:
    """A run over tables that are there, with deletes and inserts in each of them, and a few views."""
    with warehouse(history_server, history_template, keep_as="before_incremental_run"):
        history = History(history_url, dbt, tmp_path_factory.mktemp("incremental_run"))
        history.load(files(BEFORE))
        dbt.build()
        history.load(files(PENDING))
        for name in WITHDRAWN:
            history.set_status(name, "withdrawn")
    nodes = [*NODES, "stg_items", "data_quality_issues", "products", "item_history_view"]
    run = undisturbed(history_server, history_url, dbt, "before_incremental_run", nodes)
    for name in SNAPSHOTS | HISTORIES:
        before, after = set(run.before[name][0]), set(run.after[name][0])
        assert before - after, f"the run deletes nothing from {name}"
        assert after - before, f"the run adds nothing to {name}"
        assert before & after, f"the run leaves nothing of {name}"
    yield run
    history_server.execute("drop database before_incremental_run")


@pytest.fixture(scope="session")
def first_run(
    history_server: psycopg.Connection, history_url: str, dbt: Dbt, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    """A run over a database in which dbt has made nothing yet."""
    with warehouse(history_server, "template0", keep_as="before_first_run"):
        with connect(history_url) as connection:
            ensure_schema(connection)
        history = History(history_url, dbt, tmp_path_factory.mktemp("first_run"))
        history.load(files(BEFORE + PENDING))
    yield undisturbed(
        history_server, history_url, dbt, "before_first_run", ["+item_history", "+invoice_history", "products"]
    )
    history_server.execute("drop database before_first_run")
