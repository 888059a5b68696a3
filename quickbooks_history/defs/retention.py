"""Retention: old months of the log leave the database for files, and come back."""

# No postponed annotations here: Dagster reads those of an op's function when it defines it.
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import dagster as dg
import psycopg
from pydantic import Field

from quickbooks_history.company import RUN_TAGS
from quickbooks_history.defs.markdown import shown_table
from quickbooks_history.defs.resources import WAREHOUSE_POOL, WarehouseResource
from quickbooks_history.defs.retries import tried_again
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse.archive import (
    ArchivedMonth,
    ArchiveError,
    archive,
    archived_months,
    months_to_replay,
    recover,
    restore,
    whole_log,
)


class ArchiveConfig(dg.Config):
    """Which months leave the database."""

    before: str = Field(default="", description="A day, YYYY-MM-DD: months that have ended before it go.")
    keep_months: int = Field(default=0, description="Instead of a day: leave so many months before this one.")


class RestoreConfig(dg.Config):
    """Which months come back."""

    since: str = Field(default="", description="A day, YYYY-MM-DD: months that end after it come back; blank: all.")


@dg.op(pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
def archive_log(context: dg.OpExecutionContext, config: ArchiveConfig, warehouse: WarehouseResource) -> None:
    """Write the months that ended before a day to files, and drop their rows from the database."""
    if not config.before and not config.keep_months:
        raise dg.Failure("say which months: set `before` to a day, YYYY-MM-DD, or `keep_months`", allow_retries=False)
    before = _day(config.before) if config.before else first_kept(datetime.now(UTC).date(), config.keep_months)
    with tried_again(context), warehouse.turn(context.log) as connection, _archive_errors_told():
        gone = archive(connection, Settings().log_archive, before, context.log.info)
    context.add_output_metadata(_metadata(gone))


@dg.op(pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
def restore_log(context: dg.OpExecutionContext, config: RestoreConfig, warehouse: WarehouseResource) -> None:
    """Copy archived months back into the database; their files stay."""
    since = _day(config.since) if config.since else date.min
    with tried_again(context), warehouse.turn(context.log) as connection:
        months = [month for month in archived_months(connection) if month.ends > since]
        with _archive_errors_told():
            restore(connection, Settings().log_archive, months, context.log.info)
    context.add_output_metadata(_metadata(months))


@contextmanager
def log_in_database(log: logging.Logger, connection: psycopg.Connection, *, whole: bool) -> Iterator[None]:
    """Have in the database what a run looks at of the log, where months of it are archived.

    Args:
        log: The run's.
        connection: With the right to write to the warehouse.
        whole: All of it, for as long as this lasts. Else what history must see again, which stays there.
    """
    folder = Settings().log_archive
    with _archive_errors_told():
        if whole:
            with whole_log(connection, folder, log.info):
                yield
            return
        recover(connection, folder)
        if months := months_to_replay(connection):
            log.info("a file or a decision is of archived months: they come back, until they are archived again")
            restore(connection, folder, months, log.info)
    yield


@contextmanager
def _archive_errors_told() -> Iterator[None]:
    """Say what is wrong with the archive as the run's failure; another try would find the same."""
    try:
        yield
    except ArchiveError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise dg.Failure(f"{text!r} is no day; write one like 2025-04-01", allow_retries=False) from None


def first_kept(today: date, months: int) -> date:
    """Return the first day of the oldest month that stays when so many before this one do."""
    place = today.year * 12 + today.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _metadata(months: list[ArchivedMonth]) -> "dict[str, dg.RawMetadataValue]":
    return {
        "months": len(months),
        "dagster/row_count": sum(month.row_count for month in months),
        "bytes_in_database": sum(month.table_bytes for month in months),
        "bytes_in_files": sum(month.file_bytes for month in months),
        "files": shown_table(
            ("partition", "rows", "bytes in database", "bytes in file", "file"),
            [
                (month.partition, month.row_count, month.table_bytes, month.file_bytes, month.file_name)
                for month in months[:100]
            ],
        ),
    }


@dg.job(
    tags=RUN_TAGS,
    name="archive",
    description=(
        "Move old months of the log out of the database, into compressed files with checksums. History stays complete; "
        "what needs the rows brings them back by itself."
    ),
)
def archive_job() -> None:
    """Archive old months of the log."""
    archive_log()


@dg.job(name="restore", tags=RUN_TAGS, description="Bring archived months of the log back into the database.")
def restore_job() -> None:
    """Bring archived months back."""
    restore_log()
