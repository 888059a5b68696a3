"""What runs by the clock: the dates that the nightly build asks for, and housekeeping on a real warehouse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from export_files import write_export

from quickbooks_history.definitions import defs
from quickbooks_history.defs.partitions import EXPORT_DATES
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.defs.schedules import SCHEDULES, nightly_build
from quickbooks_history.exports.inbox import list_inbox
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.rollback import go_forward, stand_still
from quickbooks_history.warehouse.schema import ensure_partition, ensure_schema

if TYPE_CHECKING:
    from pathlib import Path


def test_the_nightly_build_asks_for_what_the_sensor_missed(home: Path, database: str) -> None:
    def asked_for() -> tuple[str | None, str | None] | str:
        with dg.build_schedule_context(instance=instance, resources={"warehouse": WarehouseResource()}) as context:
            request = nightly_build(context)
        if isinstance(request, dg.RunRequest):
            tags = request.tags
            return tags["dagster/asset_partition_range_start"], tags["dagster/asset_partition_range_end"]
        assert isinstance(request, dg.SkipReason)
        return str(request.skip_message)

    with dg.instance_for_test() as instance:
        assert asked_for() == "no export has ever come"

        archive = home / "archive" / "2025" / "04"
        archive.mkdir(parents=True)
        archived = write_export(archive / "Item_04_01_2025_2_00_03.csv", "items", {"Item Name": "A"})
        waiting = write_export(home / "inbox" / "Item_04_03_2025_2_00_03.csv", "items", {"Item Name": "A"})
        assert asked_for() == ("2025-04-01", "2025-04-03"), "the archive is looked through as well"
        assert instance.get_dynamic_partitions(EXPORT_DATES.name or "") == ["2025-04-01", "2025-04-03"]

        with connect(database) as connection:
            ensure_schema(connection)
            for export in list_inbox([archived, waiting]).exports:
                connection.execute(
                    "insert into meta.loads (entity, file_name, scope, exported_at, status, file_path, file_size,"
                    " file_modified_at, extracted_at) values ('items', %s, 'partial', %s, 'loaded', %s, %s, %s, now())",
                    [
                        *(export.path.name, export.name.exported_at, str(home / "inbox" / export.path.name)),
                        *(export.size, export.modified_at),
                    ],
                )
        assert asked_for() == ("2025-04-03", "2025-04-03"), "all is loaded, also what was moved since: only the checks"


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.name)
def test_schedules_stand_still_while_the_pipeline_is_rolled_back(
    home: Path, database: str, schedule: dg.ScheduleDefinition
) -> None:
    write_export(home / "inbox" / "Item_04_03_2025_2_00_03.csv", "items", {"Item Name": "A"})
    with dg.instance_for_test() as instance, connect(database) as connection:
        ensure_schema(connection)

        def tick() -> str | None:
            warehouse = {"warehouse": WarehouseResource()}
            with dg.build_schedule_context(instance=instance, resources=warehouse) as context:
                return schedule.evaluate_tick(context).skip_message

        assert tick() is None
        stand_still(connection)
        assert "until `qbh rollback --undo`" in str(tick())
        go_forward(connection, print)
        assert tick() is None


def test_housekeeping_gives_space_back(home: Path, database: str) -> None:
    assert home.is_dir()
    with connect(database) as connection:
        ensure_schema(connection)
        ensure_partition(connection, "items", datetime(2025, 4, 1, tzinfo=UTC))
        connection.execute(
            "insert into raw.items (\"Item Name\", _exported_at) select repeat('x', 500), '2025-04-01'"
            " from generate_series(1, 5000); delete from raw.items"
        )
    result = defs.resolve_job_def("maintenance").execute_in_process()
    assert result.success
    metadata = {
        name: value
        for event in result.all_node_events
        if event.is_successful_output
        for name, value in event.step_output_data.metadata.items()
    }
    given_back = metadata["bytes_given_back"].value
    assert isinstance(given_back, int)
    assert given_back > 2_000_000
    assert "raw.items" in str(metadata["largest"].value)
    with connect(database) as connection:
        vacuumed = connection.execute(
            "select last_vacuum is not null from pg_stat_user_tables where relname = 'items_2025_04'"
        ).fetchone()
    assert vacuumed == (True,)
