"""What runs by the clock."""

from __future__ import annotations

import dagster as dg

from quickbooks_history.defs.jobs import VERIFY
from quickbooks_history.settings import Settings

WEEKLY_VERIFICATION = dg.ScheduleDefinition(
    name="weekly_verification",
    job=VERIFY,
    cron_schedule="0 5 * * 0",  # Sunday morning, when no export comes and nobody reads
    execution_timezone=Settings().timezone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Make all of history anew from the log once a week and compare it with what is there.",
)
