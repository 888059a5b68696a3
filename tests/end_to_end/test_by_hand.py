"""Meltano and dbt by hand, as the README documents it, beside what Dagster does with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest

from quickbooks_history.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Home


def test_the_shell_finds_the_programs_of_the_servers_version(copied: Home) -> None:
    """What a distribution has may be older, and then pg_dump refuses the server and pg_restore the dump."""
    dump = 'eval "$(qbh url --env)" && pg_dump --format custom | pg_restore --list'
    listed = copied.run("bash", "-c", dump)
    assert listed.returncode == 0, listed.stderr
    assert "TABLE meta loads" in listed.stdout
    server = copied.run("bash", "-c", 'eval "$(qbh url --env)" && psql --version && psql -Atc "show server_version"')
    client, served = server.stdout.splitlines()
    assert client.split()[-1].split(".")[0] == served.split(".")[0]


def test_meltano_loads_the_inbox(copied: Home) -> None:
    inbox = copied.path / "inbox"
    inbox.mkdir(exist_ok=True)
    header = "Item Name,Purchase Cost,Sales Price,Quantity On Hand,Status"
    (inbox / "Item_05_02_2025_2_00_03.csv").write_text(f"{header}\nBY-HAND,1,2,3,true\n")
    run = copied.run("meltano", "run", "tap-quickbooks-csv", "target-postgres", cwd=PROJECT_ROOT / "meltano")
    assert run.returncode == 0, run.stderr
    with psycopg.connect(copied.url()) as connection:
        found = connection.execute('select "Sales Price" from raw.items where "Item Name" = %s', ["BY-HAND"]).fetchall()
    assert found == [("2",)]


@pytest.mark.parametrize(
    ("load_method", "expected"),
    [
        ("append-only", [(1, "a"), (1, "b"), (2, "c"), (1, "d")]),
        ("upsert", [(1, "d"), (2, "c")]),
        ("overwrite", [(1, "d")]),
    ],
)
def test_another_taps_records_load_as_the_method_says(
    copied: Home, load_method: str, expected: list[tuple[int, str]]
) -> None:
    stream = f"other_{load_method.replace('-', '_')}"
    schema = {"properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    first = {"type": "SCHEMA", "stream": stream, "schema": schema, "key_properties": ["id"]}

    def records(*pairs: tuple[int, str]) -> str:
        rows = [{"type": "RECORD", "stream": stream, "record": {"id": id_, "name": name}} for id_, name in pairs]
        return "\n".join(map(json.dumps, [first, *rows])) + "\n"

    environment = {"TARGET_POSTGRES_LOAD_METHOD": load_method, "TARGET_POSTGRES_DEFAULT_TARGET_SCHEMA": "other"}
    for message in (records((1, "a"), (1, "b"), (2, "c")), records((1, "d"))):
        run = copied.by_hand(
            "meltano", "invoke", "target-postgres", cwd=PROJECT_ROOT / "meltano", environment=environment, text=message
        )
        assert run.returncode == 0, run.stderr
    with psycopg.connect(copied.url()) as connection:
        found = connection.execute(f"select id, name from other.{stream}").fetchall()
    assert sorted(found) == sorted(expected)


def test_dbt_builds_and_documents(copied: Home, tmp_path: Path) -> None:
    project = PROJECT_ROOT / "dbt_project"
    environment = {"DBT_TARGET_PATH": str(tmp_path), "DBT_LOG_PATH": str(tmp_path)}
    build = copied.by_hand("dbt", "build", cwd=project, environment=environment)
    assert build.returncode == 0, build.stdout[-3000:]
    assert "ERROR=0" in build.stdout
    docs = copied.by_hand("dbt", "docs", "generate", cwd=project, environment=environment)
    assert docs.returncode == 0, docs.stdout[-3000:]
    catalog = json.loads((tmp_path / "catalog.json").read_text())
    assert "snapshot.quickbooks_history.items_snapshot" in catalog["nodes"]


def test_definitions_validate(copied: Home) -> None:
    run = copied.run("dagster", "definitions", "validate", "-w", "workspace.yaml", cwd=PROJECT_ROOT)
    assert run.returncode == 0, run.stderr
