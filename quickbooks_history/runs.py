"""Dagster runs in this process, followed as they go: what the command line starts is in the web UI like any other."""

from __future__ import annotations

import logging
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from quickbooks_history.instance import dagster_instance, unusable
from quickbooks_history.standby import Standby
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.connection import server_age
from quickbooks_history.warehouse.rollback import require_forward
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import psycopg
    from dagster import AssetKey, DagsterEvent, DagsterInstance, EventLogEntry

    from quickbooks_history.settings import Settings

COMMAND = "quickbooks_history/command"
"""Run tag: which command of `qbh` the run is. Its process holds a lock of the warehouse by the run's id."""

_INTERRUPTED = "DagsterExecutionInterruptedError"


START_UP = timedelta(minutes=2)
"""How long a run's process may take to come up and say that it lives."""

FORGETFUL = timedelta(seconds=5)
"""How long after its start a server may not know yet who lives: processes say it anew when they have noticed."""


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

    Raises:
        UnusableInstanceError: What Dagster keeps of its runs cannot be read or written.
    """
    from sqlalchemy.exc import DatabaseError

    follow("starting Dagster")
    ready = Standby()
    try:
        return _run_job(settings, connection, job, follow, command=command, ops=ops, dates=dates)
    except DatabaseError as error:  # of Dagster's own storage, without which it cannot even say that the run fails
        raise unusable(settings, error) from error
    finally:
        ready.dismiss()


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
    from dagster import AssetCheckSeverity
    from dagster._core.utils import make_new_run_id

    from quickbooks_history.company import RUN_TAGS
    from quickbooks_history.definitions import defs
    from quickbooks_history.defs.partitions import add_export_dates, range_tags

    run_id = make_new_run_id()
    follower = _Follower(follow)
    tags = {COMMAND: command, **RUN_TAGS}
    with dagster_instance(settings) as instance:
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


def report_dead_runs(instance: DagsterInstance, connection: psycopg.Connection) -> None:
    """Tell Dagster of runs whose process was killed: it would show them as running for ever.

    Args:
        instance: Where the runs are.
        connection: To the warehouse, whose server frees the locks of dead processes.
    """
    from dagster import DagsterRunStatus, RunsFilter

    from quickbooks_history.company import is_ours

    running = RunsFilter(statuses=[DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING])
    now = datetime.now(UTC)
    for record in instance.get_run_records(running):
        run = record.dagster_run
        if not is_ours(run):  # it says that it lives in another company's warehouse
            continue
        # The runs of `qbh` hold their lock before Dagster hears of them. Others must import their code first, also
        # those that execute one of `qbh` again and have its tags.
        is_of_qbh = COMMAND in run.tags and run.parent_run_id is None
        # A moment that is yet to come is of a clock that was set back since.
        may_be_starting = not is_of_qbh and abs(now - in_utc(record.update_timestamp)) < START_UP
        if not may_be_starting and _is_dead(connection, run.run_id):
            instance.report_run_failed(run, "its process was killed; the next run completes what it began")


def _is_dead(connection: psycopg.Connection, run_id: str) -> bool:
    """Whether no process says that it is this run's, also when the server had the time to hear of it."""
    while ledger.run_is_dead(connection, run_id):
        young_for = FORGETFUL - server_age(connection)
        if young_for <= timedelta():
            return True
        time.sleep(min(young_for.total_seconds(), 0.5))
    return False


def in_utc(moment: datetime) -> datetime:
    """Return a moment of Dagster's run storage, which may leave out that it is UTC, with its time zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def why_it_failed(event: DagsterEvent) -> str:
    """Return which step failed and why, for a person, from a step's failure."""
    failure = event.step_failure_data
    cause = failure.user_failure_data.description if failure.user_failure_data else None
    if cause is None and failure.error is not None:
        cause = (failure.error.cause or failure.error).message
    return f"{event.step_key}: {(cause or event.message or '').strip()}"


def report_orphaned_runs(instance: DagsterInstance) -> None:
    """Tell Dagster that no process works on its own runs any more; only `qbh up` knows, when it starts.

    Else they would be "started" for ever, and the queue would keep the warehouse's place for them. Runs of `qbh`
    have processes of their own and are left alone.
    """
    from dagster import DagsterRunStatus, RunsFilter

    running = RunsFilter(statuses=[DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING])
    for run in instance.get_runs(running):
        if COMMAND not in run.tags:
            instance.report_run_failed(run, "its process ended with the qbh up that had started it")


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
