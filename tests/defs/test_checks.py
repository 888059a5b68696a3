"""The append check must fail when raw is not what the loads brought."""

from __future__ import annotations

import dagster as dg
import psycopg
import pytest

from quickbooks_history.defs.checks import raw_rows_as_in_ledger
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse.schema import ensure_schema

ROW = "insert into raw.items (\"Item Name\", _load_id, _exported_at) values ('A', %s, '2025-04-03')"


@pytest.fixture
def connection(database: str, monkeypatch: pytest.MonkeyPatch) -> psycopg.Connection:
    """A warehouse whose ledger says that load 1 brought two rows of items, and raw has them."""
    for name, value in warehouse.tool_environment(database).items():
        monkeypatch.setenv(name, value)
    opened = warehouse.connect(database)
    ensure_schema(opened)
    opened.execute(
        "insert into meta.loads (entity, file_name, scope, exported_at, row_count, status, file_path, extracted_at)"
        " values ('items', 'item_all_04_03_2025.csv', 'full', '2025-04-03', 2, 'loaded', '', now())"
    )
    opened.execute(ROW, [1])
    opened.execute(ROW, [1])
    return opened


def _passed() -> dict[str, bool]:
    job = dg.Definitions(
        asset_checks=[raw_rows_as_in_ledger], resources={"warehouse": WarehouseResource()}
    ).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    return {evaluation.asset_key.path[-1]: evaluation.passed for evaluation in result.get_asset_check_evaluations()}


def test_rows_as_in_the_ledger_pass(connection: psycopg.Connection) -> None:
    assert _passed() == dict.fromkeys(ENTITIES, True)


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("a row was lost", "delete from raw.items where ctid = (select min(ctid) from raw.items)"),
        ("rows were loaded twice", "insert into raw.items select * from raw.items"),
        ("a row of no load", "insert into raw.items (\"Item Name\") values ('B')"),
        ("the ledger lost a load", "delete from meta.loads"),
    ],
)
def test_any_difference_fails(connection: psycopg.Connection, what: str, statement: str) -> None:
    connection.execute(statement)
    assert _passed() == {**dict.fromkeys(ENTITIES, True), "items": False}, what
