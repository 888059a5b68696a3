"""`qbh doctor`: what is wrong with an installation, and what to do."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from quickbooks_history import version
from quickbooks_history.exports.inbox import list_inbox
from quickbooks_history.settings import IS_INSTALLED
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse.archive import archived_months, damaged_files
from quickbooks_history.warehouse.drift import differences, missing_tables
from quickbooks_history.warehouse.history import count_rows
from quickbooks_history.warehouse.migrations import NewerDatabaseError, applied, migrations
from quickbooks_history.warehouse.rollback import in_words as rollback_in_words
from quickbooks_history.warehouse.schema import column_types, ensure_schema, missing_raw_columns
from quickbooks_history.web import free_port, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from quickbooks_history.settings import Settings

COMMANDS = (
    "meltano",
    "dbt",
    "dagster",
    "dagster-webserver",
    "dagster-daemon",
    "tap-quickbooks-csv",
    "target-postgres-append",
)
OLDEST_POSTGRES = 160000
"""`pg_input_is_valid`, which staging types dates with, came with PostgreSQL 16."""
LEAST_FREE_BYTES = 500 * 2**20

_INSTALL = "install it again, as the README says" if IS_INSTALLED else "run: uv sync"


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        subject: What was looked at.
        ok: Whether it is as it should be.
        found: What was found.
        remedy: What to do about it.
    """

    subject: str
    ok: bool
    found: str
    remedy: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that the platform needs; a home and database that are missing are made."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _commands,
        _shared_memory,
        _home,
        _inbox,
        _database,
        _log_archive,
        _port,
    )
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(settings))
        except OSError as error:
            subject = check.__name__.strip("_")
            findings.append(Finding(subject, False, str(error), "see that the path is a folder that this user may use"))
    return findings


def _python(_: Settings) -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info[:2] == (3, 11)
    yield Finding("Python", fits, found, None if fits else f"install Python 3.11, and {_INSTALL}")


def _commands(_: Settings) -> Iterator[Finding]:
    folder = Path(sys.executable).parent
    missing = [name for name in COMMANDS if not (folder / name).exists()]
    if missing:
        yield Finding("installed commands", False, f"missing: {', '.join(missing)}", _INSTALL)
    else:
        yield Finding("installed commands", True, f"{len(COMMANDS)} of {len(COMMANDS)}")


def _shared_memory(_: Settings) -> Iterator[Finding]:
    """Python's locks between processes, which dbt's and Dagster's need, lie there."""
    try:
        multiprocessing.get_context("spawn").Lock()
    except OSError as error:
        remedy = "let this user write to /dev/shm; in a container, mount a tmpfs there"
        yield Finding("shared memory", False, f"no lock between processes can be made: {error.strerror}", remedy)
    else:
        yield Finding("shared memory", True, "locks between processes can be made")


def _home(settings: Settings) -> Iterator[Finding]:
    existing = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    if not existing.is_dir():
        yield Finding("home", False, f"{existing} is no folder", "set QBH_HOME to a folder")
        return
    if not os.access(existing, os.W_OK | os.X_OK):
        yield Finding(
            "home",
            False,
            f"{settings.home} cannot be written to",
            f"make {existing} writable or set QBH_HOME elsewhere",
        )
        return
    free = shutil.disk_usage(existing).free
    enough = free > LEAST_FREE_BYTES
    yield Finding(
        "home",
        enough,
        f"{settings.home}, {free / 2**30:.1f} GiB free",
        None if enough else "make room, or set QBH_HOME to another disk",
    )


def _inbox(settings: Settings) -> Iterator[Finding]:
    if not settings.inbox.exists():
        yield Finding("inbox", True, f"{settings.inbox} is not there yet; the first load makes it")
        return
    if not settings.inbox.is_dir():
        yield Finding("inbox", False, f"{settings.inbox} is no folder", "set QBH_INBOX to the folder of the exports")
        return
    try:
        listing = list_inbox([settings.inbox], settings.zone)
    except OSError as error:
        yield Finding("inbox", False, f"{settings.inbox}: {error.strerror}", "make it a folder that this user may read")
        return
    unreadable = [export.path.name for export in listing.exports if not os.access(export.path, os.R_OK)]
    if unreadable:
        yield Finding("inbox", False, f"not readable: {', '.join(unreadable[:5])}", "give this user read permission")
    strangers = f", {len(listing.strangers)} other files" if listing.strangers else ""
    yield Finding("inbox", True, f"{settings.inbox}: {len(listing.exports)} exports{strangers}")


def _database(settings: Settings) -> Iterator[Finding]:
    subject = "database" if settings.database_url else "embedded database"
    try:
        with warehouse.connect(warehouse.database_url(settings)) as connection:
            server = connection.info.server_version
            if server < OLDEST_POSTGRES:
                yield Finding(subject, False, f"PostgreSQL {server // 10000}", "use PostgreSQL 16 or newer")
                return
            schema = list(_schema(connection, settings))
            is_whole = all(finding.remedy is None for finding in schema)
            rolled_back = rollback_in_words(connection) if is_whole else None
            loads = count_rows(connection, "meta", "loads")
    except NewerDatabaseError as error:
        yield Finding(subject, False, str(error), "install the later version; until then nothing is written here")
        return
    except psycopg.Error as error:
        remedy = (
            "see that the server runs, and that DATABASE_URL names it and a user who may create schemas"
            if settings.database_url
            else f"see {settings.pgdata / 'log'}"
        )
        yield Finding(subject, False, str(error).strip(), remedy)
        return
    yield Finding(subject, True, f"PostgreSQL {server // 10000}, {loads} deliveries in the ledger")
    yield from schema
    if rolled_back:
        yield Finding("pipeline", True, rolled_back)


def _schema(connection: psycopg.Connection, settings: Settings) -> Iterator[Finding]:
    """Say how the tables differ from those that this version makes; where there are none yet, they are made."""
    if not column_types(connection, "meta", "loads"):
        ensure_schema(connection)
    number, newest = applied(connection), len(migrations())
    waiting = missing_raw_columns(connection)
    if number < newest or waiting:
        lacking = [f"raw.{entity} lacks {', '.join(headers[:3])}" for entity, headers in waiting.items()]
        was = f"number {number} of {newest}" if number else "of version 0.1.0 or before"
        yield Finding(
            "schema",
            True,
            "; ".join([f"{was}, older than the program", *lacking]),
            "nothing: the next command that uses the database, such as `qbh status`, brings it up to date by itself",
        )
        return
    drifted = differences(connection)
    for difference in drifted:
        yield Finding("schema", False, difference.found, difference.remedy)
    if not drifted:
        yield Finding("schema", True, f"number {number}, as quickbooks-history {version()} makes it")
    missing = [] if drifted else _missing_tables(connection, settings)
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        yield Finding(
            "tables of dbt", False, f"missing: {', '.join(missing[:5])}{more}", "make them from the log: qbh load"
        )


def _missing_tables(connection: psycopg.Connection, settings: Settings) -> list[str]:
    """The tables and views that dbt makes, by the files they are made from, and that are not there."""
    models = settings.dbt_project / "models"
    made = [f"{path.relative_to(models).parts[0]}.{path.stem}" for path in sorted(models.rglob("*.sql"))]
    made += [f"snapshots.{path.stem}" for path in sorted(settings.snapshots.glob("*.sql"))]
    return missing_tables(connection, made)


def _log_archive(settings: Settings) -> Iterator[Finding]:
    try:
        with warehouse.connect(warehouse.database_url(settings)) as connection:
            months = archived_months(connection)
            damaged = damaged_files(connection, settings.log_archive)
    except (psycopg.Error, NewerDatabaseError):
        return  # told of the database
    if damaged:
        more = f" and {len(damaged) - 1} more" if len(damaged) > 1 else ""
        yield Finding("archive of the log", False, f"{damaged[0]}{more}", "until then those months cannot be restored")
    elif months:
        yield Finding("archive of the log", True, f"{settings.log_archive}, {len(months)} files, none damaged")


def _port(settings: Settings) -> Iterator[Finding]:
    up = running(settings)
    if up is not None:
        yield Finding("web address", True, f"qbh up runs (process {up.pid}) on {up.address}")
        return
    try:
        free_port(settings)
    except OSError as error:
        yield Finding("web address", False, str(error.strerror), "stop what listens there, or set QBH_PORT")
    else:
        yield Finding("web address", True, f"{settings.host}:{settings.port} is free")
