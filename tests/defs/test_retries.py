"""What is tried again, how often, and what is not."""

# No postponed annotations here: Dagster reads those of an op's function when it defines it.
from collections.abc import Callable
from typing import Any

import dagster as dg
import psycopg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from quickbooks_history.defs import retries
from quickbooks_history.defs.failures import DbtFailedError
from quickbooks_history.defs.resources import MeltanoFailedError
from quickbooks_history.runs import _Follower
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.passing import passes

LOST = "server closed the connection unexpectedly"


def executed(raises: Callable[[int], BaseException | None]) -> tuple[dg.ExecuteInProcessResult, list[int], _Follower]:
    """Run a step that fails as it is told to at each try, and return the tries there were."""
    tries: list[int] = []

    @dg.op
    def step(context: dg.OpExecutionContext) -> None:
        with retries.tried_again(context):
            tries.append(context.retry_number)
            error = raises(context.retry_number)
            if error is not None:
                raise error

    @dg.job
    def work() -> None:
        step()

    follower = _Follower(said.append)
    with dg.DagsterInstance.ephemeral() as instance:
        run_id = "00000000-0000-0000-0000-000000000001"
        instance.add_event_listener(run_id, follower)
        result = work.execute_in_process(instance=instance, run_id=run_id, raise_on_error=False)
    return result, tries, follower


said: list[str] = []


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between tries, which nobody has to wait for here."""
    said.clear()
    seconds: list[float] = []
    monkeypatch.setattr(retries.time, "sleep", seconds.append)
    return seconds


def test_a_fault_that_passes_is_tried_again_and_is_not_the_error_of_the_run(waited: list[float]) -> None:
    result, tries, follower = executed(lambda tried: psycopg.OperationalError(LOST) if tried < 2 else None)
    assert result.success
    assert tries == [0, 1, 2]
    assert follower.error is None
    assert [line.partition(" s to try step again: ")[2] for line in said if line.startswith("waiting")] == [LOST, LOST]
    assert 0 <= waited[0] <= 6 <= waited[1] <= 12


def test_a_fault_that_stays_is_told_when_there_were_enough_tries(waited: list[float]) -> None:
    result, tries, follower = executed(lambda tried: MeltanoFailedError(f"{LOST}, {tried}", allow_retries=True))
    assert not result.success
    assert tries == [0, 1, 2, 3]
    assert follower.error == f"step: {LOST}, 3"
    assert len(waited) == 3
    assert sum(waited) < 45
    _, _, follower = executed(lambda _: psycopg.OperationalError(LOST))
    assert follower.error == f"step: psycopg.OperationalError: {LOST}"


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.DiskFull("could not extend file: No space left on device"),
        psycopg.errors.CheckViolation("new row violates check constraint"),
        psycopg.errors.QueryCanceled("canceling statement due to user request"),
        MeltanoFailedError("line 3", allow_retries=False),
        DbtFailedError("2 rows are wrong", allow_retries=False),
        ValueError(LOST),
        OSError("No space left on device"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_waiting_does_not_mend_is_not_tried_again(error: Exception, waited: list[float]) -> None:
    result, tries, _ = executed(lambda _: error)
    assert not result.success
    assert tries == [0]
    assert waited == []


def test_what_somebody_stops_is_not_tried_again(waited: list[float]) -> None:
    result, tries, follower = executed(lambda _: DagsterExecutionInterruptedError())
    assert not result.success
    assert tries == [0]
    assert waited == []
    assert follower.error is not None
    assert follower.error.startswith("interrupted")


def test_what_a_server_says_that_lets_somebody_down(database: str) -> None:
    """In its own words, and in those that dbt and the loader hand on."""
    faults: list[Any] = []
    with connect(database) as watcher:
        victim = connect(database)
        watcher.execute("select pg_terminate_backend(%s, 5000)", [victim.info.backend_pid])
        for _ in range(2):  # it is ended, and then it is gone
            with pytest.raises(psycopg.OperationalError) as ended:
                victim.execute("select 1")
            faults.append(ended.value)
        with pytest.raises(psycopg.OperationalError) as refused:
            connect("postgresql://127.0.0.1:1/x")
        faults.append(refused.value)
        with pytest.raises(psycopg.OperationalError) as unknown:
            connect(database.replace("/test_", "/no_such_"))
        with pytest.raises(psycopg.Error) as wrong:
            watcher.execute("select 1 / 0")
    for fault in faults:
        assert passes(fault), fault
        assert passes(f"Database Error in model x; {fault}")
    for lasting in (unknown.value, wrong.value):
        assert not passes(lasting), lasting
        assert not passes(f"Database Error in model x; {lasting}")
