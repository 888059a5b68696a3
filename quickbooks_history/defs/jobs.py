"""The jobs that people, sensors and `qbh load` start."""

from __future__ import annotations

import dagster as dg

from quickbooks_history.defs.partitions import EXPORT_DATES
from quickbooks_history.defs.transform import dbt_build

LOAD_EXPORTS = dg.define_asset_job(
    "load_exports",
    selection=dg.AssetSelection.all(),
    partitions_def=EXPORT_DATES,
    description="Load the new exports of a range of export dates and bring history and marts up to date.",
)

REFRESH_HISTORY = dg.define_asset_job(
    "refresh_history",
    selection=dg.AssetSelection.assets(dbt_build),
    description="Bring history and marts up to date with what has been loaded.",
)
