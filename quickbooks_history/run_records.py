"""What Dagster has recorded of runs: why one failed, and those whose process is gone, which it takes to be running."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.connection import server_age

if TYPE_CHECKING:
    import psycopg
    from dagster import DagsterEvent, DagsterInstance, DagsterRun, RunRecord

COMMAND = "quickbooks_history/command"
"""Run tag: which command of `qbh` the run is. Its process holds a lock of the warehouse by the run's id."""

START_UP = timedelta(minutes=2)
"""How long a run's process may take to come up and say that it lives, unless run monitoring allows more."""

FORGETFUL = timedelta(seconds=5)
"""How long after its start a server may not know yet who lives: processes say it anew when they have noticed."""


def report_dead_runs(instance: DagsterInstance, connection: psycopg.Connection) -> None:
    """Tell Dagster of runs whose process was killed: it would show them as running for ever.

    Args:
        instance: Where the runs are.
        connection: To the warehouse, whose server frees the locks of dead processes.
    """
    now = datetime.now(UTC)
    start_up = _start_up(instance)
    for record in _at_work(instance):
        run = record.dagster_run
        # The runs of `qbh` hold their lock before Dagster hears of them. Others must import their code first.
        # A moment that is yet to come is of a clock that was set back since.
        may_be_starting = not is_process_of_qbh(run) and abs(now - in_utc(record.update_timestamp)) < start_up
        if not may_be_starting and _is_dead(connection, run.run_id):
            instance.report_run_failed(run, "its process was killed; the next run completes what it began")


def _start_up(instance: DagsterInstance) -> timedelta:
    """How long a run's process may take to come up: on a server its image may have to be fetched first."""
    if not instance.run_monitoring_enabled:
        return START_UP
    return max(START_UP, timedelta(seconds=instance.run_monitoring_start_timeout_seconds))


def is_process_of_qbh(run: DagsterRun) -> bool:
    """Whether a command of `qbh` executes the run itself; one that executes it again has its tags, and a parent."""
    return COMMAND in run.tags and run.parent_run_id is None


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

    And only of an instance on which nobody else starts runs. Else they would be "started" for ever, and the queue would
    keep the warehouse's place for them. Runs of `qbh` have processes of their own and are left alone.

    Args:
        instance: Where the runs are.
    """
    for record in _at_work(instance):
        run = record.dagster_run
        if COMMAND not in run.tags:
            instance.report_run_failed(run, "its process ended with the qbh up that had started it")


def _at_work(instance: DagsterInstance) -> list[RunRecord]:
    """This company's runs that Dagster takes to be running; others say that they live in another warehouse."""
    from dagster import DagsterRunStatus, RunsFilter

    from quickbooks_history.company import is_ours

    running = RunsFilter(statuses=[DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING])
    return [record for record in instance.get_run_records(running) if is_ours(record.dagster_run)]
