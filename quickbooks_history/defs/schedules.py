"""What runs by the clock."""

# No postponed annotations here: Dagster reads those of a schedule's function when it defines it.
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import psycopg

from quickbooks_history.defs.jobs import LOAD_EXPORTS, VERIFY
from quickbooks_history.defs.maintenance import maintenance
from quickbooks_history.defs.partitions import EXPORT_DATES, add_export_dates, range_tags
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.defs.retention import archive_job
from quickbooks_history.exports.inbox import folders_within, list_inbox
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.rollback import RolledBackError, require_forward

_TIMEZONE = Settings().timezone


@dg.schedule(
    job=LOAD_EXPORTS,
    cron_schedule="0 4 * * *",
    execution_timezone=_TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=(
        "Load what the sensor missed or gave up, from the inbox and the archive, bring history up to date, and run the "
        "checks: also those that tell that nothing has come for long."
    ),
)
def nightly_build(context: dg.ScheduleEvaluationContext, warehouse: WarehouseResource) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run over the dates of all exports that are not loaded; else over the newest date, for its checks."""
    settings = Settings()
    now = datetime.now(UTC)
    listing = list_inbox([settings.inbox, *folders_within(settings.archive)], settings.zone)
    settled = [export for export in listing.exports if export.has_stood_still(settings.settle_seconds, now)]
    with warehouse.connect() as connection:
        if standing_still := _standing_still(connection):
            return standing_still
        missed = ledger.undelivered(connection, settled, retry_rejected=False, archive=settings.archive)
    add_export_dates(context.instance, {export.name.export_date for export in listing.exports})
    dates = sorted(export.name.export_date for export in missed) or newest_date(context.instance)
    return dg.RunRequest(tags=range_tags(dates)) if dates else dg.SkipReason("no export has ever come")


def _standing_still(connection: psycopg.Connection) -> dg.SkipReason | None:
    """Say that the pipeline is rolled back, if it is."""
    try:
        require_forward(connection)
    except RolledBackError as error:
        return dg.SkipReason(str(error))
    return None


def newest_date(instance: dg.DagsterInstance) -> list[str]:
    """Return the newest export date, alone, if there is any."""
    return sorted(EXPORT_DATES.get_partition_keys(dynamic_partitions_store=instance))[-1:]


def _by_the_clock(
    name: str,
    job: "dg.JobDefinition | dg.UnresolvedAssetJobDefinition",
    cron_schedule: str,
    description: str,
    *,
    run_config: dict[str, Any] | None = None,
    is_on: bool = True,
) -> dg.ScheduleDefinition:
    """A schedule that asks for a run whenever its hour comes, unless the pipeline is rolled back."""

    @dg.schedule(
        name=name,
        job=job,
        cron_schedule=cron_schedule,
        execution_timezone=_TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING if is_on else dg.DefaultScheduleStatus.STOPPED,
        description=description,
    )
    def by_the_clock(warehouse: WarehouseResource) -> dg.RunRequest | dg.SkipReason:
        with warehouse.connect() as connection:
            return _standing_still(connection) or dg.RunRequest(run_config=run_config)

    return by_the_clock


WEEKLY_VERIFICATION = _by_the_clock(
    "weekly_verification",
    VERIFY,
    "0 5 * * 0",  # Sunday morning, when no export comes and nobody reads
    "Make all of history anew from the log once a week and compare it with what is there.",
)

MONTHLY_MAINTENANCE = _by_the_clock(
    "monthly_maintenance",
    maintenance,
    "0 6 1 * *",
    "Tidy up once a month: give back the space of rows that are gone, and renew the planner's statistics.",
)

MONTHLY_ARCHIVE = _by_the_clock(
    "monthly_archive",
    archive_job,
    "0 7 1 * *",
    f"Move what is older than {Settings().keep_months} months (`QBH_KEEP_MONTHS`) out of the database once a month."
    " Off until somebody wants it.",
    run_config={"ops": {"archive_log": {"config": {"keep_months": Settings().keep_months}}}},
    is_on=False,
)

SCHEDULES = [nightly_build, WEEKLY_VERIFICATION, MONTHLY_MAINTENANCE, MONTHLY_ARCHIVE]
