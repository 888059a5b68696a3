"""What is a sound export, what is rejected, and what the rejection says."""

from __future__ import annotations

import hashlib
import os
import time
import warnings
from pathlib import Path
from unittest import mock

import pytest
from export_files import export_text

from quickbooks_history.exports import reading
from quickbooks_history.exports.contract import CUSTOMERS, ITEMS, LOAD_COLUMNS
from quickbooks_history.exports.reading import (
    MOST_COLUMNS,
    NoRoomError,
    RejectedExportError,
    read_export,
    read_file,
)

HEADER = "Item Name,Purchase Cost,Sales Price,Quantity On Hand,Status"


def read(folder: Path, content: bytes | str, entity=ITEMS):
    path = folder / "Item_04_04_2025_2_00_03.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_export(read_file(path), entity)


def rejection(folder: Path, content: bytes | str, entity=ITEMS) -> RejectedExportError:
    """The error that reading the header, and then every row, ends in."""
    with pytest.raises(RejectedExportError) as caught:
        list(read(folder, content, entity).rows())
    assert str(caught.value) == f"Item_04_04_2025_2_00_03.csv: {caught.value.reason}"
    return caught.value


def test_rows_come_verbatim_with_the_line_they_begin_on(tmp_path):
    content = f'{HEADER}\r\n AK-4 ,1,"1,490.40",-12,true\r\n"5/8"" bolt",,"two\r\nlines",0,\r\nlast,1,2,3,false'
    assert list(read(tmp_path, content).rows()) == [
        (2, [" AK-4 ", "1", "1,490.40", "-12", "true"]),
        (3, ['5/8" bolt', "", "two\r\nlines", "0", ""]),
        (5, ["last", "1", "2", "3", "false"]),  # without a line end
    ]


def test_inches_in_a_field_without_quotes_are_text(tmp_path):
    assert list(read(tmp_path, f'{HEADER}\n5/8" bolt,1,2,3,true\n').rows()) == [
        (2, ['5/8" bolt', "1", "2", "3", "true"])
    ]


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("utf-8", "utf-8"), ("utf-8-bom", "utf-8-sig"), ("windows-1252", "cp1252")],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, codec, line_end):
    text = line_end.join([HEADER, "Café “é” €,1,2,3,true", "b,1,2,3,true", ""])
    export = read(tmp_path, text.encode(codec))
    assert export.encoding == encoding
    assert export.raw_columns[0] == "Item Name"
    assert [(line, cells[0]) for line, cells in export.rows()] == [(2, "Café “é” €"), (3, "b")]


def test_a_header_alone_is_an_export_of_nothing(tmp_path):
    assert list(read(tmp_path, HEADER).rows()) == []


def test_blank_lines_are_skipped_and_rows_of_blank_cells_are_kept(tmp_path):
    content = f"\n{HEADER}\n\n  \n,,,,\nx,1,2,3,true\n\n"
    assert list(read(tmp_path, content).rows()) == [
        (5, ["", "", "", "", ""]),
        (6, ["x", "1", "2", "3", "true"]),
    ]


def test_headers_match_but_for_runs_of_blanks_and_line_numbers(tmp_path):
    content = export_text("customers", {"Billing Address Line 1": "1 Main St", "Customer Name": "A"})
    content = content.replace("Billing Address Line 1", " Billing  Address Line1 ")
    export = read(tmp_path, content, CUSTOMERS)
    assert "Billing Address Line 1" in export.raw_columns
    assert "billing_address_line_1" in export.observed_columns
    assert export.unknown_columns == ()


def test_observed_columns_are_those_the_file_has(tmp_path):
    assert read(tmp_path, HEADER).observed_columns == (
        "item_name", "purchase_cost", "sales_price", "quantity_on_hand", "status",
    )  # fmt: skip


def test_unknown_columns_are_kept_under_names_that_postgresql_can_hold(tmp_path):
    long_a, long_b = "é" * 40 + "a", "é" * 40 + "b"
    export = read(tmp_path, f"{HEADER}, Colour ,,_load_id,ctid,{long_a},{long_b},")
    assert export.unknown_columns[:4] == ("Colour", "(unnamed 7)", "_load_id (export)", "ctid (export)")
    assert export.unknown_columns[-1] == "(unnamed 12)"
    shortened = export.unknown_columns[4:6]
    assert len(set(shortened)) == 2
    assert all(len(name.encode()) <= 63 and name.startswith("é" * 20) for name in shortened)
    assert not set(export.unknown_columns) & set(LOAD_COLUMNS)


def test_a_headers_raw_name_does_not_depend_on_its_place(tmp_path):
    first = read(tmp_path, f"{HEADER},_load_id,Colour").unknown_columns
    second = read(tmp_path, f"Colour,_load_id,{HEADER}").unknown_columns
    assert sorted(first) == sorted(second)


def test_fingerprint_and_size_are_of_the_bytes_that_are_read(tmp_path):
    content = read(tmp_path, f"{HEADER}\n").content
    assert content.sha256 == hashlib.sha256(f"{HEADER}\n".encode()).hexdigest()
    assert content.size == len(HEADER) + 1
    assert content.modified_at.timestamp() == pytest.approx(content.path.stat().st_mtime)


def test_a_long_cell_is_no_crash(tmp_path):
    ((_, cells),) = read(tmp_path, f"{HEADER}\n{'x' * 500_000},1,2,3,true\n").rows()
    assert len(cells[0]) == 500_000


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n", b"  \n\n \n"])
def test_an_empty_file_is_rejected(tmp_path, content):
    assert "empty" in rejection(tmp_path, content).reason


def test_missing_required_columns_are_all_named(tmp_path):
    error = rejection(tmp_path, "Item Name,Purchase Cost,Quantity On Hand\nx,1,2\n")
    assert error.reason.startswith("required columns are missing: Sales Price, Status;")


@pytest.mark.parametrize(
    "content",
    ["<html><body>Sign in</body></html>", HEADER.replace(",", ";"), HEADER.replace(",", "\t"), "hello"],
)
def test_what_is_no_export_at_all_is_rejected_with_its_first_line(tmp_path, content):
    error = rejection(tmp_path, content)
    assert "no header of items" in error.reason
    assert error.line == 1
    assert error.value
    assert error.value[:5] == content[:5]


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
@pytest.mark.parametrize("quote", ["", '"'])
def test_other_signs_than_commas_are_named(tmp_path, sign, name, quote):
    content = "".join(
        sign.join(f"{quote}{cell}{quote}" for cell in row) + "\r\n" for row in [HEADER.split(","), "a1234"]
    )
    reason = rejection(tmp_path, content).reason
    assert reason.startswith(
        f"line 1: this is no header of items in comma-separated values: {name} stand between its columns: "
    )
    assert reason.endswith("; save it as CSV with commas between the columns, or export it again")


@pytest.mark.parametrize(("title", "line"), [("Items\r\n", 2), ("Paving, Inc.\nItems\n\n", 4), ('"Items",,,,\n', 2)])
def test_a_title_above_the_header_is_told_with_the_headers_line(tmp_path, title, line):
    reason = rejection(tmp_path, f"{title}{HEADER}\r\nAK-4,1,2,3,true\r\n").reason
    assert reason.startswith(f"line 1: this is no header of items, which stands on line {line}, below a title: ")
    assert reason.endswith("; delete what stands above the header, or leave the title out of the export's template")


def test_a_row_that_names_some_column_is_not_taken_for_a_header(tmp_path):
    """A report may say "Status" somewhere; only a row with most of the columns that must be there is a header."""
    reason = rejection(tmp_path, "Inventory report\nStatus;Sales Price;x\n").reason
    assert "no header of items, in comma-separated values: 'Inventory report'" in reason


@pytest.mark.parametrize("second", ["Item  Name", "Colour"])
def test_the_same_column_twice_is_rejected(tmp_path, second):
    error = rejection(tmp_path, f"{HEADER},Colour,{second}\n")
    assert f"the same column twice: {' '.join(second.split())}" in error.reason


def test_a_byte_of_no_known_encoding_is_rejected_with_its_line(tmp_path):
    error = rejection(tmp_path, f"{HEADER}\r\n".encode() + b"ok,1,2,3,t\r\nb\x81d,1,2,3,t\r\n")
    assert error.line == 3
    assert "0x81 is not UTF-8 or Windows-1252" in error.reason


def test_bad_utf8_after_a_byte_order_mark_is_not_taken_for_windows_1252(tmp_path):
    error = rejection(tmp_path, b"\xef\xbb\xbf" + HEADER.encode() + b"\nCaf\xe9,1,2,3,t\n")
    assert error.line == 2
    assert "is not UTF-8" in error.reason


def test_nul_bytes_are_rejected_with_their_line(tmp_path):
    error = rejection(tmp_path, HEADER.encode() + b"\nok,1,2,3,t\na\0b,1,2,3,t\n")
    assert error.line == 3
    assert "NUL" in error.reason


def test_utf16_is_named(tmp_path):
    assert "UTF-16" in rejection(tmp_path, HEADER.encode("utf-16")).reason


@pytest.mark.parametrize(("row", "count"), [("x,1,2,3", 4), ("x,1,2,3,true,more", 6), (",,", 3)])
def test_ragged_rows_are_rejected_with_their_line(tmp_path, row, count):
    error = rejection(tmp_path, f'{HEADER}\n"two\nlines",1,2,3,true\n\n{row}\nok,1,2,3,true\n')
    assert error.line == 5
    assert f"{count} fields where the header has 5" in error.reason
    assert error.value == row


def test_a_quote_that_is_never_closed_is_rejected_where_it_opens(tmp_path):
    error = rejection(tmp_path, f'{HEADER}\nok,1,2,3,true\n"open,1,2,3,true\nnext,1,2,3,true\n')
    assert error.line == 3
    assert "never closed" in error.reason


def test_text_after_a_closing_quote_is_rejected(tmp_path):
    error = rejection(tmp_path, f'{HEADER}\n"5/8" bolt",1,2,3,true\n')
    assert error.line == 2
    assert "not CSV" in error.reason


def test_more_columns_than_a_table_holds_are_rejected(tmp_path):
    extra = ",".join(f"c{n}" for n in range(MOST_COLUMNS))
    assert "columns" in rejection(tmp_path, f"{HEADER},{extra}\n").reason


def test_a_long_value_is_shortened_in_the_message(tmp_path):
    assert len(rejection(tmp_path, f"{HEADER}\n{'x' * 5000}\n").reason) < 300


def test_a_folder_in_a_files_place_is_rejected(tmp_path):
    with pytest.raises(RejectedExportError, match="a folder"):
        read_file(tmp_path)


def test_a_pipe_in_a_files_place_is_rejected_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "Item_04_04_2025_2_00_03.csv")
    with pytest.raises(RejectedExportError, match="not a regular file"):
        read_file(tmp_path / "Item_04_04_2025_2_00_03.csv")


def test_a_file_that_is_gone_is_rejected(tmp_path):
    with pytest.raises(RejectedExportError, match="cannot be read"):
        read_file(tmp_path / "gone.csv")


def test_a_file_that_may_not_be_read_is_rejected(tmp_path):
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    path.write_text(HEADER)
    refused = PermissionError(13, "Permission denied")  # a fault that root, who reads everything, cannot meet
    with (
        mock.patch.object(os, "open", side_effect=refused),
        pytest.raises(RejectedExportError, match="denied"),
    ):
        read_file(path)


@pytest.mark.parametrize("added", ["x,1,2,3,true\n", ""])
def test_a_file_that_is_written_while_it_is_read_is_rejected(tmp_path, added):
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    path.write_text(f"{HEADER}\n")
    os.utime(path, (1000, 1000))
    true_fstat, looks = os.fstat, []

    def fstat(descriptor):
        if looks:  # between the first look and the second, its writer writes, more or as much as before
            path.write_text(f"{HEADER}\n{added}")
        looks.append(descriptor)
        return true_fstat(descriptor)

    with (
        mock.patch("quickbooks_history.exports.reading.os.fstat", fstat),
        pytest.raises(RejectedExportError, match="changed while it was read"),
    ):
        read_file(path)


@pytest.mark.parametrize("what", ["written over", "renamed", "deleted"])
def test_the_bytes_tell_whether_a_file_changed_whose_times_were_put_back(tmp_path, what):
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    path.write_text(f"{HEADER}\nx,1,2,3,true\n")
    before, keep = path.stat(), reading._keep

    def disturbed(*args):
        keep(*args)
        time.sleep(0.02)  # longer than the kernel's clock ticks
        if what == "written over":
            path.write_text(f"{HEADER}\nx,1,2,4,true\n")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        else:
            path.rename(tmp_path / "archived.csv") if what == "renamed" else path.unlink()

    with mock.patch.object(reading, "_keep", disturbed):
        if what == "written over":
            with pytest.raises(RejectedExportError, match="changed while it was read"):
                read_file(path)
        else:
            assert read_file(path).sha256 == hashlib.sha256(f"{HEADER}\nx,1,2,3,true\n".encode()).hexdigest()


def _long(tmp_path: Path, *rows: bytes) -> Path:
    """A file that is longer than what is looked at together, and than what is kept in memory."""
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    filler = "".join(f"AK-{n:07},1,2,3,true\r\n" for n in range(60_000)).encode()
    path.write_bytes(f"{HEADER}\r\n".encode() + filler + b"".join(rows))
    return path


@pytest.mark.parametrize("kept", [2**14, 2**30])
@pytest.mark.parametrize("block", [7, 1000, 2**20])
def test_a_long_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, kept: int) -> None:
    monkeypatch.setattr(reading, "_BLOCK", block)
    monkeypatch.setattr(reading, "_MOST_IN_MEMORY", kept)
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    path.write_bytes(f"{HEADER}\r\n".encode() + "Größe \u20ac,1,2,3,true\r\n".encode() * 300)
    content = read_file(path, tmp_path)
    assert content.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert content.size == path.stat().st_size
    export = read_export(content, ITEMS)
    assert export.encoding == "utf-8"
    first, second = export.rows(), export.rows()
    assert next(first) == next(second) == (2, ["Größe \u20ac", "1", "2", "3", "true"])
    path.write_bytes(b"written anew meanwhile")
    assert sum(1 for _ in first) == sum(1 for _ in second) == 299


@pytest.mark.parametrize("kept", [1, 2**30])
def test_bytes_that_nobody_holds_any_more_go_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(reading, "_MOST_IN_MEMORY", kept)
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    path.write_bytes(f"{HEADER}\r\n".encode())
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        read_file(path, tmp_path)
    assert told == []
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("block", [1, 2, 3, 64])
@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"A\x00,1,2,3,true\r\n", "line 60002: a NUL byte"),
        (b"A\x81,1,2,3,true\r\n", "line 60002: byte 0x81"),
        (b"A,1,2,3,true\rB,1,2,3,true\r\nC\x81,1,2,3,true\r\n", "line 60004: byte 0x81"),
    ],
)
def test_a_bad_byte_far_down_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, bad: bytes, told: str
) -> None:
    monkeypatch.setattr(reading, "_BLOCK", block * 4099)
    with pytest.raises(RejectedExportError, match=told):
        read_export(read_file(_long(tmp_path, bad)), ITEMS)


def test_a_character_that_a_piece_breaks_off_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    path.write_bytes(f"{HEADER}\r\n".encode() + "€€,1,2,3,true".encode()[:-11])
    for block in range(1, 80):
        monkeypatch.setattr(reading, "_BLOCK", block)
        assert read_export(read_file(path), ITEMS).encoding == "utf-8"
    path.write_bytes(f"{HEADER}\r\n".encode() + "€".encode()[:2])
    assert read_export(read_file(path), ITEMS).encoding == "windows-1252"


def test_no_room_to_keep_a_file_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST_IN_MEMORY", 10)
    with pytest.raises(NoRoomError, match=r"Item_04_04_2025_2_00_03\.csv cannot be kept .*; make room"):
        read_file(_long(tmp_path), tmp_path / "not there")
