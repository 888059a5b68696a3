"""The projects in which dbt's own tests run: on the session's server, with the macros of our dbt project in them.

`dbt-tests-adapter` makes a small dbt project for each of its classes out of fixtures. Two of them are ours: the
connection, and the macros. A macro of the root project takes the place of the adapter's or dbt's own of that name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from dbt.adapters.factory import reset_adapters

# Here and not as a plugin: fixtures called `project`, `tests` or `macros` are no business of any other folder.
from dbt.tests.fixtures.project import *  # noqa: F403
from dbt_common.tests import disable_test_caching
from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

DBT_PROJECT = Path(__file__).parents[3] / "dbt_project"

DATABASE = "dbt_adapter"

ROLES = {f"DBT_TEST_USER_{number}": f"dbt_test_user_{number}" for number in (1, 2, 3)}
"""Roles that the suite grants to, by the environment variables in which it looks for their names."""


@pytest.fixture(scope="session")
def adapter_database(server_url: str) -> Iterator[str]:
    """A database for all classes, each of which has a schema of its own in it; and the roles that they grant to."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"create database {DATABASE} template template0")
        for name in ROLES.values():
            connection.execute(f"create role {name}")
        yield DATABASE
        connection.execute(f"drop database {DATABASE} with (force)")
        connection.execute(f"drop role {', '.join(ROLES.values())}")


@pytest.fixture(scope="class")
def dbt_profile_target(server_url: str, adapter_database: str) -> dict[str, object]:
    """How dbt connects, in place of the suite's server on localhost."""
    parts = conninfo_to_dict(server_url)
    return {
        "type": "postgres",
        "threads": 4,
        "host": parts["host"],
        "port": 5432,
        "user": parts["user"],
        "password": "",
        "dbname": adapter_database,
    }


@pytest.fixture(scope="class")
def macros() -> dict[str, str]:
    """All macros of our project, `generate_schema_name` among them: the suite names its schemas in full."""
    return {path.name: path.read_text() for path in sorted((DBT_PROJECT / "macros").glob("*.sql"))}


@pytest.fixture(scope="class")
def logs_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where dbt logs, in place of a folder in the checkout."""
    folder = str(tmp_path_factory.mktemp("logs"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_LOG_PATH", folder)
        yield folder


@pytest.fixture(scope="class")
def environment() -> Iterator[os._Environ[str]]:
    """The process's environment, with the roles' names; and of dbt a state that no test before has touched.

    dbt keeps the connection of its last run in this process and would take it for the suite's; what the suite switches
    on in dbt ends with the class.
    """
    reset_adapters()
    with pytest.MonkeyPatch.context() as environment:
        for variable, name in ROLES.items():
            environment.setenv(variable, name)
        yield os.environ
    disable_test_caching()
