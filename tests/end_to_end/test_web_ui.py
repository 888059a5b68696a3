"""The web UI of a running `qbh up`, as somebody with nothing but a browser sees and uses it.

`QBH_SCREENSHOTS=FOLDER uv run pytest tests/end_to_end/test_web_ui.py` keeps its pictures; docs/images has two of them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests import up as ups
from tests.browser import chromium, require_chromium

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Home

SCREENSHOTS = os.environ.get("QBH_SCREENSHOTS")
PATIENCE = 60_000
"""Milliseconds; a page comes within one or two, but not on a machine that is busy with other things."""

BACKFILLED = ("2025-04-02", "2025-04-03", "2025-04-04")

GRAPH = "{ assetNodes { groupName assetKey { path } dependencyKeys { path } } }"
AUTOMATIONS = """
{ repositoriesOrError { ... on RepositoryConnection { nodes {
    sensors { name defaultStatus sensorState { status } }
    schedules { name defaultStatus scheduleState { status } } } } } }
"""
RUNS = """
query ($backfill: String!) {
    runsOrError(filter: {tags: [{key: "dagster/backfill", value: $backfill}]}) {
        ... on Runs { results { status tags { key value } } } } }
"""


@pytest.fixture(scope="module")
def up(home: Home, demo: subprocess.CompletedProcess[str]) -> Iterator[ups.Up]:
    require_chromium()
    assert demo.returncode == 0, demo.stderr
    with ups.running(home) as started:
        yield started


@pytest.fixture(scope="module")
def page(up: ups.Up) -> Iterator[Page]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as browser:
        context = browser.new_context(
            base_url=up.address, viewport={"width": 1600, "height": 900}, timezone_id="UTC", locale="en-US"
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        elsewhere: list[str] = []
        own = (up.address, up.address.replace("http", "ws", 1), "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(own) else elsewhere.append(request.url))
        yield page
    assert elsewhere == []


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(SCREENSHOTS).absolute() if SCREENSHOTS else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def backfill(page: Page) -> str:
    """A backfill launched by clicking; the daemon takes half a minute to take it up, while other tests go on."""
    page.goto("/assets/raw/items")
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_text("Select a partition or create one").click()
    for date in BACKFILLED:
        page.get_by_role("menuitem", name=date).click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("3 partitions")).to_be_visible()
    page.get_by_role("button", name="Launch backfill").click()
    told = page.get_by_text(re.compile("Created backfill"))
    expect(told).to_be_visible()
    return told.inner_text().split()[2]


def test_a_backfill_can_be_launched(backfill: str) -> None:
    assert backfill.isalnum()


def test_the_lineage_shows_every_group_in_one_graph(up: ups.Up, page: Page, pictures: Path) -> None:
    nodes = {tuple(node["assetKey"]["path"]): node for node in up.ask(GRAPH)["assetNodes"]}
    neighbours: dict[tuple[str, ...], set[tuple[str, ...]]] = {key: set() for key in nodes}
    for key, node in nodes.items():
        for dependency in node["dependencyKeys"]:
            neighbours[key].add(tuple(dependency["path"]))
            neighbours[tuple(dependency["path"])].add(key)
    reached, ahead = set(), [("exports", "items")]
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += neighbours[key]
    assert reached == set(nodes)

    groups = {node["groupName"] for node in nodes.values()}
    assert groups >= {"exports", "raw", "staging", "snapshots", "marts"}
    page.goto("/asset-groups")
    graph = page.locator("svg foreignObject")
    for group in groups:
        expect(graph.get_by_text(group, exact=True).first).to_be_visible()
    page.screenshot(path=pictures / "groups.png")

    page.get_by_role("button", name="Hide navigation").click()
    page.locator(".CodeMirror").first.click()
    page.keyboard.type('+key:"marts/item_history_view" or +key:"marts/products"')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("item_history_view"))
    page.mouse.click(1200, 800)
    page.keyboard.press("Alt+KeyE")  # expand all groups
    for asset in ("items_snapshot", "stg_items", "item_history_view"):
        expect(graph.get_by_text(asset, exact=True)).to_be_visible()
    _still(page)
    page.screenshot(path=pictures / "lineage.png")


def test_an_asset_shows_its_plots_and_checks(page: Page, pictures: Path) -> None:
    page.goto("/assets/marts/item_history")
    expect(page.get_by_text("One row per changed column per change")).to_be_visible()
    _still(page)
    page.screenshot(path=pictures / "asset.png")

    page.get_by_role("button", name="Plots").click()
    expect(page.get_by_text("dagster/row_count")).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
    _still(page)
    page.screenshot(path=pictures / "plots.png")

    page.get_by_role("link", name="Checks").or_(page.get_by_role("tab", name="Checks")).first.click()
    expect(page.get_by_text("as_recomputed").first).to_be_visible()
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    assert not page.get_by_text("Failed", exact=True).count()
    _still(page)
    page.screenshot(path=pictures / "checks.png")


def test_what_runs_by_itself_is_on(up: ups.Up, page: Page, pictures: Path) -> None:
    (repository,) = up.ask(AUTOMATIONS)["repositoriesOrError"]["nodes"]
    automations = [(sensor, sensor["sensorState"]) for sensor in repository["sensors"]]
    automations += [(schedule, schedule["scheduleState"]) for schedule in repository["schedules"]]
    # All but the alert of failures, which is on where `QBH_ALERT_WEBHOOK` says whom to tell.
    on = {automation["name"] for automation, _ in automations if automation["defaultStatus"] == "RUNNING"}
    assert on >= {"exports_arrived", "weekly_verification"}
    assert on == {automation["name"] for automation, state in automations if state["status"] == "RUNNING"}
    page.goto("/automation")
    for name in on:
        expect(page.get_by_text(name, exact=True)).to_be_visible()
    expect(page.locator("label[class*=Switch] input:checked")).to_have_count(len(on))
    page.screenshot(path=pictures / "automation.png")


def test_the_backfill_is_one_run_over_its_dates_and_ends_well(
    up: ups.Up, page: Page, backfill: str, pictures: Path
) -> None:
    def runs() -> list[Any]:
        return [*up.ask(RUNS, backfill=backfill)["runsOrError"]["results"]]

    ups.wait_until(lambda: runs() and runs()[0]["status"] in {"SUCCESS", "FAILURE", "CANCELED"})
    (run,) = runs()
    assert run["status"] == "SUCCESS"
    tags = {tag["key"]: tag["value"] for tag in run["tags"]}
    assert tags["dagster/asset_partition_range_start"] == BACKFILLED[0]
    assert tags["dagster/asset_partition_range_end"] == BACKFILLED[-1]
    page.goto("/runs")
    expect(page.get_by_text("Success").first).to_be_visible()
    page.screenshot(path=pictures / "runs.png")


def _still(page: Page) -> None:
    """Wait until nothing more is fetched, and what moves has come to rest."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
