"""Comparison of history with what was recomputed, and its replacement, on tables laid out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.recomputation import adopt_columns, compare, replace, scratch_schema
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = [("staging", "effective_loads"), ("snapshots", "items_snapshot")]

AS_RECOMPUTED = """
    create schema quickbooks_history_scratch;
    create table quickbooks_history_scratch.effective_loads (load_id bigint, entity text);
    insert into quickbooks_history_scratch.effective_loads values (1, 'items'), (2, 'items'), (3, 'invoices');
    create table quickbooks_history_scratch.items_snapshot (record_key text, sales_price numeric, dbt_scd_id text);
    insert into quickbooks_history_scratch.items_snapshot values ('A', 1, 'a1'), ('A', 2, 'a2'), ('B', null, 'b1');
"""
AS_IT_IS = """
    create schema staging;
    create schema snapshots;
    create table staging.effective_loads as table quickbooks_history_scratch.effective_loads;
    create table snapshots.items_snapshot as table quickbooks_history_scratch.items_snapshot;
"""


@pytest.fixture
def warehouse(database: str) -> Iterator[psycopg.Connection]:
    """A warehouse whose history is what was recomputed."""
    with connect(database) as connection:
        ensure_schema(connection)
        for load_id, entity in ((1, "items"), (2, "items"), (3, "invoices")):
            connection.execute(
                "insert into meta.loads"
                " (entity, file_name, scope, exported_at, status, file_path, extracted_at, sha256)"
                " values (%s, 'x.csv', 'partial', now(), 'loaded', 'x.csv', now(), %s)",
                [entity, str(load_id)],
            )
        connection.execute(AS_RECOMPUTED)
        connection.execute(AS_IT_IS)
        yield connection


def test_what_is_as_recomputed_agrees(warehouse: psycopg.Connection) -> None:
    comparison = compare(warehouse, "snapshots", "items_snapshot")
    assert comparison.agrees
    assert comparison.in_words == "agrees, 3 rows"


def test_each_kind_of_difference_is_counted_and_shown(warehouse: psycopg.Connection) -> None:
    warehouse.execute("update snapshots.items_snapshot set sales_price = 7 where dbt_scd_id = 'b1'")
    warehouse.execute("delete from snapshots.items_snapshot where dbt_scd_id = 'a1'")
    warehouse.execute("insert into snapshots.items_snapshot values ('C', 1, 'c1'), ('C', 1, 'c1')")
    comparison = compare(warehouse, "snapshots", "items_snapshot")
    assert (comparison.missing, comparison.surplus, comparison.wrong) == (1, 2, 1)
    assert comparison.in_words == "differs, 3 rows recomputed: 1 missing; 2 surplus; 1 wrong"
    shown = {
        (d.kind, (d.there or {}).get("sales_price"), (d.recomputed or {}).get("sales_price")) for d in comparison.first
    }
    assert shown == {("wrong", 7, None), ("missing", None, 1), ("surplus", 1, None)}


def test_a_row_that_is_there_twice_is_one_too_many(warehouse: psycopg.Connection) -> None:
    warehouse.execute("insert into snapshots.items_snapshot select * from snapshots.items_snapshot limit 1")
    comparison = compare(warehouse, "snapshots", "items_snapshot")
    assert (comparison.missing, comparison.surplus, comparison.wrong) == (0, 1, 0)


def test_a_column_and_a_table_that_are_not_there_are_differences(warehouse: psycopg.Connection) -> None:
    warehouse.execute("alter table snapshots.items_snapshot drop column sales_price")
    assert compare(warehouse, "snapshots", "items_snapshot").absent_columns == ("sales_price",)
    warehouse.execute("drop table snapshots.items_snapshot")
    comparison = compare(warehouse, "snapshots", "items_snapshot")
    assert not comparison.agrees
    assert comparison.missing == 3


def test_a_replaced_history_is_what_was_recomputed(warehouse: psycopg.Connection) -> None:
    warehouse.execute("update snapshots.items_snapshot set sales_price = 7, record_key = 'Z'")
    warehouse.execute("alter table snapshots.items_snapshot drop column record_key")
    warehouse.execute("insert into meta.stale_history values ('items', 'A')")
    warehouse.execute("insert into meta.applied_loads values ('items_snapshot', 3)")
    was = replace(warehouse, TABLES)
    assert [comparison.agrees for comparison in was] == [True, False]
    assert compare(warehouse, "snapshots", "items_snapshot").agrees
    assert warehouse.execute("select * from meta.stale_history").fetchall() == []
    assert warehouse.execute("select * from meta.applied_loads order by 1, 2").fetchall() == [
        ("invoice_lines_snapshot", 3),
        ("invoices_snapshot", 3),
        ("items_snapshot", 1),
        ("items_snapshot", 2),
    ]


def test_a_column_of_another_type_is_a_difference_and_replaced(warehouse: psycopg.Connection) -> None:
    warehouse.execute("alter table snapshots.items_snapshot alter column sales_price type text")
    assert compare(warehouse, "snapshots", "items_snapshot").absent_columns == ("sales_price",)
    replace(warehouse, TABLES)
    assert compare(warehouse, "snapshots", "items_snapshot").agrees


def test_tests_look_at_all_of_a_replaced_history(warehouse: psycopg.Connection) -> None:
    replace(warehouse, TABLES)
    assert warehouse.execute("select * from meta.unchecked_records").fetchall() == []
    warehouse.execute("update snapshots.items_snapshot set sales_price = 7")
    replace(warehouse, TABLES)
    assert warehouse.execute("select record_key from meta.unchecked_records").fetchall() == [("*",)]


def test_tables_that_agree_are_not_written_to(warehouse: psycopg.Connection) -> None:
    identities = "select ctid, xmin from snapshots.items_snapshot order by 1"
    before = warehouse.execute(identities).fetchall()
    replace(warehouse, TABLES)
    assert warehouse.execute(identities).fetchall() == before


def test_readers_see_the_old_history_or_the_new(warehouse: psycopg.Connection, database: str) -> None:
    """One who began to read before the replacement reads the old to the end, and waits for nothing."""
    warehouse.execute("update snapshots.items_snapshot set sales_price = 7")
    prices = "select array_agg(sales_price order by dbt_scd_id) from snapshots.items_snapshot"
    with psycopg.connect(database, options="-c lock_timeout=2s") as reader, reader.transaction():
        reader.execute("set transaction isolation level repeatable read")
        reader.execute("select count(*) from staging.effective_loads")  # it has not looked at the snapshot yet
        replace(warehouse, TABLES)
        assert reader.execute(prices).fetchone() == ([7, 7, 7],)
    assert warehouse.execute(prices).fetchone() == ([1, 2, None],)


def test_a_failed_replacement_leaves_all_as_it_was(warehouse: psycopg.Connection) -> None:
    warehouse.execute("update staging.effective_loads set entity = 'customers'")
    warehouse.execute("update snapshots.items_snapshot set sales_price = 7")
    warehouse.execute("alter table snapshots.items_snapshot add check (sales_price = 7)")
    with pytest.raises(psycopg.errors.CheckViolation):
        replace(warehouse, TABLES)
    assert warehouse.execute("select distinct entity from staging.effective_loads").fetchall() == [("customers",)]
    assert warehouse.execute("select distinct sales_price from snapshots.items_snapshot").fetchall() == [(7,)]


def test_the_scratch_schema_goes_also_when_the_work_fails(warehouse: psycopg.Connection) -> None:
    exists = "select to_regnamespace('quickbooks_history_scratch') is not null"

    def fail_in_scratch() -> None:
        with scratch_schema(warehouse):
            assert warehouse.execute(exists).fetchone() == (False,)
            warehouse.execute("create schema quickbooks_history_scratch")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_in_scratch()
    assert warehouse.execute(exists).fetchone() == (False,)


def test_a_rebuild_adopts_columns_that_the_contract_has_learnt(warehouse: psycopg.Connection) -> None:
    """A load that brought a column which nothing knew has it from then on, and its entity is applied anew."""
    warehouse.execute("update meta.loads set unknown_columns = '{UPC,Shelf}' where load_id = 1")
    warehouse.execute("insert into meta.applied_loads values ('items_snapshot', 1), ('invoices_snapshot', 3)")
    assert adopt_columns(warehouse) == 1
    assert adopt_columns(warehouse) == 0
    row = warehouse.execute("select observed_columns, unknown_columns from meta.loads where load_id = 1").fetchone()
    assert row == (["upc"], ["Shelf"])
    assert warehouse.execute("select snapshot from meta.applied_loads").fetchall() == [("invoices_snapshot",)]
