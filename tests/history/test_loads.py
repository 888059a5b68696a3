"""Timelines of loads: which of them count, and what a run does that brings nothing new (sections 1 and 2, rule 8)."""

from __future__ import annotations

from timeline import File, files

from quickbooks_history.warehouse.connection import connect

FULL = """
    item_all_04_03_2025.csv
        Item Name | Sales Price
        A         | 10
        B         | 3
"""

LATER = """
    Item_04_05_2025_2_00_00.csv
        Item Name | Sales Price
        A         | 12
"""

FULL_AND_LATER = """
    item_name | sales_price | from           | to
    A         | 10          | 04-03          | 04-05 02:00:00
    A         | 12          | 04-05 02:00:00 |
    B         | 3           | 04-03          |
"""


def test_a_correction_removes_a_row(any_order):
    """Of two files of one slot the one accepted last counts, and it alone."""
    any_order.deliver(
        FULL
        + """
        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 11
        """
        + LATER
    )
    any_order.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to             | file_name
        A         | 11          | 04-03          | 04-05 02:00:00 | item_all_04_03_2025.csv
        A         | 12          | 04-05 02:00:00 |                | Item_04_05_2025_2_00_00.csv
        """,
    )
    any_order.shows(
        "marts.item_history",
        """
        item_name | column_name | old_value | new_value | changed_at     | change_type
        A         | item_name   |           | A         | 04-03          | created
        A         | sales_price |           | 11        | 04-03          | created
        A         | sales_price | 11        | 12        | 04-05 02:00:00 | changed
        """,
    )


def test_a_correction_may_have_the_other_name_of_a_full_export(history):
    history.deliver(FULL)
    history.deliver("""
        01_BACKUP_Item_04_03_2025.csv
            Item Name | Sales Price
            A         | 11
    """)
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from  | to | file_name
        A         | 11          | 04-03 |    | 01_BACKUP_Item_04_03_2025.csv
        """,
    )


def test_a_correction_undoes_a_deletion(history):
    history.deliver(FULL)
    history.deliver("""
        item_all_04_04_2025.csv
            Item Name | Sales Price
            A         | 10
    """)
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from  | to
        A         | 10          | 04-03 |
        B         | 3           | 04-03 | 04-04
        """,
    )
    history.deliver("""
        item_all_04_04_2025.csv
            Item Name | Sales Price
            A         | 10
            B         | 3
    """)
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from  | to
        A         | 10          | 04-03 |
        B         | 3           | 04-03 |
        """,
    )


def test_a_duplicate_changes_nothing(history):
    """Not even when a correction came in between: the file that is there already is no news."""
    correction = FULL.replace("10", "11")
    history.deliver(FULL)
    history.deliver(correction)
    history.deliver(LATER)
    before = history.row_identities("snapshots.items_snapshot")
    history.deliver(FULL)
    history.deliver(correction)
    history.deliver(LATER)
    assert history.row_identities("snapshots.items_snapshot") == before
    history.shows(
        "meta.loads",
        """
        load_id | file_name                   | row_count | status
        1       | item_all_04_03_2025.csv     | 2         | loaded
        2       | item_all_04_03_2025.csv     | 2         | loaded
        3       | Item_04_05_2025_2_00_00.csv | 1         | loaded
        4       | item_all_04_03_2025.csv     | 0         | duplicate
        5       | item_all_04_03_2025.csv     | 0         | duplicate
        6       | Item_04_05_2025_2_00_00.csv | 0         | duplicate
        """,
    )


def test_a_run_that_brings_nothing_new_leaves_every_row(history):
    history.deliver(
        FULL
        + LATER
        + """
        Invoice_04_05_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Rate | Total Amount
            1001       | AK-4            | 70.00                | 95.77
            1001       | Sales tax       | 6.625%               | 95.77
        """
    )
    snapshots = ["snapshots.items_snapshot", "snapshots.invoices_snapshot", "snapshots.invoice_lines_snapshot"]
    before = {name: history.row_identities(name) for name in snapshots}
    history.refresh("items", "invoices")
    assert {name: history.row_identities(name) for name in snapshots} == before


def test_an_export_that_changes_nothing_leaves_every_row(history):
    history.deliver(FULL + LATER)
    before = history.row_identities("snapshots.items_snapshot")
    history.deliver("""
        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price
            B         | 3.00

        item_all_04_07_2025.csv
            Item Name | Sales Price
            A         | $12
            B         | 3.0
    """)
    assert history.row_identities("snapshots.items_snapshot") == before


def test_a_withdrawn_load_never_came(history):
    """Until the withdrawal is undone."""
    history.deliver(FULL + LATER)
    history.set_status("Item_04_05_2025_2_00_00.csv", "withdrawn")
    history.refresh("items")
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from  | to
        A         | 10          | 04-03 |
        B         | 3           | 04-03 |
        """,
    )
    history.set_status("Item_04_05_2025_2_00_00.csv", "loaded")
    history.refresh("items")
    history.shows("snapshots.items_snapshot", FULL_AND_LATER)


def test_without_the_full_export_the_partial_of_its_moment_holds(history):
    """C stands only in the partial of a moment whose full export does not list it: it was not there until that goes."""
    history.deliver(FULL)
    history.deliver("""
        Item_04_05_2025_0_00_00.csv
            Item Name | Sales Price
            C         | 8

        item_all_04_05_2025.csv
            Item Name | Sales Price
            A         | 10
            B         | 3
    """)
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from  | to
        A         | 10          | 04-03 |
        B         | 3           | 04-03 |
        """,
    )
    history.set_status("item_all_04_05_2025.csv", "withdrawn")
    history.refresh("items")
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from  | to
        A         | 10          | 04-03 |
        B         | 3           | 04-03 |
        C         | 8           | 04-05 |
        """,
    )


def test_without_its_correction_a_file_counts_again(history):
    history.deliver(FULL + LATER)
    history.deliver("""
        item_all_04_03_2025.csv
            Item Name | Sales Price
            A         | 11
    """)
    history.set_status("item_all_04_03_2025.csv", "withdrawn")
    history.refresh("items")
    history.shows("snapshots.items_snapshot", FULL_AND_LATER)


def test_all_loads_withdrawn_leave_nothing(history):
    history.deliver(FULL)
    history.set_status("item_all_04_03_2025.csv", "withdrawn")
    history.refresh("items")
    assert history.rows("snapshots.items_snapshot", ["record_key"]) == []
    assert history.rows("marts.item_history", ["record_key"]) == []
    assert len(history.rows("raw.items", ["_load_id"])) == 2


def test_a_held_load_waits(history):
    """A full export of nothing, held: nothing is deleted. Approved: everything is, at its moment."""
    history.deliver(FULL + LATER)
    history.load(
        files("""
        item_all_04_04_2025.csv
            Item Name | Sales Price
        """)
    )
    history.set_status("item_all_04_04_2025.csv", "held")
    history.refresh("items")
    history.shows("snapshots.items_snapshot", FULL_AND_LATER)
    history.set_status("item_all_04_04_2025.csv", "loaded")
    history.refresh("items")
    history.shows(
        "snapshots.items_snapshot",
        """
        item_name | sales_price | from           | to
        A         | 10          | 04-03          | 04-04
        A         | 12          | 04-05 02:00:00 |
        B         | 3           | 04-03          | 04-04
        """,
    )


def test_a_rejected_file_changes_nothing(history):
    history.deliver(FULL + LATER)
    before = history.row_identities("snapshots.items_snapshot")
    history.deliver([File("item_all_04_07_2025.csv", "Item Name,Sales Price\r\nC,8\r\n")])
    history.shows(
        "meta.loads",
        """
        file_name               | row_count | status
        item_all_04_07_2025.csv | 0         | rejected
        """,
        where="status <> 'loaded'",
    )
    assert history.row_identities("snapshots.items_snapshot") == before


def test_a_run_writes_the_loads_that_differ(history):
    """... and leaves `effective_loads` as if it were made anew; a row that is written has another `xmin`."""

    def loads() -> dict[int, tuple]:
        columns = ["load_id", "next_full_at", "observed_columns", "xmin"]
        return {load_id: row for load_id, *row in history.rows("staging.effective_loads", columns)}

    history.deliver(FULL + LATER + LATER.replace("04_05", "04_06"))
    before = loads()
    assert sorted(before) == [1, 2, 3]

    history.set_status("Item_04_06_2025_2_00_00.csv", "withdrawn")
    history.refresh("items")
    assert loads() == {1: before[1], 2: before[2]}, "one is in force no more, and the others stand"

    with connect(history.url) as connection:
        connection.execute("update meta.loads set observed_columns = observed_columns || '{upc}' where load_id = 2")
        connection.execute("insert into staging.effective_loads (load_id, is_full_at_moment) values (99, false)")
    history.refresh("items")
    with_upc = loads()
    assert with_upc.keys() == {1, 2}, "what the ledger does not have goes"
    assert with_upc[1] == before[1]
    assert with_upc[2][1] == [*before[2][1], "upc"]

    history.deliver(FULL.replace("04_03", "04_10"))
    assert [next_full_at is None for next_full_at, *_ in loads().values()] == [False, False, True]
