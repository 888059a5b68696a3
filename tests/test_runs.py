"""Runs of the command line, as Dagster knows them."""

from __future__ import annotations

import time

import dagster as dg
from dagster import DagsterInstance, DagsterRunStatus

from quickbooks_history.runs import COMMAND, report_dead_runs
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.connection import connect


@dg.job
def nothing() -> None:
    """A job without steps."""


def test_a_run_whose_process_was_killed_is_reported_failed(database: str) -> None:
    """Else it would be running for ever in the web UI, and those in the queue would wait for it."""
    with DagsterInstance.ephemeral() as instance, connect(database) as connection:
        started = {"job_def": nothing, "status": DagsterRunStatus.STARTED}
        killed = instance.create_run_for_job(**started, tags={COMMAND: "load"})
        living = instance.create_run_for_job(**started, tags={COMMAND: "load"})
        of_the_daemon = instance.create_run_for_job(**started)
        with connect(database) as process:
            ledger.lock_run(process, living.run_id)
            report_dead_runs(instance, connection)
            statuses = {run.run_id: run.status for run in instance.get_runs()}
            assert statuses == {
                killed.run_id: DagsterRunStatus.FAILURE,
                living.run_id: DagsterRunStatus.STARTED,
                of_the_daemon.run_id: DagsterRunStatus.STARTED,
            }
        deadline = time.monotonic() + 10  # the server notices a moment later that the connection is gone
        while not ledger.run_is_dead(connection, living.run_id):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        report_dead_runs(instance, connection)
        ended = instance.get_run_by_id(living.run_id)
        assert ended is not None
        assert ended.status is DagsterRunStatus.FAILURE
