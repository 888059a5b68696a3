"""The Dagster instance under `$QBH_HOME/dagster`: where runs, events and partitions are kept."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dagster import DagsterInstance
    from sqlalchemy.exc import DatabaseError

    from quickbooks_history.settings import Settings

CONFIGURATION = """\
# Written by qbh. What you change here stays; what is missing here is added when qbh needs it.
telemetry:
  enabled: false
nux:
  enabled: false
storage:
  # Dagster's own, in the same files, with connections that are kept.
  custom:
    module: quickbooks_history.event_log
    class: SqliteStorage
    config:
      base_dir:
        env: DAGSTER_HOME
concurrency:
  pools:
    # One run at a time writes to the warehouse; the next ones wait in the queue.
    granularity: run
    default_limit: 1
run_queue:
  # From request to start in a second, not five.
  dequeue_interval_seconds: 1
  # While the code server is being started again, runs wait in the queue and do not fail.
  max_user_code_failure_retries: 10
  user_code_failure_retry_delay: 5
run_retries:
  enabled: false
run_monitoring:
  # A run whose process never came, or does not end when it is told to, would hold the warehouse's place in the queue.
  enabled: true
  start_timeout_seconds: 180
  cancel_timeout_seconds: 60
  max_resume_run_attempts: 0
  poll_interval_seconds: 30
sensors:
  # One slow sensor does not keep the others waiting.
  use_threads: true
  num_workers: 4
retention:
  # A sensor that looks every ten seconds leaves 8,640 ticks a day, nearly all of them empty.
  sensor:
    purge_after_days:
      skipped: 7
      failure: 90
      success: 90
  schedule:
    purge_after_days:
      skipped: 90
"""
"""The instance's `dagster.yaml`. The program relies on all of it, so what is missing is added."""


_EVENT_LOG = "quickbooks_history.event_log"

EVENTS_A_BATCH = 500
"""Events of a run's partitions that Dagster gathers before it writes them, all or none."""


_TOO_LITTLE_ROOM = 2**20
"""Bytes without which SQLite cannot write."""


class UnusableInstanceError(OSError):
    """What lies under `$QBH_HOME/dagster` cannot be used; says what to do."""


def put_tools_on_path() -> None:
    """Let child processes find this environment's `meltano`, `dbt` and Singer plugins, however we were started."""
    tools = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if tools not in path.split(os.pathsep):
        os.environ["PATH"] = f"{tools}{os.pathsep}{path}"


def prepare_dagster_home(settings: Settings) -> None:
    """Make the instance's folder and its configuration, and name it to Dagster in the environment.

    Raises:
        UnusableInstanceError: There is no configuration where somebody has said that there is one (`QBH_DAGSTER_HOME`).
    """
    file = settings.dagster_home / "dagster.yaml"
    if settings.dagster_home_folder is None:
        settings.dagster_home.mkdir(parents=True, exist_ok=True)
        _complete(file)
    elif not file.is_file():
        raise UnusableInstanceError(
            f"QBH_DAGSTER_HOME names a folder without a dagster.yaml: {settings.dagster_home}\n"
            "name the folder that the other Dagster services have as DAGSTER_HOME, or unset it"
        )
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", str(EVENTS_A_BATCH))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DO_NOT_TRACK"] = "1"


def dagster_instance(settings: Settings) -> DagsterInstance:
    """Open the instance, making it when it is missing.

    Raises:
        UnusableInstanceError: Its configuration is wrong, or what it keeps is no database.
    """
    from dagster import DagsterInstance
    from dagster._core.errors import DagsterInvalidConfigError
    from sqlalchemy.exc import DatabaseError

    prepare_dagster_home(settings)
    try:
        instance = DagsterInstance.get()
        instance.get_runs_count()  # opens what Dagster opens late
    except DagsterInvalidConfigError as error:
        wrong = "; ".join(problem.message for problem in error.errors) or str(error)
        raise UnusableInstanceError(
            f"{settings.dagster_home / 'dagster.yaml'} is not as Dagster wants it: {wrong}\n"
            "mend it, or delete it and it is written anew"
        ) from error
    except DatabaseError as error:
        raise unusable(settings, error) from error
    return instance


def unusable(settings: Settings, error: DatabaseError) -> UnusableInstanceError:
    """Say of the instance's own storage why it cannot be used, and what to do.

    Args:
        settings: Says where it is.
        error: What SQLite has said.
    """
    if settings.dagster_home_folder is not None:
        return UnusableInstanceError(
            f"Dagster's record of runs cannot be used: {error.orig}\n"
            f"see that the database runs which {settings.dagster_home / 'dagster.yaml'} names as its storage"
        )
    # SQLite finds many words for a full disk.
    if shutil.disk_usage(settings.dagster_home).free < _TOO_LITTLE_ROOM:
        return UnusableInstanceError(
            f"{os.strerror(errno.ENOSPC)}: Dagster's record of runs in {settings.dagster_home} cannot be written\n"
            "make room, and try again"
        )
    return UnusableInstanceError(
        f"Dagster's record of runs in {settings.dagster_home} cannot be used: {error.orig}\n"
        "move that folder away and it is made anew; the history of your files is in the database, not in it"
    )


def _complete(file: Path) -> None:
    """Write the configuration, or add to the one that is there what it lacks: an older version may have written it."""
    import yaml

    try:
        theirs = yaml.safe_load(file.read_text())
    except FileNotFoundError:
        theirs = None
    except (yaml.YAMLError, UnicodeDecodeError):
        aside = file.with_name("dagster.yaml.unreadable")
        file.replace(aside)
        logging.getLogger(__name__).warning("%s is no YAML: moved to %s and written anew", file, aside.name)
        theirs = None
    if not isinstance(theirs, dict):  # not there, empty, or cut off in its first word
        _write(file, CONFIGURATION)
        return
    complete = _with_missing(theirs, yaml.safe_load(CONFIGURATION))
    if complete != theirs:
        header = CONFIGURATION.partition("\n")[0]
        _write(file, f"{header}\n{yaml.safe_dump(complete, sort_keys=False)}")


def _with_missing(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """What somebody has set, and what is missing there; a section that was cut off counts as missing."""
    result = dict(theirs)
    for name, value in ours.items():
        set_value = theirs.get(name)
        if name == "storage" and _is_another_storage(set_value):
            continue
        if isinstance(value, dict):
            result[name] = _with_missing(set_value, value) if isinstance(set_value, dict) else value
        elif set_value is None:
            result[name] = value
    return result


def _is_another_storage(theirs: Any) -> bool:  # noqa: ANN401 - what somebody has written
    """Whether somebody has chosen another storage than ours, with which ours must not be mixed."""
    if not isinstance(theirs, dict) or not theirs:
        return False
    custom = theirs.get("custom", {"module": "none"})
    return isinstance(custom, dict) and custom.get("module", _EVENT_LOG) != _EVENT_LOG


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all: another process may read it now, or this one be killed."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_text(text)
    part.replace(file)
