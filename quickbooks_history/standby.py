"""Tools that stand by: each imports itself while a run's other steps are at work, and is then any command at once.

dbt takes three seconds to make its classes and Meltano more than one, before they look at what they are to do. So a run
starts them early (`Standby`), and dagster-dbt is told that `qbh-dbt` is its dbt, dagster-meltano that `qbh-meltano` is
its Meltano. Those hand the command, its environment and its output over to the one that stands by, and live as long as
the command does: signals and exit status pass through. Where none stands by, or it has done its command, `qbh-dbt`
does it itself, and likewise the other.

Imported by every `qbh-dbt` and `qbh-meltano`: it imports little, and that from the standard library.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from quickbooks_history.garbage import end_at_once, imported_to_stay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DBT, MELTANO = "dbt", "meltano"
"""The tools, as their own console scripts are called; with `qbh-` before it, ours that hands over."""

_PR_SET_PDEATHSIG = 1
_SIZE = 4
"""Bytes that say how long a message is."""
_STREAMS = (0, 1, 2)
"""Standard input, output and error."""


def address_of(tool: str) -> str:
    """Return the environment variable that names the socket on which a tool stands by."""
    return f"QBH_{tool.upper()}_STANDBY"


def stands_by(tool: str) -> bool:
    """Whether one stands by for the next command of this process's children."""
    return os.path.exists(os.environ.get(address_of(tool), ""))  # noqa: PTH110 - pathlib is no light import


class Standby:
    """A tool that stands by for one command, for as long as this process lives, or until `dismiss`."""

    def __init__(self, tool: str, after: Standby | None = None) -> None:
        """Start it; `qbh-<tool>` in children of this process finds it from now on.

        Args:
            tool: Its name.
            after: One whose imports come first.
        """
        import subprocess
        import tempfile

        # Whoever can connect can have any program run in our name: the folder is ours alone.
        self._folder = tempfile.TemporaryDirectory(prefix=f"qbh-{tool}-")
        address = os.path.join(self._folder.name, "socket")  # noqa: PTH118 - pathlib is no light import
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(address)
            door.listen(1)
            # It is ready when the other end of this pipe is closed, also by its death.
            self._ready, ready = os.pipe()
            inherited = [door.fileno(), ready, *([after._ready] if after else [])]
            # A command that comes early waits at the door.
            self._process = subprocess.Popen(
                # -P: what lies in the folder that `qbh` was called in is nobody's module.
                [sys.executable, "-P", "-m", __name__, tool, str(os.getpid()), *map(str, inherited)],
                pass_fds=inherited,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what is wrong with a tool, it says itself when it is run in its place
                start_new_session=True,  # Ctrl-C reaches it by way of its command, once
            )
        os.close(ready)
        self._variable = address_of(tool)
        os.environ[self._variable] = address

    def dismiss(self) -> None:
        """End it, if it still stands by."""
        os.environ.pop(self._variable, None)
        self._process.terminate()
        self._process.wait()
        os.close(self._ready)
        self._folder.cleanup()


@contextmanager
def standing_by(tool: str, after: Standby | None = None) -> Iterator[Standby]:
    """Have a tool stand by for one command, and dismiss it in the end; see `Standby`."""
    standby = Standby(tool, after)
    try:
        yield standby
    finally:
        standby.dismiss()


def dbt() -> None:
    """Be dbt, as `qbh-dbt`."""
    _hand_over(DBT)


def meltano() -> None:
    """Be Meltano, as `qbh-meltano`."""
    _hand_over(MELTANO)


def _hand_over(tool: str) -> None:
    """Hand the command over to the one that stands by, or do it here."""
    program = os.path.join(os.path.dirname(sys.argv[0]), tool)  # noqa: PTH118, PTH120 - as above
    command = [program, *sys.argv[1:]]
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(os.environ[address_of(tool)])
            task = {"command": command, "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109
            socket.send_fds(line, [b"!"], _STREAMS)
            _send(line, task)
            process = _receive(line)
        except (KeyError, OSError):
            process = None
        if process is None:
            sys.argv = command
            with imported_to_stay(tool):
                be = _READY[tool]()
            be()
            sys.exit()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _: os.kill(process, received))
        status = _receive(line)
        _receive(line)  # nothing more comes, but it has ended then, and said its last words
    # Ended without a word, as by a signal that cannot be caught.
    sys.exit(1 if status is None else status)


def _ready_dbt() -> Callable[[], Any]:
    """Import dbt; return what does its command."""
    from contextlib import nullcontext
    from pathlib import Path

    from mashumaro.config import BaseConfig

    # As dbt has it for its own classes: a reader or writer is made when it is first used.
    BaseConfig.lazy_compilation = True

    from dbt.adapters import postgres  # noqa: F401 - dbt imports it once it knows the profile
    from dbt.cli.main import cli

    from quickbooks_history.kept_sessions import kept_sessions
    from quickbooks_history.lean_dbt import (
        kept_contexts,
        kept_templates,
        logged_events_alone,
        longest_way_first,
    )
    from quickbooks_history.parsed import manifest_for_those_who_parse, parsed_for_any_server

    def be() -> None:
        target = os.environ.get("DBT_TARGET_PATH")
        templates = kept_templates(Path(target)) if target else nullcontext()
        with (
            kept_sessions(),
            logged_events_alone(),
            kept_contexts(),
            longest_way_first(),
            parsed_for_any_server(),
            manifest_for_those_who_parse(),
            templates,
        ):
            cli(prog_name="dbt")

    return be


def _ready_meltano() -> Callable[[], Any]:
    """Import Meltano; return what does its command."""
    from meltano.cli import main

    return main


_READY = {DBT: _ready_dbt, MELTANO: _ready_meltano}


def _rehearse(folder: str) -> None:
    from quickbooks_history.parsed import rehearse
    from quickbooks_history.settings import Settings

    settings = Settings()
    rehearse(settings.dbt_project, prepared=settings.dbt_target, target=settings.home / "dbt", room=folder)


def _stand_by(tool: str, door: socket.socket, ready: int, after: Sequence[int]) -> None:
    """Import a tool, wait for the command, and be it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the command, of which there is none yet
    for other in after:
        os.read(other, 1)  # nothing comes but its end
    address = door.getsockname()
    with imported_to_stay(tool):
        be = _READY[tool]()
        os.close(ready)
        if tool == DBT and not select.select([door], [], [], 0)[0]:  # a command that waits is not to wait longer
            _rehearse(os.path.dirname(address))  # noqa: PTH120 - as above
    line, _ = door.accept()
    os.unlink(address)  # noqa: PTH108 - it is for one command
    door.close()
    _, streams, _, _ = socket.recv_fds(line, 1, len(_STREAMS))
    task = _receive(line)
    if not isinstance(task, dict):
        return
    for received, own in zip(streams, _STREAMS, strict=True):
        os.dup2(received, own)
    _widen(1)
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115 - line by line, as dagster-dbt reads
    sys.argv = task["command"]
    os.environ.clear()
    os.environ.update(task["environment"])
    os.chdir(task["folder"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _send(line, os.getpid())
    _end_when_gone(line)
    end_at_once()
    try:
        be()
        status: Any = 0
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    _send(line, status if isinstance(status, int) else int(status is not None))


def _widen(stream: int) -> None:
    """Let a pipe hold what a run prints: else the tool stands still for as long as its reader is busy with one line."""
    import fcntl

    with suppress(OSError, AttributeError):  # no pipe, or not on Linux
        fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, 1 << 20)


def _end_when_gone(line: socket.socket) -> None:
    """End with the one that handed the command over, however that ends."""
    import threading

    def watch() -> None:
        line.recv(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _end_with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent dies."""
    import ctypes

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("its run is gone")


def _send(line: socket.socket, message: object) -> None:
    text = json.dumps(message).encode()
    line.sendall(len(text).to_bytes(_SIZE, "big") + text)


def _receive(line: socket.socket) -> Any:  # noqa: ANN401 - what JSON holds
    """Return the next message; None when the other side is gone."""
    size = _receive_bytes(line, _SIZE)
    text = _receive_bytes(line, int.from_bytes(size, "big")) if size else b""
    return json.loads(text) if text else None


def _receive_bytes(line: socket.socket, size: int) -> bytes:
    """Return so many bytes; none when the other side has gone before."""
    received = b""
    while len(received) < size:
        try:
            part = line.recv(size - len(received))
        except ConnectionError:
            part = b""
        if not part:
            return b""
        received += part
    return received


if __name__ == "__main__":
    _tool, _parent, _door, _ready, *_after = sys.argv[1:]
    _end_with_parent(int(_parent))
    _stand_by(_tool, socket.socket(fileno=int(_door)), int(_ready), list(map(int, _after)))
