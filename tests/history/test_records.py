"""Timelines of items: how the records of a list open, change, end and return (rules 1 to 7)."""

from __future__ import annotations

CHANGES = "change_type <> 'created'"
"""What became of records after they were first seen."""


def test_a_late_file_makes_a_version_vanish(history):
    """The price rose before the file that was thought to bring it: that file changes nothing any more."""
    history.deliver("""
        Item_04_03_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 10
    """)
    history.deliver("""
        Item_04_07_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 12
    """)
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to             | file_name
        A         | 10          | 04-03 02:00:00 | 04-07 02:00:00 | Item_04_03_2025_2_00_00.csv
        A         | 12          | 04-07 02:00:00 |                | Item_04_07_2025_2_00_00.csv
        """,
    )
    history.deliver("""
        Item_04_05_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 12
    """)
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to             | file_name
        A         | 10          | 04-03 02:00:00 | 04-05 02:00:00 | Item_04_03_2025_2_00_00.csv
        A         | 12          | 04-05 02:00:00 |                | Item_04_05_2025_2_00_00.csv
        """,
    )
    history.shows(
        "marts.item_history",
        """
        item_name | column_name | old_value | new_value | changed_at     | change_type | file_name
        A         | item_name   |           | A         | 04-03 02:00:00 | created     | Item_04_03_2025_2_00_00.csv
        A         | sales_price |           | 10        | 04-03 02:00:00 | created     | Item_04_03_2025_2_00_00.csv
        A         | sales_price | 10        | 12        | 04-05 02:00:00 | changed     | Item_04_05_2025_2_00_00.csv
        """,
    )


def test_a_late_file_splits_a_version(any_order):
    """A price that was raised and taken back between two files that agree."""
    any_order.deliver("""
        Item_04_03_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 10

        Item_04_05_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 12

        Item_04_07_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 10
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 10          | 04-03 02:00:00 | 04-05 02:00:00
        A         | 12          | 04-05 02:00:00 | 04-07 02:00:00
        A         | 10          | 04-07 02:00:00 |
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        item_name | column_name | old_value | new_value | changed_at
        A         | sales_price | 10        | 12        | 04-05 02:00:00
        A         | sales_price | 12        | 10        | 04-07 02:00:00
        """,
        where=CHANGES,
    )


def test_a_full_export_deletes_in_the_past_what_was_seen_later(any_order):
    """Nothing about A changed in the end, and yet it was not there on the 5th."""
    any_order.deliver("""
        Item_04_03_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 10

        item_all_04_05_2025.csv
            Item Name | Sales Price
            B         | 3

        Item_04_07_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 10
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 10          | 04-03 02:00:00 | 04-05
        A         | 10          | 04-07 02:00:00 |
        B         | 3           | 04-05          |
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        item_name | column_name | old_value | new_value | changed_at     | change_type | file_name
        A         | _record     | active    |           | 04-05          | deleted     | item_all_04_05_2025.csv
        A         | _record     |           | active    | 04-07 02:00:00 | restored    | Item_04_07_2025_2_00_00.csv
        """,
        where=CHANGES,
    )


def test_a_record_returns_with_other_values(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price | Quantity On Hand | Status
            A         | 10          | 5                | true
            B         | 3           | 1                | true

        item_all_04_02_2025.csv
            Item Name | Sales Price | Quantity On Hand | Status
            B         | 3           | 1                | true

        item_all_04_03_2025.csv
            Item Name | Sales Price | Quantity On Hand | Status
            B         | 3           | 1                | true

        item_all_04_04_2025.csv
            Item Name | Sales Price | Quantity On Hand | Status
            A         | 12          |                  | true
            B         | 3           | 1                | true
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | quantity_on_hand | from  | to
        A         | 10          | 5                | 04-01 | 04-02
        A         | 12          |                  | 04-04 |
        B         | 3           | 1                | 04-01 |
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        item_name | column_name      | old_value | new_value | changed_at | change_type | file_name
        A         | _record          | active    |           | 04-02      | deleted     | item_all_04_02_2025.csv
        A         | _record          |           | active    | 04-04      | restored    | item_all_04_04_2025.csv
        A         | sales_price      | 10        | 12        | 04-04      | changed     | item_all_04_04_2025.csv
        A         | quantity_on_hand | 5         |           | 04-04      | changed     | item_all_04_04_2025.csv
        """,
        where=CHANGES,
    )


def test_a_partial_export_never_closes(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price
            A         | 10
            B         | 3

        Item_04_02_2025_2_00_00.csv
            Item Name | Sales Price
            B         | 4

        Item_04_03_2025_2_00_00.csv
            Item Name | Sales Price
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 10          | 04-01          |
        B         | 3           | 04-01          | 04-02 02:00:00
        B         | 4           | 04-02 02:00:00 |
        """,
    )


def test_a_full_export_of_nothing_closes_all(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price
            A         | 10
            B         | 3

        item_all_04_02_2025.csv
            Item Name | Sales Price

        Item_04_03_2025_2_00_00.csv
            Item Name | Sales Price
            B         | 3
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 10          | 04-01          | 04-02
        B         | 3           | 04-01          | 04-02
        B         | 3           | 04-03 02:00:00 |
        """,
    )


def test_blank_to_value_to_blank(any_order):
    any_order.deliver("""
        Item_04_01_2025_2_00_00.csv
            Item Name | Sales Price | Sales Description
            A         |             | Anchor

        Item_04_02_2025_2_00_00.csv
            Item Name | Sales Price | Sales Description
            A         | 10          |

        Item_04_03_2025_2_00_00.csv
            Item Name | Sales Price | Sales Description
            A         |             | Anchor
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | sales_description | from           | to
        A         |             | Anchor            | 04-01 02:00:00 | 04-02 02:00:00
        A         | 10          |                   | 04-02 02:00:00 | 04-03 02:00:00
        A         |             | Anchor            | 04-03 02:00:00 |
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        column_name       | old_value | new_value | changed_at     | change_type
        item_name         |           | A         | 04-01 02:00:00 | created
        sales_description |           | Anchor    | 04-01 02:00:00 | created
        sales_price       |           | 10        | 04-02 02:00:00 | changed
        sales_description | Anchor    |           | 04-02 02:00:00 | changed
        sales_price       | 10        |           | 04-03 02:00:00 | changed
        sales_description |           | Anchor    | 04-03 02:00:00 | changed
        """,
    )


def test_a_rename_keeps_the_record_that_has_an_id(any_order):
    """And without an id one name ends and another begins."""
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price | QuickBooks Internal Id
            Anchor    | 10          | 8000010C-1637186072
            Bolt      | 3           |

        item_all_04_02_2025.csv
            Item Name | Sales Price | QuickBooks Internal Id
            Anchor M8 | 10          | 8000010C-1637186072
            Bolt M8   | 3           |
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        record_key          | item_name | sales_price | from  | to
        8000010C-1637186072 | Anchor    | 10          | 04-01 | 04-02
        8000010C-1637186072 | Anchor M8 | 10          | 04-02 |
        Bolt                | Bolt      | 3           | 04-01 | 04-02
        Bolt M8             | Bolt M8   | 3           | 04-02 |
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        record_key          | column_name | old_value | new_value | changed_at | change_type
        8000010C-1637186072 | item_name   |           | Anchor    | 04-01      | created
        8000010C-1637186072 | sales_price |           | 10        | 04-01      | created
        8000010C-1637186072 | item_name   | Anchor    | Anchor M8 | 04-02      | changed
        Bolt                | item_name   |           | Bolt      | 04-01      | created
        Bolt                | sales_price |           | 3         | 04-01      | created
        Bolt                | _record     | active    |           | 04-02      | deleted
        Bolt M8             | item_name   |           | Bolt M8   | 04-02      | created
        Bolt M8             | sales_price |           | 3         | 04-02      | created
        """,
    )


def test_two_files_of_one_moment_are_applied_column_over_column(any_order):
    """The full export speaks last, but has no word on the description; its silence on C counts."""
    any_order.deliver("""
        Item_04_03_2025_0_00_00.csv
            Item Name | Sales Price | Sales Description
            A         | 10          | Anchor
            B         | 3           | Bolt
            C         | 8           | Clamp

        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 11
            B         | 3
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | sales_description | from  | to
        A         | 11          | Anchor            | 04-03 |
        B         | 3           | Bolt              | 04-03 |
        """,
    )


def test_at_one_moment_only_what_holds_in_the_end_counts(any_order):
    """A rises and falls back within the moment; B, which only the partial export lists, ends at it."""
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price
            A         | 10
            B         | 3

        Item_04_03_2025_0_00_00.csv
            Item Name | Sales Price
            A         | 99
            B         | 99

        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 10

        Item_04_05_2025_2_00_00.csv
            Item Name | Sales Price
            B         | 3
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 10          | 04-01          |
        B         | 3           | 04-01          | 04-03
        B         | 3           | 04-05 02:00:00 |
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        item_name | column_name | old_value | new_value | changed_at     | change_type | file_name
        B         | _record     | active    |           | 04-03          | deleted     | item_all_04_03_2025.csv
        B         | _record     |           | active    | 04-05 02:00:00 | restored    | Item_04_05_2025_2_00_00.csv
        """,
        where=CHANGES,
    )


def test_a_narrower_template_changes_nothing_that_it_does_not_show(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price | Sales Description | Quantity On Order | Inventory Date
            A         | 10          | Anchor            | 7                 | 01-31-2025

        item_all_04_02_2025.csv
            Item Name | Sales Price
            A         | 10

        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 12

        item_all_04_04_2025.csv
            Item Name | Sales Price | Sales Description | Quantity On Order | Inventory Date
            A         | 12          | Anchor            |                   | 01/31/2025
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | sales_description | quantity_on_order | inventory_date | from  | to
        A         | 10          | Anchor            | 7                 | 2025-01-31     | 04-01 | 04-03
        A         | 12          | Anchor            | 7                 | 2025-01-31     | 04-03 | 04-04
        A         | 12          | Anchor            |                   | 2025-01-31     | 04-04 |
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        column_name       | old_value | new_value | changed_at | change_type
        sales_price       | 10        | 12        | 04-03      | changed
        quantity_on_order | 7         |           | 04-04      | changed
        """,
        where=CHANGES,
    )


def test_a_column_that_is_absent_keeps_its_value_across_a_deletion(any_order):
    """And a column that was blank when it was last seen stays blank, whatever it was before."""
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price | Sales Description | UPC
            A         | 10          | Anchor            | 0001
            B         | 3           | Bolt              | 0002

        item_all_04_02_2025.csv
            Item Name | Sales Price | Sales Description
            A         | 10          |
            B         | 3           | Bolt

        item_all_04_03_2025.csv
            Item Name | Sales Price
            C         | 8

        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 10
            B         | 4
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | sales_description | upc  | from           | to
        A         | 10          | Anchor            | 0001 | 04-01          | 04-02
        A         | 10          |                   | 0001 | 04-02          | 04-03
        A         | 10          |                   | 0001 | 04-04 02:00:00 |
        B         | 3           | Bolt              | 0002 | 04-01          | 04-03
        B         | 4           | Bolt              | 0002 | 04-04 02:00:00 |
        C         | 8           |                   |      | 04-03          |
        """,
    )


def test_a_column_that_appears_later_changes_from_null(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price
            A         | 10
            B         | 3

        item_all_04_02_2025.csv
            Item Name | Sales Price | Sales Description
            A         | 10          | Anchor
            B         | 3           |
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | sales_description | from  | to
        A         | 10          |                   | 04-01 | 04-02
        A         | 10          | Anchor            | 04-02 |
        B         | 3           |                   | 04-01 |
        """,
    )


def test_of_duplicate_rows_the_last_counts(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price | Quantity On Hand
            A         | 10          | 5
            B         | 3           | 1
            A         | 11          |
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | quantity_on_hand | line_no | from  | to
        A         | 11          |                  | 4       | 04-01 |
        B         | 3           | 1                | 3       | 04-01 |
        """,
    )
    any_order.shows(
        "staging.data_quality_issues",
        """
        entity | file_name               | line_no | column_name | raw_value
        items  | item_all_04_01_2025.csv | 2       |             | A
        """,
    )


def test_a_row_without_key_is_left_out_and_counted(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Sales Price | QuickBooks Internal Id
            A         | 10          |
                      | 99          |
                      | 3           | 8000010C-1637186072
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        record_key          | item_name | sales_price | from  | to
        A                   | A         | 10          | 04-01 |
        8000010C-1637186072 |           | 3           | 04-01 |
        """,
    )
    any_order.shows(
        "staging.data_quality_issues",
        """
        entity | file_name               | line_no | column_name | raw_value
        items  | item_all_04_01_2025.csv | 3       | Item Name   |
        """,
    )


def test_one_value_written_in_several_ways_is_no_change(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            Item Name | Purchase Cost | Sales Price | Quantity On Hand | Inventory Date
            A         | 10            | 1010        | -12              | 01-31-2025
            B         | 70            | 0.5         | 0                | 02-01-2025

        item_all_04_02_2025.csv
            Item Name | Purchase Cost | Sales Price | Quantity On Hand | Inventory Date
            A         | 10.0          | 1,010.00    | (12.00)          | 01/31/2025
            B         | $70.00        | .50         | 0.00             | 02/01/2025

        item_all_04_03_2025.csv
            Item Name | Purchase Cost | Sales Price | Quantity On Hand | Inventory Date
            A         | 10.00         | $1,010.0    | -12.000          | 2025-01-31
            B         | $70           | 0.500       | -0               | 2025-02-01
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | purchase_cost | sales_price | quantity_on_hand | inventory_date | from  | to
        A         | 10            | 1010        | -12              | 2025-01-31     | 04-01 |
        B         | 70            | 0.5         | 0                | 2025-02-01     | 04-01 |
        """,
    )


def test_the_rows_place_in_the_file_is_no_change(any_order):
    any_order.deliver("""
        item_all_04_01_2025.csv
            S No | Item Name | Sales Price
            1    | A         | 10
            2    | B         | 3

        item_all_04_02_2025.csv
            S No | Item Name | Sales Price
            1    | B         | 3
            2    | A         | 10
    """)
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | s_no | from  | to
        A         | 1    | 04-01 |
        B         | 2    | 04-01 |
        """,
    )


def test_customers_have_history_like_items(any_order):
    any_order.deliver("""
        customer_all_04_01_2025.csv
            Customer Name    | Main Phone | Current Balance | QuickBooks Internal Id
            Northside Paving | 555-0101   | 1,490.40        | 80000001-1600000000
            Harbor Works     | 555-0102   | 0.00            | 80000002-1600000000

        Customer_04_02_2025_2_00_00.csv
            Customer Name    | Current Balance | QuickBooks Internal Id
            Northside Paving | (10.00)         | 80000001-1600000000

        customer_all_04_03_2025.csv
            Customer Name     | Main Phone | Current Balance | QuickBooks Internal Id
            Northside Pavings | 555-0101   | -10             | 80000001-1600000000
    """)
    any_order.shows(
        "marts.customer_history",
        """
        customer_name     | column_name     | old_value        | new_value         | changed_at     | change_type
        Northside Paving  | current_balance | 1490.4           | -10               | 04-02 02:00:00 | changed
        Northside Pavings | customer_name   | Northside Paving | Northside Pavings | 04-03          | changed
        Harbor Works      | _record         | active           |                   | 04-03          | deleted
        """,
        where=CHANGES,
    )
