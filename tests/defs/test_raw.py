"""The assets of the log: what Meltano was given, the ledger knows afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from export_files import write_export

from quickbooks_history.defs.partitions import add_export_dates
from quickbooks_history.defs.raw import meltano_load, raw_key
from quickbooks_history.defs.resources import MeltanoResource, WarehouseResource
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from pathlib import Path


class SilentMeltano(MeltanoResource):
    """Ends well and loads nothing, as when a plugin passes over a file."""

    def load(self, context: Any, files: Any, url: str) -> None:
        pass


def _materialize(meltano: MeltanoResource, **options: Any) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        add_export_dates(instance, ["2025-04-04", "2025-04-05"])
        resources = {"warehouse": WarehouseResource(), "meltano": meltano}
        return dg.materialize([meltano_load], instance=instance, resources=resources, raise_on_error=False, **options)


def test_a_file_of_which_the_ledger_hears_nothing_fails_the_run(home: Path) -> None:
    write_export(home / "inbox" / "Item_04_04_2025_2_00_03.csv", "items", {"Item Name": "A"})
    result = _materialize(SilentMeltano(), partition_key="2025-04-04")
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    words = failure.step_failure_data.user_failure_data.description
    assert words == "Meltano ended well, but the ledger does not know Item_04_04_2025_2_00_03.csv; load again"


def test_a_run_looks_through_inbox_and_archive_for_files_of_its_dates(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    class ListeningMeltano(MeltanoResource):
        def load(self, context: Any, files: Any, url: str) -> None:
            given.extend(path.name for path in files)

    def given_to_a_run(**options: Any) -> list[str]:
        given.clear()
        _materialize(ListeningMeltano(), **options)
        return sorted(given)

    april_4, april_5 = (f"Item_04_0{day}_2025_2_00_03.csv" for day in (4, 5))
    customer = "Customer_04_04_2025_2_00_03.csv"
    (home / "archive" / "2025").mkdir(parents=True)
    write_export(home / "archive" / "2025" / april_4, "items", {"Item Name": "A"})
    write_export(home / "inbox" / april_5, "items", {"Item Name": "A"})
    write_export(home / "inbox" / customer, "customers", {"Customer Name": "A"})

    assert given_to_a_run(partition_key="2025-04-04") == [customer, april_4]
    assert given_to_a_run(partition_key="2025-04-05") == [april_5]
    assert given_to_a_run(partition_key="2025-04-04", selection=[raw_key("items")]) == [april_4]
    assert given_to_a_run() == [customer, april_4, april_5], "nobody chose dates: all"

    monkeypatch.setenv("QBH_SETTLE_SECONDS", "60")
    assert given_to_a_run() == [], "they may still be written to"
    config = {"ops": {"meltano_load": {"config": {"paths": [str(home / "inbox")]}}}}
    assert given_to_a_run(run_config=config) == [customer, april_5], "who names a folder need not wait"


def test_a_file_that_the_server_refuses_is_named_first(home: Path, database: str) -> None:
    """The real Meltano, with a good file before the one at which it fails: that one is loaded."""
    for day, item in ((4, "A"), (5, "refused")):
        rows = f"Item Name,Purchase Cost,Sales Price,Quantity On Hand,Status\n{item},1,2,3,true\n"
        (home / "inbox" / f"Item_04_{day:02}_2025_2_00_03.csv").write_text(rows)
    with connect(database) as connection:
        ensure_schema(connection)
        connection.execute("""alter table raw.items add constraint mine check ("Item Name" <> 'refused')""")
    result = _materialize(
        MeltanoResource(),
        tags={
            "dagster/asset_partition_range_start": "2025-04-04",
            "dagster/asset_partition_range_end": "2025-04-05",
        },
    )
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    words = failure.step_failure_data.user_failure_data.description
    assert words.startswith(
        "Meltano failed: target-postgres items Item_04_05_2025_2_00_03.csv is not loaded: new row for relation"
        ' "items_2025_04" violates check constraint "mine"; COPY items, line 2: '
    )
    with connect(database) as connection:
        assert connection.execute("select file_name from meta.loads").fetchall() == [("Item_04_04_2025_2_00_03.csv",)]
