"""The worked example of the page that says what history means (section 5), word for word."""

from __future__ import annotations

import pytest
from timeline import files

EXPORTS = files("""
    item_all_04_03_2025.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 10.00       | 5
        B         | 3           | 1

    Item_04_04_2025_2_00_03.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 10.0        | 4
        C         | 8           |

    Item_04_05_2025_2_00_03.csv
        Item Name | Sales Price | Quantity On Hand
        A         |             | 4

    item_all_04_10_2025.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 10          | 4
        C         | 8           |
""")

VERSIONS = """
    item_name | sales_price | quantity_on_hand | from           | to
    A         | 10          | 5                | 04-03          | 04-04 02:00:03
    A         | 10          | 4                | 04-04 02:00:03 | 04-05 02:00:03
    A         |             | 4                | 04-05 02:00:03 | 04-10
    A         | 10          | 4                | 04-10          |
    B         | 3           | 1                | 04-03          | 04-10
    C         | 8           |                  | 04-04 02:00:03 |
"""

CHANGES = """
    item_name | column_name      | old_value | new_value | changed_at     | change_type | file_name
    A         | item_name        |           | A         | 04-03          | created     | item_all_04_03_2025.csv
    A         | sales_price      |           | 10        | 04-03          | created     | item_all_04_03_2025.csv
    A         | quantity_on_hand |           | 5         | 04-03          | created     | item_all_04_03_2025.csv
    A         | quantity_on_hand | 5         | 4         | 04-04 02:00:03 | changed     | Item_04_04_2025_2_00_03.csv
    A         | sales_price      | 10        |           | 04-05 02:00:03 | changed     | Item_04_05_2025_2_00_03.csv
    A         | sales_price      |           | 10        | 04-10          | changed     | item_all_04_10_2025.csv
    B         | item_name        |           | B         | 04-03          | created     | item_all_04_03_2025.csv
    B         | sales_price      |           | 3         | 04-03          | created     | item_all_04_03_2025.csv
    B         | quantity_on_hand |           | 1         | 04-03          | created     | item_all_04_03_2025.csv
    B         | _record          | active    |           | 04-10          | deleted     | item_all_04_10_2025.csv
    C         | item_name        |           | C         | 04-04 02:00:03 | created     | Item_04_04_2025_2_00_03.csv
    C         | sales_price      |           | 8         | 04-04 02:00:03 | created     | Item_04_04_2025_2_00_03.csv
"""


def test_in_any_order(any_order):
    any_order.deliver(EXPORTS)
    any_order.shows("snapshots.items_snapshot", VERSIONS)
    any_order.shows("marts.item_history", CHANGES)


@pytest.mark.parametrize("late", range(4), ids=[file.name for file in EXPORTS])
def test_with_one_file_delivered_last(history, late):
    history.deliver(EXPORTS[:late] + EXPORTS[late + 1 :])
    history.deliver([EXPORTS[late]])
    history.shows("snapshots.items_snapshot", VERSIONS)
    history.shows("marts.item_history", CHANGES)
