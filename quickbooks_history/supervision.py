"""Server processes that are started again when they die, and end with the process that started them."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MARK = "QBH_UP_OF"
"""Environment variable of every process under a `qbh up`, and of their children: the home it works for."""

MOST_DEATHS = 5
DEATHS_SECONDS = 60
"""A service that dies so often within so many seconds is given up."""
PAUSES = (0.0, 1.0, 2.0, 4.0)
"""Seconds before a service is started again, by how often it has died of late."""
STOP_SECONDS = 20
"""How long processes may take to end before they are killed."""
LARGEST_LOG_BYTES = 20 * 2**20
"""A log that has grown over this is begun anew, the one before kept."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_WORRY = re.compile(r"^\S+ \S+ \S+ - (?P<logger>\S+) - (?P<level>WARNING|ERROR|CRITICAL) - (?P<words>.*)")
_PR_SET_PDEATHSIG = 1


class GivenUpError(Exception):
    """A service died again and again; says its last words."""


@dataclass
class Service:
    """A server process.

    Attributes:
        name: In a word or two, for people.
        command: Starts it.
        log: Receives all that it and its children print.
        serves_through_child: Whether it is dead without a child of its own. It may outlive it.
    """

    name: str
    command: Sequence[str]
    log: Path
    serves_through_child: bool = False
    process: subprocess.Popen[bytes] | None = None
    had_child: bool = False
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_DEATHS))
    start_at: float = 0
    read_up_to: int = 0
    last_worry: str = ""


class Supervisor:
    """Keeps services running until they are told to stop."""

    def __init__(self, home: Path, environment: Mapping[str, str], folder: Path, say: Callable[[str], None]) -> None:
        """Start nothing yet.

        Args:
            home: Whose services they are; what an earlier supervisor of this home left is ended.
            environment: Of the services.
            folder: They are started in.
            say: Is told in a line what a person should know: deaths, warnings, errors.
        """
        self._mark = str(home.resolve())
        self._environment = {**environment, MARK: self._mark}
        self._folder = folder
        self._say = say
        self._services: list[Service] = []
        # Looked up here: between fork and exec nothing may be loaded.
        self._prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def start(self, service: Service) -> None:
        """Start a service and keep it running from now on."""
        self._services.append(service)
        service.log.parent.mkdir(parents=True, exist_ok=True)
        service.log.write_bytes(b"")
        self._start(service)

    def look(self) -> None:
        """Look at every service once: pass on its warnings, and start it again when it has died.

        Raises:
            GivenUpError: One has died too often.
        """
        for service in self._services:
            self._pass_on_worries(service)
            if service.process is None:
                if time.monotonic() >= service.start_at:
                    self._start(service)
            elif service.process.poll() is not None:
                self._mourn(service, f"ended by itself, {_ending(service.process.returncode)}")
            elif service.serves_through_child and self._lost_its_child(service, service.process.pid):
                service.process.kill()
                service.process.wait()
                self._mourn(service, "lost the process that it serves through")

    def stop(self, hurry: Callable[[], bool]) -> None:
        """End all services, and whatever they have started.

        Args:
            hurry: Whether to kill what has not ended by now, rather than wait for it.
        """
        for service in self._services:
            if service.process is not None:
                service.process.terminate()
        self._interrupt_runs()
        deadline = time.monotonic() + STOP_SECONDS
        while self._alive() and not hurry() and time.monotonic() < deadline:
            time.sleep(0.1)
        self._kill()

    def end_leftovers(self) -> int:
        """End what a supervisor that was killed has left of this home, and return how many processes that were."""
        left = self.processes()
        self._interrupt_runs()
        deadline = time.monotonic() + STOP_SECONDS
        while any(map(_is_run, self.processes())) and time.monotonic() < deadline:
            time.sleep(0.1)
        self._kill()
        return len(left)

    def _interrupt_runs(self) -> None:
        """Interrupt the runs that go on: each then ends its Meltano or dbt, and says that it was interrupted."""
        for process in self.processes():
            if _is_run(process):
                with suppress(psutil.Error):
                    process.terminate()

    def _kill(self) -> None:
        while self._alive():
            for process in self.processes():
                with suppress(psutil.Error):
                    process.kill()
            time.sleep(0.1)

    def _alive(self) -> bool:
        ours = [service.process for service in self._services if service.process is not None]
        return any(process.poll() is None for process in ours) or bool(self.processes())

    def processes(self) -> list[psutil.Process]:
        """Every process of this home's services, also one whose parent is dead."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.environ().get(MARK) == self._mark and process.pid != os.getpid():
                    found.append(process)
        return found

    def _start(self, service: Service) -> None:
        prctl = self._prctl

        def end_with_parent() -> None:
            if prctl is not None:
                prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

        with service.log.open("ab") as log:
            service.process = subprocess.Popen(
                service.command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        service.had_child = False

    def _lost_its_child(self, service: Service, pid: int) -> bool:
        try:
            children = [child for child in psutil.Process(pid).children() if child.status() != psutil.STATUS_ZOMBIE]
        except psutil.Error:
            return False
        lost = service.had_child and not children
        service.had_child = service.had_child or bool(children)
        return lost

    def _mourn(self, service: Service, how: str) -> None:
        now = time.monotonic()
        service.process = None
        service.deaths.append(now)
        lately = [moment for moment in service.deaths if now - moment < DEATHS_SECONDS]
        if len(lately) == MOST_DEATHS:
            raise GivenUpError(
                f"the {service.name} died {MOST_DEATHS} times within {DEATHS_SECONDS} s; it {how}. Its last words:\n"
                f"{_last_words(service.log)}\nAll of it: {service.log}"
            )
        pause = PAUSES[len(lately) - 1]
        service.start_at = now + pause
        self._say(f"the {service.name} {how}; starting it again" + (f" in {pause:.0f} s" if pause else ""))

    def _pass_on_worries(self, service: Service) -> None:
        """Show the warnings and errors that the log has got since the last look, and keep the log from growing."""
        with service.log.open("rb") as log:
            log.seek(service.read_up_to)
            new = log.read()
        whole = new[: new.rfind(b"\n") + 1]
        service.read_up_to += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            worry = _WORRY.match(_COLOURS.sub("", line))
            # A library that repeats itself every second says it once.
            if worry and worry["words"] != service.last_worry:
                service.last_worry = worry["words"]
                self._say(f"{service.name}: {worry['level'].lower()}: {worry['words']}")
        if service.read_up_to > LARGEST_LOG_BYTES:
            # Copied and emptied, for the processes have it open; they append, so nothing is torn.
            service.log.with_suffix(".log.1").write_bytes(service.log.read_bytes())
            os.truncate(service.log, 0)
            service.read_up_to = 0


def _is_run(process: psutil.Process) -> bool:
    """Whether a process is a worker of a Dagster run, which the code server starts by `multiprocessing`."""
    with suppress(psutil.Error):
        return any("multiprocessing.spawn" in word for word in process.cmdline())
    return False


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"


def _last_words(log: Path, lines: int = 15) -> str:
    return "\n".join(_COLOURS.sub("", log.read_text(errors="replace")).splitlines()[-lines:])
