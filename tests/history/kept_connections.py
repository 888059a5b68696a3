"""Sessions that outlive the connections that dbt closes.

dbt opens and closes a connection for every node, and each new one reads PostgreSQL's catalogue anew: half of the
server's time where tables hold a handful of rows.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import psycopg2
from psycopg2.extensions import connection

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def kept_connections() -> Iterator[None]:
    """Give whoever connects through psycopg2 a session that was closed before, as empty as a new one.

    For one database and one user: nobody looks at what a session was opened for.
    """
    idle: list[_Kept] = []

    class _Kept(connection):
        def close(self) -> None:
            self.rollback()
            with self.cursor() as cursor:
                cursor.execute("discard temp; reset all; select pg_advisory_unlock_all()")
            self.commit()
            idle.append(self)

    opened = psycopg2.connect

    def connect(*args: Any, **kwargs: Any) -> connection:
        return idle.pop() if idle else opened(*args, connection_factory=_Kept, **kwargs)

    with patch.object(psycopg2, "connect", connect):
        yield
    for kept in idle:
        connection.close(kept)
