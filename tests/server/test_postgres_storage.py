"""Dagster's storage on a server: its connections are kept while an instance is used, and closed with it."""

from __future__ import annotations

import psycopg
from dagster import DagsterInstance
from dagster._core.storage.dagster_run import RunsFilter

from tests.up import wait_until

STORAGE = {"module": "quickbooks_history.postgres_storage", "class": "PostgresStorage"}
OPEN = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
)
ENDED_SECONDS = 30
"""A server's process ends a moment after its client, and a busy machine's moments are long."""


def test_connections_are_kept_and_none_outlives_its_instance(database: str) -> None:
    """Dagster makes an instance for every look of a sensor: what each left open would be many soon."""
    with psycopg.connect(database, autocommit=True) as connection:

        def are_open(number: int) -> bool:
            found = connection.execute(OPEN).fetchone()
            assert found == (number,), found
            return True

        storage = {"custom": {**STORAGE, "config": {"postgres_url": database}}}
        with DagsterInstance.local_temp(overrides={"storage": storage}) as instance:
            for _ in range(3):
                assert not instance.get_runs(RunsFilter())
                assert not instance.all_asset_keys()
                assert not instance.all_instigator_state()
            wait_until(lambda: are_open(2), ENDED_SECONDS)  # of runs and of events
        # The instance is still named here: what is collected as garbage closes its connections, soon or late.
        wait_until(lambda: are_open(0), ENDED_SECONDS)
