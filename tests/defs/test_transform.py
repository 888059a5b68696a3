"""What a run of dbt tells in the web UI: what it wrote, and when it fails, at what and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import psycopg
import pytest
from psycopg.types.json import Jsonb

from quickbooks_history.defs.failures import DbtFailedError, failures_named
from quickbooks_history.defs.project import DBT_PROJECT
from quickbooks_history.defs.resources import InstalledDbtCliResource, WarehouseResource
from quickbooks_history.defs.transform import dbt_build
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.history import forget_unchecked, mark_everything_unchecked
from quickbooks_history.warehouse.schema import ensure_partition, ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ITEM_HISTORY = dg.AssetKey(["marts", "item_history"])
ITEMS_SNAPSHOT = dg.AssetKey(["snapshots", "items_snapshot"])
MADE = [dg.AssetKey(["staging", name]) for name in ("effective_loads", "base_items", "stg_items")] + [
    ITEMS_SNAPSHOT,
    ITEM_HISTORY,
]
NO_OVERLAPS = dg.AssetCheckKey(ITEMS_SNAPSHOT, "half_open_versions_items_snapshot_record_key")

Item = dict[str, str]


@pytest.fixture
def connection(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """An empty warehouse, which the runs of a test write to."""
    monkeypatch.setenv("QBH_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database)
    with connect(database) as opened:
        ensure_schema(opened)
        yield opened


def load(connection: psycopg.Connection, day: int, *items: Item) -> None:
    """Enter a partial export of items and its rows."""
    row = connection.execute(
        "insert into meta.loads (entity, file_name, scope, exported_at, row_count, status, file_path, extracted_at,"
        " sha256, observed_columns) values ('items', %(name)s, 'partial',"
        " make_timestamptz(2025, 4, %(day)s, 2, 0, 3, 'UTC'), %(rows)s, 'loaded', %(name)s, now(), %(name)s,"
        " '{item_name,purchase_cost,sales_price}') returning load_id, exported_at",
        {"name": f"Item_04_{day:02}_2025_2_00_03.csv", "day": day, "rows": len(items)},
    ).fetchone()
    assert row is not None
    load_id, exported_at = row
    ensure_partition(connection, "items", exported_at)
    connection.execute(
        'insert into raw.items ("Item Name", "Purchase Cost", "Sales Price", _load_id, _exported_at)'
        " select name, cost, price, %s, %s from jsonb_to_recordset(%s) as items (name text, cost text, price text)",
        [load_id, exported_at, Jsonb(items)],
    )


def build(*checks: dg.AssetCheckKey) -> dg.ExecuteInProcessResult:
    """Bring the history of items up to date, and check it in these ways only."""
    return materialize(dg.AssetSelection.assets(*MADE).without_checks() | dg.AssetSelection.checks(*checks))


def materialize(selection: dg.AssetSelection) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [dbt_build],
            selection=selection,
            instance=instance,
            resources={
                "warehouse": WarehouseResource(),
                "dbt": InstalledDbtCliResource(project_dir=str(DBT_PROJECT.project_dir)),
            },
            raise_on_error=False,
        )


def told(result: dg.ExecuteInProcessResult, key: dg.AssetKey) -> dict[str, Any]:
    """What a run tells of an asset."""
    assert result.success
    (event,) = [event for event in result.get_asset_materialization_events() if event.asset_key == key]
    return {name: value.value for name, value in event.materialization.metadata.items()}


def first_error(result: dg.ExecuteInProcessResult) -> list[str]:
    """The lines of what a person sees first of a run that failed."""
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    return failure.step_failure_data.user_failure_data.description.splitlines()


def test_a_run_tells_what_it_wrote(connection: psycopg.Connection) -> None:
    load(connection, 3, {"name": "A|1", "cost": "5", "price": "10"}, {"name": "B", "cost": "2", "price": "3"})
    load(connection, 5, {"name": "A|1", "cost": "5", "price": "12"})
    first = build()
    assert (told(first, ITEMS_SNAPSHOT)["new_versions"], told(first, ITEMS_SNAPSHOT)["records_changed"]) == (3, 2)
    history = told(first, ITEM_HISTORY)
    assert (history["records_created"], history["changes"], history["changes/sales_price"]) == (2, 1, 1)

    forget_unchecked(connection)  # as when all tests have passed

    # A late file: the price that was 10 and then 12 was 11 meanwhile. And B is left alone.
    load(connection, 4, {"name": "A|1", "cost": "4", "price": "11"})
    night = build()
    assert (told(night, ITEMS_SNAPSHOT)["new_versions"], told(night, ITEMS_SNAPSHOT)["records_changed"]) == (1, 1)
    history = told(night, ITEM_HISTORY)
    assert (history["records_created"], history["changes"], history["changes/purchase_cost"]) == (0, 4, 2)
    assert history["biggest_price_changes"].splitlines() == [
        "| item | column | old | new | difference | percent | changed at | file |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- | --- |",
        "| A\\|1 | purchase_cost | 5 | 4 | -1 | -20.0 | 2025-04-04 02:00:03 | Item_04_04_2025_2_00_03.csv |",
        "| A\\|1 | purchase_cost | 4 | 5 | 1 | 25.0 | 2025-04-05 02:00:03 | Item_04_05_2025_2_00_03.csv |",
        "| A\\|1 | sales_price | 10 | 11 | 1 | 10.0 | 2025-04-04 02:00:03 | Item_04_04_2025_2_00_03.csv |",
        "| A\\|1 | sales_price | 11 | 12 | 1 | 9.1 | 2025-04-05 02:00:03 | Item_04_05_2025_2_00_03.csv |",
    ]
    # Columns of a table that is brought up to date are traced through what says which records are stale.
    price = {dep.column_name for dep in history["dagster/column_lineage"].deps_by_column["new_value"]}
    assert {"sales_price", "purchase_cost", "item_name"} <= price

    mark_everything_unchecked(connection)
    nothing = build()
    assert told(nothing, ITEMS_SNAPSHOT)["new_versions"] == 0
    assert told(nothing, ITEM_HISTORY)["changes"] == 0
    assert told(nothing, ITEM_HISTORY)["biggest_price_changes"] == "No price and no cost changed."


def test_a_failed_run_says_first_what_failed_and_why(connection: psycopg.Connection, tmp_path: Path) -> None:
    load(connection, 3, {"name": "A", "cost": "5", "price": "10"})
    assert build().success

    connection.execute("alter table marts.item_history rename column new_value to value_now")
    load(connection, 4, {"name": "A", "cost": "5", "price": "11"})
    (line, *_) = first_error(build())
    assert line.startswith("model marts.item_history failed: column ")
    assert "does not exist" in line
    connection.execute("alter table marts.item_history rename column value_now to new_value")

    connection.execute("update snapshots.items_snapshot set dbt_valid_to = dbt_valid_from where dbt_valid_to is null")
    (line, *_) = first_error(build(NO_OVERLAPS))
    assert line.startswith(
        "test half_open_versions_items_snapshot_record_key of snapshots.items_snapshot failed: 1 row is wrong"
    )
    assert "the first: record_key A, dbt_valid_from 2025-04-04 02:00:03+00:00" in line

    dbt = InstalledDbtCliResource(project_dir=str(DBT_PROJECT.project_dir))
    with pytest.raises(DbtFailedError) as caught, failures_named(connection, tmp_path):
        dbt.cli(["build", "--target", "nowhere"], manifest=DBT_PROJECT.manifest_path, target_path=tmp_path).wait()
    assert (caught.value.description or "").startswith("dbt failed before it made anything: ")
    assert "does not have a target named 'nowhere'" in (caught.value.description or "").splitlines()[0]


def test_one_entity_can_be_made_before_the_others(connection: psycopg.Connection) -> None:
    """Tests that look at tables which nobody has built yet are not run, and those of its own are."""
    load(connection, 3, {"name": "A", "cost": "5", "price": "10"})
    result = materialize(dg.AssetSelection.assets(*MADE))
    assert result.success
    passed = {check.check_name for check in result.get_asset_check_evaluations() if check.passed}
    assert NO_OVERLAPS.name in passed
    assert "orders_are_all_transactions" not in passed
