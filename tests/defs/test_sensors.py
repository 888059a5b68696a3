"""The arrival sensor: what it asks for, looking at a real inbox, a real ledger and Dagster's own record of runs."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from export_files import write_export

from quickbooks_history import arrivals, company
from quickbooks_history.definitions import defs
from quickbooks_history.defs import sensors
from quickbooks_history.defs.partitions import EXPORT_DATES
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.exports import inbox
from quickbooks_history.exports.inbox import FoundExport, list_inbox
from quickbooks_history.exports.reading import read_file
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.rollback import go_forward, stand_still
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST, SECOND, THIRD = (f"Item_04_0{day}_2025_2_00_03.csv" for day in (1, 2, 3))
FULL = "item_all_04_02_2025.csv"


class Watch:
    """A warehouse, an inbox, and a Dagster instance that a sensor looks at."""

    def __init__(self, inbox: Path, url: str, instance: dg.DagsterInstance) -> None:
        self.inbox = inbox
        self.instance = instance
        self.connection = connect(url)
        ensure_schema(self.connection)
        self.cursor: str | None = None

    def drop(self, name: str, price: str = "1") -> Path:
        return write_export(self.inbox / name, "items", {"Item Name": "A", "Sales Price": price})

    def tick(self) -> dg.SensorResult:
        with dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, resources={"warehouse": WarehouseResource()}
        ) as context:
            result = sensors.exports_arrived(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor or self.cursor
        return result

    def excuse(self) -> str:
        """Why nothing is asked for."""
        result = self.tick()
        assert not result.run_requests
        assert isinstance(result.skip_reason, dg.SkipReason)
        return str(result.skip_reason.skip_message)

    def asked_for(self) -> list[str]:
        """Names of the files that the next run would load."""
        requests = self.tick().run_requests or []
        return [path.rsplit("/", 1)[1] for request in requests for path in _paths(request)]

    def start(self, request: dg.RunRequest, status: DagsterRunStatus = DagsterRunStatus.STARTING) -> dg.DagsterRun:
        """Make of a request what the daemon does."""
        return self.instance.create_run_for_job(
            defs.resolve_job_def(request.job_name or ""),
            run_config=request.run_config,
            tags={**request.tags, "dagster/sensor_name": "exports_arrived"},
            status=status,
        )

    def fail(self) -> None:
        """Ask, and have the run fail."""
        (request,) = self.tick().run_requests or []
        self.instance.report_run_failed(self.start(request, DagsterRunStatus.STARTED))

    def enter(self, path: Path, status: str, *, as_path: Path | None = None) -> None:
        """Have the ledger know a file."""
        (export,) = list_inbox([path]).exports
        self.connection.execute(
            "insert into meta.loads (entity, file_name, scope, exported_at, sha256, status, file_path, file_size,"
            " file_modified_at, extracted_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, now())",
            [
                *(export.name.entity.name, path.name, export.name.scope.value, export.name.exported_at),
                *(read_file(path).sha256, status, str(as_path or path), export.size, export.modified_at),
            ],
        )


def _paths(request: dg.RunRequest) -> list[str]:
    config: Any = request.run_config
    return list(config["ops"]["meltano_load"]["config"]["paths"])


@pytest.fixture
def watch(home: Path, database: str) -> Iterator[Watch]:
    with dg.DagsterInstance.ephemeral() as instance:
        watching = Watch(home / "inbox", database, instance)
        yield watching
        watching.connection.close()


def test_nothing_is_asked_for_while_the_pipeline_is_rolled_back(watch: Watch) -> None:
    watch.drop(FIRST)
    stand_still(watch.connection)
    assert "until `qbh rollback --undo`" in watch.excuse()
    go_forward(watch.connection, print)
    assert watch.asked_for() == [FIRST]


def test_what_is_no_export_by_its_name_is_named(watch: Watch) -> None:
    (watch.inbox / "Item 06-03-2025.csv").write_text("Item Name\n")
    assert watch.excuse() == "1 that are no exports, by their names: Item 06-03-2025.csv; `qbh status` says why"


def test_all_that_is_new_is_asked_for_in_one_run(watch: Watch) -> None:
    for name in (THIRD, FULL, FIRST):
        watch.drop(name)
    result = watch.tick()
    (request,) = result.run_requests or []
    assert [path.rsplit("/", 1)[1] for path in _paths(request)] == [FIRST, FULL, THIRD]
    assert request.tags["dagster/asset_partition_range_start"] == "2025-04-01"
    assert request.tags["dagster/asset_partition_range_end"] == "2025-04-03"
    assert watch.instance.get_dynamic_partitions(EXPORT_DATES.name or "") == ["2025-04-01", "2025-04-02", "2025-04-03"]

    reported = {event.metadata["file"].value: event for event in result.asset_events}
    assert set(reported) == {FIRST, FULL, THIRD}
    full = reported[FULL]
    assert isinstance(full, dg.AssetMaterialization)
    assert full.asset_key == dg.AssetKey(["exports", "items"])
    assert full.metadata["scope"].value == "full"
    assert full.metadata["sha256"].value == read_file(watch.inbox / FULL).sha256
    assert full.metadata["size"].value == (watch.inbox / FULL).stat().st_size


def test_nothing_is_asked_for_while_a_run_loads(watch: Watch) -> None:
    watch.drop(FIRST)
    (request,) = watch.tick().run_requests or []
    run = watch.start(request)
    watch.drop(SECOND)
    assert run.run_id[:8] in watch.excuse()
    watch.instance.report_run_canceled(run)
    assert watch.asked_for() == [FIRST, SECOND]


def test_a_file_whose_runs_fail_is_asked_for_three_times(watch: Watch) -> None:
    path = watch.drop(FIRST)
    for _ in range(3):
        watch.fail()
    assert watch.excuse().startswith(f"{FIRST}: 3 runs that were to load it have failed")
    watch.drop(SECOND)
    assert watch.asked_for() == [SECOND], "other files do not wait for it"
    path.write_bytes(path.read_bytes().replace(b"A", b"B"))
    assert watch.asked_for() == [FIRST, SECOND], "written anew, it is another matter"


def test_failures_of_others_do_not_hide_ours(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sensors of several companies have one name, and the first company's runs no tag to ask for."""
    monkeypatch.setattr(sensors, "MOST_FAILURES", 3)
    watch.drop(FIRST)
    (request,) = watch.tick().run_requests or []
    for _ in range(3):
        watch.fail()
    others = dg.RunRequest(job_name=request.job_name, run_config=request.run_config, tags={company.TAG: "globex"})
    for _ in range(4):
        watch.start(others, DagsterRunStatus.FAILURE)
    assert watch.excuse().startswith(f"{FIRST}: 3 runs that were to load it have failed")


@pytest.mark.parametrize(
    ("keys", "is_ours"),
    [
        ([["raw", "items"]], True),
        ([["model"]], False),
        ([["globex", "raw", "items"]], False),
        ([["model"], ["raw", "items"]], True),
        (None, True),
    ],
)
def test_a_backfill_of_others_is_none_of_ours(keys: list[list[str]] | None, is_ours: bool) -> None:
    selection = keys and [dg.AssetKey(key) for key in keys]
    backfill = PartitionBackfill(
        "b", BulkActionStatus.REQUESTED, from_failure=False, tags={}, backfill_timestamp=0.0, asset_selection=selection
    )
    assert sensors._is_ours(backfill) == is_ours


def test_a_file_of_a_time_that_is_yet_to_come_is_asked_for_no_more_often(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the clock was set back after it was written."""

    class Ahead(datetime):
        @classmethod
        def fromtimestamp(cls, timestamp: float, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(timestamp + 3600, tz)

    monkeypatch.setattr(inbox, "datetime", Ahead)
    watch.drop(FIRST)
    for _ in range(3):
        watch.fail()
    assert watch.excuse().startswith(f"{FIRST}: 3 runs that were to load it have failed")


def test_retries_are_no_arrivals(watch: Watch) -> None:
    watch.drop(FIRST)
    watch.fail()
    result = watch.tick()
    assert result.run_requests
    assert not result.asset_events


def test_known_and_rejected_files_are_left_alone(watch: Watch) -> None:
    watch.enter(watch.drop(FIRST), "loaded")
    watch.enter(watch.drop(SECOND), "rejected")
    watch.connection.execute("insert into meta.applied_loads values ('items_snapshot', 1)")
    assert not watch.tick().run_requests
    watch.drop(FIRST, price="2.50")
    assert watch.asked_for() == [FIRST], "changed, it is a correction"


def test_duplicates_are_not_asked_for_and_read_once(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    path = watch.drop(FIRST)
    watch.enter(path, "withdrawn", as_path=watch.inbox / "elsewhere" / FIRST)
    read: list[str] = []

    def read_and_count(path: Path) -> Any:
        read.append(path.name)
        return read_file(path)

    monkeypatch.setattr(arrivals, "read_file", read_and_count)
    for _ in range(3):
        assert not watch.tick().run_requests
    assert read == [FIRST]
    os.utime(path)
    assert not watch.tick().run_requests
    assert read == [FIRST] * 2
    path.unlink()
    watch.tick()
    assert json.loads(watch.cursor or "") == {}, "the cursor forgets what is gone"


def test_many_new_files_are_not_all_read_within_a_look(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "HASHING_SECONDS", 0)
    watch.drop(FIRST)
    result = watch.tick()
    (reported,) = result.asset_events
    assert result.run_requests
    assert reported.metadata["sha256"].value == "not read yet"


def test_files_that_are_written_are_waited_for(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.drop(FIRST)
    monkeypatch.setenv("QBH_SETTLE_SECONDS", "60")
    assert watch.excuse() == "1 being written"
    monkeypatch.setenv("QBH_SETTLE_SECONDS", "1")
    watch.drop(SECOND)
    assert watch.asked_for() == [FIRST, SECOND], "a moment is waited within the look"


def test_a_file_that_keeps_its_old_date_must_stand_still_too(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBH_SETTLE_SECONDS", "60")
    os.utime(watch.drop(FIRST), (0, 0))  # as a copy that preserves times
    assert not watch.tick().run_requests


def test_history_that_lags_behind_is_refreshed(watch: Watch) -> None:
    """So it does after a run that was killed between Meltano and dbt, and after a backfill of raw assets alone."""
    watch.enter(watch.drop(FIRST), "loaded")
    for _ in range(sensors.MOST_REQUESTS):
        (request,) = watch.tick().run_requests or []
        assert request.job_name == "refresh_history"
        run = watch.start(request)
        assert not watch.tick().run_requests, "one is enough"
        watch.instance.report_run_failed(run)
    assert not watch.tick().run_requests, "nor is it tried for ever"


def test_a_killed_run_does_not_keep_others_waiting(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.drop(FIRST)
    (request,) = watch.tick().run_requests or []
    run = watch.start(request, DagsterRunStatus.STARTED)
    with connect(os.environ["DATABASE_URL"]) as process:
        monkeypatch.setattr("quickbooks_history.run_records.START_UP", -sensors.PATIENCE)
        ledger.lock_run(process, run.run_id)
        assert not watch.tick().run_requests
    assert watch.asked_for() == [FIRST]
    ended = watch.instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status is DagsterRunStatus.FAILURE


def test_an_inbox_that_is_gone_is_told(watch: Watch) -> None:
    watch.inbox.rmdir()
    assert "the inbox is not there" in watch.excuse()


def test_a_thousand_known_files_cost_less_than_a_second(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def must_not_be_read(export: FoundExport) -> Any:
        raise AssertionError(f"{export} was read")

    for number in range(1000):
        name = f"Item_{number % 12 + 1:02}_{number // 12 % 28 + 1:02}_{2020 + number // 336}_2_00_03.csv"
        watch.enter(watch.drop(name), "rejected")
    monkeypatch.setattr(arrivals, "read_file", must_not_be_read)
    watch.tick()  # makes the partitions
    started = time.monotonic()
    assert not watch.tick().run_requests
    assert time.monotonic() - started < 1
