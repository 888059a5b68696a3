"""Dagster's storage on a server: its connections are kept while an instance is used, and closed with it."""

from __future__ import annotations

import psycopg
from dagster import DagsterInstance
from dagster._core.storage.dagster_run import RunsFilter

STORAGE = {"module": "quickbooks_history.postgres_storage", "class": "PostgresStorage"}
OPEN = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


def test_connections_are_kept_and_none_outlives_its_instance(database: str) -> None:
    """Dagster makes an instance for every look of a sensor: what each left open would be many soon."""
    with psycopg.connect(database, autocommit=True) as connection:

        def are_open() -> int:
            (count,) = connection.execute(OPEN).fetchone() or (0,)
            return int(count)

        storage = {"custom": {**STORAGE, "config": {"postgres_url": database}}}
        with DagsterInstance.local_temp(overrides={"storage": storage}) as instance:
            for _ in range(3):
                assert not instance.get_runs(RunsFilter())
                assert not instance.all_asset_keys()
                assert not instance.all_instigator_state()
            assert are_open() == 2, "of runs and of events"
            kept = instance  # what is collected as garbage closes its connections, soon or late
        connection.execute("select pg_sleep(0.2)")  # the server's processes end a moment after their clients
        assert are_open() == 0, kept
