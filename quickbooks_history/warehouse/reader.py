"""A role of the embedded server that may read everything and write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

READER = "qbh_reader"
"""The role's name."""

_ROLE = """
do $$
begin
    if not exists (select from pg_roles where rolname = 'qbh_reader') then
        create role qbh_reader login;
    end if;
end
$$;
alter role qbh_reader set default_transaction_read_only = on;
-- Also what is made later: dbt makes its schemas and tables at the first load, and some of them anew.
alter default privileges grant usage on schemas to qbh_reader;
alter default privileges grant select on tables to qbh_reader
"""


def reader_url(url: str) -> str:
    """Make the role that may read, where it is missing, and return the URL by which it connects.

    Args:
        url: Of the embedded server, as its owner.
    """
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('quickbooks_history.reader'))")
        connection.execute(_ROLE)
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("revoke all on database {} from public").format(database))
        connection.execute(sql.SQL("grant connect on database {} to qbh_reader").format(database))
        for schema in _schemas(connection):
            name = sql.Identifier(schema)
            connection.execute(sql.SQL("grant usage on schema {} to qbh_reader").format(name))
            connection.execute(sql.SQL("grant select on all tables in schema {} to qbh_reader").format(name))
    parts = conninfo_to_dict(url)
    return f"postgresql://{READER}@/{parts['dbname']}?host={parts['host']}"


def _schemas(connection: psycopg.Connection) -> Iterator[str]:
    """The schemas that are there, without PostgreSQL's own."""
    for (name,) in connection.execute(
        "select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'"
    ).fetchall():
        yield name
