"""Connections to the warehouse, and the environment in which other tools find it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict

from quickbooks_history.warehouse import embedded

if TYPE_CHECKING:
    from quickbooks_history.settings import Settings


def database_url(settings: Settings) -> str:
    """Return the warehouse's libpq URL, starting the embedded server when no `DATABASE_URL` is set."""
    return settings.database_url or embedded.start(settings)


def connect(url: str) -> psycopg.Connection:
    """Open a connection whose session thinks in UTC, in autocommit mode.

    It waits for its turn and holds it while other programs work, for an hour if need be: what a server sets against
    sessions that are idle or slow is not meant for it.
    """
    options = "-c timezone=UTC -c idle_session_timeout=0 -c statement_timeout=0 -c lock_timeout=0"
    return psycopg.connect(
        url, autocommit=True, application_name="quickbooks-history", options=options, keepalives_idle=30
    )


def sqlalchemy_url(url: str) -> str:
    """Return a libpq URL in the form that SQLAlchemy takes, on psycopg 3."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)


def tool_environment(url: str) -> dict[str, str]:
    """Return the variables by which our own commands, Meltano, dbt and libpq tools find the warehouse.

    Args:
        url: A libpq URL.

    Returns:
        `DATABASE_URL`, which this project and its Singer plugins read, and the `PG*` variables, which
        dbt's profile and psql read.
    """
    parts = conninfo_to_dict(url)
    return {
        "DATABASE_URL": url,
        "PGHOST": str(parts.get("host") or "localhost"),
        "PGPORT": str(parts.get("port") or 5432),
        "PGUSER": str(parts.get("user") or "postgres"),
        "PGPASSWORD": str(parts.get("password") or ""),
        "PGDATABASE": str(parts.get("dbname") or "postgres"),
    }
