"""Two dbt runs at once over one warehouse: the second waits for the tables that the first writes, and finds them right."""

from __future__ import annotations

import multiprocessing
import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from faults import Statements
from runs import catalog, state
from timeline import History, files, warehouse

from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from timeline import Dbt

ROUNDS = int(os.environ.get("HISTORY_ROUNDS", "2"))
"""How often two runs are started together, just as it happens."""

PATIENCE = 120
"""Seconds after which something that should happen does not."""

processes = multiprocessing.get_context("fork")
"""dbt runs once at a time in a process; a fork has the project parsed already."""


class RunInProcess:
    """A run of dbt in a process of its own, which a test may stop before a statement.

    Args:
        dbt: Makes the run.
        nodes: What it builds; nothing means all.
        stop_before: What stands in the first statement that waits until `go_on`.
    """

    def __init__(self, dbt: Dbt, *nodes: str, stop_before: str | None = None, threads: int = 1) -> None:
        self.stopped, self._may_go_on = processes.Event(), processes.Event()
        self.backend = processes.Value("i", 0)
        self._outcome = processes.Queue()
        self._process = processes.Process(target=self._run, args=(dbt, nodes, stop_before, threads))
        self._process.start()

    def _run(self, dbt: Dbt, nodes: tuple[str, ...], stop_before: str | None, threads: int) -> None:
        def before(_number: int, connection: Any) -> None:
            self.backend.value = connection.info.backend_pid
            if stop_before and stop_before in statements.sent[-1] and not self.stopped.is_set():
                self.stopped.set()
                self._may_go_on.wait(PATIENCE)

        statements = Statements(before=before)
        try:
            with statements.watched():
                dbt.build(*nodes, flags=["--threads", str(threads)])
            self._outcome.put("")
        except BaseException as error:  # noqa: BLE001 - it is the outcome
            self._outcome.put(f"{error} {error.__cause__ or ''}")

    def go_on(self) -> None:
        """Send the statement that it stands before."""
        self._may_go_on.set()

    @property
    def is_done(self) -> bool:
        """Whether it has an outcome."""
        return not self._outcome.empty()

    def error(self) -> str:
        """Wait for its end, and return what it died of; nothing when it was successful."""
        error = self._outcome.get(timeout=PATIENCE)
        self._process.join()
        return error


@pytest.mark.parametrize(
    "statement",
    [
        'delete from "history"."staging"."effective_loads"',
        'delete from "history"."snapshots"."items_snapshot"',
        'delete from "history"."snapshots"."invoice_lines_snapshot"',
        "insert into meta.applied_loads",
        'delete from "history"."marts"."item_history"',
        "delete from meta.stale_history",
    ],
)
def test_the_second_run_waits(history_server, history_url, dbt, incremental_run, statement):
    """The first stands in the middle of a transaction; the second comes that far, and no further."""
    with warehouse(history_server, incremental_run.template):
        first = RunInProcess(dbt, *incremental_run.nodes, stop_before=statement)
        assert first.stopped.wait(PATIENCE)
        second = RunInProcess(dbt, *incremental_run.nodes)
        waits = _waits(history_server, second, first)
        first.go_on()
        assert [first.error(), second.error()] == ["", ""]
        assert waits
        assert state(history_url) == incremental_run.after
        assert catalog(history_url) == incremental_run.catalog


def _waits(server: Any, waiting: RunInProcess, working: RunInProcess) -> bool:
    """Whether a run comes to wait for another, rather than to its end."""
    until = time.monotonic() + PATIENCE
    while not waiting.is_done and time.monotonic() < until:
        if server.execute(
            "select %s = any(pg_blocking_pids(%s))", [working.backend.value, waiting.backend.value]
        ).fetchone()[0]:
            return True
        time.sleep(0.02)
    return False


def test_a_snapshot_built_anew_while_its_history_mart_is_about_to_be_locked(
    history_server, history_url, dbt, incremental_run
):
    """A mart that is asked for a few records finds, when it has its locks, that all are stale."""
    with warehouse(history_server, incremental_run.template):
        dbt.build(*incremental_run.nodes)
        mart = RunInProcess(dbt, "item_history", stop_before='lock table "history"."snapshots"."items_snapshot"')
        assert mart.stopped.wait(PATIENCE)
        with connect(history_url) as connection:
            connection.execute("drop table snapshots.items_snapshot cascade")
            connection.execute("delete from meta.applied_loads where snapshot = 'items_snapshot'")
        dbt.build("items_snapshot")
        mart.go_on()
        assert mart.error() == ""
        assert state(history_url) == incremental_run.after


def test_runs_and_a_loader_at_once(history_server, history_url, dbt, incremental_run, tmp_path):
    """However they fall: no run fails, and what they leave is what a run over all files makes of an empty warehouse."""
    with warehouse(history_server, incremental_run.template):
        history = History(history_url, dbt, tmp_path)
        for day in range(10, 10 + ROUNDS):
            runs = [RunInProcess(dbt, threads=2) for _ in range(2)]
            for hour in range(3):
                history.load(files(_news(day, hour)))
            assert [run.error() for run in runs] == ["", ""]
        dbt.build()
        left = state(history_url)
        _forget_all_that_dbt_made(history_url)
        dbt.build()
        assert state(history_url) == left


def _news(day: int, hour: int) -> str:
    """Files of an hour: values that change every time, a record that comes, and at the end of the day one that goes."""
    return f"""
        Item_04_{day}_2025_{hour}_00_00.csv
            Item Name | Sales Price | Quantity On Hand
            A         | {day}.{hour} | {hour}
            N{day}    | {hour}      | 1

        Invoice_04_{day}_2025_{hour}_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-{hour}       | {day}                    | {day}{hour}

        item_all_04_{day + 1}_2025.csv
            Item Name | Sales Price | Quantity On Hand
            A         | {day}.{hour} | {hour}
    """


def _forget_all_that_dbt_made(url: str) -> None:
    with connect(url) as connection:
        connection.execute(
            "drop schema staging, snapshots, marts cascade; truncate meta.applied_loads, meta.stale_history"
        )


def test_two_first_runs_at_once(history_server, history_url, dbt, first_run):
    """One may make a table that the other was about to make: that one says so, and the next run completes both."""
    with warehouse(history_server, first_run.template):
        runs = [RunInProcess(dbt, *first_run.nodes, threads=2) for _ in range(2)]
        errors = "\n".join(run.error() for run in runs)
        assert "deadlock" not in errors
        assert first_run.explains(state(history_url))
        dbt.build(*first_run.nodes)
        assert state(history_url) == first_run.after
        assert catalog(history_url) == first_run.catalog


def test_the_second_of_two_first_runs_steps_aside(history_server, history_url, dbt, first_run):
    with warehouse(history_server, first_run.template):
        dbt.build("+items_snapshot", flags=["--exclude", "items_snapshot"])
        first = RunInProcess(dbt, "items_snapshot", stop_before="index if not exists")
        assert first.stopped.wait(PATIENCE)
        second = RunInProcess(dbt, "items_snapshot")
        waits = _waits(history_server, second, first)
        first.go_on()
        assert waits
        assert first.error() == ""
        assert "another run made snapshots.items_snapshot meanwhile; run this one again" in second.error()
