"""The views of `monitoring` show what was planted."""

from __future__ import annotations

from timeline import File, files

from quickbooks_history.warehouse.connection import connect

TWO_MONTHS = """
    item_all_04_03_2025.csv
        Item Name | Sales Price
        A         | 10
        B         | 3

    Item_05_04_2025_2_00_03.csv
        Item Name | Sales Price
        A         | 11
"""
BROKEN = "Item_05_05_2025_2_00_03.csv"


def test_monitoring_shows_what_there_is(history):
    history.load(files(TWO_MONTHS))
    history.load([File(BROKEN, "")])
    with connect(history.url) as connection:
        connection.execute('create index status_of_items on raw.items ("Status")')
        connection.execute('create index prices_of_items on raw.items ("Sales Price")')
        connection.execute("set enable_seqscan = off")
        connection.execute("""select from raw.items where "Sales Price" = '10'""")
        connection.execute("select pg_stat_force_next_flush()")
    history.dbt.build("monitoring")

    [(file_name, reason, mended)] = history.rows("monitoring.rejected_files", ["file_name", "reason", "is_mended"])
    assert (file_name, mended) == (BROKEN, False)
    assert "empty" in reason
    assert history.rows("monitoring.raw_growth", ["table_name", "files", "rows_added", "rows_total"]) == [
        ("items", 2, 3, 3)
    ]
    fresh = {row[0]: row[1:] for row in history.rows("monitoring.freshness", ["entity", "latest_file"])}
    assert fresh == {
        "customers": (None,),
        "invoices": (None,),
        "sales_receipts": (None,),
        "items": ("Item_05_04_2025_2_00_03.csv",),
    }
    durations = history.rows("monitoring.load_durations", ["file_name", "row_count", "load_seconds"])
    assert [row[:2] for row in durations] == [("Item_05_04_2025_2_00_03.csv", 1), ("item_all_04_03_2025.csv", 2)]
    assert all(0 < seconds < 60 for *_, seconds in durations)

    unused = {name for (name,) in history.rows("monitoring.unused_indexes", ["index_name"])}
    assert "raw.status_of_items" in unused
    assert not unused & {"raw.prices_of_items", "meta.loads_pkey"}
    assert not any("2025_04" in name for name in unused), "an index of a partition is that of its table"

    sizes = {
        row[:2]: row[2:] for row in history.rows("monitoring.table_sizes", ["schema_name", "table_name", "total_bytes"])
    }
    with connect(history.url) as connection:
        (expected,) = connection.execute(
            "select sum(pg_total_relation_size(oid)) from pg_class where relname ~ '^items_' and relkind = 'r'"
            " and relnamespace = 'raw'::regnamespace"
        ).fetchone()
    assert sizes["raw", "items"] == (expected,)
    assert ("meta", "loads") in sizes
    assert not any("2025" in table for _, table in sizes)
