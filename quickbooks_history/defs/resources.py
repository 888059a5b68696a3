"""What assets need from outside: the warehouse, Meltano and dbt."""

from __future__ import annotations

import errno
import json
import os
import re
import select
import shutil
import threading
import time
import warnings
from collections import deque
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib import metadata
from typing import TYPE_CHECKING

import dagster as dg
import psycopg
from dagster_dbt import DbtCliResource
from packaging.version import Version
from pydantic import PrivateAttr

from quickbooks_history import standby
from quickbooks_history.company import named
from quickbooks_history.settings import Settings
from quickbooks_history.standby import Standby
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.passing import passes
from quickbooks_history.warehouse.rollback import ROLLBACK, RolledBackError, require_forward
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator, Sequence
    from pathlib import Path


WAREHOUSE_POOL = named("warehouse")
"""Concurrency pool of every step that writes to the warehouse; its limit, one run, is in the instance's `dagster.yaml`.
What holds without it, and for runs outside Dagster's queue, is the warehouse's own lock (docs/decisions.md, 17)."""


LOOK_SECONDS = 0.5
"""How often a run's process looks whether the server still knows that it lives."""


class SignOfLife:
    """Says that a run's process lives, by a lock that the server frees when it does no more.

    A server that starts again has forgotten it, and a connection that is cut takes it along: then it is taken anew.
    """

    def __init__(self, url: str, run_id: str) -> None:
        """Take the lock.

        Args:
            url: The warehouse.
            run_id: Of the run.

        Raises:
            psycopg.OperationalError: The server cannot be reached.
        """
        self._url, self._run_id = url, run_id
        self._ended = threading.Event()
        self._connection = self._take()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def end(self) -> None:
        """Free the lock."""
        self._ended.set()
        self._keeper.join()
        self._connection.close()

    def _take(self) -> psycopg.Connection:
        connection = warehouse.connect(self._url)
        ledger.lock_run(connection, self._run_id)
        return connection

    def _keep(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            with suppress(psycopg.OperationalError):
                if self._connection.closed:
                    self._connection = self._take()
                # Silent while all is well: what comes by itself is the server's farewell, or the end of the line.
                elif select.select([self._connection], [], [], 0)[0]:
                    warehouse.require_answer(self._connection)


class WarehouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The PostgreSQL warehouse; the embedded server starts at its first use."""

    _life: SignOfLife | None = PrivateAttr(default=None)

    def url(self) -> str:
        """Return the warehouse's libpq URL and put it in the environment, for dbt and other children."""
        url = warehouse.database_url(Settings())
        os.environ.update(warehouse.tool_environment(url))
        return url

    def connect(self) -> psycopg.Connection:
        """Open a connection to a warehouse whose ledger and raw tables exist."""
        connection = warehouse.connect(self.url())
        ensure_schema(connection)
        return connection

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Say that the run's process lives."""
        if context.run is None:
            return
        # A server that cannot be reached is for the run's first step to tell.
        with suppress(psycopg.OperationalError, OSError):
            self._life = SignOfLife(self.url(), context.run.run_id)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        """Say it no more."""
        if self._life is not None:
            self._life.end()

    @contextmanager
    def turn(self, log: logging.Logger, *, forward: bool = True) -> Iterator[psycopg.Connection]:
        """Open a connection with the right to write, waiting for it if another run has it.

        Args:
            log: The run's.
            forward: Whether it is to move the log or history on, which nothing may while the pipeline is rolled back.
        """
        with self.connect() as connection, ledger.turn(connection, log.info):
            if forward:
                try:
                    require_forward(connection)
                except RolledBackError as error:
                    raise dg.Failure(str(error), allow_retries=False) from error
            yield connection


class InstalledDbtCliResource(DbtCliResource):
    """dbt as dagster-dbt runs it, without asking `dbt --version`, which looks for newer releases on the net.

    A dbt stands by from the run's beginning, if `qbh` has not seen to that before, or it has had to parse the project.
    """

    _standby: Standby | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Have a dbt stand by."""
        super().setup_for_execution(context)
        if not standby.stands_by(standby.DBT):
            self._standby = Standby(standby.DBT)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        """Dismiss it, if nobody needed it."""
        if self._standby is not None:
            self._standby.dismiss()

    @cached_property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """Make no adapter: it parses all of dbt's macros, for questions to the database that we put ourselves."""


def empty_spool(spool: Path) -> None:
    """Remove the folders of runs that were killed: whoever has the right to write to the warehouse is alone with it.

    What Meltano by hand has laid beside them stays for a day, for it may be at work.
    """
    if not spool.is_dir():
        return
    for left in spool.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        elif time.time() - left.stat().st_mtime > _DAY_SECONDS:
            left.unlink(missing_ok=True)


_DAY_SECONDS = 24 * 3600
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


_SUCCESSION_SECONDS = 0.5
_MOST_LINES = 100

_ERROR_LINE = re.compile(r"\S+ +\[(?:error|critical) *\] (?P<words>.*)")
"""A line that Meltano, the tap or the loader has logged as an error: when, how grave, who and what."""


_RAISED = re.compile(r"""plugin_exc_message=(?P<quote>['"])(?P<words>.*)(?P=quote) plugin_exc_type=""")
"""What a plugin has raised, which stands behind an "unhandled error" in the log."""


class _RunLog:
    """Hands Meltano's lines on to the run's log and remembers what the error's first line is to say.

    Dagster takes a millisecond for each entry of a run's log, and a backlog has a line for every file. So lines
    that come in quick succession make one entry.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._waiting: list[str] = []
        self._last_entry = 0.0
        self._lines: deque[str] = deque(maxlen=50)
        self._first_error: str | None = None
        self._raised: str | None = None

    def info(self, line: str) -> None:
        line = _COLOURS.sub("", line)
        self._lines.append(line)
        if self._first_error is None and (error := _ERROR_LINE.match(line)):
            self._first_error = " ".join(error["words"].split())
        if self._raised is None and (raised := _RAISED.search(line)):
            self._raised = raised["words"]
        self._waiting.append(line)
        if len(self._waiting) >= _MOST_LINES or time.monotonic() - self._last_entry > _SUCCESSION_SECONDS:
            self.write()

    def write(self) -> None:
        """Write the lines that wait."""
        if self._waiting:
            self._log.info("\n".join(self._waiting))
        self._waiting.clear()
        self._last_entry = time.monotonic()

    def last_words(self) -> str:
        """The first line that was logged as an error, which the others follow from; else the last that names one."""
        if self._first_error and self._raised and "unhandled error" in self._first_error:
            return f"{self._first_error}: {self._raised}"
        telling = [line for line in self._lines if re.search(r"error", line, re.IGNORECASE)]
        return self._first_error or (telling or list(self._lines) or ["it wrote nothing"])[-1]


class MeltanoFailedError(dg.Failure):
    """Meltano ended with an error; its last words stand first."""


class MeltanoResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Meltano as dagster-meltano runs it: its log lines come out in the run's log as they are written."""

    def load(
        self,
        context: dg.AssetExecutionContext | dg.OpExecutionContext,
        files: Sequence[Path],
        url: str,
        *,
        upsert: bool = False,
    ) -> None:
        """Run `meltano run tap-quickbooks-csv target-postgres` over the given files.

        dagster-meltano hands its command to a shell, so nothing that comes from a file's name stands in it:
        the files are listed in a JSON file, which the environment names.

        Args:
            context: Its log receives Meltano's lines.
            files: The exports to deliver.
            url: The warehouse.
            upsert: Whether to make current state of them, in the schema `rollback`.

        Raises:
            MeltanoFailedError: Meltano failed. Files that it had loaded before stay loaded.
        """
        # Imported here: it brings dagster-shell, which names another Dagster version than ours, and works.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Found version mismatch")
            from dagster_meltano import MeltanoResource as Meltano  # type: ignore[import-untyped]
            from dagster_meltano.exceptions import MeltanoCommandError  # type: ignore[import-untyped]

        settings = Settings()
        spool = settings.spool / context.run_id
        spool.mkdir(parents=True, exist_ok=True)
        listed = spool / "files.json"
        listed.write_text(json.dumps([str(path) for path in files]))
        variables = {
            **warehouse.tool_environment(url),
            "TAP_QUICKBOOKS_CSV_FILES_FROM": str(listed),
            "TAP_QUICKBOOKS_CSV_SPOOL": str(spool),
            "QBH_RUN_ID": context.run_id,
            **settings.paths,
            # In place of dagster-meltano's own, which prints events as Python mappings.
            "MELTANO_CLI_LOG_CONFIG": str(settings.meltano_project / "logging.yaml"),
            # Meltano's own state goes where all state is, not into the checkout.
            "MELTANO_SYS_DIR_ROOT": str(settings.home / "meltano"),
        }
        environment = "dev"
        if upsert:
            environment = ROLLBACK
            # What Meltano's environment says, so that nothing that is set otherwise for loads wins over it.
            variables |= {
                "TAP_QUICKBOOKS_CSV_CURRENT_STATE": "true",
                "TARGET_POSTGRES_LOAD_METHOD": "upsert",
                "TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA": ROLLBACK,
            }
        # `exec`, so that the shell which dagster-shell ends is Meltano itself, and nothing goes on after it.
        meltano = Meltano(project_dir=str(settings.meltano_project), meltano_bin=f"exec qbh-{standby.MELTANO}")
        log = _RunLog(context.log)
        try:
            # Meltano's own guard knows of runs, not of processes: after a killed one it would refuse for minutes.
            # Ours are the loader's locks, which the server frees (docs/decisions.md, 17).
            command = f"--environment={environment} run --force tap-quickbooks-csv target-postgres"
            meltano.execute_command(command, variables, log)
        except MeltanoCommandError as error:
            words = log.last_words()
            if os.strerror(errno.ENOSPC) in words:
                words = f"{words}; make room, and load again"
            raise MeltanoFailedError(f"Meltano failed: {words}", allow_retries=passes(words)) from error
        finally:
            log.write()
            for leftover in spool.glob("*"):
                leftover.unlink()
            spool.rmdir()
