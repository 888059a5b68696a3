"""`qbh up` as a person starts and stops it, and as machines do: what runs, what comes back, what is left behind."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.ledger import turn
from tests import up as ups
from tests.end_to_end.conftest import Home
from tests.up import Up, kill, processes_of, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCATION = "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }"
DAEMONS = """
{ instance { daemonHealth { allDaemonStatuses { daemonType required healthy lastHeartbeatTime } } } }
"""
LAUNCH = """
mutation ($job: String!) { launchRun(executionParams: {mode: "default", selector: {
    repositoryLocationName: "quickbooks_history", repositoryName: "__repository__", jobName: $job}}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
MESSAGES = """
query ($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events { ... on MessageEvent { message } } } } }
"""
RELOAD = """
mutation { reloadRepositoryLocation(repositoryLocationName: "quickbooks_history") {
    __typename ... on WorkspaceLocationEntry { locationOrLoadError { __typename } } } }
"""


@pytest.fixture(scope="module")
def half_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose making was cut short everywhere at once."""
    # No folder of these is there; a month would be archived in the one, and files looked for in the other.
    folders = {"QBH_LOG_ARCHIVE": "months", "QBH_ARCHIVE": "moved"}
    home = Home(tmp_path_factory.mktemp("half") / "made", folders)
    cluster, instance = home.path / "postgres", home.path / "dagster"
    (cluster / "base").mkdir(parents=True)
    (home.path / "postgres.making").mkdir()
    (home.path / "postgres.making" / "PG_VERSION").write_text("18\n")
    (instance / "history").mkdir(parents=True)
    (instance / "history" / "runs.db").touch()
    (instance / "dagster.yaml").write_text("telemetry:\n  enab")
    (home.path / "up.json").write_text("{")
    yield home
    home.qbh("stop")


@pytest.fixture(scope="module")
def up(half_made: Home) -> Iterator[Up]:
    """One `qbh up` for the tests that leave it running; the last ones end it."""
    started = ups.start(half_made)
    yield started
    if started.process.poll() is None:
        started.process.terminate()
        started.process.wait(timeout=60)


def _code_server(up: Up) -> psutil.Process:
    """The process that has the definitions loaded, a child of the one that the others talk to."""
    (server,) = up.service("code-server").children()
    return server


def _code_is_loaded(up: Up) -> bool:
    (entry,) = up.ask(LOCATION)["workspaceOrError"]["locationEntries"]
    return bool(entry["locationOrLoadError"]["__typename"] == "RepositoryLocation")


def _heartbeats(up: Up) -> dict[str, float]:
    statuses = up.ask(DAEMONS)["instance"]["daemonHealth"]["allDaemonStatuses"]
    assert all(status["healthy"] for status in statuses if status["required"])
    return {status["daemonType"]: status["lastHeartbeatTime"] for status in statuses if status["required"]}


def test_a_half_made_home_is_mended(up: Up) -> None:
    assert _code_is_loaded(up)
    assert wait_until(lambda: {"SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR"} <= set(_heartbeats(up)))
    assert up.ask("{ shouldShowNux }") == {"shouldShowNux": False}
    assert "postgres.unusable" in up.said  # what lay in the database's place is kept, and we are told
    assert "INFO" not in up.said
    assert len(up.said.splitlines()) < 12


def test_a_relative_path_means_the_same_in_every_process(up: Up) -> None:
    environment = up.service("daemon").environ()
    here = Path(psutil.Process(up.process.pid).cwd())
    assert {environment["QBH_LOG_ARCHIVE"], environment["QBH_ARCHIVE"]} == {str(here / "months"), str(here / "moved")}


def test_a_second_one_says_where_the_first_is(up: Up) -> None:
    second = up.home.run("qbh", "up", environment={"QBH_PORT": "0"})
    assert second.returncode == 1
    assert str(up.process.pid) in second.stderr
    assert up.address in second.stderr
    doctor = up.home.qbh("doctor")
    assert (doctor.returncode, up.address in doctor.stdout) == (0, True)
    stop = up.home.qbh("stop")
    assert (stop.returncode, str(up.process.pid) in stop.stderr) == (1, True)


def test_what_dies_comes_back_by_itself(up: Up) -> None:
    old = {name: up.service(name) for name in ("dagster-daemon", "dagster-webserver")}
    (database,) = [
        process for process in processes_of(up.home) if process.name() == "postgres" and "-D" in process.cmdline()
    ]
    code, beats = _code_server(up), _heartbeats(up)
    for process in (*old.values(), code, database):
        kill(process)
    wait_until(lambda: _code_is_loaded(up) and _code_server(up) != code)
    new = wait_until(lambda: all(beat > beats[name] for name, beat in _heartbeats(up).items()))
    assert new
    for words in (
        "the daemon ended by itself",
        "the web server ended by itself",
        "the code server lost",
        "the database",
    ):
        assert up.said.count(words) == 1, up.said
    # "Reload" in the UI loads the definitions anew, in another process.
    code = _code_server(up)
    assert up.ask(RELOAD)["reloadRepositoryLocation"]["locationOrLoadError"]["__typename"] == "RepositoryLocation"
    wait_until(lambda: _code_server(up) != code)
    assert up.home.qbh("status").returncode == 0


def test_after_a_kill_the_next_one_works_and_nothing_of_the_old_is_left(up: Up) -> None:
    with connect(up.database) as connection, turn(connection, print):
        run = up.ask(LAUNCH, job="refresh_history")["launchRun"]["run"]["runId"]
        wait_until(lambda: "waiting" in up.ask(MESSAGES, id=run)["logsForRun"]["events"][-1]["message"])
        old = [process for process in processes_of(up.home) if process.name() != "postgres"]
        assert len(old) >= 5  # code server and its child, web server, daemon, run
        code = _code_server(up)
        workers = code.children()
        up.service("dagster-daemon").suspend()  # hangs, and does not hear that it is to end
        up.process.kill()
        up.process.wait()
        for process in (code, *workers):  # nobody is left who could say how the run has ended
            kill(process)

        again = ups.start(up.home)
        up.process, up.output = again.process, again.output
        assert [process for process in old if process.is_running()] == []
        # Its place in the queue is free again.
        assert up.ask(STATUS, id=run)["runOrError"]["status"] in {"FAILURE", "CANCELED"}


def test_told_to_stop_twice_it_leaves_no_process_behind(up: Up) -> None:
    kill(up.service("dagster-daemon"))
    up.process.send_signal(signal.SIGINT)
    wait_until(lambda: "stopping" in up.said)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(timeout=30) == 0
    wait_until(lambda: "stopped" in up.said)
    assert processes_of(up.home) == []
    assert not (up.home.path / "up.json").exists()


def test_what_it_cannot_mend_it_names(half_made: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        taken = half_made.run("qbh", "up", environment={"QBH_PORT": port})
    assert taken.returncode == 1
    assert f"127.0.0.1:{port}" in taken.stderr
    record = half_made.path / "dagster" / "history" / "runs.db"
    record.write_bytes(b"no database " * 1000)
    broken = half_made.run("qbh", "up", environment={"QBH_PORT": "0"})
    assert broken.returncode == 1
    assert "move that folder away" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert processes_of(half_made) == []
