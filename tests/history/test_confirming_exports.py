"""A full export that repeats the one before: what it confirms is not replayed, and what it only seems to confirm is.

Each test writes a value into an open version that no file has. A record that is replayed from there changes back at the
next export, so that its versions tell whether it was.
"""

from __future__ import annotations

import pytest

from quickbooks_history.warehouse.connection import connect

FULL = """
    item_all_04_03_2025.csv
        S No | Item Name | Sales Price | Status
        1    | A         | 10          | Active
        2    | B         | 3           | Active
"""

CONFIRMED = "A | 999 | 04-03 |"
REPLAYED = """
        A | 999 | 04-03 | 04-05
        A | 10  | 04-05 |
"""


def deliver_again(history, later, before=""):
    """Bring the first full export, and what comes before the later one, into history; tamper with it; deliver that."""
    history.deliver(FULL + before)
    with connect(history.url) as connection:
        connection.execute(
            "update snapshots.items_snapshot set sales_price = 999 where record_key = 'A' and dbt_valid_to is null"
        )
    history.deliver(later)


def shows(history, versions, *keys):
    """Assert that these are all versions of some records: name, price, from, to."""
    history.shows(
        "snapshots.items_snapshot",
        f"item_name | sales_price | from | to\n{versions}",
        where=f"record_key in {(*keys, '')}",
    )


def test_what_an_export_repeats_is_not_replayed(history):
    deliver_again(
        history,
        """
        item_all_04_05_2025.csv
            S No | Item Name | Sales Price | Status
            1    | C         | 1           | Active
            2    | A         | 10          | Active
            3    | B         | 4           | Active
        """,
    )
    shows(history, CONFIRMED, "A")
    shows(
        history,
        """
        B         | 3           | 04-03 | 04-05
        B         | 4           | 04-05 |
        C         | 1           | 04-05 |
        """,
        "B",
        "C",
    )


def test_what_it_no_longer_lists_ends(history):
    deliver_again(
        history,
        """
        item_all_04_05_2025.csv
            S No | Item Name | Sales Price | Status
            1    | A         | 10          | Active
        """,
    )
    shows(history, CONFIRMED, "A")
    shows(
        history,
        """
        B         | 3           | 04-03 | 04-05
        """,
        "B",
    )


AGAIN = """
    item_all_04_05_2025.csv
        S No | Item Name | Sales Price | Status
        1    | A         | 10          | Active
        2    | B         | 3           | Active
"""


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(AGAIN.replace("10          | Active", "10.0        | Active"), id="written otherwise"),
        pytest.param(AGAIN.replace("10          | Active", "10          |"), id="another cell is blank"),
        pytest.param(
            """
            item_all_04_05_2025.csv
                S No | Item Name | Sales Price
                1    | A         | 10
                2    | B         | 3
            """,
            id="other columns",
        ),
        pytest.param(AGAIN + "        3    | A         | 10          | Active\n", id="listed twice"),
        pytest.param(
            AGAIN
            + """
            Item_04_05_2025_0_00_00.csv
                Item Name | Sales Price
                B         | 5
            """,
            id="with a partial export of its moment",
        ),
        pytest.param(
            AGAIN
            + """
            Item_04_04_2025_2_00_00.csv
                Item Name | Sales Price
                B         | 5
            """,
            id="with an earlier one",
        ),
    ],
)
def test_what_is_not_plainly_the_same_is_replayed(history, later):
    deliver_again(history, later)
    shows(history, REPLAYED, "A")


def test_what_was_listed_in_between_is_replayed(history):
    """By the observation in between it has another value; the last full export does not confirm the first."""
    deliver_again(
        history,
        AGAIN,
        before="""
        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price
            A         | 11
        """,
    )
    shows(
        history,
        """
        A | 10  | 04-03          | 04-04 02:00:00
        A | 999 | 04-04 02:00:00 | 04-05
        A | 10  | 04-05          |
        """,
        "A",
    )


def test_an_export_that_others_follow_confirms_nothing(history):
    deliver_again(
        history,
        AGAIN,
        before="""
        item_all_04_06_2025.csv
            S No | Item Name | Sales Price | Status
            1    | A         | 10          | Active
            2    | B         | 3           | Active
        """,
    )
    shows(history, REPLAYED, "A")


def test_a_correction_of_the_newest_export_confirms_nothing(history):
    """What it corrects was applied; that a record is as it was before says nothing of what it was in between."""
    deliver_again(
        history,
        AGAIN,
        before="""
        item_all_04_05_2025.csv
            S No | Item Name | Sales Price | Status
            1    | A         | 12          | Active
            2    | B         | 3           | Active
        """,
    )
    shows(
        history,
        """
        A         | 10          | 04-03 |
        """,
        "A",
    )


def test_checks_pass_where_a_record_came_and_went_between_two_full_exports(history):
    """Neither of the two lists it, and its end is told at the second."""
    history.deliver(
        FULL
        + """
        Item_04_04_2025_2_00_00.csv
            Item Name | Sales Price
            K         | 5
        """
    )
    history.deliver(AGAIN)
    shows(history, "K | 5 | 04-04 02:00:00 | 04-05", "K")
    history.dbt.build_all()


def test_headers_that_are_none_of_ours_are_no_matter_however_they_are_written(history):
    for export in (FULL, AGAIN.replace("B         | 3 ", "B         | 4 ")):
        history.deliver(export.replace("Status", 'Length 12" | record_key').replace("Active", "7 | x"))
    history.dbt.build_all()
    shows(history, "B | 3 | 04-03 | 04-05\nB | 4 | 04-05 |", "B")
