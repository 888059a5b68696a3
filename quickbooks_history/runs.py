"""Dagster runs in this process, followed as they go: what the command line starts is in the web UI like any other."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quickbooks_history.garbage import imported_to_stay
from quickbooks_history.instance import dagster_instance, unusable
from quickbooks_history.run_records import COMMAND, report_dead_runs, why_it_failed
from quickbooks_history.standby import DBT, standing_by
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.rollback import require_forward
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import psycopg
    from dagster import AssetKey, EventLogEntry

    from quickbooks_history.settings import Settings
    from quickbooks_history.standby import Standby

_INTERRUPTED = "DagsterExecutionInterruptedError"


@dataclass(frozen=True)
class CheckResult:
    """What an asset check found.

    Attributes:
        name: The check's name.
        table: Name of the table that it looked at.
        passed: Whether all is well.
        is_warning: Whether, if it is not, a person should look and nothing is wrong.
        description: The same in words.
        metadata: Numbers and rows, by name.
    """

    name: str
    table: str
    passed: bool
    is_warning: bool
    description: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """How a run ended.

    Attributes:
        run_id: The Dagster run.
        succeeded: Whether all of it succeeded.
        error: What failed first, for a person.
        checks: What its asset checks found.
        observations: What it said of assets that it did not make: a table's name, and a few words.
    """

    run_id: str
    succeeded: bool
    error: str | None
    checks: tuple[CheckResult, ...] = ()
    observations: tuple[tuple[str, str], ...] = ()

    @property
    def was_interrupted(self) -> bool:
        """Whether somebody stopped it, rather than an error."""
        return bool(self.error and self.error.startswith("interrupted"))


@contextmanager
def open_warehouse(
    settings: Settings, follow: Callable[[str], None], *, forward: bool = True
) -> Iterator[psycopg.Connection]:
    """Open the warehouse, for child processes too.

    Args:
        settings: Says where it is.
        follow: Is told that it starts.
        forward: Whether it is opened to move the log or history on.

    Yields:
        A connection; ledger and raw tables exist.

    Raises:
        RolledBackError: Nothing may move on now.
    """
    follow("starting the warehouse")
    url = warehouse.database_url(settings)
    os.environ.update(warehouse.tool_environment(url))
    with warehouse.connect(url) as connection:
        ensure_schema(connection)
        if forward:
            require_forward(connection)
        yield connection


@contextmanager
def reopened_warehouse(settings: Settings) -> Iterator[psycopg.Connection]:
    """Open the warehouse to report of a run: what was opened before may have been cut off meanwhile.

    Args:
        settings: Says where it is.

    Yields:
        A connection.
    """
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        yield connection


def run_job(
    settings: Settings,
    connection: psycopg.Connection,
    job: str,
    follow: Callable[[str], None],
    *,
    command: str,
    ops: dict[str, Any] | None = None,
    dates: Sequence[str] = (),
    after: Standby | None = None,
) -> Run:
    """Run a job of the definitions in this process and wait for its end.

    Args:
        settings: Says where the Dagster instance is.
        connection: To the warehouse; it holds a lock by the run's id until it closes.
        job: Its name.
        follow: Is told, in a few words, each thing that happens.
        command: The command of `qbh` that this is, for the run's tags.
        ops: Configuration of the job's steps.
        dates: Export dates, in order, whose first and last the run ranges over.
        after: A tool that imports itself before dbt does.

    Raises:
        UnusableInstanceError: What Dagster keeps of its runs cannot be read or written.
    """
    from sqlalchemy.exc import DatabaseError

    follow("starting Dagster")
    # Tools import themselves beside Dagster, one after the other: there is work for two cores at any time, and not for
    # three.
    with standing_by(DBT, after=after):
        try:
            return _run_job(settings, connection, job, follow, command=command, ops=ops, dates=dates)
        except DatabaseError as error:  # of Dagster's own storage, without which it cannot even say that the run fails
            raise unusable(settings, error) from error


def _run_job(
    settings: Settings,
    connection: psycopg.Connection,
    job: str,
    follow: Callable[[str], None],
    *,
    command: str,
    ops: dict[str, Any] | None,
    dates: Sequence[str],
) -> Run:
    # Imported here: Dagster and dbt take seconds, which a wrong path should not have to wait for.
    with imported_to_stay("quickbooks_history.definitions"):
        from dagster import AssetCheckSeverity
        from dagster._core.utils import make_new_run_id

        from quickbooks_history.company import RUN_TAGS
        from quickbooks_history.definitions import defs
        from quickbooks_history.defs.partitions import add_export_dates, range_tags

        opened = dagster_instance(settings)  # which imports Dagster's storage

    run_id = make_new_run_id()
    follower = _Follower(follow)
    tags = {COMMAND: command, **RUN_TAGS}
    with opened as instance:
        report_dead_runs(instance, connection)
        ledger.lock_run(connection, run_id)
        instance.add_event_listener(run_id, follower)
        if dates:
            add_export_dates(instance, dates)
            tags |= range_tags(dates)
        result = defs.resolve_job_def(job).execute_in_process(
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, "ops": ops or {}},
            instance=instance,
            tags=tags,
            run_id=run_id,
            raise_on_error=False,
        )
        # Of a step that was tried again, a check's last result counts.
        checks = {check.asset_check_key: check for check in result.get_asset_check_evaluations()}
        observed = [
            event.asset_observation_data.asset_observation
            for event in result.filter_events(lambda event: event.is_asset_observation)
        ]
        return Run(
            run_id,
            result.success,
            follower.error,
            checks=tuple(
                CheckResult(
                    name=check.check_name,
                    table=_table(check.asset_key),
                    passed=check.passed,
                    is_warning=check.severity is AssetCheckSeverity.WARN,
                    description=check.description or "",
                    metadata={name: value.value for name, value in check.metadata.items()},
                )
                for check in checks.values()
            ),
            observations=tuple((_table(seen.asset_key), seen.description or "") for seen in observed),
        )


def _table(key: AssetKey) -> str:
    from quickbooks_history.company import table_of

    return ".".join(table_of(key))


class _Follower:
    """Tells a run's events in a few words, and keeps the first error."""

    def __init__(self, follow: Callable[[str], None]) -> None:
        self._follow = follow
        self.error: str | None = None

    def __call__(self, entry: EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None:
            if int(entry.level) <= logging.WARNING:
                self._follow(entry.user_message.rpartition("\n")[2])
        elif event.is_step_failure and entry.message and _INTERRUPTED in str(event.step_failure_data.error):
            self.error = "interrupted; files that were loaded stay loaded, the others come with the next load"
        elif event.is_step_failure:
            self.error = self.error or why_it_failed(event)
        elif event.is_step_start:
            self._follow(f"{event.step_key} started")
        elif event.is_step_materialization:
            self._follow("/".join(event.step_materialization_data.materialization.asset_key.path))
