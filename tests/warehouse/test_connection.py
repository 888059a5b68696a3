"""Where the warehouse is, for our own programs, for dbt and Meltano, and for eyes that must not see its password."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from quickbooks_history.warehouse.connection import connect, shown_url, tool_environment
from quickbooks_history.warehouse.reader import READER, reader_url
from quickbooks_history.warehouse.schema import ensure_schema

URL = "postgresql://qbh:s3cret%40@db.example:5433/books?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=9"


def test_tls_reaches_tools_that_read_libpq_variables(monkeypatch):
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    assert tool_environment(URL) == {
        "DATABASE_URL": URL,
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "qbh",
        "PGPASSWORD": "s3cret@",
        "PGDATABASE": "books",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/ca.pem",
        "PGCONNECT_TIMEOUT": "9",
    }
    assert tool_environment("postgresql:///books")["PGHOST"] == "localhost"
    # As libpq does it, which our own connections go by.
    monkeypatch.setenv("PGHOST", "/run/books")
    assert tool_environment("postgresql:///books")["PGHOST"] == "/run/books"
    assert tool_environment(URL)["PGHOST"] == "db.example"


@pytest.mark.parametrize("url", [URL, "host=db.example user=qbh password=s3cret@ dbname=books"])
def test_passwords_are_not_shown(url):
    shown = shown_url(url)
    assert "s3cret" not in shown
    assert "db.example" in shown
    assert "qbh" in shown


def test_a_url_without_a_password_is_shown_as_it_is(server_url):
    assert shown_url(server_url) == server_url


def test_the_role_that_reads_reads_everything_and_writes_nothing(database):
    with connect(database) as owner:
        ensure_schema(owner)
        reads = reader_url(database)
        assert reader_url(database) == reads
        owner.execute(
            "create schema marts; create table marts.products (item_name text); insert into marts.products values ('x')"
        )
        owner.execute("create view marts.view as select * from marts.products")
    with psycopg.connect(reads, autocommit=True) as reader:
        assert reader.execute("select current_user").fetchone() == (READER,)
        assert reader.execute("select count(*) from meta.loads").fetchone() == (0,)
        assert reader.execute("select item_name from marts.products").fetchone() == ("x",)
        assert reader.execute("select item_name from marts.view").fetchone() == ("x",)
        with pytest.raises(errors.ReadOnlySqlTransaction):
            reader.execute("delete from marts.products")
        # Also where somebody takes the first lock off.
        reader.execute("set default_transaction_read_only = off")
        for statement in (
            "delete from marts.products",
            "insert into meta.loads (entity) values ('items')",
            "create table marts.other (x text)",
            "create temporary table t (x text)",
            "create schema mine",
            "drop view marts.view",
            "copy marts.products to program 'true'",
            "select pg_read_file('/etc/passwd')",
            "set role postgres",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                reader.execute(statement)
