"""What a check found: the first rows of its query, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

FIRST = 10
"""So many rows are told; the query shows them all."""

_LONGEST_CELL = 200
"""Characters: a result of a check is kept for ever, and a note may be pages long."""


@dataclass(frozen=True)
class FirstRows:
    """The first rows of a query.

    Attributes:
        columns: Their names.
        rows: Their cells as text, null as None.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


def first_rows(connection: psycopg.Connection, query: str, most: int = FIRST) -> FirstRows:
    """Return the first rows of a query, without asking the server for more.

    Args:
        connection: In autocommit mode.
        query: A select of our own making, such as dbt has compiled of a test; it is not changed.
        most: How many.
    """
    with connection.transaction(), connection.cursor("first_rows") as cursor:
        cursor.execute(query)
        rows = cursor.fetchmany(most)
        columns = tuple(column.name for column in cursor.description or ())
    return FirstRows(columns, tuple(tuple(map(_as_text, row)) for row in rows))


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 3]}..."
