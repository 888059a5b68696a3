"""The one Definitions object: everything that Dagster shows and runs."""

from __future__ import annotations

import dagster as dg

from quickbooks_history import standby
from quickbooks_history.defs.alerts import failures_told
from quickbooks_history.defs.checks import history_as_recomputed
from quickbooks_history.defs.inbox import INBOX
from quickbooks_history.defs.jobs import JOBS
from quickbooks_history.defs.log_checks import exports_as_expected, raw_rows_as_in_ledger
from quickbooks_history.defs.project import DBT_PROJECT
from quickbooks_history.defs.raw import meltano_load
from quickbooks_history.defs.resources import InstalledDbtCliResource, MeltanoResource, WarehouseResource
from quickbooks_history.defs.schedules import SCHEDULES
from quickbooks_history.defs.sensors import exports_arrived
from quickbooks_history.defs.transform import dbt_build

defs = dg.Definitions(
    assets=[*INBOX, meltano_load, dbt_build],
    asset_checks=[raw_rows_as_in_ledger, exports_as_expected, history_as_recomputed],
    jobs=JOBS,
    schedules=SCHEDULES,
    sensors=[exports_arrived, failures_told],
    resources={
        "warehouse": WarehouseResource(),
        "meltano": MeltanoResource(),
        "dbt": InstalledDbtCliResource(project_dir=str(DBT_PROJECT.project_dir), dbt_executable=f"qbh-{standby.DBT}"),
    },
    # Its steps are one Meltano and one dbt process after the other: nothing to gain from more processes.
    executor=dg.in_process_executor,
)
