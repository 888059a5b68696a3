"""Runs of the command line, as Dagster knows them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from dagster import DagsterInstance, DagsterRunStatus

from quickbooks_history import run_records, web
from quickbooks_history.defs.resources import SignOfLife
from quickbooks_history.instance import dagster_instance
from quickbooks_history.run_records import COMMAND, report_dead_runs
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from pathlib import Path


@dg.job(name="verify")
def nothing() -> None:
    """A job without steps, named like one of ours."""


@dg.job
def of_another_project() -> None:
    """A job of somebody else on the same instance."""


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


def test_a_run_of_before_the_clock_was_set_back_is_not_starting_for_ever(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Back(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - timedelta(hours=1)

    monkeypatch.setattr(run_records, "datetime", Back)
    with DagsterInstance.ephemeral() as instance, connect(database) as connection:
        killed = instance.create_run_for_job(nothing, status=DagsterRunStatus.STARTED)
        report_dead_runs(instance, connection)
        ended = instance.get_run_by_id(killed.run_id)
        assert ended is not None
        assert ended.status is DagsterRunStatus.FAILURE


@pytest.mark.parametrize(("allowed", "status"), [(300, DagsterRunStatus.STARTING), (30, DagsterRunStatus.FAILURE)])
def test_a_run_may_take_as_long_to_start_as_run_monitoring_allows(
    allowed: int, status: DagsterRunStatus, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its image may have to be fetched first."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(minutes=4)

    monitored = {"run_monitoring": {"enabled": True, "start_timeout_seconds": allowed}}
    with DagsterInstance.local_temp(overrides=monitored) as instance, connect(database) as connection:
        slow = instance.create_run_for_job(nothing, status=DagsterRunStatus.STARTING)
        monkeypatch.setattr(run_records, "datetime", Later)
        report_dead_runs(instance, connection)
        after = instance.get_run_by_id(slow.run_id)
        assert after is not None
        assert after.status is status


ENDED, AT_WORK = DagsterRunStatus.FAILURE, DagsterRunStatus.STARTED


@pytest.mark.parametrize(("is_shared", "ours"), [(False, ENDED), (True, AT_WORK)])
def test_qbh_up_ends_what_an_earlier_one_has_left(
    is_shared: bool,
    ours: DagsterRunStatus,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nothing of others: of other projects, of commands, or what other services started on a shared instance."""
    monkeypatch.setenv("DAGSTER_HOME", "")  # set by it, and to be taken back
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    settings = Settings(
        home=tmp_path / "home", database_url=database, dagster_home_folder=shared if is_shared else None
    )
    settings.home.mkdir()
    with dagster_instance(settings) as instance, connect(database) as connection:
        left = instance.create_run_for_job(nothing, status=AT_WORK)
        other = instance.create_run_for_job(of_another_project, status=AT_WORK)
        command = instance.create_run_for_job(nothing, status=AT_WORK, tags={COMMAND: "load"})
        ledger.lock_run(connection, command.run_id)
        web._prepared(settings, database, print)
        statuses = {run.run_id: run.status for run in instance.get_runs()}
    assert statuses == {left.run_id: ours, other.run_id: AT_WORK, command.run_id: AT_WORK}


def test_a_run_says_that_it_lives_again_when_the_server_has_forgotten(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has just started is given the time to hear of it."""
    monkeypatch.setattr(run_records, "server_age", lambda _: timedelta(seconds=4))
    with DagsterInstance.ephemeral() as instance, connect(database) as connection:
        living = instance.create_run_for_job(nothing, status=DagsterRunStatus.STARTED, tags={COMMAND: "load"})
        sign = SignOfLife(database, living.run_id)
        connection.execute("select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'")
        assert ledger.run_is_dead(connection, living.run_id)
        report_dead_runs(instance, connection)
        ended = instance.get_run_by_id(living.run_id)
        assert ended is not None
        assert ended.status is DagsterRunStatus.STARTED
        sign.end()
