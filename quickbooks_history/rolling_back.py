"""`qbh rollback`: runs that go back to upserts, and forward again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quickbooks_history.runs import Run, open_warehouse, run_job

if TYPE_CHECKING:
    from collections.abc import Callable

    from quickbooks_history.settings import Settings


def roll_back(settings: Settings, follow: Callable[[str], None], *, undo: bool) -> Run:
    """Have the pipeline stand still and upsert all exports into current state; or go forward again.

    Args:
        settings: Says where the warehouse and the Dagster instance are.
        follow: Is told, in a few words, each thing that happens.
        undo: Whether to go forward again.

    Returns:
        How the run ended; it observes each mart that what was upserted was held against.
    """
    job = "undo_rollback" if undo else "rollback"
    with open_warehouse(settings, follow, forward=False) as connection:
        return run_job(settings, connection, job, follow, command=job)
