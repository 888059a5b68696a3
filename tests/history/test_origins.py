"""Where a value comes from: the file, the line and the load that brought it, and the last file that says the same."""

from __future__ import annotations

from datetime import UTC, datetime

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.origins import Line, origins

NOW = datetime(2025, 12, 31, tzinfo=UTC)
ITEMS, INVOICES = ENTITIES["items"], ENTITIES["invoices"]


def origin(history, column, *, entity=ITEMS, key="A", at=NOW, line=None):
    with connect(history.url) as connection:
        found = origins(connection, entity, key=key, at=at, column=column, line=line)
    assert len(found) == 1, found
    return found[0]


def april(day, hour=0):
    return datetime(2025, 4, day, hour, tzinfo=UTC)


def test_the_file_that_brought_the_value_and_the_last_that_says_it(any_order):
    any_order.deliver("""
        item_all_04_03_2025.csv
            Item Name | Sales Price | Quantity On Hand
            B         | 1           | 1
            A         | 10.00       | 5

        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price | Quantity On Hand
            A         | $10.0       | 4

        item_all_04_10_2025.csv
            Item Name | Sales Price | Quantity On Hand
            A         | 12          | 4
            B         | 1           | 1
    """)
    price = origin(any_order, "sales_price")
    assert (price.value, price.file_name, price.line_no, price.raw_value) == ("12", "item_all_04_10_2025.csv", 2, "12")
    before = origin(any_order, "sales_price", at=april(9))
    assert (before.value, before.since, before.closed_at) == ("10", april(3), None)
    assert (before.file_name, before.line_no, before.raw_value) == ("item_all_04_03_2025.csv", 3, "10.00")
    assert (before.last_file_name, before.last_line_no) == ("Item_04_04_2025_2_00_00.csv", 2)
    quantity = origin(any_order, "quantity_on_hand")
    assert (quantity.value, quantity.file_name) == ("4", "Item_04_04_2025_2_00_00.csv")
    assert quantity.last_file_name == "item_all_04_10_2025.csv"
    assert any_order.rows("meta.loads", ["load_id", "sha256", "file_path"], f"file_name = '{quantity.file_name}'") == [
        (quantity.load_id, quantity.sha256, quantity.file_path)
    ]


def test_a_value_that_later_files_do_not_have(any_order):
    any_order.deliver("""
        item_all_04_03_2025.csv
            Item Name | Sales Price | Sales Description
            A         | 10          | Anchor

        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 11
    """)
    description = origin(any_order, "sales_description")
    assert (description.value, description.file_name, description.since) == (
        "Anchor",
        "item_all_04_03_2025.csv",
        april(3),
    )
    assert description.last_file_name == "item_all_04_03_2025.csv"
    never = origin(any_order, "upc")
    assert (never.value, never.file_name, never.line_no, never.since, never.load_id) == (None,) * 5


def test_two_files_of_one_moment_each_bring_their_columns(any_order):
    any_order.deliver("""
        Item_04_03_2025_0_00_00.csv
            Item Name | Sales Price | Sales Description
            A         | 9           | Anchor

        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 10
    """)
    assert origin(any_order, "sales_price").file_name == "item_all_04_03_2025.csv"
    assert origin(any_order, "sales_description").file_name == "Item_04_03_2025_0_00_00.csv"


def test_a_record_that_was_deleted_and_came_back(any_order):
    any_order.deliver("""
        item_all_04_03_2025.csv
            Item Name | Sales Price | Sales Description
            A         | 10          | Anchor
            B         | 1           | Bolt

        item_all_04_05_2025.csv
            Item Name | Sales Price | Sales Description
            B         | 1           | Bolt

        Item_04_07_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 10
    """)
    gone = origin(any_order, "sales_price", at=april(6))
    assert (gone.closed_at, gone.value, gone.file_name) == (april(5), "10", "item_all_04_03_2025.csv")
    # The same price, said anew; the description was not: it is the one from before.
    assert origin(any_order, "sales_price").file_name == "Item_04_07_2025_2_00_00.csv"
    assert origin(any_order, "sales_description").file_name == "item_all_04_03_2025.csv"


def test_a_correction_and_a_withdrawal_change_what_a_value_comes_from(history):
    history.deliver("""
        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 10

        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 11
    """)
    first = origin(history, "sales_price")
    history.deliver("""
        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price
            Z         | 1
            A         | 11
    """)
    corrected = origin(history, "sales_price")
    assert (corrected.value, corrected.line_no) == ("11", 3)
    assert corrected.load_id > first.load_id
    history.set_status("Item_04_04_2025_2_00_00.csv", "withdrawn")
    history.refresh("items")
    assert origin(history, "sales_price").load_id == first.load_id


def test_lines_of_a_transaction(any_order):
    any_order.deliver("""
        Invoice_04_03_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-4            | 1                        | 95
            1001       | AK-5            | 7                        | 95
            1001       | AK-4            | 2                        | 95

        Invoice_04_04_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-5            | 7                        | 90
            1001       | AK-4            | 1                        | 90
            1001       | AK-4            | 3                        | 90
    """)

    def quantity(line, at=NOW):
        found = origin(any_order, "quantity", entity=INVOICES, key="1001", line=line, at=at)
        return found.value, found.file_name, found.line_no

    assert quantity(Line("AK-4", 2)) == ("3", "Invoice_04_04_2025_2_00_00.csv", 4)
    assert quantity(Line("AK-4", 1)) == ("1", "Invoice_04_03_2025_2_00_00.csv", 2)
    assert quantity(Line("AK-4", 2), at=april(3, 12)) == ("2", "Invoice_04_03_2025_2_00_00.csv", 4)
    total = origin(any_order, "total_amount", entity=INVOICES, key="1001")
    assert (total.value, total.file_name, total.line_no) == ("90", "Invoice_04_04_2025_2_00_00.csv", 4)


def test_every_column_and_every_record_that_had_the_name(history):
    history.deliver("""
        item_all_04_03_2025.csv
            Item Name | Sales Price | QuickBooks Internal Id
            A         | 10          | 80-1
            A         | 20          | 80-2
    """)
    with connect(history.url) as connection:
        found = origins(connection, ITEMS, key="A", at=NOW)
        assert origins(connection, ITEMS, key="nobody", at=NOW) == []
        assert origins(connection, ITEMS, key="A", at=april(2)) == []
        # What stands in a key is a value to the query, whatever it looks like.
        assert origins(connection, ITEMS, key="'; drop schema marts; --{x}%s", at=NOW) == []
    prices = [(value.record_key, value.value, value.line_no) for value in found if value.column_name == "sales_price"]
    assert prices == [("80-1", "10", 2), ("80-2", "20", 3)]
    columns = [column.name for column in ITEMS.columns if column.name != "s_no"]
    assert [value.column_name for value in found] == columns * 2


def test_a_blank_that_only_later_files_have(any_order):
    any_order.deliver("""
        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 10

        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price | Sales Description
            A         | 10          |

        Item_04_05_2025_2_00_00.csv
            Item Name | Sales Price | Sales Description
            A         | 10          |
    """)
    description = origin(any_order, "sales_description")
    assert (description.value, description.file_name) == (None, "Item_04_04_2025_2_00_00.csv")
    assert description.last_file_name == "Item_04_05_2025_2_00_00.csv"
