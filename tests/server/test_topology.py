"""The services of docker-compose.yml at work: dropped files become history, of two companies apart, whatever dies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from export_files import write_export

from tests.server.topology import Topology, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST_NIGHT = datetime(2025, 1, 1, 2, 0, 3, tzinfo=UTC)
SERVICES = ("code", "daemon", "webserver", "postgres")
PRICES = (
    "select changed_at, new_value from marts.item_history"
    " where record_key = 'A' and column_name = 'sales_price' order by changed_at"
)
LEDGER = "select file_name from meta.loads order by load_id"
INSTIGATORS = """
{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name }
    sensors { name sensorState { status } } schedules { name } } } } }
"""
PARTITIONS = """
query ($path: [String!]!) { assetNodeOrError(assetKey: {path: $path}) { ... on AssetNode { partitionKeys } } }
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    variables = {"QBH_WORKSPACE": "companies/workspace.yaml", "QBH_MORE_DATABASES": "globex"}
    made = Topology(tmp_path_factory.mktemp("server") / "t", variables)
    try:
        made.up("certificate", "postgres", "databases", "code", "code-globex", "daemon", "webserver")
        yield made
    finally:
        made.down()


def _drop(folder: Path, night: int, price: str) -> Path:
    at = FIRST_NIGHT + timedelta(days=night)
    return write_export(folder / f"Item_{at:%m_%d_%Y}_2_00_03.csv", "items", {"Item Name": "A", "Sales Price": price})


def _at(night: int) -> datetime:
    return FIRST_NIGHT + timedelta(days=night)


def test_what_is_dropped_is_history_of_its_own_company(server: Topology) -> None:
    _drop(server.volume("inbox"), 0, "1.5")
    _drop(server.volume("inbox-globex"), 0, "100.5")
    _drop(server.volume("inbox-globex"), 1, "101.5")
    wait_until(lambda: server.rows(PRICES) == [(_at(0), "1.5")])
    wait_until(lambda: server.rows(PRICES, "globex") == [(_at(0), "100.5"), (_at(1), "101.5")])
    server.finish_all()
    assert server.rows(LEDGER) == [("Item_01_01_2025_2_00_03.csv",)]
    assert len(server.rows(LEDGER, "globex")) == 2

    # One web UI, in which sensors, partitions and runs of the same names stand apart.
    nodes = server.ask(INSTIGATORS)["repositoriesOrError"]["nodes"]
    sensors = {node["location"]["name"]: node["sensors"] for node in nodes}
    assert sensors.keys() == {"quickbooks_history", "globex"}
    for found in sensors.values():
        assert ("exports_arrived", "RUNNING") in {(s["name"], s["sensorState"]["status"]) for s in found}
    keys = [
        server.ask(PARTITIONS, path=[*prefix, "raw", "items"])["assetNodeOrError"]["partitionKeys"]
        for prefix in ([], ["globex"])
    ]
    assert keys == [["2025-01-01"], ["2025-01-01", "2025-01-02"]]
    tags = [{tag["key"]: tag["value"] for tag in run["tags"]} for run in server.runs()]
    assert sorted(tag.get("quickbooks_history/company", "") for tag in tags) == ["", "globex"], "a run for each"
    assert {run["status"] for run in server.runs()} == {"SUCCESS"}


@pytest.mark.parametrize("company", ["globex", pytest.param("", marks=pytest.mark.thorough)])
def test_a_backfill_loads_what_lies_in_the_archive(server: Topology, company: str) -> None:
    database = company or "quickbooks_history"
    folder = server.volume("-".join(filter(None, ["archive", company]))) / "2025"
    folder.mkdir()
    _drop(folder, 2, "2.25")
    before = {name: server.rows(LEDGER, name) for name in ("quickbooks_history", "globex")}
    server.backfill_company(company, ["2025-01-03"])
    assert server.rows(PRICES, database)[-1] == (_at(2), "2.25")
    after = {name: server.rows(LEDGER, name) for name in before}
    assert {name for name in before if before[name] != after[name]} == {database}


def test_whatever_is_killed_comes_back_and_the_next_file_is_history(server: Topology) -> None:
    for name in SERVICES:
        server.kill(name)
        server.start(name)
        wait_until(lambda name=name: server.is_healthy(name))
    _drop(server.volume("inbox"), 4, "4.5")
    wait_until(lambda: server.rows(PRICES)[-1:] == [(_at(4), "4.5")])
    server.finish_all()
    assert {run["status"] for run in server.runs()} == {"SUCCESS"}


@pytest.mark.thorough
@pytest.mark.parametrize("name", SERVICES)
def test_each_may_be_away_when_a_file_comes(server: Topology, name: str) -> None:
    night = 10 + SERVICES.index(name)
    server.kill(name)
    _drop(server.volume("inbox"), night, f"{night}.5")
    server.start(name)
    wait_until(lambda: server.rows(PRICES)[-1:] == [(_at(night), f"{night}.5")])
    wait_until(lambda: server.is_healthy(name))
    server.finish_all()


def test_commands_work_beside_the_services(server: Topology) -> None:
    assert "2025-01-05" in server.run("qbh", "status").stdout
    server.run("qbh", "verify")
    verify = next(run for run in server.runs() if run["jobName"] == "verify")
    assert verify["status"] == "SUCCESS", "it is in the web UI, for it is in the same instance"


def test_doors_are_shut_and_secrets_stay_where_they_belong(server: Topology) -> None:
    for wrong in ({"password": "x"}, {"user": "dagster"}, {"sslmode": "disable"}, {"dbname": "dagster"}):
        with pytest.raises(psycopg.OperationalError):
            server.connect(**{"database": "quickbooks_history"} | wrong) if "dbname" not in wrong else server.connect(
                "dagster"
            )
    assert server.door.turned_away == 1
    secrets = [password.encode() for password in server.passwords.values()]
    written = [path for path in server.folder.rglob("*") if path.is_file()]
    assert len(written) > 100
    assert not [path for path in written if any(secret in _content(path) for secret in secrets)]
    # The image's folder of the instance is nobody's to write to.
    assert [path.name for path in (server.folder / "deploy" / "docker").iterdir()] == ["dagster.yaml"]


def _content(path: Path) -> bytes:
    """What a file holds; the services are at work, and one may be gone by now."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
