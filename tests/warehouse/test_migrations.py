"""The numbered migrations of `meta`, and what is told of tables that are not as they make them."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import yaml

from quickbooks_history import version
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import migrations, schema
from quickbooks_history.warehouse.drift import differences
from quickbooks_history.warehouse.migrations import FOLDER, Migration, NewerDatabaseError
from quickbooks_history.warehouse.schema import LEDGER_COLUMN_TYPES, column_types, ensure_schema

if TYPE_CHECKING:
    pass

KNOWN = migrations.migrations()

RELEASED = {"0001_ledger.sql": "04af389edbfe03420d5d282a0f0fd5070a44316e13fed11dd68c14c85b48646f"}
"""Checksums of the migrations that are in a released version; a release adds its own."""

FIRST_LEDGER = """
create schema meta;
create table meta.loads (
    load_id bigint generated always as identity primary key,
    entity text not null,
    file_name text not null,
    scope text not null check (scope in ('partial', 'full')),
    exported_at timestamptz not null,
    sha256 text,
    row_count bigint not null default 0,
    status text not null check (status in ('loaded', 'duplicate', 'rejected', 'held', 'withdrawn')),
    reason text,
    loaded_at timestamptz not null default clock_timestamp(),
    observed_columns text[] not null default '{}',
    unknown_columns text[] not null default '{}',
    encoding text,
    file_path text not null,
    file_size bigint,
    file_modified_at timestamptz,
    extracted_at timestamptz not null,
    run_id text
);
create unique index loads_content
    on meta.loads (entity, exported_at, scope, sha256) where status in ('loaded', 'held', 'withdrawn');
create index loads_delivery on meta.loads (file_path, file_size, file_modified_at);
create table meta.unchecked_records (record_key text primary key);
create table meta.rollback (
    begun_at timestamptz not null default clock_timestamp(),
    is_the_only_row boolean primary key default true check (is_the_only_row)
);
insert into meta.loads (entity, file_name, scope, exported_at, file_path, extracted_at, status)
values ('items', 'item_all_04_03_2025.csv', 'full', '2025-04-03', '/inbox/item_all_04_03_2025.csv', now(), 'loaded');
insert into meta.unchecked_records values ('B-1');
"""
"""What the first versions made, of different days: before checksums, before seconds, before the way back was noted."""


@pytest.fixture
def connection(database: str) -> psycopg.Connection:
    return warehouse.connect(database)


def _notes(connection: psycopg.Connection) -> list[tuple[int, str, str]]:
    return connection.execute(
        "select number, name, program_version from meta.schema_migrations order by number"
    ).fetchall()


def _with(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """Have a program of a later version, which knows more migrations."""
    more = [Migration(number, f"later_{number}", text) for number, text in enumerate(statements, len(KNOWN) + 1)]
    known = (*KNOWN, *more)
    monkeypatch.setattr(migrations, "migrations", lambda: known)
    monkeypatch.setattr(schema, "migrations", lambda: known)


def test_an_empty_database_gets_all_of_it(connection: psycopg.Connection) -> None:
    ensure_schema(connection)
    assert _notes(connection) == [(migration.number, migration.name, version()) for migration in KNOWN]
    assert column_types(connection, "meta", "loads") == {
        name: {"timestamptz": "timestamp with time zone"}.get(type_, type_)
        for name, type_ in LEDGER_COLUMN_TYPES.items()
    }
    assert differences(connection) == []
    ensure_schema(connection)
    assert len(_notes(connection)) == len(KNOWN)


def test_a_ledger_of_the_first_days_is_brought_up(connection: psycopg.Connection) -> None:
    connection.execute(FIRST_LEDGER)
    before = connection.execute("select ctid, xmin, load_id, file_name, status from meta.loads").fetchall()
    ensure_schema(connection)
    assert differences(connection) == []
    assert connection.execute("select ctid, xmin, load_id, file_name, status from meta.loads").fetchall() == before
    # What was yet to be tested was noted without saying of which table: so all is.
    assert connection.execute("select snapshot, record_key from meta.unchecked_records").fetchall() == [("*", "*")]


def test_what_is_due_is_applied_in_order_and_once(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_schema(connection)
    _with(monkeypatch, "alter table loads add column colour text", "alter table loads rename column colour to hue")
    ensure_schema(connection)
    ensure_schema(connection)
    assert [name for _, name, _ in _notes(connection)][-2:] == ["later_2", "later_3"]
    assert "hue" in column_types(connection, "meta", "loads")
    assert connection.execute("show search_path").fetchone() == ('"$user", public',)


def test_a_migration_that_fails_leaves_nothing(connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_schema(connection)
    _with(monkeypatch, "alter table loads add column colour text", "alter table no_such_table add column colour text")
    with pytest.raises(psycopg.errors.UndefinedTable):
        ensure_schema(connection)
    assert len(_notes(connection)) == len(KNOWN)
    assert "colour" not in column_types(connection, "meta", "loads")


def test_of_two_at_once_one_migrates(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, "alter table loads add column colour text; select pg_sleep(0.5)")
    failures: list[Exception] = []

    def start() -> None:
        try:
            with warehouse.connect(database) as connection:
                ensure_schema(connection)
        except psycopg.Error as error:
            failures.append(error)

    starts = [threading.Thread(target=start) for _ in range(3)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()
    assert failures == []
    with warehouse.connect(database) as connection:
        assert len(_notes(connection)) == len(KNOWN) + 1


def test_where_nothing_is_due_nobody_is_waited_for(database: str) -> None:
    with warehouse.connect(database) as connection, warehouse.connect(database) as other:
        ensure_schema(connection)
        with other.transaction():
            other.execute("lock table meta.loads, meta.applied_loads, raw.items in access exclusive mode")
            other.execute("select pg_advisory_xact_lock(hashtext('quickbooks_history.schema'))")
            connection.execute("set lock_timeout = 100")
            ensure_schema(connection)


def test_a_newer_database_is_left_alone(connection: psycopg.Connection, database: str) -> None:
    ensure_schema(connection)
    connection.execute(
        "insert into meta.schema_migrations (number, name, program_version) values (%s, 'later', '9.8.7')",
        [len(KNOWN) + 1],
    )
    connection.execute("drop table raw.items")
    with pytest.raises(NewerDatabaseError, match=r"quickbooks-history 9\.8\.7 has worked in it"):
        ensure_schema(connection)
    assert column_types(connection, "raw", "items") == {}
    with pytest.raises(NewerDatabaseError):
        warehouse.connect(database)


def test_files_are_numbered_without_a_gap(tmp_path: Path) -> None:
    for name in ("0001_first.sql", "0003_third.sql"):
        (tmp_path / name).write_text("select 1;")
    with pytest.raises(ValueError, match=r"0003_third\.sql is not named as migration 2"):
        migrations.migrations(tmp_path)


def test_a_released_migration_is_not_changed() -> None:
    """Databases have had it as it was: what is to be otherwise is the next file."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.sql")}
    assert {name: found.get(name) for name in RELEASED} == RELEASED


def test_dbt_knows_the_same_number() -> None:
    project = yaml.safe_load((Settings().dbt_project / "dbt_project.yml").read_text())
    assert project["vars"]["quickbooks_history"]["schema_number"] == len(KNOWN)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("alter table meta.loads drop column load_seconds", 'meta.loads has no column "load_seconds"'),
        ('alter table raw.items drop column "Item Name" cascade', 'raw.items has no column "Item Name"'),
        ("alter table raw.invoices drop column _load_id", 'raw.invoices has no column "_load_id"'),
        ("drop index meta.loads_content", "meta.loads lacks an index"),
        ("drop index raw.items__load_id_idx", "raw.items lacks an index"),
        ("alter table meta.applied_loads drop constraint applied_loads_load_id_fkey", "has no FOREIGN KEY (load_id)"),
        ("alter table meta.stale_history drop constraint stale_history_pkey", "PRIMARY KEY (entity, record_key)"),
        ("alter table meta.loads drop constraint loads_status_check", "has no CHECK (status"),
        ("alter table meta.loads alter column row_count type integer", '"row_count" of meta.loads is integer'),
        (
            "alter table meta.loads alter column row_count drop default",
            '"row_count" of meta.loads is bigint not null',
        ),
        ("alter table raw.customers alter column _exported_at drop default", '"_exported_at" of raw.customers is'),
        ("drop table meta.archived_partitions", "there is no table meta.archived_partitions"),
        ("drop table raw.items_undated", "there is no table raw.items_undated"),
    ],
)
def test_drift_is_told_and_can_be_mended(connection: psycopg.Connection, damage: str, found: str) -> None:
    ensure_schema(connection)
    connection.execute(damage.encode())
    told = differences(connection)
    assert any(found in difference.found for difference in told), told
    before = connection.execute("select count(*) from pg_class").fetchone()
    differences(connection)
    assert connection.execute("select count(*) from pg_class").fetchone() == before, "it only looks"
    statements = [difference.remedy.partition("running: ")[2] for difference in told]
    if all(statements) and "..." not in "".join(statements):
        for statement in statements:
            connection.execute(statement.encode())
        assert differences(connection) == []


def test_what_somebody_has_added_is_no_drift(connection: psycopg.Connection) -> None:
    ensure_schema(connection)
    connection.execute(
        'create index on meta.loads (run_id); alter table raw.items add column "Our Own" text;'
        " create table meta.notes (note text)"
    )
    assert differences(connection) == []
