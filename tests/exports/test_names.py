"""A file's name says what it lists, how much of it, and of which moment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.exports.names import NotAnExportError, Scope, parse_export_name


@pytest.mark.parametrize(
    ("file_name", "entity", "scope", "moment"),
    [
        ("Item_04_04_2025_2_00_03.csv", "items", "partial", "2025-04-04T02:00:03"),
        ("Item_04_04_2025_14_00_03.csv", "items", "partial", "2025-04-04T14:00:03"),
        ("item_all_04_03_2025.csv", "items", "full", "2025-04-03T00:00:00"),
        ("01_BACKUP_Item_04_03_2025.csv", "items", "full", "2025-04-03T00:00:00"),
        ("Customer_12_31_2025_0_00_00.csv", "customers", "partial", "2025-12-31T00:00:00"),
        ("customer_all_02_29_2024.csv", "customers", "full", "2024-02-29T00:00:00"),
        ("01_BACKUP_Customer_04_03_2025.csv", "customers", "full", "2025-04-03T00:00:00"),
        ("Invoice_04_04_2025_23_59_59.csv", "invoices", "partial", "2025-04-04T23:59:59"),
        ("invoice_all_04_03_2025.csv", "invoices", "full", "2025-04-03T00:00:00"),
        ("01_BACKUP_Invoice_04_03_2025.csv", "invoices", "full", "2025-04-03T00:00:00"),
        ("Sales Receipt_04_04_2025_2_00_03.csv", "sales_receipts", "partial", "2025-04-04T02:00:03"),
        ("sales_receipt_all_04_03_2025.csv", "sales_receipts", "full", "2025-04-03T00:00:00"),
        ("01_BACKUP_Sales_04_03_2025.csv", "sales_receipts", "full", "2025-04-03T00:00:00"),
    ],
)
def test_every_known_name(file_name, entity, scope, moment):
    name = parse_export_name(file_name)
    assert name.entity is ENTITIES[entity]
    assert name.scope == scope
    assert name.exported_at == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert name.export_date == moment[:10]


def test_the_moment_is_of_the_configured_time_zone_and_the_date_is_the_names_own():
    name = parse_export_name("Item_04_04_2025_22_00_03.csv", ZoneInfo("America/Chicago"))
    assert name.exported_at == datetime(2025, 4, 5, 3, 0, 3, tzinfo=UTC)
    assert name.export_date == "2025-04-04"


@pytest.mark.parametrize(
    "file_name",
    [
        "Item_04_04_2025_2_00_03 (1).csv",
        "Item_04_04_2025_2_00_03.csv.part",
        "~Item_04_04_2025_2_00_03.csv",
        "Item_04_04_2025_2_00_03.CSV",
        "Item_4_4_2025_2_00_03.csv",
        "item_all_04_03_2025_2_00_03.csv",
        "Item_04_03_2025.csv",
        "Sales_Receipt_04_04_2025_2_00_03.csv",
        "Vendor_04_04_2025_2_00_03.csv",
        "prices.csv",
        "",
    ],
)
def test_other_names_are_not_guessed_at(file_name):
    with pytest.raises(NotAnExportError):
        parse_export_name(file_name)


@pytest.mark.parametrize(
    "file_name",
    [
        "item_all_02_30_2025.csv",
        "item_all_13_01_2025.csv",
        "Item_04_04_2025_24_00_00.csv",
        "item_all_01_01_0000.csv",
    ],
)
def test_a_moment_that_does_not_exist_is_named(file_name):
    with pytest.raises(NotAnExportError, match="moment that does not exist"):
        parse_export_name(file_name)


def test_a_moment_outside_the_calendar_in_utc_is_no_crash():
    with pytest.raises(NotAnExportError, match="moment that does not exist"):
        parse_export_name("item_all_01_01_0001.csv", ZoneInfo("Asia/Tokyo"))


def test_order_is_moment_then_partial_before_full_then_name():
    names = [
        "item_all_04_04_2025.csv",
        "Item_04_04_2025_2_00_03.csv",
        "01_BACKUP_Item_04_04_2025.csv",
        "Item_04_04_2025_0_00_00.csv",
    ]
    ordered = sorted((parse_export_name(name) for name in names), key=lambda name: name.order)
    assert [name.file_name for name in ordered] == [
        "Item_04_04_2025_0_00_00.csv",
        "01_BACKUP_Item_04_04_2025.csv",
        "item_all_04_04_2025.csv",
        "Item_04_04_2025_2_00_03.csv",
    ]
    assert ordered[0].scope is Scope.PARTIAL
