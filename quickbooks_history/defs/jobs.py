"""The jobs that people, sensors and `qbh load` start."""

from __future__ import annotations

import dagster as dg

from quickbooks_history.defs.transform import dbt_build

LOAD_EXPORTS = dg.define_asset_job(
    "load_exports",
    selection=dg.AssetSelection.all(),
    description="Load the new exports of a range of export dates and bring history and marts up to date.",
)

REFRESH_HISTORY = dg.define_asset_job(
    "refresh_history",
    # dbt also tests the ledger, whose asset is not dbt's.
    selection=dg.AssetSelection.assets(dbt_build) | dg.AssetSelection.checks(*dbt_build.check_keys),
    description="Bring history and marts up to date with what has been loaded.",
)
