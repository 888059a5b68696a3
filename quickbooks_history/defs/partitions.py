"""The partitions of raw assets: the dates of the exports that have arrived."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import dagster as dg
import fasteners  # type: ignore[import-untyped]

from quickbooks_history.company import named
from quickbooks_history.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_thread = threading.Lock()

EXPORT_DATES = dg.DynamicPartitionsDefinition(name=named("export_date"))


def add_export_dates(instance: dg.DagsterInstance, dates: Iterable[str]) -> None:
    """Make partitions of the dates that have none yet, keeping the partitions in the order of time.

    Dagster keeps dynamic partitions in the order in which they were added, and a range of them is a range
    of that order. So when a late file brings an earlier date, the later ones are added anew behind it;
    what was materialized of them stays known, for it is kept by key.

    Args:
        instance: The Dagster instance that keeps the partitions.
        dates: Keys, `YYYY-MM-DD`.
    """
    name = EXPORT_DATES.name
    assert name is not None  # noqa: S101 - for the type checker: it is named above
    home = Settings().home
    home.mkdir(parents=True, exist_ok=True)
    # Threads of the code server and `qbh load` may do so at once: one would add behind what the other takes away.
    with _thread, fasteners.InterProcessLock(home / "export_dates.lock"):
        present = instance.get_dynamic_partitions(name)
        wanted = sorted({*dates, *present})
        if wanted == present:
            return
        in_place = next((place for place, key in enumerate(present) if key != wanted[place]), len(present))
        for key in present[in_place:]:
            instance.delete_dynamic_partition(name, key)
        instance.add_dynamic_partitions(name, wanted[in_place:])


def range_tags(dates: Sequence[str]) -> dict[str, str]:
    """Return the run tags by which Dagster takes a run for one over a range of partitions.

    Args:
        dates: Keys, in order, of which the first and the last count.
    """
    return {"dagster/asset_partition_range_start": dates[0], "dagster/asset_partition_range_end": dates[-1]}
