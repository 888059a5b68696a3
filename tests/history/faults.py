"""Faults: runs of dbt and the loader whose server lets them down at a statement that a test chooses."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import psycopg2
import pytest
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Statements:
    """The statements that dbt sends, and what a test does at them.

    Attributes:
        before: Called with each statement's number, from 1, and its connection, before it is sent.
        after: Likewise, when the server has done it.
        sent: What has been sent so far.
    """

    before: Callable[[int, Any], None] | None = None
    after: Callable[[int, Any], None] | None = None
    sent: list[str] = field(default_factory=list)

    @contextmanager
    def watched(self) -> Iterator[Statements]:
        """Watch the connections that dbt opens."""
        connect = psycopg2.connect
        statements = self

        class Watched(Cursor):
            def execute(self, query: Any, variables: Any = None) -> None:
                statements.sent.append(query)
                number = len(statements.sent)
                if statements.before is not None:
                    statements.before(number, self.connection)
                super().execute(query, variables)
                if statements.after is not None:
                    statements.after(number, self.connection)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg2, "connect", lambda *args, **kwargs: connect(*args, cursor_factory=Watched, **kwargs))
            yield self

    def commits(self) -> list[int]:
        """Numbers of the statements that end a transaction."""
        return [number for number, statement in enumerate(self.sent, start=1) if statement == "COMMIT"]

    def text(self, number: int) -> str:
        """A statement in one line, without the comment that dbt puts above it."""
        return " ".join(self.sent[number - 1].partition("*/")[2].split() or self.sent[number - 1].split())[:100]


@dataclass
class Kill:
    """Ends the backend of a connection at one statement of a run.

    Attributes:
        server: A connection from which backends are ended.
        at: The statement's number.
        unheard: The server does the statement, but dbt does not hear of it: as when a connection breaks between a
            commit and its answer. Otherwise the statement finds its backend gone.
        has_struck: Whether the run came that far.
        passed: Of a loader, how often it has waited for an answer.
    """

    server: psycopg.Connection
    at: int
    unheard: bool = False
    has_struck: bool = False
    passed: int = 0

    @contextmanager
    def strikes(self) -> Iterator[Statements]:
        """Strike in what dbt does meanwhile."""
        strike = {"after": self._after} if self.unheard else {"before": self._before}
        with Statements(**strike).watched() as statements:
            yield statements

    @contextmanager
    def strikes_loader(self) -> Iterator[None]:
        """Strike the loader, at one of the moments when it waits for the server: a statement, a block of rows, a commit."""
        kill, wait = self, psycopg.Connection.wait

        def watched(connection: psycopg.Connection, *args: Any, **kwargs: Any) -> Any:
            if connection is not kill.server:
                kill.passed += 1
                kill._before(kill.passed, connection)
            return wait(connection, *args, **kwargs)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg.Connection, "wait", watched)
            yield

    def _before(self, number: int, connection: Any) -> None:
        if number == self.at:
            self._end(connection)

    def _after(self, number: int, connection: Any) -> None:
        if number == self.at:
            self._end(connection)
            raise psycopg2.OperationalError("the server closed the connection before it answered")

    def _end(self, connection: Any) -> None:
        ended = self.server.execute("select pg_terminate_backend(%s, 10000)", [connection.info.backend_pid]).fetchone()
        self.has_struck = ended == (True,)
