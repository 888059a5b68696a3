"""What trials of random companies have in common: their database, and how Hypothesis is to try them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from hypothesis import HealthCheck, Phase, seed, settings
from psycopg.conninfo import conninfo_to_dict

from quickbooks_history.kept_sessions import kept_sessions
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def trials(number: int, examples: int) -> Callable[[Any], Any]:
    """As many companies, always the same for a number."""

    def decorated(test: Any) -> Any:
        return seed(number)(
            settings(
                max_examples=examples,
                database=None,
                deadline=None,
                print_blob=True,
                report_multiple_bugs=False,
                phases=[Phase.explicit, Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            )(test)
        )

    return decorated


@contextmanager
def companies_database(server_url: str, name: str) -> Iterator[str]:
    """A database for one company after the other, with ledger and raw tables, and its URL."""
    parts = conninfo_to_dict(server_url)
    url = f"postgresql://{parts.get('user') or 'postgres'}@/{name}?host={parts['host']}"
    with psycopg.connect(server_url, autocommit=True) as server, kept_sessions():
        server.execute(f"create database {name} template template0")
        server.execute(f"alter database {name} set synchronous_commit = off")  # no server dies here
        with connect(url) as connection:
            ensure_schema(connection)
        yield url
        server.execute(f"drop database {name} with (force)")
