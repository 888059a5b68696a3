"""Runs killed at a statement leave each table as it was or as it is to be, and the next run completes them.

`HISTORY_KILLS=all uv run pytest tests/history/test_killed_runs.py` kills at every statement; without it, at a few
that are spread evenly.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy
from faults import Kill
from runs import BEFORE, catalog, state
from timeline import History, files, warehouse
from whole_loads import half_loaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runs import Run
    from timeline import Dbt

KILLS = os.environ.get("HISTORY_KILLS", "7")
"""How many statements of a run each test kills; `all` for all."""


def some(numbers: Sequence[int]) -> Sequence[int]:
    """As many of these statements as shall be killed, spread evenly."""
    if KILLS == "all":
        return numbers
    stride = max(len(numbers) // int(KILLS), 1)
    return numbers[stride // 2 :: stride]


def kill_and_complete(
    server: psycopg.Connection, url: str, dbt: Dbt, run: Run, number: int, *, unheard: bool = False
) -> str:
    """Kill a run at a statement, and let another follow; return what is wrong with what they leave."""
    wrong = []
    with warehouse(server, run.template):
        kill = Kill(server, number, unheard)
        with kill.strikes() as statements, contextlib.suppress(AssertionError):
            # A process that dies sends nothing more; one that lost a connection goes on with what it can.
            dbt.build(*run.nodes, flags=["--threads", "1", *(["--fail-fast"] if unheard else [])])
        if not kill.has_struck:
            wrong.append("was not sent")
        left = state(url)
        if not run.explains(left):
            names = [name for name in left if left[name] not in (run.before[name], run.after[name])]
            wrong.append(f"leaves neither before nor after in {', '.join(names)}")
        try:
            dbt.build(*run.nodes, flags=["--threads", "1"])
        except AssertionError as error:
            wrong.append(f"cannot be completed: {error} {error.__cause__}")
        else:
            completed = state(url)
            wrong += [f"is not completed in {name}" for name in completed if completed[name] != run.after[name]]
            left_over, missing = catalog(url) - run.catalog, run.catalog - catalog(url)
            if left_over or missing:
                wrong.append(f"leaves over {[*left_over]}, and {[*missing]} is missing")
        return wrong and f"{number} of {len(statements.sent)} ({statements.text(number)}): {'; '.join(wrong)}"


def test_a_run_killed_at_any_statement(history_server, history_url, dbt, incremental_run):
    at = some(range(1, len(incremental_run.statements.sent) + 1))
    wrong = [kill_and_complete(history_server, history_url, dbt, incremental_run, number) for number in at]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_a_first_run_killed_at_any_statement(history_server, history_url, dbt, first_run):
    at = some(range(1, len(first_run.statements.sent) + 1))
    wrong = [kill_and_complete(history_server, history_url, dbt, first_run, number) for number in at]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_a_run_that_dies_before_it_hears_of_a_commit(history_server, history_url, dbt, incremental_run):
    behind = some(incremental_run.statements.commits())
    wrong = [
        kill_and_complete(history_server, history_url, dbt, incremental_run, number, unheard=True) for number in behind
    ]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_a_loader_killed_at_any_moment(history_server, history_url, dbt, tmp_path):
    """Each file is there with its ledger entry, or neither is; and the next load brings what is missing."""
    delivered = files(BEFORE)

    def load(number: int) -> tuple[Kill, list[str]]:
        history = History(history_url, dbt, tmp_path / str(number))
        history.folder.mkdir()
        kill = Kill(history_server, number)
        with kill.strikes_loader(), contextlib.suppress(psycopg.Error, sqlalchemy.exc.SQLAlchemyError):
            history.load(delivered)
        wrong = half_loaded(history_url)
        history.load(delivered)
        wrong += half_loaded(history_url)
        loaded = sorted(name for (name,) in history.rows("meta.loads", ["file_name"], "status = 'loaded'"))
        return kill, wrong + ([] if loaded == sorted(file.name for file in delivered) else [f"loaded are {loaded}"])

    with warehouse(history_server, "template0"):
        exchanges = load(0)[0].passed
    for number in some(range(1, exchanges + 1)):
        with warehouse(history_server, "template0"):
            kill, wrong = load(number)
        assert kill.has_struck, f"there is no exchange {number}"
        assert not wrong, f"killed at exchange {number} of {exchanges}"
