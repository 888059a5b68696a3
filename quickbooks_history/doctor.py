"""`qbh doctor`: what is wrong with an installation, and what to do."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from quickbooks_history.exports.inbox import list_inbox
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.archive import archived_months, damaged_files
from quickbooks_history.warehouse.rollback import in_words as rollback_in_words
from quickbooks_history.warehouse.schema import ensure_schema
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
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info[:2] == (3, 11)
    yield Finding("Python", fits, version, None if fits else "install Python 3.11 and run: uv sync --python 3.11")


def _commands(_: Settings) -> Iterator[Finding]:
    folder = Path(sys.executable).parent
    missing = [name for name in COMMANDS if not (folder / name).exists()]
    if missing:
        yield Finding("installed commands", False, f"missing: {', '.join(missing)}", "run: uv sync")
    else:
        yield Finding("installed commands", True, f"{len(COMMANDS)} of {len(COMMANDS)}")


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
            version = connection.info.server_version
            if version < OLDEST_POSTGRES:
                yield Finding(subject, False, f"PostgreSQL {version // 10000}", "use PostgreSQL 16 or newer")
                return
            ensure_schema(connection)
            deliveries = ledger.count_deliveries(connection)
            rolled_back = rollback_in_words(connection)
    except psycopg.Error as error:
        remedy = (
            "see that the server runs, and that DATABASE_URL names it and a user who may create schemas"
            if settings.database_url
            else f"see {settings.pgdata / 'log'}"
        )
        yield Finding(subject, False, str(error).strip(), remedy)
        return
    yield Finding(subject, True, f"PostgreSQL {version // 10000}, {deliveries} deliveries in the ledger")
    if rolled_back:
        yield Finding("pipeline", True, rolled_back)


def _log_archive(settings: Settings) -> Iterator[Finding]:
    try:
        with warehouse.connect(warehouse.database_url(settings)) as connection:
            months = archived_months(connection)
            damaged = damaged_files(connection, settings.log_archive)
    except psycopg.Error:
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
