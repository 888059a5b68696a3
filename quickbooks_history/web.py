"""`qbh up`: Dagster's web server and daemon over the embedded database, until they are told to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from quickbooks_history.instance import dagster_instance
from quickbooks_history.runs import report_dead_runs
from quickbooks_history.settings import PROJECT_ROOT
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from types import FrameType

    from rich.console import Console

    from quickbooks_history.settings import Settings

STOP_SECONDS = 30
"""How long Dagster's processes may take to end before they are killed."""


def serve(settings: Settings, console: Console) -> int:
    """Run until SIGINT or SIGTERM.

    Args:
        settings: Says where the state lies and where to listen.
        console: Is told the address.

    Raises:
        OSError: Something listens at the address already, `qbh up` perhaps.

    Returns:
        Exit status: 0 when it was told to stop, else that of the process that ended by itself.
    """
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((settings.host, settings.port))  # raises, naming the address, when something listens there
    settings.inbox.mkdir(parents=True, exist_ok=True)
    url = warehouse.database_url(settings)
    with warehouse.connect(url) as connection:
        ensure_schema(connection)
        with dagster_instance(settings) as instance:
            report_dead_runs(instance, connection)
    command = [
        str(Path(sys.executable).parent / "dagster"), "dev",
        "--workspace", str(PROJECT_ROOT / "workspace.yaml"),
        "--host", settings.host, "--port", str(settings.port),
    ]  # fmt: skip
    console.print(
        f"web UI    http://{settings.host}:{settings.port}  (in a few seconds; Ctrl-C stops it)\n"
        f"inbox     {settings.inbox}\ndatabase  {url}",
        highlight=False,
        soft_wrap=True,
    )
    environment = {
        **os.environ,
        **warehouse.tool_environment(url),
        # `dagster dev` announces another package's command at every start.
        "PYTHONWARNINGS": "ignore:Function `dev_command` is superseded",
    }
    # A session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
    dagster = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, start_new_session=True)
    asked_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        if not asked_to_stop:
            asked_to_stop = True
            dagster.send_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while True:
        try:
            code = dagster.wait(timeout=STOP_SECONDS if asked_to_stop else 1)
        except subprocess.TimeoutExpired:
            if asked_to_stop:
                os.killpg(dagster.pid, signal.SIGKILL)
            continue
        return 0 if asked_to_stop else code
