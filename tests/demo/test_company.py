"""The demo's company: the same for the same seed, consistent with itself, and every quirk really there."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from quickbooks_history.demo import STORY, told, write_exports, write_items_export
from quickbooks_history.demo.story import NARROW_ITEMS, UNKNOWN_COLUMN
from quickbooks_history.exports.contract import ENTITIES, normalize_header
from quickbooks_history.exports.names import ExportName, Scope, parse_export_name

ID = "QuickBooks Internal Id"
PRODUCT = "Product/Service"


@dataclass(frozen=True)
class Export:
    """One file as a reader that knows nothing of the generator sees it."""

    name: ExportName
    content: bytes
    encoding: str
    headers: list[str]
    rows: list[dict[str, str]]  # by normalized header

    def records(self) -> dict[str, list[dict[str, str]]]:
        """Rows by QuickBooks id, stray rows left out."""
        found: dict[str, list[dict[str, str]]] = {}
        for row in self.rows:
            if row[ID]:
                found.setdefault(row[ID], []).append(row)
        return found


def read(path: Path) -> Export:
    content = path.read_bytes()
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = content.decode(encoding)
    headers, *cells = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [normalize_header(header) for header in headers]
    rows = [dict(zip(names, row, strict=True)) for row in cells]
    return Export(parse_export_name(path.name), content, encoding, headers, rows)


def dollars(text: str) -> Decimal:
    """An amount as a bookkeeper reads it."""
    digits = text.strip("()").replace("$", "").replace(",", "")
    return -Decimal(digits) if text.startswith("(") else Decimal(digits or 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports")
    write_exports(path)
    return path


@pytest.fixture(scope="module")
def exports(folder: Path) -> list[Export]:
    return sorted((read(path) for path in folder.iterdir()), key=lambda export: export.name.order)


def of(exports: list[Export], entity: str, scope: Scope | None = None) -> list[Export]:
    return [e for e in exports if e.name.entity.name == entity and scope in (None, e.name.scope)]


def named(exports: list[Export], file_name: str) -> Export:
    return next(e for e in exports if e.name.file_name == file_name)


def values(exports: list[Export], entity: str, *headers: str) -> Iterator[str]:
    for export in of(exports, entity):
        for row in export.rows:
            yield from (row[header] for header in headers if header in row)


def seen(exports: list[Export], entity: str, key_header: str, key: str, header: str) -> list[tuple[str, str]]:
    """What one column of one record was, file by file: (file name, value of the last row)."""
    return [
        (export.name.file_name, rows[-1][header])
        for export in of(exports, entity)
        if (rows := [row for row in export.rows if row[key_header] == key]) and header in rows[-1]
    ]


def changes(history: list[tuple[str, str]]) -> list[str]:
    """The values in a row, repetitions left out."""
    return [value for n, (_, value) in enumerate(history) if n == 0 or value != history[n - 1][1]]


# The run


def test_same_arguments_write_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = write_exports(tmp_path)
    assert {path.name: path.read_bytes() for path in again} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_another_seed_is_another_trade_with_the_same_story(tmp_path: Path, exports: list[Export]) -> None:
    others = [read(path) for path in write_exports(tmp_path, seed=8)]
    assert {e.name.file_name for e in others} == {e.name.file_name for e in exports}
    assert {e.content for e in others} != {e.content for e in exports}
    for header in ("Purchase Cost", "Sales Price", "Quantity On Hand"):
        assert seen(sorted(others, key=lambda e: e.name.order), "items", "Item Name", "01-6310", header) == seen(
            exports, "items", "Item Name", "01-6310", header
        )


def test_files_that_stand_are_left_alone_and_others_mended(tmp_path: Path) -> None:
    paths = write_exports(tmp_path, nights=2)
    times = {path: path.stat().st_mtime_ns for path in paths}
    expected = paths[0].read_bytes()
    paths[0].write_bytes(expected[:100])
    paths[1].unlink()
    time.sleep(0.01)
    assert write_exports(tmp_path, nights=2) == paths
    assert paths[0].read_bytes() == expected
    assert {p: p.stat().st_mtime_ns for p in paths[2:]} == {p: times[p] for p in paths[2:]}


def test_paths_are_oldest_first(folder: Path) -> None:
    paths = write_exports(folder)
    assert [p.name for p in paths if p.name.lower().startswith(("item", "01_backup"))] == [
        e.name.file_name for e in of(sorted((read(p) for p in paths), key=lambda e: e.name.order), "items")
    ]


@pytest.mark.parametrize(("nights", "files"), [(0, 4), (1, 12), (15, 68), (16, 73), (30, 129)])
def test_number_of_files(tmp_path: Path, nights: int, files: int) -> None:
    paths = write_exports(tmp_path, nights=nights)
    assert len(paths) == len(set(paths)) == files
    assert {event.file_name for event in told(nights)} <= {path.name for path in paths}


def test_no_negative_nights(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nights is -1"):
        write_exports(tmp_path, nights=-1)


def test_names_that_the_documentation_shows(folder: Path) -> None:
    assert {
        "item_all_04_01_2025.csv",
        "Item_04_02_2025_2_00_03.csv",
        "01_BACKUP_Item_04_16_2025.csv",
        "Item_04_21_2025_10_00_03.csv",
        "item_all_05_01_2025.csv",
        "sales_receipt_all_04_01_2025.csv",
        "sales_receipt_all_05_01_2025.csv",
    } <= {path.name for path in folder.iterdir()}


def test_size_of_the_company(exports: list[Export]) -> None:
    first = {e.name.entity.name: len(e.records()) for e in exports[:4]}
    assert first == {"items": 60, "customers": 40, "invoices": 92, "sales_receipts": 61}
    for entity in ("customers", "invoices", "sales_receipts", "items"):
        sizes = [len(e.records()) for e in of(exports, entity, Scope.PARTIAL)]
        assert 4 <= sum(sizes) / len(sizes) <= 20, entity


# Consistency


def test_headers_are_the_contracts_but_for_the_unknown_one(exports: list[Export]) -> None:
    unknown = [
        (export.name.file_name, header)
        for export in exports
        for header in export.headers
        if normalize_header(header) not in export.name.entity.by_header
    ]
    assert unknown == [("Customer_04_13_2025_2_00_41.csv", UNKNOWN_COLUMN)]
    for export in exports:
        written = {normalize_header(header) for header in export.headers}
        assert {normalize_header(column.header) for column in export.name.entity.required} <= written


@pytest.mark.parametrize("entity", ["invoices", "sales_receipts"])
def test_totals_add_up(exports: list[Export], entity: str) -> None:
    amount = normalize_header("Product/Service  Amount")
    for export in of(exports, entity):
        for lines in export.records().values():
            tax = sum(dollars(line[amount]) for line in lines if line[PRODUCT] == "Sales Tax")
            others = sum(dollars(line[amount]) for line in lines if line[PRODUCT] not in ("Sales Tax", "Subtotal"))
            header = lines[-1]
            assert dollars(header["Total Tax"]) == tax, header
            assert dollars(header["Total Amount"]) == others + tax, header


def test_header_columns_repeat_on_every_line(exports: list[Export]) -> None:
    for entity in ("invoices", "sales_receipts"):
        for export in of(exports, entity):
            for lines in export.records().values():
                assert len({(line["Customer"], line["Total Amount"], line["Modified Date"]) for line in lines}) == 1


def test_balances_are_what_open_invoices_add_up_to(exports: list[Export]) -> None:
    owed: Counter[str] = Counter()
    for lines in named(exports, "invoice_all_05_01_2025.csv").records().values():
        if lines[0]["Status"] == "Open":
            owed[lines[0]["Customer"]] += dollars(lines[0]["Total Amount"])  # type: ignore[assignment]
    for row in named(exports, "customer_all_05_01_2025.csv").rows:
        assert dollars(row["Current Balance"]) == owed[row["Customer Name"]], row["Customer Name"]


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_last_full_export_says_what_the_partial_ones_said(exports: list[Export], entity: str) -> None:
    """Every change is in some partial export: following those alone leads to the last full one."""
    *others, last_full = of(exports, entity, Scope.FULL)
    followed = of(exports, entity, Scope.PARTIAL)
    for quickbooks_id, rows in last_full.records().items():
        told_last = next(
            export.records()[quickbooks_id]
            for export in [*reversed(followed), *reversed(others)]
            if quickbooks_id in export.records()
        )
        shown = last_full.rows[0].keys() & told_last[0].keys() - {"S No"}
        assert [{header: typed(row[header]) for header in shown} for row in rows] == [
            {header: typed(row[header]) for header in shown} for row in told_last
        ]


def typed(text: str) -> object:
    """What a cell says, however it is spelled."""
    if not text:
        return None
    parts = text.replace("/", "-").split("-")
    if sorted(map(len, parts)) == [2, 2, 4] and all(part.isdigit() for part in parts):
        return tuple(parts) if len(parts[0]) == 4 else (parts[2], parts[0], parts[1])
    try:
        return dollars(text)
    except InvalidOperation:
        return text


def test_record_ids_look_like_quickbooks_ids(exports: list[Export]) -> None:
    assert {id_ for e in of(exports, "items") for id_ in e.records()} >= {"80000100-1638235416"}
    owners: dict[tuple[str, str], set[str]] = {}
    for entity in ("invoices", "sales_receipts"):
        number = "Invoice No" if entity == "invoices" else "Sales Receipt No"
        for export in of(exports, entity):
            for row in export.rows:
                owners.setdefault((entity, row[number]), set()).add(row[ID])
    assert {len(ids) for ids in owners.values()} == {1}


# Quirks of bytes


def test_encodings(exports: list[Export]) -> None:
    assert {e.encoding for e in exports} == {"utf-8", "utf-8-sig", "cp1252"}
    for entity in ENTITIES:
        assert {"utf-8", "utf-8-sig"} <= {e.encoding for e in of(exports, entity)}
    old = b"".join(e.content for e in exports if e.encoding == "cp1252")
    for character in "½é\N{EN DASH}":
        assert character.encode("cp1252") in old
        assert any(character.encode() in e.content for e in exports if e.encoding != "cp1252")


def test_line_ends(exports: list[Export]) -> None:
    assert any(e.content.split(b"\n")[0].endswith(b"\r") for e in exports)
    assert any(b"\r" not in e.content for e in exports)
    assert any(not e.content.endswith(b"\n") and e.rows for e in exports)


def test_quoted_line_breaks_and_doubled_quotes(exports: list[Export]) -> None:
    assert any("\n" in text for text in values(exports, "items", "Sales Description"))
    assert any("\n" in text for text in values(exports, "customers", "Notes"))
    assert any(b'5/8""' in e.content for e in exports)


def test_header_spellings(exports: list[Export]) -> None:
    invoices = {header for e in of(exports, "invoices") for header in e.headers}
    receipts = {header for e in of(exports, "sales_receipts") for header in e.headers}
    assert {"Billing Address Line1", "Billing Address Line 1", "Product/Service  Amount"} <= invoices
    assert {"Billing Address Line1", "Billing Address Line 1", "Product/Service Amount"} <= receipts
    assert "Product/Service Amount" not in invoices
    assert "Product/Service  Amount" not in receipts


@pytest.mark.parametrize("pattern", ["04-02-2025", "04/02/2025", "2025-04-02"])
def test_date_formats(exports: list[Export], pattern: str) -> None:
    assert pattern in {
        *values(exports, "invoices", "Modified Date"),
        *values(exports, "customers", "Modified Date"),
    }


def test_money_formats(exports: list[Export]) -> None:
    columns = ("Product/Service Rate", "Product/Service Amount")
    amounts = {*values(exports, "invoices", *columns), *values(exports, "sales_receipts", *columns)}
    assert {"1490.40", "1,490.40", "70.00", "$70.00"} <= amounts
    assert any(text.startswith("(") and text.endswith(")") for text in amounts)
    assert any(text.startswith("-") for text in amounts)
    assert "6.625%" in amounts
    assert "-5%" in amounts


def test_quantities(exports: list[Export]) -> None:
    quantities = {
        *values(exports, "invoices", "Product/Service Quantity"),
        *values(exports, "sales_receipts", "Product/Service Quantity"),
    }
    assert {"-12", "12", ""} <= quantities
    assert any("." in text and Decimal(text) % 1 for text in quantities if text)
    assert any(text.endswith(".00") for text in quantities)


def test_item_names(exports: list[Export]) -> None:
    names = set(values(exports, "items", "Item Name"))
    assert {"01-6310", 'Bolt 5/8"', 'Bolt 5/8":Nut', "01-6320 (W)", "TRW-14 *", "PP-4/6", "EJ-½x4"} <= names


def test_lines_without_a_quantity(exports: list[Export]) -> None:
    bare = {
        row[PRODUCT]
        for entity in ("invoices", "sales_receipts")
        for export in of(exports, entity)
        for row in export.rows
        if not row["Product/Service Quantity"]
    }
    assert bare == {"Shipping", "Delivery/Handling", "Subtotal", "Discount", "Sales Tax", ""}


# What is planted


def test_story_is_not_told_early(exports: list[Export]) -> None:
    """The file that an event names is the first one with the new name, not the second."""
    renamed = next(event for event in STORY if event.what.startswith("renamed"))
    assert seen(exports, "items", "Item Name", "CB-12X12 (W)", "Status")[0][0] == renamed.file_name


def test_story_names_files_and_records_that_are_there(exports: list[Export]) -> None:
    number = {
        "items": "Item Name",
        "customers": "Customer Name",
        "invoices": "Invoice No",
        "sales_receipts": "Sales Receipt No",
    }
    for event in STORY:
        export = named(exports, event.file_name)
        assert export.name.entity.name == event.entity
        if event.key and not event.what.startswith(("no longer", "renamed")):
            assert event.key in {row[number[event.entity]] for row in export.rows}, event


def test_the_item_to_look_at(exports: list[Export]) -> None:
    def story(header: str) -> list[str]:
        history = seen(exports, "items", "Item Name", "01-6310", header)
        return changes([(name, str(dollars(value).normalize())) for name, value in history])

    assert story("Sales Price") == ["7.26", "7.58", "7.95", "7.26"]
    assert story("Purchase Cost") == ["4.1", "4.36", "4.52"]
    assert [format(Decimal(q), "f") for q in story("Quantity On Hand")] == ["38", "26", "170", "182", "140"]


def test_rename_keeps_the_id(exports: list[Export]) -> None:
    names = {
        name: {row[ID] for e in of(exports, "items") for row in e.rows if row["Item Name"] == name}
        for name in ("CB-12X12", "CB-12X12 (W)")
    }
    assert names["CB-12X12"] == names["CB-12X12 (W)"]
    assert len(names["CB-12X12"]) == 1


def test_price_goes_blank_and_returns(exports: list[Export]) -> None:
    history = seen(exports, "items", "Item Name", 'Rebar:Chair 2/3"', "Sales Price")
    assert changes([(name, value.strip("$")) for name, value in history]) == ["29.90", "", "29.90"]


def test_deleted_items(exports: list[Export]) -> None:
    gone = [name for name, _ in seen(exports, "items", "Item Name", "GLV-XL", "Status")]
    back = [name for name, _ in seen(exports, "items", "Item Name", "PP-4/6", "Status")]
    assert gone == ["item_all_04_01_2025.csv"]
    assert back == [
        "item_all_04_01_2025.csv",
        "Item_04_23_2025_2_00_03.csv",
        "Item_04_24_2025_2_00_03.csv",
        "item_all_05_01_2025.csv",
    ]


def test_full_exports_delete_nothing_else(exports: list[Export]) -> None:
    for entity in ENTITIES:
        known: set[str] = set()
        for export in of(exports, entity):
            if export.name.scope is Scope.FULL:
                assert len(known - set(export.records())) == (2 if "BACKUP" in export.name.file_name else 0)
                known = set()
            known |= set(export.records())


def test_edited_invoices(exports: list[Export]) -> None:
    def lines(file_name: str, number: str) -> list[tuple[str, str]]:
        rows = [row for row in named(exports, file_name).rows if row["Invoice No"] == number]
        return [(row[PRODUCT], row["Product/Service Quantity"].removesuffix(".00")) for row in rows]

    first = "invoice_all_04_01_2025.csv"
    last = "invoice_all_05_01_2025.csv"
    assert lines(first, "4101") == [("AK-4", "3"), ("Delivery/Handling", "")]
    assert lines(last, "4101") == [("AK-4", "3")]
    assert lines(first, "4102") == [("PV-HOL-68", "400"), ("Shipping", "")]
    assert lines(last, "4102") == [("PV-HOL-68", "100"), ("PV-HOL-68", "400"), ("Shipping", "")]
    assert lines(last, "4103") == [("PV-HOL-68", "0"), ("Sales Tax", "")]
    assert lines(first, "4104")[:2] == [("PV-HOL-68", "600"), ("PV-HOL-68", "120")]
    void = next(row for row in named(exports, last).rows if row["Invoice No"] == "4103")
    assert void["Status"] == "Closed"
    assert dollars(void["Total Amount"]) == 0
    assert {"Open", "Paid", "Closed"} == set(values(exports, "invoices", "Status"))


def test_the_receipt_of_the_documentation(exports: list[Export]) -> None:
    rows = [
        row for row in named(exports, "sales_receipt_all_04_01_2025.csv").rows if row["Sales Receipt No"] == "W-8075"
    ]
    assert [(row[PRODUCT], row["Product/Service Amount"], row["Total Amount"]) for row in rows] == [
        ("AK-4", "$70.00", "$95.77"),
        ("Shipping", "$25.77", "$95.77"),
    ]


def test_oddities_of_files(exports: list[Export]) -> None:
    assert [e.name.file_name for e in exports if not e.rows] == ["Sales Receipt_04_07_2025_2_02_05.csv"]

    narrow = named(exports, "Item_04_11_2025_2_00_03.csv")
    assert not set(NARROW_ITEMS) & set(narrow.headers)
    assert {"Memo", "Class"}.isdisjoint(named(exports, "Invoice_04_18_2025_2_01_12.csv").headers)

    stray = [(e.name.file_name, row) for e in exports for row in e.rows if not row[ID]]
    assert [name for name, _ in stray] == ["Item_04_12_2025_2_00_03.csv"]
    assert {header for header, text in stray[0][1].items() if text} == {"S No", "Status"}

    twice = [(e.name.file_name, rows) for e in of(exports, "items") for rows in e.records().values() if len(rows) > 1]
    assert [name for name, _ in twice] == ["Item_04_10_2025_2_00_03.csv"]
    assert [row["Quantity On Hand"] for row in twice[0][1]] == ["25", "24"]

    history = seen(exports, "items", "Item Name", "SEAL-5G", "Quantity On Hand")
    assert changes([(name, value.removesuffix(".00")) for name, value in history]) == ["19", "n/a", "19"]


# Benchmarks


def test_items_export_of_any_size(tmp_path: Path) -> None:
    first = read(write_items_export(tmp_path / "item_all_04_01_2025.csv", rows=1000))
    again = read(write_items_export(tmp_path / "item_all_04_02_2025.csv", rows=1000))
    later = read(write_items_export(tmp_path / "item_all_04_03_2025.csv", rows=1000, generation=2))
    assert tuple(first.headers) == ENTITIES["items"].headers
    assert len(first.records()) == 1000
    assert first.content == again.content
    changed = sum(a != b for a, b in zip(first.rows, later.rows, strict=True))
    assert 50 < changed <= 100
    assert all(Decimal(row["Purchase Cost"]) < Decimal(row["Sales Price"]) for row in first.rows)


def test_both_are_fast(tmp_path: Path) -> None:
    """Generous bounds: they catch a quadratic loop, not a busy machine."""
    start = time.perf_counter()
    write_exports(tmp_path / "company")
    write_items_export(tmp_path / "items.csv", rows=100_000)
    assert time.perf_counter() - start < 12
