"""Sessions of PostgreSQL that outlive the connections that dbt closes.

dbt opens and closes a connection for every node, and each new session reads PostgreSQL's catalog anew: half of the
server's time where tables hold a handful of rows, and 0.4 s a node where the log has ten years of monthly partitions.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg2  # type: ignore[import-untyped]
from psycopg2.extensions import connection  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def kept_sessions() -> Iterator[None]:
    """Give whoever connects through psycopg2 a session that was closed before, as empty as a new one.

    Emptied as connection poolers do it, by `discard all`: temporary tables, settings, session locks and plans are gone.
    """
    idle: defaultdict[tuple[Any, ...], list[_Kept]] = defaultdict(list)

    class _Kept(connection):  # type: ignore[misc]
        address: tuple[Any, ...]

        def close(self) -> None:
            try:
                self.rollback()
                self.autocommit = True
                with self.cursor() as cursor:
                    cursor.execute("discard all")
                self.autocommit = False
            except psycopg2.Error:  # it is broken, or closed already
                super().close()
            else:
                idle[self.address].append(self)

    opened = psycopg2.connect

    def connect(*args: Any, **kwargs: Any) -> connection:  # noqa: ANN401 - psycopg2's own
        address = (*args, *sorted(kwargs.items()))
        if idle[address]:
            return idle[address].pop()
        made: _Kept = opened(*args, connection_factory=_Kept, **kwargs)
        made.address = address
        return made

    psycopg2.connect = connect
    try:
        yield
    finally:
        psycopg2.connect = opened
        for sessions in idle.values():
            for session in sessions:
                connection.close(session)
