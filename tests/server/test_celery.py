"""The profile `celery` of docker-compose.yml at work: two workers and their broker take the runs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from export_files import write_export

from tests.server.topology import Topology, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

PRICES = "select new_value from marts.item_history where column_name = 'sales_price' order by changed_at"
LOADS = "select file_name, exported_at from meta.loads order by load_id"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    if shutil.which("redis-server") is None:
        pytest.fail("no redis-server: apt-get install redis-server")
    made = Topology(tmp_path_factory.mktemp("celery") / "t", {"QBH_LAUNCHER": "celery"}, launcher=True)
    try:
        made.up("certificate", "postgres", "databases", "redis", "code", "worker", "daemon", "webserver")
        yield made
    finally:
        made.down()


def _tasks(server: Topology) -> list[int]:
    """How many runs each worker has been given."""
    return [server.log("worker", number).count("Task execute_job[") for number in (1, 2)]


def test_workers_load_and_backfill_and_one_stands_in_for_the_other(server: Topology) -> None:
    write_export(
        server.volume("inbox") / "Item_01_01_2025_2_00_03.csv", "items", {"Item Name": "A", "Sales Price": "1"}
    )
    wait_until(lambda: server.rows(PRICES) == [("1",)])
    server.finish_all()
    (run,) = server.runs()
    assert (run["status"], run["jobName"]) == ("SUCCESS", "load_exports")
    assert "dagster-celery/task_id" in {tag["key"] for tag in run["tags"]}
    before = _tasks(server)
    assert sorted(map(bool, before)) == [False, True], before

    server.kill("worker", 1 + before.index(max(before)))
    archive = server.volume("archive")
    write_export(archive / "Item_01_02_2025_2_00_03.csv", "items", {"Item Name": "A", "Sales Price": "2"})
    server.backfill_company("", ["2025-01-02"])
    server.finish_all()
    assert server.rows(PRICES) == [("1",), ("2",)]
    assert {run["status"] for run in server.runs()} == {"SUCCESS"}
    after = _tasks(server)
    assert all(after), f"the other worker has taken what came since: {before}, {after}"
    assert [row[1] for row in server.rows(LOADS)] == [datetime(2025, 1, day, 2, 0, 3, tzinfo=UTC) for day in (1, 2)]
