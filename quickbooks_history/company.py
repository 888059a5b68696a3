"""Whose history this process makes, where one Dagster instance serves several companies.

An instance keeps assets, partitions, pools and runs under names that hold for all of it. So what belongs to a company
is named after it (`QBH_COMPANY`). The one company of an instance, or the first, has no name: all is called as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster import AssetKey

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


def is_ours(run: DagsterRun) -> bool:
    """Whether a run is this company's, and not one of another that the instance serves."""
    selected: Iterable[AssetKey] = [
        *(run.asset_selection or ()),
        *(check.asset_key for check in run.asset_check_selection or ()),
    ]
    # What somebody materializes by hand is a run of a job that Dagster makes up, without tags of ours.
    return run.tags.get(TAG) == COMPANY if not selected else any(key == asset_key(*table_of(key)) for key in selected)
