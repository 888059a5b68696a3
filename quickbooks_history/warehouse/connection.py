"""Connections to the warehouse, and the environment in which other tools find it."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from quickbooks_history.warehouse import embedded
from quickbooks_history.warehouse.migrations import applied

if TYPE_CHECKING:
    from quickbooks_history.settings import Settings


def database_url(settings: Settings) -> str:
    """Return the warehouse's libpq URL, starting the embedded server when no `DATABASE_URL` is set."""
    url = settings.database_url
    # Our own steps find the embedded server by DATABASE_URL, too; one that has died meanwhile is to be started again.
    if url is None or (url in embedded.started and not embedded.is_running(settings)):
        return embedded.start(settings)
    return url


def connect(url: str) -> psycopg.Connection:
    """Open a connection whose session thinks in UTC, in autocommit mode.

    It waits for its turn and holds it while other programs work, for an hour if need be: what a server sets against
    sessions that are idle or slow is not meant for it.

    Raises:
        NewerDatabaseError: A later version of the program has worked in the database; this one is to leave it alone.
    """
    options = "-c timezone=UTC -c idle_session_timeout=0 -c statement_timeout=0 -c lock_timeout=0"
    connection = psycopg.connect(
        url, autocommit=True, application_name="quickbooks-history", options=options, keepalives_idle=30
    )
    try:
        applied(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def require_answer(connection: psycopg.Connection) -> None:
    """Have the server answer.

    Raises:
        psycopg.OperationalError: It does not; the connection is closed then.
    """
    connection.execute("select 1")


def server_age(connection: psycopg.Connection) -> timedelta:
    """Return how long ago the server has started, by its own clock."""
    row = connection.execute("select clock_timestamp() - pg_postmaster_start_time()").fetchone()
    return row[0] if row else timedelta()


def sqlalchemy_url(url: str) -> str:
    """Return a libpq URL in the form that SQLAlchemy takes, on psycopg 3."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)


def tool_environment(url: str) -> dict[str, str]:
    """Return the variables by which our own commands, Meltano, dbt and libpq tools find the warehouse.

    Args:
        url: A libpq URL.

    Returns:
        `DATABASE_URL`, which this project and its Singer plugins read, and the `PG*` variables, which
        dbt's profile and psql read: also those of TLS, or dbt would connect without what the URL asks for.
    """
    stated = {
        option.envvar.decode(): option.val.decode()
        for option in pq.Conninfo.parse(url.encode())
        if option.envvar and option.val is not None
    }
    needed = {"PGHOST": "localhost", "PGPORT": "5432", "PGUSER": "postgres", "PGPASSWORD": "", "PGDATABASE": "postgres"}
    # What the URL leaves out, libpq takes from these variables: ours must not say otherwise.
    set_before = {name: os.environ[name] for name in needed if os.environ.get(name)}
    return {"DATABASE_URL": url, **needed, **set_before, **stated}


def shown_url(url: str) -> str:
    """Return a libpq URL for people's eyes and logs: without its password, if it has one."""
    parts = conninfo_to_dict(url)
    return make_conninfo("", **parts) if parts.pop("password", None) else url
