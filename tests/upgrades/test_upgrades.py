"""Databases of earlier versions, as `make_dump.py` keeps them, upgraded by a command of this one; and newer ones."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from home import Home
from make_dump import BINARIES
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from quickbooks_history import version
from quickbooks_history.settings import PROJECT_ROOT
from quickbooks_history.warehouse.migrations import migrations

if TYPE_CHECKING:
    from collections.abc import Iterator

DUMPS = sorted(Path(__file__).parent.glob("*.sql"))
HISTORY = ("raw", "snapshots", "marts")
ITEMS = "Item Name,Purchase Cost,Sales Price,Quantity On Hand,Status,QuickBooks Internal Id\n"

Contents = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module", params=DUMPS, ids=[path.stem for path in DUMPS])
def earlier(
    request: pytest.FixtureRequest, server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    """A home of this version whose database is one that an earlier version has left."""
    name = f"upgraded_{request.param.stem.replace('.', '_')}"
    host = conninfo_to_dict(server_url)["host"]
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        url = f"postgresql://postgres@/{name}?host={host}"
        restoring = [str(BINARIES / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(request.param), url]
        restored = subprocess.run(restoring, capture_output=True, text=True, check=False)
        assert restored.returncode == 0, restored.stderr
        yield Home(tmp_path_factory.mktemp(name), {"DATABASE_URL": url, "QBH_PORT": "0"})
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _contents(home: Home, *, places: bool) -> Contents:
    """Every row of the log and of history, and, if asked for, where it lies and which transaction wrote it."""
    with psycopg.connect(home.variables["DATABASE_URL"]) as connection:
        tables = connection.execute(
            "select format('%%I.%%I', nspname, relname)"
            " from pg_class join pg_namespace on relnamespace = pg_namespace.oid"
            " where relkind = 'r' and (nspname = any(%s) or (nspname, relname) = ('meta', 'loads'))",
            [list(HISTORY)],
        ).fetchall()
        columns = "ctid::text, xmin::text, t::text" if places else "t::text"
        return {
            table: connection.execute(f"select {columns} from {table} as t order by t::text").fetchall()  # type: ignore[arg-type]
            for (table,) in tables
        }


def _findings(home: Home) -> list[dict[str, Any]]:
    return json.loads(home.qbh("doctor", "--json").stdout)


def test_an_upgrade_touches_no_history_and_loads_go_on(earlier: Home, tmp_path: Path) -> None:
    before = _contents(earlier, places=True)
    (schema,) = [finding for finding in _findings(earlier) if finding["subject"] == "schema"]
    assert (schema["ok"], "older than the program" in schema["found"]) == (True, True)
    assert "brings it up to date by itself" in schema["remedy"]
    assert _contents(earlier, places=True) == before, "the doctor only looks"

    status = earlier.qbh("status", "--json")
    assert status.returncode == 0, status.stderr
    assert _contents(earlier, places=True) == before
    with psycopg.connect(earlier.variables["DATABASE_URL"]) as connection:
        noted = connection.execute("select number, program_version from meta.schema_migrations").fetchall()
    assert noted[-1] == (len(migrations()), version())
    assert [finding for finding in _findings(earlier) if not finding["ok"]] == []

    export = tmp_path / "Item_04_12_2025_2_00_03.csv"
    export.write_text(f"{ITEMS}NUT,1,3.25,4,true,N-1\n")
    load = earlier.qbh("load", str(export))
    assert load.returncode == 0, load.stdout + load.stderr
    history = json.loads(earlier.qbh("history", "items", "--key", "NUT", "--json").stdout)
    assert [(change["column_name"], change["old_value"], change["new_value"]) for change in history[:3]] == [
        ("sales_price", "2.75", "3.25"),
        ("sales_price", "2.5", "2.75"),
        ("quantity_on_hand", "5", "4"),
    ]
    after = _contents(earlier, places=True)
    for table, rows in before.items():
        # Of what was there, a load of one item ends that item's version.
        gone = [row for row in rows if row not in after[table]]
        assert len(gone) == (1 if table == "snapshots.items_snapshot" else 0), (table, gone)

    verify = earlier.qbh("verify")
    assert verify.returncode == 0, verify.stdout + verify.stderr
    assert "history is what the log says" in verify.stdout
    assert [finding for finding in _findings(earlier) if not finding["ok"]] == []


def test_missing_tables_of_dbt_are_told(earlier: Home) -> None:
    with psycopg.connect(earlier.variables["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("drop view marts.products, monitoring.freshness")
        told = [(finding["found"], finding["remedy"]) for finding in _findings(earlier) if not finding["ok"]]
    assert told == [("missing: marts.products, monitoring.freshness", "make them from the log: qbh load")]


COMMANDS = (
    *(
        ("load",),
        ("demo",),
        ("history", "items"),
        ("as-of", "items", "2025-04-10"),
        ("explain", "items", "--key", "NUT"),
    ),
    *(("status",), ("url",), ("withdraw", "Item_04_12_2025_2_00_03.csv"), ("approve", "item_all_04_11_2025.csv")),
    *(("verify",), ("rebuild",), ("archive", "--before", "2025-04-01"), ("restore",), ("rollback",), ("up",)),
)


def test_a_newer_database_is_left_alone_by_all_that_would_use_it(earlier: Home, tmp_path: Path) -> None:
    url = earlier.variables["DATABASE_URL"]
    earlier.qbh("status")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "insert into meta.schema_migrations (number, name, program_version) values (1000, 'of_later_days', '9.8.7')"
        )
    (tmp_path / "Item_04_20_2025_2_00_03.csv").write_text(f"{ITEMS}NUT,1,4,4,true,N-1\n")
    before = _contents(earlier, places=True)

    for command in COMMANDS:
        run = earlier.qbh(*command)
        told = " ".join(run.stderr.split())
        assert (run.returncode, "quickbooks-history 9.8.7 has worked in it" in told) == (1, True), (command, run)
        assert "Traceback" not in run.stderr
    (database,) = [finding for finding in _findings(earlier) if finding["subject"] == "database"]
    assert (database["ok"], "newer than this program" in database["found"]) == (False, True)

    by_hand = {"TAP_QUICKBOOKS_CSV_PATHS": json.dumps([str(tmp_path)])}
    meltano = ("meltano", "run", "tap-quickbooks-csv", "target-postgres")
    run = earlier.run(*meltano, cwd=PROJECT_ROOT / "meltano", environment=by_hand)
    assert run.returncode != 0
    assert "9.8.7 has worked in it" in run.stderr
    schema = {"properties": {"id": {"type": "integer"}}}
    messages = (
        {"type": "SCHEMA", "stream": "other", "schema": schema, "key_properties": []},
        {"type": "RECORD", "stream": "other", "record": {"id": 1}},
    )
    run = earlier.run("target-postgres-append", text="".join(f"{json.dumps(message)}\n" for message in messages))
    assert run.returncode != 0
    assert "9.8.7 has worked in it" in run.stderr
    with psycopg.connect(url) as connection:
        assert connection.execute("select to_regclass('public.other')").fetchone() == (None,)
        parts = conninfo_to_dict(url)
        connection.execute("drop view marts.orders")  # which dbt would make again
    variables = {"PGHOST": str(parts["host"]), "PGUSER": "postgres", "PGDATABASE": str(parts["dbname"])}
    places = {"DBT_TARGET_PATH": str(tmp_path / "target"), "DBT_LOG_PATH": str(tmp_path)}
    run = earlier.run("dbt", "run", cwd=PROJECT_ROOT / "dbt_project", environment=variables | places)
    assert run.returncode != 0
    assert "the database is newer than this program" in run.stdout
    assert _contents(earlier, places=True) == before
    with psycopg.connect(url) as connection:
        assert connection.execute("select to_regclass('marts.orders')").fetchone() == (None,)
