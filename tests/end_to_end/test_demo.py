"""What a person sees who tries the project: `qbh demo`, then the commands it names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import dagster as dg
import psycopg
import pytest

from quickbooks_history.definitions import defs

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from tests.end_to_end.conftest import Home

TABLES = (
    *(f"raw.{name}" for name in ("items", "customers", "invoices", "sales_receipts")),
    *(f"snapshots.{name}_snapshot" for name in ("items", "customers", "invoices", "sales_receipts")),
    *(f"snapshots.{name}_lines_snapshot" for name in ("invoice", "sales_receipt")),
    *(f"marts.{name}_history" for name in ("item", "customer", "invoice", "sales_receipt")),
    "meta.loads",
)


def _contents(url: str) -> dict[str, str]:
    """A hash of every table, rows in any order."""
    with psycopg.connect(url) as connection:
        return {
            table: connection.execute(
                f"select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from {table} as t"
            ).fetchone()[0]  # type: ignore[index]
            for table in TABLES
        }


def test_demo_loads_every_file_and_shows_what_happened(demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stderr
    assert "129 of 129 new files loaded" in demo.stdout
    assert "The latest changes of a few items" in demo.stdout
    assert "Try next" in demo.stdout
    assert max(map(len, demo.stdout.splitlines())) <= 100
    assert "meltano_load started" in demo.stderr  # progress, also where there is no terminal


def test_the_planted_story_is_in_the_history(loaded: Home) -> None:
    with psycopg.connect(loaded.url()) as connection:
        rename = connection.execute(
            "select old_value, new_value from marts.item_history where column_name = 'item_name'"
            " and change_type = 'changed'"
        ).fetchall()
        assert rename == [("CB-12X12", "CB-12X12 (W)")]
        price = connection.execute(
            "select old_value, new_value from marts.item_history where item_name = 'Rebar:Chair 2/3\"'"
            " and column_name = 'sales_price' and change_type = 'changed' order by changed_at"
        ).fetchall()
        assert price == [("29.9", None), (None, "29.9")]
        gone = connection.execute(
            "select item_name, change_type from marts.item_history where column_name = '_record' order by changed_at"
        ).fetchall()
        assert ("GLV-XL", "deleted") in gone
        assert gone[-1] == ("PP-4/6", "restored")
        untyped = connection.execute(
            "select raw_value, issue from staging.data_quality_issues where column_name = 'Quantity On Hand'"
        ).fetchall()
        assert [value for value, _ in untyped] == ["n/a"]


@pytest.fixture
def instance(loaded: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The home's Dagster instance; where its files lie is said by the variable."""
    monkeypatch.setenv("DAGSTER_HOME", str(loaded.path / "dagster"))
    with dg.DagsterInstance.get() as opened:
        yield opened


def test_every_asset_tells_its_row_count(instance: dg.DagsterInstance) -> None:
    keys = defs.resolve_asset_graph().get_all_asset_keys()
    records = {
        key.to_user_string(): instance.fetch_observations(key, limit=1).records
        if key.path[0] == "exports"
        else instance.fetch_materializations(key, limit=1).records
        for key in keys
    }
    counts = {
        name: told[0].event_log_entry.asset_observation or told[0].event_log_entry.asset_materialization
        for name, told in records.items()
        if told
    }
    assert counts.keys() == records.keys()
    rows = {name: event.metadata["dagster/row_count"].value for name, event in counts.items() if event}
    assert rows["raw/items"] == 729
    assert rows["exports/items"] == 729
    assert rows["marts/products"] == 59
    assert rows["staging/stg_items"] > rows["marts/products"]


def test_assets_tell_what_the_run_cost_and_what_columns_are_made_of(loaded: Home, instance: dg.DagsterInstance) -> None:
    """The first run is the demo's; what later ones did is no matter here."""
    told = {
        key.to_user_string(): instance.fetch_materializations(key, limit=1, ascending=True)
        .records[0]
        .event_log_entry.asset_materialization.metadata  # type: ignore[union-attr]
        for key in defs.resolve_asset_graph().get_all_asset_keys()
        if key.path[0] != "exports"
    }
    assert 0 < told["meta/loads"]["meltano_seconds"].value < 300  # type: ignore[operator]
    with psycopg.connect(loaded.url()) as connection:
        first_run = "select run_id from meta.loads order by load_id limit 1"
        for entity, seconds in connection.execute(
            f"select entity, sum(load_seconds) from meta.loads where run_id = ({first_run}) group by entity"
        ):
            assert told[f"raw/{entity}"]["load_seconds"].value == float(seconds) > 0
            size = connection.execute(
                "select total_bytes from monitoring.table_sizes where schema_name = 'raw' and table_name = %s", [entity]
            ).fetchone()
            assert size is not None
            assert 0 < told[f"raw/{entity}"]["bytes"].value <= size[0]  # type: ignore[operator]
        counts = dict(
            connection.execute(
                "select column_name, count(*) from marts.item_history where change_type = 'changed' group by 1"
            ).fetchall()
        )
    figures = {
        name.partition("/")[2]: value.value for name, value in told["marts/item_history"].items() if "changes/" in name
    }
    assert {column: number for column, number in figures.items() if number} == counts
    assert "| Blade 14/DIA | purchase_cost | 72 | 68.4 | -3.6 |" in str(
        told["marts/item_history"]["biggest_price_changes"].value
    )
    assert "items_snapshot" in str(told["monitoring/table_sizes"]["first_rows"].value)

    # From every column of a table to the file: what is made of nothing is written in the model itself, or counted.
    of_nothing = {
        f"{name}.{column}"
        for name, metadata in told.items()
        if not name.startswith(("raw/", "meta/", "monitoring/"))
        for column, made_of in metadata["dagster/column_lineage"].value.deps_by_column.items()  # type: ignore[union-attr]
        if not made_of
    }
    assert of_nothing == {
        "marts/orders.order_type",
        "marts/order_lines.order_type",
        "staging/data_quality_issues.entity",
    }


def test_the_columns_of_tables_are_those_that_assets_name(loaded: Home) -> None:
    graph = defs.resolve_asset_graph()
    with psycopg.connect(loaded.url()) as connection:
        for key in graph.get_all_asset_keys():
            if key.path[0] == "exports":
                continue
            there = connection.execute(
                "select attname, atttypid::regtype::text from pg_attribute"
                " where attrelid = %s::regclass and attnum > 0 and not attisdropped",
                [f"{key.path[0]}.{key.path[1]}"],
            ).fetchall()
            schema = graph.get(key).metadata["dagster/column_schema"]
            columns = schema.columns if isinstance(schema, dg.TableSchema) else schema.schema.columns
            named = {column.name: _regtype(connection, column.type) for column in columns}
            # raw also takes up what the contract does not know.
            kept = [column for column in there if column[0] in named or key.path[0] != "raw"]
            assert dict(kept) == named, key.to_user_string()


def _regtype(connection: psycopg.Connection, type_: str) -> str:
    row = connection.execute("select %s::regtype::text", [type_]).fetchone()
    assert row is not None
    return str(row[0])


def test_a_second_demo_changes_nothing(loaded: Home) -> None:
    before = _contents(loaded.url())
    again = loaded.qbh("demo")
    assert again.returncode == 0, again.stderr
    assert "129 had been delivered before" in again.stdout
    assert _contents(loaded.url()) == before


def test_history_reads_well_and_has_json(loaded: Home) -> None:
    shown = loaded.qbh("history", "items", "--key", "01-6310", "--since", "2025-04-25")
    assert shown.returncode == 0, shown.stderr
    assert max(map(len, shown.stdout.splitlines())) <= 100
    assert "2025-04-30 02:00:03" in shown.stdout
    rows = json.loads(loaded.qbh("history", "items", "--key", "01-6310", "--json").stdout)
    prices = [(row["old_value"], row["new_value"]) for row in rows if row["column_name"] == "sales_price"]
    assert prices == [("7.95", "7.26"), ("7.58", "7.95"), ("7.26", "7.58"), (None, "7.26")]


def test_a_record_is_found_under_the_name_it_had(loaded: Home) -> None:
    old, new = (
        json.loads(loaded.qbh("history", "items", "--key", name, "--json").stdout)
        for name in ("CB-12X12", "CB-12X12 (W)")
    )
    assert old == new != []


def test_as_of_gives_the_state_of_a_day(loaded: Home) -> None:
    def price(day: str) -> object:
        records = json.loads(loaded.qbh("as-of", "items", day, "--key", "01-6310", "--json").stdout)
        return records[0]["sales_price"]

    assert (price("2025-04-02"), price("2025-04-10"), price("2025-05-01")) == (7.26, 7.58, 7.26)
    # GLV-XL ended at 04-16: half open, so it is there the second before and not at that moment.
    there = [
        json.loads(loaded.qbh("as-of", "items", moment, "--key", "GLV-XL", "--json").stdout)
        for moment in ("2025-04-15T23:59:59", "2025-04-16")
    ]
    assert [len(found) for found in there] == [1, 0]


def test_status_counts_what_the_database_holds(loaded: Home) -> None:
    told_sizes = {row["entity"]: row for row in json.loads(loaded.qbh("status", "--json").stdout)["entities"]}
    with psycopg.connect(loaded.url()) as connection:
        for entity, size in told_sizes.items():
            rows = connection.execute(f"select count(*) from raw.{entity}").fetchone()
            versions = connection.execute(f"select count(*) from snapshots.{entity}_snapshot").fetchone()
            assert (size["rows"], size["versions"]) == (rows[0], versions[0])  # type: ignore[index]


def test_doctor_finds_nothing_wrong(loaded: Home) -> None:
    findings = json.loads(loaded.run("qbh", "doctor", "--json", environment={"QBH_PORT": "0"}).stdout)
    assert [finding for finding in findings if not finding["ok"]] == []
    assert len(findings) >= 5


def test_doctor_says_what_to_do_about_a_server_that_is_not_there(loaded: Home) -> None:
    nowhere = loaded.run("qbh", "doctor", environment={"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"})
    assert nowhere.returncode == 1
    assert "see that the server runs" in nowhere.stdout


@pytest.mark.parametrize(
    ("arguments", "told_why"),
    [
        (("history", "vendors"), "is no entity; choose one of: items"),
        (("as-of", "items", "yesterday"), "is no moment; write one like"),
        (("load", "/no/such/file.csv"), "no such file or folder"),
        (("frobnicate",), "No such command"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_why(loaded: Home, arguments: tuple[str, ...], told_why: str) -> None:
    run = loaded.qbh(*arguments)
    assert run.returncode == 2
    assert told_why in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("setting", ["QBH_HOME", "QBH_INBOX"])
def test_a_place_that_cannot_be_used_is_named_with_its_setting(loaded: Home, tmp_path: Path, setting: str) -> None:
    place = tmp_path / "a file" / "in it"
    place.parent.write_text("")
    run = loaded.run("qbh", "load", environment={setting: str(place)})
    assert run.returncode == 1
    assert f"Not a directory. {setting} says" in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr
