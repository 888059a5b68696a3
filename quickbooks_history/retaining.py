"""`qbh archive` and `qbh restore`: runs that move months of the log out of the database and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quickbooks_history.runs import Run, open_warehouse, reopened_warehouse, run_job
from quickbooks_history.warehouse.archive import ArchivedMonth, archived_months

if TYPE_CHECKING:
    from collections.abc import Callable

    from quickbooks_history.settings import Settings


@dataclass(frozen=True)
class Moved:
    """How a run of retention ended.

    Attributes:
        run: The Dagster run.
        months: What has gone into the archive, or has come back; if the run failed, that much of it.
    """

    run: Run
    months: list[ArchivedMonth]


def retain(settings: Settings, job: str, ops: dict[str, Any], follow: Callable[[str], None]) -> Moved:
    """Archive or restore months of the log, as a Dagster run.

    Args:
        settings: Says where the warehouse and the Dagster instance are.
        job: `archive` or `restore`.
        ops: Configuration of its step.
        follow: Is told, in a few words, each thing that happens.
    """
    with open_warehouse(settings, follow) as connection:
        before = {month.file_name: month for month in archived_months(connection)}
        run = run_job(settings, connection, job, follow, command=job, ops=ops)
    with reopened_warehouse(settings) as connection:
        after = {month.file_name: month for month in archived_months(connection)}
    moved = [(before | after)[name] for name in before.keys() ^ after.keys()]
    return Moved(run, sorted(moved, key=lambda month: (month.month, month.entity)))
