"""The jobs that people, sensors and `qbh` start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from quickbooks_history.company import RUN_TAGS
from quickbooks_history.defs.checks import history_as_recomputed
from quickbooks_history.defs.log_checks import exports_as_expected, raw_rows_as_in_ledger
from quickbooks_history.defs.maintenance import maintenance
from quickbooks_history.defs.retention import archive_job, restore_job
from quickbooks_history.defs.rollback import rollback_job, undo_rollback_job
from quickbooks_history.defs.transform import dbt_build

if TYPE_CHECKING:
    from collections.abc import Sequence

# dbt also tests the ledger, whose asset is not dbt's.
_HISTORY = dg.AssetSelection.assets(dbt_build).without_checks() | dg.AssetSelection.checks(*dbt_build.check_keys)
_LOG = dg.AssetSelection.checks(*raw_rows_as_in_ledger.check_keys)
_ARRIVALS = dg.AssetSelection.checks(*exports_as_expected.check_keys)
_VERIFICATION = dg.AssetSelection.checks(*history_as_recomputed.check_keys)

LOAD_EXPORTS = dg.define_asset_job(
    "load_exports",
    tags=RUN_TAGS,
    selection=dg.AssetSelection.all() - _VERIFICATION,
    description="Load the new exports of a range of export dates and bring history and marts up to date.",
)


def load_config(paths: Sequence[str]) -> dict[str, Any]:
    """Return the configuration of a run of `load_exports` that looks through these files and folders alone."""
    return {"ops": {"meltano_load": {"config": {"paths": list(paths)}}}}


REFRESH_HISTORY = dg.define_asset_job(
    "refresh_history",
    tags=RUN_TAGS,
    selection=_HISTORY | _LOG | _ARRIVALS,
    description="Bring history and marts up to date with what has been loaded; say which exports do not come any more.",
)

VERIFY = dg.define_asset_job(
    "verify",
    tags=RUN_TAGS,
    selection=_VERIFICATION | _ARRIVALS | _LOG | dg.AssetSelection.checks(*dbt_build.check_keys),
    description=(
        "Make all of history anew from the log, beside what is there, and compare row for row; "
        "run every check over all of history."
    ),
)


def _history_job(name: str, config: dict[str, Any], description: str) -> dg.UnresolvedAssetJobDefinition:
    """A job that does something first, which the launchpad shows, and then brings history up to date."""
    return dg.define_asset_job(
        name,
        tags=RUN_TAGS,
        selection=_HISTORY,
        config={"ops": {"dbt_build": {"config": config}}},
        description=description,
    )


_FILES = ["FILE.csv"]
"""What stands in the launchpad in place of files' names."""

REBUILD = _history_job(
    "rebuild",
    {"from_scratch": True},
    "Make all of history anew from the log and put it in place of what is there, at once.",
)

DECISIONS = [
    _history_job(
        "withdraw", {"withdraw": _FILES}, "Make history what it would be had a file never come; its rows stay in raw."
    ),
    _history_job("undo_withdrawal", {"undo_withdrawal": _FILES}, "Put a withdrawn load in force again."),
    _history_job("approve", {"approve": _FILES}, "Put a full export in force that waits because it would delete much."),
]

JOBS = [
    *(LOAD_EXPORTS, REFRESH_HISTORY, VERIFY, REBUILD, *DECISIONS),
    *(maintenance, archive_job, restore_job, rollback_job, undo_rollback_job),
]
