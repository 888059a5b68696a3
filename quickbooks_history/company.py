"""Whose history this process makes, where one Dagster instance serves several companies.

An instance keeps assets, partitions, pools and runs under names that hold for all of it. So what belongs to a company
is named after it (`QBH_COMPANY`). The one company of an instance, or the first, has no name: all is called as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster import AssetKey
from dagster._core.definitions.assets.job.asset_job import is_reserved_asset_job_name

from quickbooks_history.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dagster import DagsterRun

COMPANY = Settings().company
"""The company's name; None where it has none."""

TAG = "quickbooks_history/company"
"""Run tag: whose run it is, on the runs of companies with a name."""

RUN_TAGS = {TAG: COMPANY} if COMPANY else {}
"""What a company's jobs put on their runs."""


JOBS = frozenset(
    {
        *("load_exports", "refresh_history", "verify", "rebuild", "withdraw", "undo_withdrawal", "approve"),
        *("maintenance", "archive", "restore", "rollback", "undo_rollback"),
    }
)
"""Names of the jobs of `defs/jobs.py`: a run of any other job is of another project on the same instance."""


def named(name: str) -> str:
    """Return a name that holds for all of an instance, made the company's own."""
    return f"{COMPANY}_{name}" if COMPANY else name


def asset_key(schema: str, table: str) -> AssetKey:
    """Return the key of the asset that stands for a table."""
    return AssetKey([*([COMPANY] if COMPANY else []), schema, table])


def table_of(key: AssetKey) -> tuple[str, str]:
    """Return schema and name of the table that an asset stands for."""
    schema, table = key.path[-2:]
    return schema, table


def is_our_asset(key: AssetKey) -> bool:
    """Whether an asset's key is one of this company's; without a name, all keys of two parts are like its own."""
    return len(key.path) > 1 and key == asset_key(*table_of(key))


def is_ours(run: DagsterRun) -> bool:
    """Whether a run is this company's, and not one of another, or of another project, that the instance serves."""
    # What somebody materializes by hand is a run of a job that Dagster makes up, without tags of ours.
    if not (run.job_name in JOBS or is_reserved_asset_job_name(run.job_name)) or _is_of_other_code(run):
        return False
    selected: Iterable[AssetKey] = [
        *(run.asset_selection or ()),
        *(check.asset_key for check in run.asset_check_selection or ()),
    ]
    return any(map(is_our_asset, selected)) if selected else run.tags.get(TAG) == COMPANY


def _is_of_other_code(run: DagsterRun) -> bool:
    """Whether a run says that its job is of another package; what executes a job in its own process says nothing."""
    if run.job_code_origin is None:
        return False
    module = getattr(run.job_code_origin.get_repo_pointer(), "module", None)
    return module is not None and module.partition(".")[0] != __package__
