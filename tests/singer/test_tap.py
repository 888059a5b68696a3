"""tap-quickbooks-csv: what it sends, as records and as batches, and what stops it and what does not."""

from __future__ import annotations

import csv
import io
import json
import logging
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from export_files import write_export
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.exports.inbox import MissingPathError
from quickbooks_history.singer.delivery import DeliveryError, local_path
from quickbooks_history.singer.tap import TapQuickBooksCsv

BATCHES = {"encoding": {"format": "csv"}}
PARTIAL = "Item_04_04_2025_2_00_03.csv"

_SUITE_CONFIG: dict = {}  # filled before the first test: the folder is made by then


@pytest.fixture(autouse=True, scope="module")
def _suite_inbox(tmp_path_factory):
    inbox = tmp_path_factory.mktemp("suite")
    row = {header: "text" for entity in ENTITIES.values() for header in entity.headers}
    for entity in ENTITIES.values():
        known = {header: row[header] for header in entity.headers}
        write_export(inbox / f"{entity.full_prefixes[0]}_04_03_2025.csv", entity.name, known)
    _SUITE_CONFIG["paths"] = [str(inbox)]


_SUITE_CONFIG["timezone"] = "UTC"
TestSdkSuite = get_tap_test_class(TapQuickBooksCsv, config=_SUITE_CONFIG, suite_config=SuiteConfig())


def messages(**config) -> list[dict]:
    """Every Singer message that one sync sends."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), write_through=True)) as out:
        TapQuickBooksCsv(config=config).sync_all()
    return [json.loads(line) for line in out.buffer.getvalue().decode().splitlines()]


def batches(**config) -> list[tuple[dict, list[list[str]]]]:
    """Delivery note and CSV rows, header first, of every batch of one sync."""
    sent = []
    for message in messages(**{"batch_config": BATCHES, **config}):
        if message["type"] == "BATCH":
            assert message["encoding"] == {"format": "csv"}
            (url,) = message["manifest"]
            path = local_path(url)
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file, strict=True))
            note = json.loads(path.with_name(f"{path.name}.json").read_text())
            assert note["entity"] == message["stream"]
            sent.append((note, rows))
    return sent


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def spool(tmp_path):
    return tmp_path / "spool"


def test_streams_have_no_keys_so_that_no_loader_merges_them():
    streams = TapQuickBooksCsv().streams
    assert set(streams) == set(ENTITIES)
    for stream in streams.values():
        assert not stream.primary_keys
        assert stream.replication_key is None
        assert [*ENTITIES[stream.name].headers, "_sdc_source_file", "_sdc_source_lineno"] == list(
            stream.schema["properties"]
        )


def test_discovery_looks_into_no_folder(inbox):
    inbox.rmdir()
    assert TapQuickBooksCsv(config={"paths": [str(inbox)]}).catalog_dict["streams"]


def test_records_are_rows_of_text_with_their_source(inbox):
    write_export(inbox / PARTIAL, "items", {"Item Name": "A", "Sales Price": "1,490.40"}, {"Item Name": "B"})
    records = [message["record"] for message in messages(paths=[str(inbox)]) if message["type"] == "RECORD"]
    blank = {"Purchase Cost": "", "Sales Price": "", "Quantity On Hand": "", "Status": ""}
    assert records == [
        {
            "Item Name": "A",
            **blank,
            "Sales Price": "1,490.40",
            "_sdc_source_file": PARTIAL,
            "_sdc_source_lineno": 2,
        },
        {"Item Name": "B", **blank, "_sdc_source_file": PARTIAL, "_sdc_source_lineno": 3},
    ]


def test_a_rejected_file_sends_no_record_at_all_and_the_others_come(inbox, caplog):
    sound = write_export(inbox / PARTIAL, "items", {"Item Name": "A"})
    (inbox / "Item_04_05_2025_2_00_03.csv").write_bytes(sound.read_bytes() + b"ragged,row\r\n")
    write_export(inbox / "Item_04_06_2025_2_00_03.csv", "items", {"Item Name": "C"})
    records = [message["record"] for message in messages(paths=[str(inbox)]) if message["type"] == "RECORD"]
    assert [record["Item Name"] for record in records] == ["A", "C"]
    assert "rejected items Item_04_05_2025_2_00_03.csv: line 3: 2 fields" in caplog.text


def test_records_leave_unknown_columns_out_and_say_so(inbox, caplog):
    write_export(inbox / PARTIAL, "items", {"Item Name": "A", "Colour": "red"}, extra=("Colour",))
    (record,) = [message["record"] for message in messages(paths=[str(inbox)]) if message["type"] == "RECORD"]
    assert "Colour" not in record
    assert f"{PARTIAL}: columns not in the contract, not sent: Colour" in caplog.text


def test_a_batch_is_the_file_verbatim_with_line_numbers_and_a_note(inbox, spool):
    path = write_export(
        inbox / PARTIAL, "items", {"Item Name": '5/8" bolt,\nlong'}, {"Colour": "red"}, extra=("Colour",)
    )
    ((note, rows),) = batches(paths=[str(inbox)], spool=str(spool))
    assert rows == [
        [
            "Item Name",
            "Purchase Cost",
            "Sales Price",
            "Quantity On Hand",
            "Status",
            "Colour",
            "_sdc_source_lineno",
        ],
        ['5/8" bolt,\nlong', "", "", "", "", "", "2"],
        ["", "", "", "", "", "red", "4"],
    ]
    assert (note["status"], note["reason"], note["row_count"]) == ("loaded", None, 2)
    assert (note["file_name"], note["file_path"]) == (PARTIAL, str(path))
    assert (note["scope"], note["exported_at"]) == ("partial", "2025-04-04T02:00:03+00:00")
    assert (note["size"], note["encoding"]) == (path.stat().st_size, "utf-8")
    assert note["observed_columns"] == [
        "item_name",
        "purchase_cost",
        "sales_price",
        "quantity_on_hand",
        "status",
    ]
    assert note["unknown_columns"] == ["Colour"]
    assert len(note["sha256"]) == 64
    assert note["modified_at"] <= note["extracted_at"]


def test_whatever_a_cell_holds_is_csv_in_the_batch(inbox, spool):
    cells = ['"', '""', ",", "\n", "\r\n", "\r", " ", '",', ',"', 'a"b', "\\.", "ä€", "'", "\t"]
    write_export(inbox / PARTIAL, "items", *({"Item Name": cell, "Status": cell} for cell in cells))
    ((_, (header, *rows)),) = batches(paths=[str(inbox)], spool=str(spool))
    name, status = header.index("Item Name"), header.index("Status")
    assert [(row[name], row[status]) for row in rows] == [(cell, cell) for cell in cells]


def test_batch_files_go_where_batch_config_says(inbox, spool, tmp_path):
    write_export(inbox / PARTIAL, "items", {"Item Name": "A"})
    root = tmp_path / "else where"
    config = {**BATCHES, "storage": {"root": root.as_uri(), "prefix": "night-"}}
    assert batches(paths=[str(inbox)], spool=str(spool), batch_config=config)
    assert not spool.exists()
    assert all(path.name.startswith("night-items-") for path in root.iterdir())


def test_batch_files_on_another_machine_are_refused(inbox):
    config = {**BATCHES, "storage": {"root": "s3://bucket/spool"}}
    with pytest.raises(DeliveryError, match="local folders"):
        messages(paths=[str(inbox)], batch_config=config)


def test_files_come_oldest_first_whatever_the_folders_order(inbox, spool):
    for name in (
        "Item_04_06_2025_2_00_03.csv",
        "item_all_04_03_2025.csv",
        "Item_04_04_2025_14_00_03.csv",
        PARTIAL,
    ):
        write_export(inbox / name, "items")
    assert [note["file_name"] for note, _ in batches(paths=[str(inbox)], spool=str(spool))] == [
        "item_all_04_03_2025.csv", PARTIAL, "Item_04_04_2025_14_00_03.csv", "Item_04_06_2025_2_00_03.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason", "known"),
    [
        (b"", "the file is empty", True),
        (b"Item Name\r\nx\r\n", "required columns are missing", True),
        (b"a\0b", "NUL", True),
        (None, "a folder", False),
    ],
)
def test_a_rejected_file_is_a_batch_without_rows_whose_note_says_why(inbox, spool, content, reason, known):
    if content is None:
        (inbox / PARTIAL).mkdir()
    else:
        (inbox / PARTIAL).write_bytes(content)
    ((note, rows),) = batches(paths=[str(inbox)], spool=str(spool))
    assert rows == []
    assert (note["status"], note["row_count"]) == ("rejected", 0)
    assert reason in note["reason"]
    assert (note["sha256"] is not None, note["size"]) == (known, (inbox / PARTIAL).stat().st_size)


def test_a_row_that_is_ragged_far_down_leaves_no_rows_in_the_batch(inbox, spool):
    path = write_export(inbox / PARTIAL, "items", *({"Item Name": f"item {n}"} for n in range(5000)))
    path.write_bytes(path.read_bytes() + b"ragged,row\r\n")
    ((note, rows),) = batches(paths=[str(inbox)], spool=str(spool))
    assert rows == []
    assert note["reason"].startswith("line 5002: 2 fields where the header has 5")
    assert note["observed_columns"]


def test_a_file_that_vanishes_after_the_listing_is_rejected_and_the_next_one_comes(inbox, spool):
    gone = write_export(inbox / PARTIAL, "items")
    write_export(inbox / "Item_04_05_2025_2_00_03.csv", "items", {"Item Name": "B"})
    tap = TapQuickBooksCsv(config={"paths": [str(inbox)], "spool": str(spool), "batch_config": BATCHES})
    assert len(tap.listing.exports) == 2
    gone.unlink()
    with redirect_stdout(io.TextIOWrapper(io.BytesIO())):
        tap.sync_all()
    statuses = {
        note["file_name"]: note["status"] for path in spool.glob("*.json") for note in [json.loads(path.read_text())]
    }
    assert statuses == {PARTIAL: "rejected", "Item_04_05_2025_2_00_03.csv": "loaded"}


def test_strangers_are_logged_once_and_stop_nobody(inbox, spool, caplog):
    write_export(inbox / PARTIAL, "items")
    (inbox / "Item_04_04_2025_2_00_03 (1).csv").write_text("x")
    assert len(batches(paths=[str(inbox)], spool=str(spool))) == 1
    (record,) = [record for record in caplog.records if "left alone" in record.message]
    assert record.levelno == logging.WARNING
    assert "copy that a sync folder made" in record.message


def test_the_time_zone_is_the_taps_own_else_the_projects(inbox, spool, monkeypatch):
    write_export(inbox / PARTIAL, "items")
    monkeypatch.setenv("QBH_TIMEZONE", "America/Chicago")
    moments = [
        note["exported_at"]
        for config in ({}, {"timezone": "Asia/Tokyo"})
        for note, _ in batches(paths=[str(inbox)], spool=str(spool), **config)
    ]
    assert moments == ["2025-04-04T07:00:03+00:00", "2025-04-03T17:00:03+00:00"]


def test_files_from_wins_over_paths_and_tolerates_what_is_gone(inbox, spool, tmp_path, caplog):
    chosen = write_export(inbox / PARTIAL, "items")
    write_export(inbox / "Item_04_05_2025_2_00_03.csv", "items")
    chosen_list = tmp_path / "files.json"
    chosen_list.write_text(json.dumps([str(chosen), str(inbox / "Item_04_06_2025_2_00_03.csv")]))
    sent = batches(paths=[str(inbox)], files_from=str(chosen_list), spool=str(spool))
    assert [note["file_name"] for note, _ in sent] == [PARTIAL]
    assert "gone since it was listed" in caplog.text


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]", None])
def test_a_files_from_that_is_no_list_of_paths_is_a_clear_error(tmp_path, text):
    path = tmp_path / "files.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigValidationError, match=r"files\.json"):
        messages(files_from=str(path))


def test_a_named_path_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(MissingPathError, match="nowhere"):
        messages(paths=[str(tmp_path / "nowhere")])


def test_without_settings_the_inbox_is_read_and_may_be_missing(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("QBH_HOME", str(tmp_path))
    assert batches() == []
    assert "there is no inbox" in caplog.text
    (tmp_path / "inbox").mkdir()
    write_export(tmp_path / "inbox" / PARTIAL, "items")
    assert len(batches()) == 1
    assert list((tmp_path / "spool").glob("items-*.csv"))


def test_a_missing_storage_of_batches_is_made(inbox, tmp_path):
    write_export(inbox / PARTIAL, "items")
    assert batches(paths=[str(inbox)], spool=str(tmp_path / "a" / "b"))
    assert Path(tmp_path / "a" / "b").is_dir()


def sent(inbox, stream: str) -> list[tuple]:
    """Keys, and cells of one column, of the records of a stream of current state."""
    found = messages(paths=[str(inbox)], current_state=True, batch_config=BATCHES)
    return [
        (message["record"].pop("_key"), message["record"])
        for message in found
        if message["type"] == "RECORD" and message["stream"] == stream
    ]


def test_current_state_has_a_stream_of_records_and_one_of_lines_with_keys():
    streams = TapQuickBooksCsv(config={"current_state": True}).streams
    assert set(streams) == {*ENTITIES, "invoice_lines", "sales_receipt_lines"}
    assert all(tuple(stream.primary_keys) == ("_key",) for stream in streams.values())
    assert "Product/Service" not in streams["invoices"].schema["properties"]
    assert "Total Amount" not in streams["invoice_lines"].schema["properties"]


def test_records_are_known_by_id_else_by_number_and_lines_by_product_and_place(inbox):
    number, id_, product = "Invoice No", "QuickBooks Internal Id", "Product/Service"
    write_export(
        inbox / "Invoice_04_04_2025_2_00_03.csv",
        "invoices",
        {number: "1", id_: " 1A-1 ", product: "AK", "Total Amount": "5"},
        {number: "1", id_: "1A-1", product: "Bolt"},
        {number: " 2\u00a0", product: "AK"},
        {number: "1", id_: "1A-1", product: " AK"},
        {number: "2", product: ""},
        {number: "", product: "AK"},
    )
    assert [key for key, _ in sent(inbox, "invoices")] == ["1A-1", "1A-1", "2", "1A-1", "2"]
    lines = sent(inbox, "invoice_lines")
    assert [json.loads(key) for key, _ in lines] == [
        *(["1A-1", "AK", 1], ["1A-1", "Bolt", 1], ["2", "AK", 1], ["1A-1", "AK", 2])
    ]
    assert [record["_sdc_source_lineno"] for _, record in lines] == [2, 3, 4, 5]
    assert "Total Amount" not in lines[0][1]


def test_a_column_that_a_file_lacks_is_in_no_schema_while_it_is_sent(inbox):
    write_export(inbox / "Item_04_04_2025_2_00_03.csv", "items", {"Item Name": "A", "UPC": "1"})
    write_export(inbox / "Item_04_05_2025_2_00_03.csv", "items", {"Item Name": "A"})
    write_export(inbox / "Item_04_06_2025_2_00_03.csv", "items", {"Item Name": "A", "UPC": ""})
    found = [sent for sent in messages(paths=[str(inbox)], current_state=True) if sent.get("stream") == "items"]
    assert [
        (message["type"], "UPC" in (message.get("record") or message["schema"]["properties"])) for message in found
    ] == [
        *(("SCHEMA", True), ("SCHEMA", True), ("RECORD", True)),
        *(("SCHEMA", False), ("RECORD", False), ("SCHEMA", True), ("RECORD", True)),
    ]
    assert all(message["key_properties"] == ["_key"] for message in found if message["type"] == "SCHEMA")


def test_of_one_moment_the_full_export_says_what_there_is(inbox):
    write_export(inbox / "Item_04_04_2025_0_00_00.csv", "items", {"Item Name": "A"}, {"Item Name": "B"})
    write_export(inbox / "item_all_04_04_2025.csv", "items", {"Item Name": "B"}, {"Item Name": "C"})
    assert [key for key, _ in sent(inbox, "items")] == ["B", "B", "C"]
