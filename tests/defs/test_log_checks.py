"""The checks of the log must fail when raw is not what the loads brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import psycopg
import pytest
from export_files import write_export

from quickbooks_history.defs.log_checks import (
    APPENDED,
    FRESH,
    IN_FILE,
    NO_DRIFT,
    NONE_REFUSED,
    UNCHANGED,
    exports_as_expected,
    raw_rows_as_in_ledger,
)
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.singer.delivery import DeliveryNote, local_path
from quickbooks_history.singer.tap import TapQuickBooksCsv
from quickbooks_history.singer.target import TargetPostgresAppend
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "item_all_04_03_2025.csv"


@pytest.fixture
def connection(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """A warehouse that a file of two items was loaded into."""
    for name, value in warehouse.tool_environment(database).items():
        monkeypatch.setenv(name, value)
    path = write_export(
        tmp_path / FILE,
        "items",
        {"Item Name": "A", "Sales Price": "10", "Status": "true"},
        {"Item Name": "B\r\nof two lines", "Sales Price": "3", "Status": "true"},
    )
    tap = TapQuickBooksCsv(config={"paths": [str(path)], "spool": str(tmp_path / "spool"), "batch_config": {}})
    target = TargetPostgresAppend(config={"sqlalchemy_url": warehouse.sqlalchemy_url(database)})
    stream = tap.streams["items"]
    for _, urls in stream.get_batches(stream.get_batch_config({"batch_config": {"encoding": {"format": "csv"}}})):
        for batch_file in map(local_path, urls):
            target.take_delivery(DeliveryNote.read(batch_file), batch_file)
    target.process_endofpipe()
    target.target_connector._engine.dispose()
    with warehouse.connect(database) as opened:
        yield opened


def _evaluations(
    checks: dg.AssetChecksDefinition = raw_rows_as_in_ledger,
) -> dict[tuple[str, str], dg.AssetCheckEvaluation]:
    job = dg.Definitions(
        asset_checks=[checks], resources={"warehouse": WarehouseResource()}
    ).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    found = {(found.asset_key.path[-1], found.check_name): found for found in result.get_asset_check_evaluations()}
    assert found.keys() == {(key.asset_key.path[-1], key.name) for key in checks.check_keys}
    blocks = any(not found.passed and found.severity is dg.AssetCheckSeverity.ERROR for found in found.values())
    assert result.success is not blocks, "an error blocks what follows, a warning does not"
    return found


def _failed() -> set[tuple[str, str]]:
    return {key for key, found in _evaluations().items() if not found.passed}


@pytest.mark.parametrize(
    ("what", "statement", "fails"),
    [
        (
            "a row was lost",
            "delete from raw.items where ctid = (select min(ctid) from raw.items)",
            {APPENDED, UNCHANGED, IN_FILE},
        ),
        ("rows were loaded twice", "insert into raw.items select * from raw.items", {APPENDED, UNCHANGED, IN_FILE}),
        ("a row of no load", "insert into raw.items (\"Item Name\") values ('C')", {APPENDED}),
        ("the ledger lost a load", "delete from meta.loads", {APPENDED}),
        (
            "a row was moved to another day",
            "update raw.items set _exported_at = '2025-04-05' where \"Item Name\" = 'A'",
            {APPENDED, UNCHANGED, IN_FILE},
        ),
        ("a cell was changed", "update raw.items set \"Sales Price\" = '11' where \"Item Name\" = 'A'", {UNCHANGED}),
        (
            "two rows have one another's cells",
            "update raw.items set \"Sales Price\" = case \"Sales Price\" when '3' then '10' else '3' end",
            {UNCHANGED},
        ),
        (
            "two columns have one another's cells",
            'update raw.items set "Sales Price" = "Status", "Status" = "Sales Price"',
            {UNCHANGED},
        ),
        ("a blank cell was made null", 'update raw.items set "Purchase Cost" = null', {UNCHANGED}),
        (
            "a column that the file lacks was filled",
            "update raw.items set \"UPC\" = '1' where \"Item Name\" = 'A'",
            {UNCHANGED},
        ),
        (
            "rows stand in another order",
            "update raw.items set _sdc_source_lineno = 5 - _sdc_source_lineno",
            {UNCHANGED},
        ),
        (
            "the tap had read half of the file",
            "delete from raw.items where \"Item Name\" = 'A'; update meta.loads set row_count = 1, row_checksum = null",
            {IN_FILE},
        ),
    ],
)
def test_any_difference_fails(connection: psycopg.Connection, what: str, statement: str, fails: set[str]) -> None:
    connection.execute(statement)
    assert _failed() == {("items", name) for name in fails}, what


def test_what_is_no_difference_passes(connection: psycopg.Connection, tmp_path: Path) -> None:
    assert _failed() == set()
    connection.execute('alter table raw.items add column "In Stock" text')
    assert _failed() == set(), "a later file brought a column"
    (tmp_path / FILE).unlink()
    found = _evaluations()["items", IN_FILE]
    assert found.passed
    assert found.metadata["files_gone_or_changed"].value == 1


def test_a_changed_row_is_found_and_shown(connection: psycopg.Connection) -> None:
    """The check says which load, which of its rows, and the SQL to see them all."""
    connection.execute("update raw.items set \"Sales Price\" = '11' where \"Item Name\" = 'A'")
    found = _evaluations()["items", UNCHANGED]
    assert found.severity is dg.AssetCheckSeverity.ERROR
    assert found.metadata["loads_that_differ"].value == 1
    assert FILE in str(found.metadata["first"].value)
    rewritten = str(found.metadata["rewritten_rows"].value).splitlines()
    assert len(rewritten) == 3, "a header, its rule and the row"
    assert "| 11 |" in rewritten[2]
    query = str(found.metadata["sql"].value).removeprefix("```sql").removesuffix("```")
    assert len(connection.execute(query).fetchall()) == 1


def test_a_ledger_from_before_checksums_is_counted(connection: psycopg.Connection) -> None:
    # A database of those days carries no number of its schema.
    connection.execute("alter table meta.loads drop column row_checksum; drop table meta.schema_migrations")
    ensure_schema(connection)
    connection.execute("update raw.items set \"Sales Price\" = '11'")
    found = _evaluations()
    assert all(evaluation.passed for evaluation in found.values())
    assert found["items", UNCHANGED].metadata["loads_without_checksum"].value == 1
    connection.execute("delete from raw.items where \"Item Name\" = 'A'")
    assert _failed() == {("items", APPENDED), ("items", IN_FILE)}


def test_exports_that_stop_coming_warn(connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale() -> dict[str, dg.AssetCheckEvaluation]:
        found = _evaluations(exports_as_expected).items()
        return {entity: result for (entity, name), result in found if name == FRESH and not result.passed}

    found = stale()
    assert found.keys() == {"items"}, "of the others none has ever come"
    assert found["items"].severity is dg.AssetCheckSeverity.WARN
    assert found["items"].metadata["file"].value == FILE
    assert "36 are allowed" in str(found["items"].description)

    connection.execute("update meta.loads set exported_at = now() - interval '37 hours'")
    assert stale().keys() == {"items"}
    monkeypatch.setenv("QBH_FRESHNESS_HOURS", "38")
    assert stale() == {}
    connection.execute("update meta.loads set exported_at = '2525-04-03', loaded_at = now() - interval '39 hours'")
    assert stale().keys() == {"items"}, "a mistyped year keeps nothing fresh for ever"


def test_columns_that_come_and_go_warn(connection: psycopg.Connection) -> None:
    def drift() -> dg.AssetCheckEvaluation:
        return _evaluations(exports_as_expected)["items", NO_DRIFT]

    assert drift().passed
    connection.execute(
        "insert into meta.loads (entity, file_name, scope, exported_at, status, file_path, extracted_at,"
        " observed_columns, unknown_columns)"
        " select entity, 'item_all_04_10_2025.csv', scope, '2025-04-10', 'loaded', '', now(),"
        " array_remove(observed_columns, 'sales_price'), '{In Stock}' from meta.loads"
    )
    found = drift()
    assert not found.passed
    assert found.severity is dg.AssetCheckSeverity.WARN
    rows = str(found.metadata["first"].value).splitlines()[2:]
    assert rows == [
        f"| item_all_04_10_2025.csv | full | missing | sales_price | {FILE} |",
        "| item_all_04_10_2025.csv | full | unknown | In Stock |  |",
    ]
    connection.execute("update meta.loads set exported_at = '2025-02-10', unknown_columns = '{}' where load_id = 1")
    connection.execute("update meta.loads set unknown_columns = '{}'")
    assert drift().passed, "after a month nobody misses it"
    connection.execute("update meta.loads set exported_at = '2025-04-09', scope = 'partial' where load_id = 1")
    assert drift().passed, "partial exports may have another template than full ones"


def test_a_refused_export_warns_until_it_is_mended(connection: psycopg.Connection) -> None:
    def refused() -> dg.AssetCheckEvaluation:
        return _evaluations(exports_as_expected)["items", NONE_REFUSED]

    def enter(status: str, path: str) -> None:
        connection.execute(
            "insert into meta.loads (entity, file_name, scope, exported_at, status, reason, file_path, extracted_at)"
            " values ('items', 'Item_04_05_2025_2_00_03.csv', 'partial', '2025-04-05 02:00:03', %s,"
            " 'required column is missing', %s, now())",
            [status, path],
        )

    assert refused().passed
    enter("rejected", "/inbox/a.csv")
    found = refused()
    assert not found.passed
    assert found.severity is dg.AssetCheckSeverity.WARN
    assert found.description == "Item_04_05_2025_2_00_03.csv is not loaded: required column is missing"
    assert "/inbox/a.csv" in str(found.metadata["first"].value)
    connection.execute("update meta.loads set loaded_at = now() - interval '31 days' where status = 'rejected'")
    assert refused().passed, "after a month somebody does without it"
    connection.execute("update meta.loads set loaded_at = now() where status = 'rejected'")
    enter("loaded", "/elsewhere/b.csv")
    assert refused().passed, "another file has come for its moment"
