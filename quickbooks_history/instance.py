"""The Dagster instance under `$QBH_HOME/dagster`: where runs, events and partitions are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from quickbooks_history.settings import Settings

_DAGSTER_YAML = """\
# Written by qbh when this folder was made; yours to change.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    # One run at a time writes to the warehouse; the next ones wait in the queue.
    granularity: run
    default_limit: 1
"""


def put_tools_on_path() -> None:
    """Let child processes find this environment's `meltano`, `dbt` and Singer plugins, however we were started."""
    tools = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if tools not in path.split(os.pathsep):
        os.environ["PATH"] = f"{tools}{os.pathsep}{path}"


def prepare_dagster_home(settings: Settings) -> None:
    """Make the instance's folder and its configuration, and name it to Dagster in the environment."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    configuration = settings.dagster_home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(_DAGSTER_YAML)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DO_NOT_TRACK"] = "1"


def dagster_instance(settings: Settings) -> DagsterInstance:
    """Open the instance, making it when it is missing."""
    from dagster import DagsterInstance

    prepare_dagster_home(settings)
    return DagsterInstance.get()
