"""Dagster's PostgreSQL storage, with connections that are kept: for servers, where `dagster-postgres` is installed.

Dagster connects anew for every question, and a run of these assets asks some hundred times before it begins. Over TCP
with TLS and a password that took half a minute. Nothing else is changed: the tables are Dagster's. The storage of
schedules connects as ever: it is not asked so often, and `DagsterInstance.dispose` would not close what it keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_postgres import (
    DagsterPostgresStorage,
    PostgresEventLogStorage,
    PostgresRunStorage,
    PostgresScheduleStorage,
)
from dagster_postgres.utils import create_pg_engine, pg_url_from_config

if TYPE_CHECKING:
    from dagster._serdes import ConfigurableClassData

KEPT, MOST = 1, 30
"""Connections of the storages of runs and of events: so many of each stay open, and so many may be at a time."""

_OLDEST_SECONDS = 1800
"""Younger than what firewalls forget."""


class _Keeping:
    """A storage whose connections are kept until it is disposed of."""

    def __init__(self, postgres_url: str) -> None:
        super().__init__(postgres_url)  # type: ignore[call-arg]
        self._engine = create_pg_engine(
            postgres_url,
            isolation_level="AUTOCOMMIT",
            pool_size=KEPT,
            max_overflow=MOST - KEPT,
            pool_recycle=_OLDEST_SECONDS,
            pool_pre_ping=True,  # a server that has started again has closed them
        )

    def dispose(self) -> None:
        """Close all connections: Dagster makes an instance for every look of a sensor."""
        super().dispose()  # type: ignore[misc]
        self._engine.dispose()


class _Runs(_Keeping, PostgresRunStorage):
    pass


class _Events(_Keeping, PostgresEventLogStorage):
    pass


class PostgresStorage(DagsterPostgresStorage):
    """All that Dagster stores, where `dagster-postgres` stores it."""

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None = None) -> None:
        # In place of the other class's own, which would make its storages, and connect, to no purpose.
        super(DagsterPostgresStorage, self).__init__()  # type: ignore[no-untyped-call]
        self._inst_data = inst_data
        self.postgres_url = postgres_url
        self.should_autocreate_tables = True
        self._run_storage = _Runs(postgres_url)
        self._event_log_storage = _Events(postgres_url)
        self._schedule_storage = PostgresScheduleStorage(postgres_url)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> PostgresStorage:  # noqa: ANN401
        """Make it as `dagster.yaml` says, which takes what `storage: postgres` takes."""
        return cls(pg_url_from_config(config_value), inst_data)
