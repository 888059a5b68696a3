"""`qbh up`: Dagster's code server, web server and daemon over the embedded database, until they are told to stop."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import fasteners  # type: ignore[import-untyped]

from quickbooks_history.instance import dagster_instance, put_tools_on_path
from quickbooks_history.run_records import report_dead_runs, report_orphaned_runs
from quickbooks_history.supervision import Service, Supervisor
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import embedded
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from rich.console import Console

    from quickbooks_history.settings import Settings

MODULE = "quickbooks_history.definitions"
LOCATION = "quickbooks_history"
"""What there is to load, and its name in Dagster: those of `workspace.yaml`, which is there in a checkout alone."""

LOOK_SECONDS = 0.5
"""Between two looks at the processes."""


class AlreadyUpError(Exception):
    """Another `qbh up` runs on the same home."""


@dataclass(frozen=True)
class Running:
    """A `qbh up` that runs.

    Attributes:
        pid: Its process.
        address: Of its web UI.
    """

    pid: int
    address: str


def running(settings: Settings) -> Running | None:
    """Return the `qbh up` that runs on this home, if any."""
    if not settings.home.is_dir():
        return None
    lock = _lock(settings)
    if lock.acquire(blocking=False):
        lock.release()
        return None
    with suppress(OSError, ValueError, TypeError):
        return Running(**json.loads(_note(settings).read_text()))
    return Running(0, "an address that it has yet to say")


def free_port(settings: Settings) -> int:
    """Return the port to listen on: the configured one, or any where that is 0.

    Raises:
        OSError: Something listens there, or the address is none of this machine.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            port: int = probe.getsockname()[1]
            return port
    except OSError as error:
        raise OSError(error.errno, f"{settings.host}:{settings.port}: {error.strerror}") from error


def _is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at an address."""
    with suppress(OSError):
        return all(
            ipaddress.ip_address(address[0]).is_loopback
            for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        )
    return False


def serve(settings: Settings, console: Console, *, read_only: bool = False) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP.

    Args:
        settings: Says where the state lies and where to listen.
        console: Is told the address, and what a person should know later on.
        read_only: Whether the web UI only shows, and starts and stops nothing.

    Raises:
        AlreadyUpError: Another one runs on this home.
        OSError: Something listens at the address already, or the home cannot be used.
        GivenUpError: A server died again and again.
    """
    asked_to_stop = _Request()
    started = time.monotonic()
    settings.home.mkdir(parents=True, exist_ok=True)
    with _alone(settings), tempfile.TemporaryDirectory(prefix="qbh-") as folder:
        port = free_port(settings)
        address = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}"
        _note(settings).write_text(json.dumps(asdict(Running(os.getpid(), address))))
        settings.inbox.mkdir(parents=True, exist_ok=True)
        url = warehouse.database_url(settings)

        def say(line: str) -> None:
            console.print(f"{time.strftime('%H:%M:%S')}  {line}", highlight=False, markup=False, soft_wrap=True)

        console.print(
            f"web UI    {address}{', read-only' if read_only else ''}\ninbox     {settings.inbox}\n"
            f"database  {warehouse.shown_url(url)}\nlogs      {settings.home / 'logs'}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        if not _is_loopback(settings.host):
            say(
                f"warning: whoever reaches {settings.host}:{port} sees all data"
                + ("" if read_only else " and can load, withdraw and rebuild")
                + "; the web UI asks nobody who they are. Put a proxy with a login before it, or unset QBH_HOST"
            )
        supervisor = _prepared(settings, url, say)
        try:
            code = Path(folder) / "code.sock"
            supervisor.start(_code_server(settings, code))
            while not asked_to_stop and not _answers(code):
                _look(supervisor, settings, say)
            if not asked_to_stop:
                workspace = _write_workspace(Path(folder), code)
                supervisor.start(_web_server(settings, workspace, port, read_only=read_only))
                supervisor.start(_daemon(settings, workspace))
            while not asked_to_stop and not _serves(address):
                _look(supervisor, settings, say)
            if not asked_to_stop:
                say(f"ready, after {time.monotonic() - started:.0f} s; Ctrl-C stops it")
            while not asked_to_stop:
                _look(supervisor, settings, say)
            say("stopping; Ctrl-C again to stop at once")
        finally:
            supervisor.stop(hurry=lambda: asked_to_stop.times > 1)
        say("stopped")


class _Request:
    """Whether, and how often, somebody has asked us to stop."""

    def __init__(self) -> None:
        self.times = 0
        signal.signal(signal.SIGINT, self._note)  # also where a script started us with it ignored, in the background
        signal.signal(signal.SIGTERM, self._note)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
            signal.signal(signal.SIGHUP, self._note)

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self.times += 1

    def __bool__(self) -> bool:
        return self.times > 0


def _lock(settings: Settings) -> fasteners.InterProcessLock:
    """Held by the `qbh up` of this home as long as it lives; the kernel frees it."""
    return fasteners.InterProcessLock(settings.home / "up.lock")


def _note(settings: Settings) -> Path:
    """Says which process and address it is. Not the lock's own file: closing that would free the lock."""
    return settings.home / "up.json"


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    lock = _lock(settings)
    if not lock.acquire(timeout=1, delay=0.1):  # for a moment, `qbh doctor` may hold it
        other = running(settings)
        if other is None:
            raise AlreadyUpError("another `qbh up` on this home is just ending; try again")
        raise AlreadyUpError(
            f"it runs already, as process {other.pid} on {other.address}; "
            f"stop it with Ctrl-C where it runs, or with: kill {other.pid}"
        )
    try:
        yield
    finally:
        _note(settings).unlink(missing_ok=True)
        lock.release()


def _prepared(settings: Settings, url: str, say: Callable[[str], None]) -> Supervisor:
    """Return a supervisor for a home in which nothing of an earlier one is left."""
    put_tools_on_path()
    with warehouse.connect(url) as connection:
        ensure_schema(connection)
        with dagster_instance(settings) as instance:
            environment = {**os.environ, **warehouse.tool_environment(url), **settings.paths}
            # In the home, not among the program's own files: what a library may leave in its folder lies there.
            supervisor = Supervisor(settings.home, environment, settings.home, say)
            left = supervisor.end_leftovers()
            if left:
                say(f"an earlier qbh up was killed: {left} processes of it ended")
            report_dead_runs(instance, connection)
            if settings.dagster_home_folder is None:  # else other services start runs there too
                report_orphaned_runs(instance)
    return supervisor


def _code_server(settings: Settings, listens_on: Path) -> Service:
    command = [
        _tool("dagster"), "code-server", "start", "--socket", str(listens_on),
        "--working-directory", str(settings.home), "--module-name", MODULE, "--location-name", LOCATION,
    ]  # fmt: skip
    # It serves through a child, so that "Reload" in the UI loads the code anew.
    return Service("code server", command, settings.home / "logs" / "code-server.log", serves_through_child=True)


def _web_server(settings: Settings, workspace: Path, port: int, *, read_only: bool) -> Service:
    command = [
        _tool("dagster-webserver"), "--workspace", str(workspace), "--host", settings.host, "--port", str(port),
        *(["--read-only"] if read_only else []),
    ]  # fmt: skip
    return Service("web server", command, settings.home / "logs" / "web-server.log")


def _daemon(settings: Settings, workspace: Path) -> Service:
    command = [_tool("dagster-daemon"), "run", "--workspace", str(workspace)]
    return Service("daemon", command, settings.home / "logs" / "daemon.log")


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _write_workspace(folder: Path, code_socket: Path) -> Path:
    """Write the file that tells web server and daemon where the code server is; JSON is YAML."""
    workspace = folder / "workspace.yaml"
    server = {"socket": str(code_socket), "location_name": LOCATION}
    workspace.write_text(json.dumps({"load_from": [{"grpc_server": server}]}))
    return workspace


def _look(supervisor: Supervisor, settings: Settings, say: Callable[[str], None]) -> None:
    supervisor.look()
    if settings.database_url is None and not embedded.is_running(settings):
        say("the database ended by itself; starting it again")
        embedded.start(settings)
    time.sleep(LOOK_SECONDS)


def _answers(unix_socket: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        return probe.connect_ex(str(unix_socket)) == 0


def _serves(address: str) -> bool:
    """Whether the web server answers; no proxy of the environment is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/server_info", timeout=2) as response:
            return int(response.status) == 200
    except (urllib.error.URLError, OSError):
        return False
