"""Who has only an inbox and a browser: files are dropped as people and machines do, `qbh up` makes history of them."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from export_files import export_text, write_export

from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.ledger import turn
from tests import up as ups
from tests.end_to_end.conftest import Home
from tests.up import Up, kill, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST_NIGHT = datetime(2025, 1, 1, 2, 0, 3, tzinfo=UTC)
NIGHTS = 60
SLOW_NIGHT = 30
"""The night whose file is written a piece at a time."""

RUNS = """
{ runsOrError { ... on Runs { results {
    runId jobName status tags { key value } assetSelection { path } } } } }
"""
LAUNCH = """
mutation ($job: String!, $assets: [AssetKeyInput!]) { launchRun(executionParams: {mode: "default", selector: {
    repositoryLocationName: "quickbooks_history", repositoryName: "__repository__", jobName: $job,
    assetSelection: $assets, assetCheckSelection: []}}) { __typename ... on PythonError { message } } }
"""
CHECKS = """
query ($asset: AssetKeyInput!) { assetNodeOrError(assetKey: $asset) { ... on AssetNode {
    assetChecksOrError { ... on AssetChecks { checks {
        name executionForLatestMaterialization { status evaluation { metadataEntries { label } } } } } } } } }
"""


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    variables = {"QBH_SENSOR_SECONDS": "3", "QBH_SETTLE_SECONDS": "2"}
    home = Home(tmp_path_factory.mktemp("arrivals") / "home", variables)
    with ups.running(home) as started:
        yield started
    home.qbh("stop")


def _inbox(up: Up) -> Path:
    return up.home.path / "inbox"


def _name(night: int) -> str:
    at = FIRST_NIGHT + timedelta(days=night)
    return f"Item_{at:%m_%d_%Y}_2_00_03.csv"


def _price(night: int) -> str:
    return f"{night}.5"


def _runs(up: Up, *, job: str | None = None) -> list[dict[str, Any]]:
    """Runs, newest first."""
    runs = up.ask(RUNS)["runsOrError"]["results"]
    return [run for run in runs if job in {None, run["jobName"]}]


def _finish_all(up: Up) -> None:
    wait_until(lambda: all(run["status"] in {"SUCCESS", "FAILURE", "CANCELED"} for run in _runs(up)))


def _prices(up: Up) -> list[tuple[datetime, str | None]]:
    """When item A's price changed, and to what, as the history mart has it."""
    with connect(up.database) as connection:
        try:
            return connection.execute(
                "select changed_at, new_value from marts.item_history"
                " where record_key = 'A' and column_name = 'sales_price' order by changed_at"
            ).fetchall()
        except psycopg.errors.UndefinedTable:
            return []


def _prices_of(nights: range) -> list[tuple[datetime, str | None]]:
    return [(FIRST_NIGHT + timedelta(days=night), _price(night)) for night in nights]


def _ledger(up: Up) -> list[tuple[str, str]]:
    with connect(up.database) as connection:
        return connection.execute("select file_name, status from meta.loads order by load_id").fetchall()


def _write_slowly(path: Path, text: str) -> None:
    """Write as a slow network does, with pauses shorter than a file must stand still."""
    with path.open("w", newline="") as file:
        for start in range(0, len(text), len(text) // 8):
            file.write(text[start : start + len(text) // 8])
            file.flush()
            time.sleep(1)


def test_what_is_dropped_becomes_history(up: Up) -> None:
    inbox = _inbox(up)
    row = {"Item Name": "A", "Sales Price": _price(SLOW_NIGHT)}
    others = [{"Item Name": f"Other {number}"} for number in range(20)]
    slow = threading.Thread(target=_write_slowly, args=(inbox / _name(SLOW_NIGHT), export_text("items", row, *others)))
    slow.start()
    for night in range(NIGHTS):
        if night != SLOW_NIGHT:
            write_export(inbox / _name(night), "items", {"Item Name": "A", "Sales Price": _price(night)})
    (inbox / "Customer_01_02_2025_2_00_03.csv").write_text("Phone\r\n555\r\n")
    slow.join()

    wait_until(lambda: _prices(up) == _prices_of(range(NIGHTS)), seconds=300)
    _finish_all(up)
    entered = _ledger(up)
    assert sorted(entered) == sorted(
        [*((_name(night), "loaded") for night in range(NIGHTS)), ("Customer_01_02_2025_2_00_03.csv", "rejected")]
    )
    assert len(_runs(up, job="load_exports")) <= 2, "a burst is one run, and what was being written then another"

    # The same again, as a sync tool that starts anew does, and a little more: no run for what is known.
    before = len(_runs(up))
    write_export(inbox / _name(0), "items", {"Item Name": "A", "Sales Price": _price(0)})
    write_export(inbox / _name(NIGHTS), "items", {"Item Name": "A", "Sales Price": _price(NIGHTS)})
    wait_until(lambda: _prices(up) == _prices_of(range(NIGHTS + 1)))
    _finish_all(up)
    assert len(_runs(up)) == before + 1
    assert _ledger(up)[len(entered) :] == [(_name(NIGHTS), "loaded")]


def test_the_daemon_may_die_between_look_and_run(up: Up) -> None:
    before = len(_runs(up, job="load_exports"))
    with connect(up.database) as connection, turn(connection, print):
        # A run that waits for its turn keeps the queue's only place, so that the next one stays in it.
        assert up.ask(LAUNCH, job="refresh_history")["launchRun"]["__typename"] == "LaunchRunSuccess"
        wait_until(lambda: _runs(up)[0]["status"] == "STARTED")
        night = NIGHTS + 1
        write_export(_inbox(up) / _name(night), "items", {"Item Name": "A", "Sales Price": _price(night)})
        wait_until(lambda: _runs(up, job="load_exports")[0]["status"] == "QUEUED")
        daemon = up.service("dagster-daemon")
        kill(daemon)
        wait_until(lambda: up.service("dagster-daemon") != daemon)
    wait_until(lambda: _prices(up) == _prices_of(range(night + 1)))
    _finish_all(up)
    assert len(_runs(up, job="load_exports")) == before + 1
    assert _ledger(up)[-1] == (_name(night), "loaded")


def test_a_backfill_loads_what_is_missing_range_by_range_and_history_once(up: Up) -> None:
    archive = up.home.path / "archive" / "2025"
    archive.mkdir(parents=True)
    nights = [NIGHTS + number for number in (2, 3, 5)]
    for night in nights:
        write_export(archive / _name(night), "items", {"Item Name": "A", "Sales Price": _price(night)})
    dates = [f"{FIRST_NIGHT + timedelta(days=night):%Y-%m-%d}" for night in range(nights[0], nights[-1] + 1)]
    up.add_dates(dates, partitions="export_date", location="quickbooks_history")
    time.sleep(2)  # as long as a file must stand still
    before = len(_runs(up))
    up.backfill([dates[0], dates[1], dates[3]], up.materializable(), seconds=180)
    runs = _runs(up)[: len(_runs(up)) - before]
    assert [bool({tag["key"] for tag in run["tags"]} & {"dagster/asset_partition_range_start"}) for run in runs] == [
        False,
        True,
        True,
    ], "two ranges, and then history, once"
    assert _prices(up)[-3:] == [(FIRST_NIGHT + timedelta(days=night), _price(night)) for night in nights]
    assert [name for name, _ in _ledger(up)[-3:]] == [_name(night) for night in nights]


def test_one_asset_alone_can_be_materialized_and_has_results_of_its_checks(up: Up) -> None:
    products = {"path": ["marts", "products"]}
    launched = up.ask(LAUNCH, job="__ASSET_JOB", assets=[products])["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    _finish_all(up)
    run = _runs(up)[0]
    assert (run["status"], run["assetSelection"]) == ("SUCCESS", [products])

    checks = {
        check["name"]: check["executionForLatestMaterialization"]
        for check in up.ask(CHECKS, asset={"path": ["raw", "items"]})["assetNodeOrError"]["assetChecksOrError"][
            "checks"
        ]
    }
    appended = checks["rows_as_in_ledger"]
    assert appended["status"] == "SUCCEEDED"
    assert "loads_that_differ" in {entry["label"] for entry in appended["evaluation"]["metadataEntries"]}
