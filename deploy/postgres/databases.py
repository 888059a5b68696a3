"""Makes the server's roles and databases, and gives the roles the passwords that the environment holds.

It changes nothing that is as it should be, and runs at every start: so a new password, or the database of another
company, needs no other step.
"""

from __future__ import annotations

import os

import psycopg
from psycopg import sql

DAGSTER, WAREHOUSE = "dagster", "quickbooks_history"
"""The roles: of Dagster's own storage, and of the companies' histories."""


def main() -> None:
    """Connect by libpq's variables as a user who may make roles."""
    owners = {DAGSTER: DAGSTER} | dict.fromkeys(os.environ["QBH_DATABASES"].split(), WAREHOUSE)
    passwords = {
        DAGSTER: os.environ["DAGSTER_POSTGRES_PASSWORD"],
        WAREHOUSE: os.environ["QBH_DATABASE_PASSWORD"],
    }
    with psycopg.connect(dbname="postgres", autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("select rolname from pg_roles")}
        for role, password in passwords.items():
            verb = sql.SQL("alter" if role in roles else "create")
            # Only a hash of it is sent, so that the server's log cannot have it.
            secret = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
            connection.execute(
                sql.SQL("{} role {} login password {}").format(verb, sql.Identifier(role), sql.Literal(secret))
            )
        databases = {name for (name,) in connection.execute("select datname from pg_database")}
        for database, owner in owners.items():
            name = sql.Identifier(database)
            if database not in databases:
                connection.execute(
                    sql.SQL("create database {} owner {} encoding 'utf8' template template0").format(
                        name, sql.Identifier(owner)
                    )
                )
            connection.execute(sql.SQL("revoke all on database {} from public").format(name))


if __name__ == "__main__":
    main()
