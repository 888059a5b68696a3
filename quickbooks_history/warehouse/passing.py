"""Which faults of the database pass, so that it helps to try again."""

from __future__ import annotations

import re

import psycopg

_SQLSTATES = re.compile(r"08...|40...|53300|55P03|57P0[1235]")
"""No connection, overtaken by others, too many clients, a lock not had in time; stopped, crashed, starting, idle long.

Not a disk or a memory that is full, and not a statement that somebody has stopped: so they are in seconds, too.
"""

_WORDS = re.compile(
    r"server closed the connection|terminating connection|could not (?:receive data from|send data to) server"
    r"|the connection is (?:closed|lost)|connection already closed|connection not open|no connection to the server"
    r"|SSL connection has been closed|SSL SYSCALL error|connection (?:refused|reset|timed out)"
    r"|connection to server .* failed: (?!.*FATAL)"
    r"|the database system is|too many clients|remaining connection slots"
    r"|deadlock detected|could not serialize access|could not obtain lock",
    re.IGNORECASE | re.DOTALL,
)
"""The same in words: dbt and Meltano hand on nothing else, and who cannot connect has no SQLSTATE."""


def passes(error: Exception | str) -> bool:
    """Whether a fault is one that may be gone in seconds: a server that starts again, a connection that was cut.

    Args:
        error: What was raised, or what another program has said of it.
    """
    if isinstance(error, psycopg.Error) and error.sqlstate is not None:
        return _SQLSTATES.fullmatch(error.sqlstate) is not None
    return isinstance(error, (psycopg.Error, str)) and _WORDS.search(str(error)) is not None
