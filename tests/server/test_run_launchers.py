"""Run monitoring with the launchers of servers: a command of qbh is not failed for want of a container."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import dagster as dg
import pytest
import yaml
from dagster import DagsterInstance, DagsterRunStatus
from dagster._daemon.monitoring.run_monitoring import monitor_started_run

from quickbooks_history.run_records import COMMAND
from tests.server.compose import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator


@dg.job
def nothing() -> None:
    """A job without steps."""


def _instance(name: str) -> DagsterInstance:
    """An instance with the run launcher and the run monitoring of a server."""
    configured = yaml.safe_load((PROJECT / "deploy" / name / "dagster.yaml").read_text())
    return DagsterInstance.local_temp(overrides={part: configured[part] for part in ("run_launcher", "run_monitoring")})


@pytest.fixture(params=["docker", "celery"])
def instance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://")
    with _instance(request.param) as made:
        yield made


def _status_when_looked_after(instance: DagsterInstance, **run: Any) -> DagsterRunStatus:
    """What has become of a run at work when the monitoring has looked at it."""
    made = instance.create_run_for_job(nothing, status=DagsterRunStatus.STARTED, **run)
    (record,) = instance.get_run_records(dg.RunsFilter(run_ids=[made.run_id]))
    monitor_started_run(instance, cast("Any", None), record, logging.getLogger(__name__))
    (after,) = instance.get_runs(dg.RunsFilter(run_ids=[made.run_id]))
    return after.status


def test_a_command_is_left_alone(instance: DagsterInstance) -> None:
    assert _status_when_looked_after(instance, tags={COMMAND: "load"}) is DagsterRunStatus.STARTED


def test_a_command_is_not_said_to_be_ending_when_it_goes_on(instance: DagsterInstance) -> None:
    run = instance.create_run_for_job(nothing, status=DagsterRunStatus.STARTED, tags={COMMAND: "load"})
    assert not instance.run_launcher.terminate(run.run_id)
    (after,) = instance.get_runs()
    assert after.status is DagsterRunStatus.STARTED
    assert "stopped where it runs" in str(instance.all_logs(run.run_id)[-1].message)


def test_a_run_whose_container_is_gone_fails_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that executes a command's run once more, and has its tags."""
    with _instance("docker") as instance:
        assert _status_when_looked_after(instance) is DagsterRunStatus.FAILURE
        parent = instance.create_run_for_job(nothing, status=DagsterRunStatus.FAILURE).run_id
        again = {"tags": {COMMAND: "load"}, "parent_run_id": parent, "root_run_id": parent}
        assert _status_when_looked_after(instance, **again) is DagsterRunStatus.FAILURE
        # The launchpad copies a run's tags, and knows no parent.
        monkeypatch.setattr(instance.run_launcher, "_get_container", lambda _: None)
        copied = {"tags": {COMMAND: "load", "docker/container_id": "gone"}}
        assert _status_when_looked_after(instance, **copied) is DagsterRunStatus.FAILURE
