"""`qbh load` with files as they come, good and bad together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.end_to_end.conftest import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = "Item Name,Purchase Cost,Sales Price,Quantity On Hand,Status\n"
GOOD = (HEADER + "AK-4,1,2,3,true\n").encode()
CUSTOMERS = "Customer_04_04_2025_2_00_03.csv"
NOT_ALL_NUMBERS = b"Customer Name,Current Balance,QuickBooks Internal Id\nAnn,12.00,80000001-1\nBob,none,80000002-1\n"

# What each bad file is, and what its reason must name: the place, the value or the remedy.
REJECTED = {
    "Item_04_05_2025_2_00_03.csv": (b"Item Name,Sales Price\nAK-4,1\n", "Purchase Cost, Quantity On Hand, Status"),
    "Item_04_06_2025_2_00_03.csv": (b"", "empty"),
    "Item_04_07_2025_2_00_03.csv": (HEADER.encode() + b"A\x81,1,2,3,true\n", "line 2: byte 0x81"),
    "Item_04_08_2025_2_00_03.csv": (HEADER.encode() + b"A\x00,1,2,3,true\n", "line 2: a NUL byte"),
    "Item_04_09_2025_2_00_03.csv": (GOOD + b"B,1,2\n", "line 3: 3 fields where the header has 5"),
    "Item_04_10_2025_2_00_03.csv": (HEADER.encode() + b'A,"1,2,3,true\n', "line 2: the quote"),
    "Item_04_12_2025_2_00_03.csv": (b"\x89PNG\r\n\x1a\n\x00\x00", "line 3: a NUL byte"),
}
STRANGERS = {
    "notes.txt": "not the name of an export",
    "Item_04_04_2025_2_00_03 (1).csv": "sync folder",
    "Item_13_45_2025_2_00_03.csv": "moment that does not exist",
}


@pytest.fixture(scope="module")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = Home(tmp_path_factory.mktemp("fresh"))
    yield made
    made.qbh("stop")


def test_good_files_load_and_bad_ones_say_why(fresh_home: Home, tmp_path: Path) -> None:
    (tmp_path / "Item_04_04_2025_2_00_03.csv").write_bytes(GOOD)
    (tmp_path / CUSTOMERS).write_bytes(NOT_ALL_NUMBERS)
    for name, (content, _) in REJECTED.items():
        (tmp_path / name).write_bytes(content)
    for name in STRANGERS:
        (tmp_path / name).write_bytes(GOOD)
    (tmp_path / "Item_04_11_2025_2_00_03.csv").mkdir()
    run = fresh_home.qbh("load", "--json", str(tmp_path))
    assert run.returncode == 3, run.stderr
    report = json.loads(run.stdout)
    entries = {entry["file_name"]: entry for entry in report["entries"]}
    assert entries.pop("Item_04_04_2025_2_00_03.csv")["status"] == "loaded"
    assert entries.pop(CUSTOMERS)["status"] == "loaded"
    assert [(issue["line_no"], issue["raw_value"]) for issue in report["issues"]] == [(3, "none")]
    assert "a folder" in entries.pop("Item_04_11_2025_2_00_03.csv")["reason"]
    assert {entry["status"] for entry in entries.values()} == {"rejected"}
    assert entries.keys() == REJECTED.keys()
    for name, (_, reason) in REJECTED.items():
        assert reason in entries[name]["reason"]
    strangers = {Path(stranger["path"]).name: stranger["reason"] for stranger in report["strangers"]}
    assert strangers.keys() == STRANGERS.keys()
    for name, reason in STRANGERS.items():
        assert reason in strangers[name]
    with psycopg.connect(fresh_home.url()) as connection:
        assert connection.execute("select count(*) from raw.items").fetchone() == (1,)
        assert connection.execute("select item_name from marts.products").fetchall() == [("AK-4",)]

    table = fresh_home.qbh("load", str(tmp_path))
    assert table.returncode == 3
    assert (
        "0 of 8 new files loaded, 8 rejected. Beside them lie 2 files that had been delivered before.\n" in table.stdout
    )
    assert "no export" in table.stdout
    log = (fresh_home.path / "logs" / "load.log").read_text()
    assert "OK created" in log  # dbt's words, without its colours
    assert "\x1b" not in log
    # Only the dbt that stands by keeps them; a dbt of its own would take seconds longer.
    assert [*(fresh_home.path / "dbt").glob("templates-*.marshal")]
    with psycopg.connect(fresh_home.url()) as connection:  # noted once, however often it lies there
        assert connection.execute("select count(*) from meta.loads").fetchone() == (10,)

    (fresh_home.path / "inbox" / "notes.txt").write_text("nothing")
    status = json.loads(fresh_home.qbh("status", "--json").stdout)
    refused = {export["file_name"]: export["reason"] for export in status["rejected"]}
    assert refused.keys() == REJECTED.keys() | {"Item_04_11_2025_2_00_03.csv"}
    assert [export["file_name"] for export in status["no_export"]] == ["notes.txt"]
    told = fresh_home.qbh("status").stdout.splitlines()
    assert "rejected  Item_04_08_2025_2_00_03.csv: " + refused["Item_04_08_2025_2_00_03.csv"] in told
    assert any(line.startswith("no export notes.txt: not the name of an export") for line in told)
    assert status["issues"] == report["issues"], "they are told for as long as they stand in the newest export"
    assert any(line.startswith(CUSTOMERS) and " none " in line for line in told)


def test_values_of_an_older_export_that_cannot_be_used_are_told_too(fresh_home: Home, tmp_path: Path) -> None:
    (tmp_path / "Customer_04_03_2025_2_00_03.csv").write_bytes(NOT_ALL_NUMBERS)
    (tmp_path / "Customer_04_05_2025_2_00_03.csv").write_bytes(NOT_ALL_NUMBERS.replace(b"none", b"0.00"))
    run = fresh_home.qbh("load", "--json", str(tmp_path))
    assert run.returncode == 0, run.stderr
    told = [(issue["file_name"], issue["raw_value"]) for issue in json.loads(run.stdout)["issues"]]
    assert told == [("Customer_04_03_2025_2_00_03.csv", "none")]


def test_the_made_up_company_is_not_mixed_with_a_real_one(fresh_home: Home) -> None:
    refused = fresh_home.qbh("demo")
    assert refused.returncode == 2
    assert "give it a home of its own: QBH_HOME=FOLDER" in " ".join(refused.stderr.split())
    assert not (fresh_home.path / "demo").exists()


def test_the_same_content_under_another_name_is_a_duplicate(fresh_home: Home, tmp_path: Path) -> None:
    for name in ("item_all_04_13_2025.csv", "01_BACKUP_Item_04_13_2025.csv"):
        (tmp_path / name).write_bytes(GOOD)
    run = fresh_home.qbh("load", "--json", str(tmp_path))
    assert run.returncode == 0, run.stderr
    statuses = {entry["file_name"]: entry["status"] for entry in json.loads(run.stdout)["entries"]}
    assert statuses == {"item_all_04_13_2025.csv": "loaded", "01_BACKUP_Item_04_13_2025.csv": "duplicate"}


def test_a_full_export_that_would_delete_much_waits_for_a_person(fresh_home: Home, tmp_path: Path) -> None:
    """Twelve items, then a full export of one: held. Approved, the eleven are gone; withdrawn, they are back."""

    def listed(day: str, count: int) -> str:
        rows = "".join(f"I-{n},1,2,3,true\n" for n in range(count))
        path = tmp_path / f"item_all_{day}_2026.csv"
        path.write_text(HEADER + rows)
        return str(path)

    def open_items() -> int:
        with psycopg.connect(fresh_home.url()) as connection:
            row = connection.execute("select count(*) from marts.products where item_name like 'I-%'").fetchone()
            return row[0] if row else 0

    assert fresh_home.qbh("load", listed("01_01", 12)).returncode == 0
    cut_off = listed("01_02", 1)
    run = fresh_home.qbh("load", "--json", cut_off)
    assert run.returncode == 3, run.stderr
    (entry,) = json.loads(run.stdout)["entries"]
    assert entry["status"] == "held"
    assert "would delete 11 of 12 items (92%)" in entry["reason"]
    assert open_items() == 12
    name = "item_all_01_02_2026.csv"
    assert (
        f"held      {name}: it would delete much; `qbh approve {name}` puts it in force"
        in fresh_home.qbh("status").stdout
    )
    assert json.loads(fresh_home.qbh("status", "--json").stdout)["held"] == [name]

    approved = fresh_home.qbh("approve", cut_off)
    assert approved.returncode == 0
    assert "so it was held; approved at" in " ".join(approved.stdout.split())
    assert "held" not in fresh_home.qbh("status").stdout
    assert open_items() == 1
    assert fresh_home.qbh("withdraw", cut_off).returncode == 0
    assert open_items() == 12
    undone = fresh_home.qbh("withdraw", "--undo", cut_off)
    assert undone.returncode == 0
    assert "withdrawal undone at" in undone.stdout
    assert open_items() == 1
    again = fresh_home.qbh("approve", cut_off)
    assert again.returncode == 1
    assert "no load that is held; its loads are loaded" in again.stderr
