"""One picture of where the time of `qbh load` goes: its programs, and the share of a core that each takes at a time."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]

from benchmarks.table import WrongResultError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from benchmarks.running import Home

STEP = 0.1
"""Seconds between two looks; each costs a tenth of a core for so long."""

PROGRAMS = {
    "qbh": ("qbh, in it Dagster", "#6b7280"),
    "meltano": ("Meltano", "#b45309"),
    "tap": ("tap", "#d97706"),
    "target": ("loader", "#f59e0b"),
    "dbt": ("dbt", "#6d28d9"),
    "postgres": ("PostgreSQL", "#0369a1"),
}
"""Each program's name for people and its colour, from top to bottom."""

BY_COMMAND = {"standby meltano": "meltano", "standby dbt": "dbt", "tap-quickbooks": "tap", "target-postgres": "target"}
"""By what words of its command line a program is known; the others below `qbh load` are part of it."""

PHASES = {
    "starting Dagster": "Dagster starts",
    "meltano_load started": "Meltano loads",
    "exports_as_expected started": "checks",
    "dbt_build started": "dbt: history, and its tests",
}
"""What `qbh load` says when it begins something, and what that is called here."""

WIDTH, LEFT, TOP, MARGIN = 920, 150, 52, 12
LANE, CORE = 52, 21
"""Pixels of a program's lane and, in it, of one core."""


@dataclass(frozen=True)
class Followed:
    """What a run of `qbh load` did.

    Attributes:
        seconds: From start to end.
        phases: When each phase began, in seconds, and what it is called.
        steps: For each step of `STEP` seconds, the seconds of a core that each program took in it.
    """

    seconds: float
    phases: list[tuple[float, str]]
    steps: Sequence[Mapping[str, float]]


def follow(home: Home) -> Followed:
    """Load what lies in a home's inbox, and look at its programs on the way.

    Raises:
        WrongResultError: `qbh load` did not end with 0.
    """
    phases: list[tuple[float, str]] = []
    steps: list[dict[str, float]] = []
    taken: dict[int, float] = {}
    start = time.perf_counter()
    load = subprocess.Popen(
        ["qbh", "load"],
        env={**os.environ, **home.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    def listen() -> None:
        for line in load.stdout or ():
            if phase := PHASES.get(line.strip()):
                phases.append((time.perf_counter() - start, phase))

    listener = threading.Thread(target=listen)
    listener.start()
    while load.poll() is None:
        step: dict[str, float] = defaultdict(float)
        for pid, program, seconds in _programs(load.pid, home):
            step[program] += seconds - taken.get(pid, 0)
            taken[pid] = seconds
        steps.append(step)
        time.sleep(max(0, start + STEP * len(steps) - time.perf_counter()))
    seconds = time.perf_counter() - start
    listener.join()
    if load.returncode:
        raise WrongResultError(f"`qbh load` ended with {load.returncode}")
    return Followed(seconds, phases, steps)


def _programs(load: int, home: Home) -> Iterator[tuple[int, str, float]]:
    """The processes that are at work for a `qbh load`: each one's id, its program, and its seconds of a core so far."""
    below = {load}
    for process in psutil.process_iter():  # parents come before their children
        try:
            if process.name() == "postgres":
                if not process.cwd().startswith(str(home.folder)):
                    continue
                program = "postgres"
            elif process.pid in below or process.ppid() in below:
                below.add(process.pid)
                command = " ".join(process.cmdline())
                program = next((name for words, name in BY_COMMAND.items() if words in command), "qbh")
            else:
                continue
            times = process.cpu_times()
        except psutil.Error:  # it has ended meanwhile, or is another user's
            continue
        yield process.pid, program, times.user + times.system


def drawn(followed: Followed, title: str) -> str:
    """Return what was followed as SVG: a lane for each program, and one for all together.

    Args:
        followed: The run.
        title: What was run, and after what.
    """
    lanes = [*PROGRAMS.items(), ("all", ("all together", "#111827"))]
    height = TOP + LANE * len(lanes) + 2 * MARGIN + 12
    scale = (WIDTH - LEFT - MARGIN) / followed.seconds
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            ' font-family="ui-sans-serif, system-ui, sans-serif" font-size="13">',
            f"<title>{escape(title)}</title>",
            "<!-- Made by `python -m benchmarks night` with its option for a picture. -->",
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            *(
                line
                for place, (program, (name, colour)) in enumerate(lanes)
                for line in _lane(followed, program, name, colour, TOP + LANE * (place + 1), scale)
            ),
            *_phases(followed.phases, height, scale),
            *(
                f'<text x="{LEFT + second * scale:.0f}" y="{height - MARGIN}" fill="#6b7280" text-anchor="middle">'
                f"{second} s</text>"
                for second in range(int(followed.seconds) + 1)
            ),
            "</svg>",
            "",
        ]
    )


def _lane(followed: Followed, program: str, name: str, colour: str, bottom: int, scale: float) -> Iterable[str]:
    shares = [(sum(step.values()) if program == "all" else step.get(program, 0)) / STEP for step in followed.steps]
    yield f'<text x="{MARGIN}" y="{bottom - 18}" fill="#111827">{escape(name)}</text>'
    yield f'<text x="{MARGIN}" y="{bottom - 3}" fill="#6b7280">{sum(shares) * STEP:.1f} s of a core</text>'
    for cores, line in ((0, "#9ca3af"), (1, "#e5e7eb"), (2, "#e5e7eb")):
        y = bottom - cores * CORE
        yield f'<path d="M{LEFT} {y}H{WIDTH - MARGIN}" stroke="{line}"/>'
    # A step's time is that of the look at its end.
    bars = (
        f"M{LEFT + (place - 1) * STEP * scale:.1f} {bottom}v-{min(share, 2.2) * CORE:.1f}h{STEP * scale:.1f}V{bottom}z"
        for place, share in enumerate(shares)
        if share > 0 and place
    )
    yield f'<path d="{"".join(bars)}" fill="{colour}"/>'


def _phases(phases: Iterable[tuple[float, str]], height: int, scale: float) -> Iterable[str]:
    for place, (begin, name) in enumerate(phases):
        # On two lines in turn, for some are short.
        x, y = LEFT + begin * scale, TOP - 18 * (1 + place % 2)
        yield f'<path d="M{x:.1f} {y + 4}V{height - 2 * MARGIN - 6}" stroke="#dc2626" stroke-dasharray="3 3"/>'
        yield f'<text x="{x + 3:.1f}" y="{y}" fill="#dc2626">{escape(name)}</text>'
