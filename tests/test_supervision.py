"""What becomes of server processes that die, complain, or do not end."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from quickbooks_history import supervision
from quickbooks_history.supervision import GivenUpError, Service, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Watched:
    """A supervisor of one Python program, and what it said."""

    def __init__(self, folder: Path, program: str) -> None:
        self.said: list[str] = []
        self.service = Service("thing", [sys.executable, "-c", program], folder / "logs" / "thing.log")
        self.supervisor = Supervisor(folder, dict(os.environ), folder, self.said.append)
        self.supervisor.start(self.service)

    def look_until(self, words: str) -> None:
        deadline = time.monotonic() + 20
        while not any(words in line for line in self.said):
            assert time.monotonic() < deadline, self.said
            self.supervisor.look()
            time.sleep(0.05)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[[str], Watched]]:
    """Start a program under a supervisor; whatever becomes of the test, nothing of it is left."""
    started: list[Watched] = []

    def start(program: str) -> Watched:
        started.append(Watched(tmp_path, program))
        return started[-1]

    yield start
    for watched in started:
        watched.supervisor.stop(hurry=lambda: True)


def test_what_dies_again_and_again_is_given_up_with_its_last_words(
    watch: Callable[[str], Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSES", (0.0, 0.01, 0.02, 0.04))
    watched = watch("import sys; print('out of luck'); sys.exit(7)")
    with pytest.raises(GivenUpError, match=r"(?s)died 5 times .* exit status 7.*out of luck"):
        watched.look_until("never said")
    assert len(watched.said) == 4


def test_warnings_and_errors_are_passed_on_once(watch: Callable[[str], Watched]) -> None:
    lines = "".join(
        f"\\x1b[32m2026-01-01 00:00:00 +0000\\x1b[0m - dagster.x - \\x1b[3{colour}m{level}\\x1b[0m - {words}\\n"
        for colour, level, words in (
            (4, "INFO", "small talk"), (3, "WARNING", "slow"), (3, "WARNING", "slow"), (1, "ERROR", "late [x]"),
        )
    )  # fmt: skip
    watched = watch(f"import time; print('{lines}', flush=True); time.sleep(60)")
    watched.look_until("late")
    assert watched.said == ["thing: warning: slow", "thing: error: late [x]"]


def test_a_log_that_has_grown_is_begun_anew(watch: Callable[[str], Watched], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "LARGEST_LOG_BYTES", 10_000)
    again = "2026-01-01 00:00:00 +0000 - dagster.x - ERROR - again"
    program = (
        f"import time; print('x' * 20000, flush=True); time.sleep(1); print('{again}', flush=True); time.sleep(60)"
    )
    watched = watch(program)
    watched.look_until("again")
    assert watched.service.log.read_text() == f"{again}\n"
    assert watched.service.log.with_suffix(".log.1").stat().st_size == 20_001


def test_who_is_in_a_hurry_need_not_wait_for_what_does_not_end(watch: Callable[[str], Watched]) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    grandchild = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {deaf!r}], start_new_session=True)"
    watched = watch(grandchild)
    while "up" not in watched.service.log.read_text():
        time.sleep(0.05)
    assert len(watched.supervisor.processes()) == 2
    started = time.monotonic()
    watched.supervisor.stop(hurry=lambda: time.monotonic() > started + 0.5)
    assert watched.supervisor.processes() == []
    assert time.monotonic() - started < supervision.STOP_SECONDS / 2
