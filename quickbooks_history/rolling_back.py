"""`qbh rollback`: runs that go back to upserts, and forward again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quickbooks_history.runs import Run, open_warehouse, run_job
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse.rollback import rolled_back_since, tables_there

if TYPE_CHECKING:
    from collections.abc import Callable

    from quickbooks_history.settings import Settings


class NothingToUndoError(RuntimeError):
    """The pipeline goes forward already."""


def roll_back(settings: Settings, follow: Callable[[str], None], *, undo: bool) -> Run:
    """Have the pipeline stand still and upsert all exports into current state; or go forward again.

    Args:
        settings: Says where the warehouse and the Dagster instance are.
        follow: Is told, in a few words, each thing that happens.
        undo: Whether to go forward again.

    Returns:
        How the run ended; it observes each mart that what was upserted was held against, and of the raw tables the
        files that the log does not have.

    Raises:
        NothingToUndoError: It is not rolled back.
    """
    job = "undo_rollback" if undo else "rollback"
    with open_warehouse(settings, follow, forward=False) as connection:
        if undo and rolled_back_since(connection) is None and not tables_there(connection):
            raise NothingToUndoError("the pipeline is not rolled back; there is nothing to undo")
        return run_job(settings, connection, job, follow, command=job)


def what_stays(settings: Settings) -> list[str]:
    """Return the tables of current state that are still there, because something is built on them."""
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        return tables_there(connection)
