"""Loading exports from the command line: a Dagster run in this process, followed as it goes."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from quickbooks_history.exports.inbox import FoundExport, Stranger, list_inbox
from quickbooks_history.instance import dagster_instance
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.history import Issue, issues_of_loads
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import psycopg
    from dagster import EventLogEntry

    from quickbooks_history.settings import Settings

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
"""Run tags by which Dagster takes a run for a range of partitions."""


INTERRUPTED = "DagsterExecutionInterruptedError"


@dataclass(frozen=True)
class LoadReport:
    """What became of a load.

    Attributes:
        run_id: The Dagster run.
        succeeded: Whether all of it succeeded; if not, what was loaded stays loaded.
        error: What failed first, for a person.
        entries: What the ledger says of each file that was delivered, oldest export first.
        issues: Values and rows of these files that could not be used as they stood.
        known: Exports that lay there and had been delivered before.
        strangers: What lay there and is no export.
    """

    run_id: str
    succeeded: bool
    error: str | None
    entries: list[ledger.LedgerEntry] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    known: list[ledger.LedgerEntry] = field(default_factory=list)
    strangers: tuple[Stranger, ...] = ()

    @property
    def was_interrupted(self) -> bool:
        """Whether somebody stopped it, rather than an error."""
        return bool(self.error and self.error.startswith("interrupted"))

    @property
    def needs_a_person(self) -> bool:
        """Whether some file was not loaded that somebody may think was."""
        return bool(self.strangers) or any(entry.status in {"rejected", "held"} for entry in self.entries)


def load(settings: Settings, paths: Sequence[Path], follow: Callable[[str], None]) -> LoadReport:
    """Deliver every new export and bring all marts up to date, as a run of the Dagster assets.

    Args:
        settings: Says where the warehouse, the inbox and the Dagster instance are.
        paths: Files and folders to look through; none means the inbox.
        follow: Is told, in a few words, each thing that happens.

    Returns:
        What became of it.

    Raises:
        MissingPathError: A path does not exist.
    """
    settings.inbox.mkdir(parents=True, exist_ok=True)
    looked_through = [path.absolute() for path in paths] or [settings.inbox]
    listing = list_inbox(looked_through, settings.zone).require_all()
    with _turn(settings, follow) as connection:
        new = ledger.undelivered(connection, listing.exports)
        known = _known(connection, listing.exports, new)
        run_id, succeeded, error = _run(settings, looked_through, new, follow)
        entries = ledger.latest_entries(connection, new)
        return LoadReport(
            run_id=run_id,
            succeeded=succeeded,
            error=error,
            entries=entries,
            issues=issues_of_loads(connection, [entry.load_id for entry in entries]) if succeeded else [],
            known=known,
            strangers=listing.strangers,
        )


def change_status(
    settings: Settings, file_name: str, *, was: Sequence[str], becomes: str, word: str, follow: Callable[[str], None]
) -> LoadReport:
    """Put a load in force or out of it and bring history up to date, as a run of the Dagster assets.

    Args:
        settings: Says where the warehouse and the Dagster instance are.
        file_name: The load's file.
        was: The statuses that it may have.
        becomes: The status that it gets.
        word: What is done, for the ledger and the run's tags.
        follow: Is told, in a few words, each thing that happens.

    Returns:
        What became of it.

    Raises:
        NoSuchLoadError: The file has no load with such a status.
    """
    with _turn(settings, follow) as connection:
        entry = ledger.set_status(connection, file_name, was=was, becomes=becomes, word=word)
        tag = f"quickbooks_history/{word.replace(' ', '_')}"
        run_id, succeeded, error = _run(settings, [], [], follow, tags={tag: file_name})
    return LoadReport(run_id=run_id, succeeded=succeeded, error=error, entries=[entry])


@contextmanager
def _turn(settings: Settings, follow: Callable[[str], None]) -> Iterator[psycopg.Connection]:
    """Open the warehouse, for child processes too, and wait until no other command loads."""
    follow("starting the warehouse")
    url = warehouse.database_url(settings)
    os.environ.update(warehouse.tool_environment(url))
    with warehouse.connect(url) as connection:
        ensure_schema(connection)
        if not ledger.try_lock_loading(connection):
            follow("waiting for another load of this warehouse to end")
            ledger.lock_loading(connection)
        yield connection


def _known(
    connection: psycopg.Connection, exports: Sequence[FoundExport], new: Sequence[FoundExport]
) -> list[ledger.LedgerEntry]:
    paths = {export.path for export in new}
    return ledger.latest_entries(connection, [export for export in exports if export.path not in paths])


def _run(
    settings: Settings,
    looked_through: Sequence[Path],
    new: Sequence[FoundExport],
    follow: Callable[[str], None],
    tags: dict[str, str] | None = None,
) -> tuple[str, bool, str | None]:
    """Run the assets in this process: the raw ones too when there is something to deliver.

    Returns:
        The run's id, whether it succeeded, and what failed first.
    """
    follow("starting Dagster")
    # Imported here: Dagster and dbt take seconds, which a wrong path should not have to wait for.
    from dagster._core.utils import make_new_run_id

    from quickbooks_history.definitions import defs
    from quickbooks_history.defs.jobs import LOAD_EXPORTS, REFRESH_HISTORY
    from quickbooks_history.defs.partitions import add_export_dates

    run_id = make_new_run_id()
    follower = _Follower(follow)
    run_config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    run_tags = dict(tags or {})
    with dagster_instance(settings) as instance:
        instance.add_event_listener(run_id, follower)
        if new:
            dates = sorted({export.name.export_date for export in new})
            add_export_dates(instance, dates)
            run_tags |= {RANGE_START: dates[0], RANGE_END: dates[-1]}
            run_config["ops"] = {"meltano_load": {"config": {"paths": [str(path) for path in looked_through]}}}
        result = defs.resolve_job_def((LOAD_EXPORTS if new else REFRESH_HISTORY).name).execute_in_process(
            run_config=run_config, instance=instance, tags=run_tags, run_id=run_id, raise_on_error=False
        )
    return run_id, result.success, follower.error


class _Follower:
    """Tells a run's events in a few words, and keeps the first error."""

    def __init__(self, follow: Callable[[str], None]) -> None:
        self._follow = follow
        self.error: str | None = None

    def __call__(self, entry: EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None:
            if int(entry.level) <= logging.INFO:
                self._follow(entry.user_message)
        elif event.is_step_failure and entry.message and INTERRUPTED in str(event.step_failure_data.error):
            self.error = "interrupted; files that were loaded stay loaded, the others come with the next load"
        elif event.is_step_failure:
            failure = event.step_failure_data
            cause = failure.user_failure_data.description if failure.user_failure_data else None
            if cause is None and failure.error is not None:
                cause = (failure.error.cause or failure.error).message
            self.error = self.error or f"{event.step_key}: {(cause or event.message or '').strip()}"
        elif event.is_step_start:
            self._follow(f"{event.step_key} started")
        elif event.is_step_materialization:
            self._follow("/".join(event.step_materialization_data.materialization.asset_key.path))
