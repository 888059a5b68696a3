"""Processes killed at random moments, whatever `qbh` is at: the next run recovers, and history is as it should be.

`FAULT_KILLS=100 uv run pytest tests/faults/test_kills.py -s` kills a hundred times, otherwise than before, and tells
what it hit; `FAULT_SEED` repeats one of these. Without them it is a few kills that are always the same.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from itertools import cycle
from typing import TYPE_CHECKING

import psutil
import pytest
from company import Company, agrees, nothing_is_left_over, processes
from home import Home

from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLS = int(os.environ.get("FAULT_KILLS", "0"))
SEED = int(os.environ.get("FAULT_SEED", "0")) or (random.randrange(2**32) if KILLS else 6)
USUAL_KILLS = 3

USUAL_RUN = 14
"""Seconds within which a process is killed, until it is known how long such a command takes."""

LONGEST_RUN = 240
"""Seconds after which a command that has lost a process hangs."""

ARCHIVED = "2025-03-01"

LINGER = 30
"""Seconds in which what a killed command has started must end by itself."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = home_of(tmp_path)
    yield made
    made.qbh("stop")


def home_of(folder: Path) -> Home:
    (folder / "inbox").mkdir(parents=True, exist_ok=True)
    return Home(folder / "home", {"QBH_MAX_DELETED_SHARE": "1", "QBH_INBOX": str(folder / "inbox")})


def test_killed_at_random_moments(home: Home, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    company = Company(chance)
    print(f"FAULT_SEED={SEED}")
    for _ in range(4):
        company.next_files(tmp_path / "inbox")
    load = home.qbh("load")
    assert load.returncode == 0, load.stdout + load.stderr
    agrees(home, company)

    hit: Counter[str] = Counter()
    lasted: dict[str, float] = {}
    in_turn = cycle(OPERATIONS)
    while hit.total() < (KILLS or USUAL_KILLS):
        what = chance.choice(OPERATIONS) if KILLS else next(in_turn)
        command = prepared(what, home, company, tmp_path, chance)
        victim, seconds = run_and_kill(home, command, chance, within=lasted.get(what, USUAL_RUN))
        if victim:
            hit[f"{what}: {victim}"] += 1
        else:
            lasted[what] = seconds
        told = f"kill {hit.total()}" if victim else "no kill, it had ended"
        told += f": {' '.join(command)}, {victim or 'all of it'} after {seconds:.1f} s (seed {SEED})"
        print(told, flush=True)
        no_process_is_left(home, told)
        if "rollback" in what:
            forward = home.qbh("rollback", "--undo")
            assert forward.returncode == 0 or "nothing to undo" in forward.stderr, f"{told}\n{forward.stderr}"
        recovery = home.qbh("load")
        assert recovery.returncode == 0, f"{told}\n{recovery.stdout}{recovery.stderr}"
        try:
            agrees(home, company)
            nothing_is_left_over(home)
        except AssertionError as error:
            raise AssertionError(f"{told}: {error}") from error
    print(", ".join(f"{times} {name}" for name, times in sorted(hit.items())))
    verified = home.qbh("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    restored = home.qbh("restore")
    assert restored.returncode == 0, restored.stderr
    agrees(home, company, whole=True)


def test_killed_in_its_first_load(tmp_path: Path) -> None:
    """While all is being made that a home has: the database, Dagster's storage, the tables, the dbt project's parse."""
    chance = random.Random(SEED)
    for number in range(KILLS // 4 or 1):
        folder = tmp_path / str(number)
        home = home_of(folder)
        company = Company(chance)
        company.next_files(folder / "inbox")
        victim, seconds = run_and_kill(home, ["load"], chance, within=USUAL_RUN)
        told = f"{victim or 'nothing'} killed {seconds:.1f} s after the start of a first load (seed {SEED})"
        print(told, flush=True)
        no_process_is_left(home, told)
        load = home.qbh("load")
        try:
            assert load.returncode == 0, f"{told}\n{load.stdout}{load.stderr}"
            agrees(home, company)
            nothing_is_left_over(home)
        finally:
            home.qbh("stop")


@pytest.mark.parametrize("after", [0.2, 3, 8])
def test_told_to_stop(home: Home, tmp_path: Path, after: float) -> None:
    """As a service manager does it: nothing of the command runs on, its database included."""
    Company(random.Random(1)).next_files(tmp_path / "inbox")
    with subprocess.Popen(
        ["qbh", "load"], env=home.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        # Before its first word Python has yet to read the program, and a signal ends it where it stands.
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after)
        process.send_signal(signal.SIGTERM)
        process.wait(LINGER)
    assert process.returncode in {143, 130, 1}
    deadline = time.monotonic() + LINGER
    while left := [other for _, other in processes(home)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.2)
    assert home.qbh("load").returncode == 0


OPERATIONS = ("load", "archive", "rebuild", "load", "withdraw", "restore", "verify", "rollback", "undo a rollback")


def prepared(what: str, home: Home, company: Company, folder: Path, chance: random.Random) -> list[str]:
    """Return the command, with something for it to do."""
    if what == "load":
        for _ in range(chance.randint(1, 2)):
            company.next_files(folder / "inbox")
    if what == "archive":
        return ["archive", "--before", ARCHIVED]
    if what == "withdraw":
        with connect(home.url()) as connection:
            loads = connection.execute("select file_name, status from meta.loads order by load_id").fetchall()
        name, status = chance.choice(loads)
        return ["withdraw", name, *(["--undo"] if status == "withdrawn" else [])]
    if what == "undo a rollback":
        assert home.qbh("rollback").returncode == 0
        return ["rollback", "--undo"]
    return [what]


def run_and_kill(home: Home, command: list[str], chance: random.Random, *, within: float) -> tuple[str | None, float]:
    """Run a command, kill one of its processes at a random moment, and wait for its end.

    Returns:
        What was killed, None if the command had ended before; and after how many seconds.
    """
    with subprocess.Popen(
        ["qbh", *command], env=home.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        began = time.monotonic()
        at = chance.uniform(min(0.3, within / 2), within)
        while time.monotonic() - began < at and process.poll() is None:
            time.sleep(0.02)
        victim = None
        found = [(kind, other) for kind, other in processes(home) if kind]
        if process.poll() is None and found:
            kind = chance.choice(sorted({kind for kind, _ in found}))
            victim = kind
            with suppress(psutil.NoSuchProcess):
                chance.choice([other for other_kind, other in found if other_kind == kind]).kill()
        seconds = time.monotonic() - began
        try:
            process.wait(LONGEST_RUN)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise AssertionError(f"{' '.join(command)} hangs when {victim} is killed after {seconds:.1f} s") from None
    return victim, seconds


def no_process_is_left(home: Home, told: str) -> None:
    """Whatever was started ends by itself; the embedded server may wait for the next command."""
    deadline = time.monotonic() + LINGER
    while True:
        left = []
        for kind, process in processes(home):
            with suppress(psutil.Error):
                if kind not in {"server", "backend"} and not process.name().startswith("postgres"):
                    left.append(" ".join(process.cmdline())[:120])
        if not left:
            return
        assert time.monotonic() < deadline, f"{told}: left over {left}"
        time.sleep(0.2)
