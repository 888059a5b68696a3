"""The assets of the log: what Meltano was given, the ledger knows afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from quickbooks_history.defs.partitions import EXPORT_DATES, add_export_dates
from quickbooks_history.defs.raw import meltano_load
from quickbooks_history.defs.resources import MeltanoResource, WarehouseResource

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class SilentMeltano(MeltanoResource):
    """Ends well and loads nothing, as when a plugin passes over a file."""

    def load(self, context: Any, files: Any, url: str) -> None:
        pass


def test_a_file_of_which_the_ledger_hears_nothing_fails_the_run(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QBH_HOME", str(tmp_path))
    monkeypatch.setenv("QBH_SETTLE_SECONDS", "0")
    monkeypatch.setenv("DATABASE_URL", database)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "Item_04_04_2025_2_00_03.csv").write_text("Item Name\nA\n")
    with dg.DagsterInstance.ephemeral() as instance:
        add_export_dates(instance, ["2025-04-04"])
        assert EXPORT_DATES.name is not None
        result = dg.materialize(
            [meltano_load],
            instance=instance,
            partition_key="2025-04-04",
            resources={"warehouse": WarehouseResource(), "meltano": SilentMeltano()},
            raise_on_error=False,
        )
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    words = failure.step_failure_data.user_failure_data.description
    assert words == "Meltano ended well, but the ledger does not know Item_04_04_2025_2_00_03.csv; load again"
