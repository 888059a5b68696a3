"""Views stay where they stand, with what others have built on them, and are what their models say."""

from __future__ import annotations

import pytest

from quickbooks_history.warehouse.connection import connect

FULL = """
    item_all_04_03_2025.csv
        Item Name | Sales Price
        A         | 10
"""

TAMPERINGS = {
    "not at all": "",
    "other rows": "create or replace view marts.products as select * from ({}) as products where false",
    "a column more": "create or replace view marts.products as select *, 1 as more from ({}) as products",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_view_is_what_its_model_says(history, tampering):
    """A view that only differs in rows is replaced where it stands: a view built on it goes on."""
    history.deliver(FULL)
    history.dbt.build("products")
    [(before, definition)] = _products(history)
    with connect(history.url) as connection:
        connection.execute(TAMPERINGS[tampering].format(definition.rstrip("; ")))
        connection.execute("create view public.mine as select item_name from marts.products")
    history.dbt.build("products")
    [(after, restored)] = _products(history)
    assert restored == definition
    history.shows("marts.products", "item_name | sales_price\n A | 10")
    if tampering == "a column more":
        # PostgreSQL takes no column out of a view: it is made anew, without what was built on it.
        assert after != before
    else:
        assert after == before
        history.shows("public.mine", "item_name\n A")


def test_a_table_in_the_place_of_a_view(history):
    history.deliver(FULL)
    with connect(history.url) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute("create table marts.products ()")
    history.dbt.build("products")
    history.shows("marts.products", "item_name | sales_price\n A | 10")


def _products(history):
    with connect(history.url) as connection:
        return connection.execute("""
            select oid, pg_get_viewdef(oid) from pg_class
            where relname like 'products%' and relkind = 'v' and relnamespace = 'marts'::regnamespace
        """).fetchall()
