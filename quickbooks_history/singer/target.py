"""target-postgres-append: MeltanoLabs' target-postgres, with `load_method` honoured and CSV batches copied.

Upstream ignores `load_method` and upserts whenever a stream has key properties (its issue 266).
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
from psycopg import sql
from singer_sdk import typing as th
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers.capabilities import TargetLoadMethods
from target_postgres.sinks import PostgresSink  # type: ignore[import-untyped]
from target_postgres.target import TargetPostgres  # type: ignore[import-untyped]

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.garbage import end_at_once
from quickbooks_history.settings import Settings
from quickbooks_history.singer.delivery import DeliveryError, DeliveryNote, local_path, note_path
from quickbooks_history.singer.ledger import Appender, Entry, require_entity
from quickbooks_history.visible import visible
from quickbooks_history.warehouse.connection import database_url, sqlalchemy_url
from quickbooks_history.warehouse.migrations import applied
from quickbooks_history.warehouse.rollback import ROLLBACK, lock_tables, require_forward
from quickbooks_history.warehouse.schema import ensure_schema, partition_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import sqlalchemy
    from singer_sdk.helpers._batch import BaseBatchFileEncoding

_SERVER_IN_TROUBLE = {"08", "53", "57", "58", "XX"}
"""Classes of SQLSTATE: no connection, no disk or memory left, stopped by somebody, failed itself."""

WORTH_ANALYZING = 1000
"""Rows that make a partition's statistics wrong. Until the server notices by itself, it takes a month that is new for
empty: the snapshot of 100,000 new items took three minutes instead of a quarter of one."""

_ROUGH_STATISTICS = "set default_statistics_target = 10"
"""A tenth of the usual sample tells how many rows and records there are; more rows have the server look closer."""

RAW_SCHEMA = "raw"
"""The schema of the append-only log, whose tables `ensure_schema` makes."""


class PostgresAppendSink(PostgresSink):  # type: ignore[misc]
    """Writes one stream as `load_method` says, or copies the files of its CSV batches."""

    def __init__(self, target: TargetPostgresAppend, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self.postgres_target = target
        self._upstream_setup_due = False
        super().__init__(target, *args, **kwargs)

    @property
    def load_method(self) -> TargetLoadMethods:
        """How records are written."""
        return TargetLoadMethods(self.config["load_method"])

    @property
    def key_properties(self) -> Sequence[str]:
        """The keys by which records are merged: none unless upserting, so that upstream appends."""
        return super().key_properties if self.load_method is TargetLoadMethods.UPSERT else []

    def setup(self) -> None:
        """Make the stream's table, or the whole of `raw` and `meta` for an entity of the contract.

        Raises:
            ConfigValidationError: Records without keys are to be upserted.
            NewerDatabaseError: A later version of the program has worked in the database.
        """
        if self.load_method is TargetLoadMethods.UPSERT and not self.key_properties:
            message = f"stream {self.stream_name} has no key properties to upsert by; use load_method: append-only"
            raise ConfigValidationError(message, errors=[message])
        self.postgres_target.require_known_schema()
        if self.schema_name == ROLLBACK:
            self.postgres_target.be_alone_in_rollback()
        if self.schema_name == RAW_SCHEMA and self.stream_name in ENTITIES:
            # Its table is made here, partitioned. Upstream would add its own metadata columns at once; that
            # waits until records come (`process_batch`), since batches of files do without them.
            self.postgres_target.ensure_warehouse()
            self._upstream_setup_due = True
        else:
            super().setup()

    def process_batch(self, context: dict[str, Any]) -> None:
        """Write records as upstream does, after the part of `setup` that was put off for them.

        Args:
            context: The batch.
        """
        if self._upstream_setup_due:
            super().setup()
            self._upstream_setup_due = False
        super().process_batch(context)

    def upsert(
        self,
        from_table: sqlalchemy.Table,
        to_table: sqlalchemy.Table,
        schema: dict[str, Any],
        join_keys: Sequence[str],
        connection: sqlalchemy.engine.Connection,
    ) -> int | None:
        """Move a batch from its temporary table; the first one of an `overwrite` run replaces what was there.

        Both happen in upstream's one transaction: a batch that fails leaves the old rows.

        Args:
            from_table: The batch.
            to_table: The stream's table.
            schema: The stream's schema.
            join_keys: Keys to merge by; none when appending.
            connection: The transaction.

        Returns:
            None: upstream does not count.
        """
        table = str(self.full_table_name)
        first = table not in self.postgres_target.replaced_tables
        if self.load_method is TargetLoadMethods.OVERWRITE and first:
            connection.execute(to_table.delete())
        written: int | None = super().upsert(from_table, to_table, schema, join_keys, connection)
        self.postgres_target.replaced_tables.add(table)
        return written

    def process_batch_files(self, encoding: BaseBatchFileEncoding, files: Sequence[str]) -> None:
        """Load the files of one BATCH message; the CSV ones of an export in one transaction with its ledger entry.

        Args:
            encoding: The files' format.
            files: Their URLs.

        Raises:
            DeliveryError: The stream is no entity, or a file comes without its delivery note.
        """
        if encoding.format != "csv":
            super().process_batch_files(encoding, files)
            return
        for url in files:
            self._load_file(url)

    def _load_file(self, url: str) -> None:
        entity = require_entity(self.stream_name)
        batch_file = local_path(url)
        note = DeliveryNote.read(batch_file)
        if note.entity != entity:
            raise DeliveryError(f"{batch_file}: its note says {note.entity}, its stream {entity}; load again")
        try:
            entry = self.postgres_target.take_delivery(note, batch_file)
        except (psycopg.Error, DeliveryError) as error:
            # The server's words name a table and a row, and not the file.
            self.logger.error("%s %s is not loaded: %s", note.entity, note.file_name, _in_words(error))  # noqa: TRY400
            if not self.postgres_target.can_go_on_after(error):
                raise
            self.postgres_target.first_refusal = self.postgres_target.first_refusal or error
            return
        if entry is not None:
            self._report(note, entry)
        batch_file.unlink(missing_ok=True)
        note_path(batch_file).unlink(missing_ok=True)

    def _report(self, note: DeliveryNote, entry: Entry) -> None:
        if entry.status == "loaded":
            self.record_counter_metric.increment(note.row_count)
            remark = f"; {entry.reason}" if entry.reason else ""
            self.logger.info(
                "loaded %s %s: %d rows (load %d)%s",
                note.entity,
                note.file_name,
                note.row_count,
                entry.load_id,
                remark,
            )
        else:
            level = self.logger.warning if entry.status in {"rejected", "held"} else self.logger.info
            level(
                "%s %s %s: %s (load %d)",
                entry.status,
                note.entity,
                note.file_name,
                entry.reason,
                entry.load_id,
            )


def _in_words(error: psycopg.Error | DeliveryError) -> str:
    """What went wrong, and at which line, on one line."""
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        return visible("; ".join(filter(None, (error.diag.message_primary, error.diag.context))))
    return visible(" ".join(str(error).split()))


class TargetPostgresAppend(TargetPostgres):  # type: ignore[misc]
    """Loads any Singer stream, and the CSV batches of tap-quickbooks-csv with their ledger entries."""

    name = "target-postgres-append"
    package_name = "quickbooks-history"
    default_sink_class = PostgresAppendSink

    config_jsonschema: ClassVar[dict[str, Any]] = {
        **TargetPostgres.config_jsonschema,
        "properties": {
            **TargetPostgres.config_jsonschema["properties"],
            **th.PropertiesList(
                th.Property(
                    "load_method",
                    th.StringType,
                    allowed_values=[method.value for method in TargetLoadMethods],
                    default=TargetLoadMethods.APPEND_ONLY.value,
                    description=(
                        "`append-only` inserts every record, keys or no keys; `upsert` merges by the "
                        "stream's keys; `overwrite` replaces a table's rows with the first batch of the run "
                        "(a run that brings no record of the stream leaves them)."
                    ),
                )
            ).to_dict()["properties"],
        },
    }

    def __init__(
        self,
        config: Any = None,  # noqa: ANN401 - as upstream's
        parse_env_config: bool = False,
        validate_config: bool = True,
    ) -> None:
        if config is None or isinstance(config, dict):
            config = {**(config or {}), **(self._env_var_config if parse_env_config else {})}
            if not config.get("sqlalchemy_url") and not config.get("host"):
                config["sqlalchemy_url"] = sqlalchemy_url(database_url(Settings()))
        super().__init__(config=config, parse_env_config=parse_env_config, validate_config=validate_config)
        self.metrics_logger.setLevel(logging.WARNING)  # METRIC lines would bury the one line for each file
        self.replaced_tables: set[str] = set()
        """Tables that an `overwrite` run has replaced, so that later batches append."""
        self._connection: psycopg.Connection | None = None
        self._schema_is_known = False
        self.first_refusal: psycopg.Error | DeliveryError | None = None
        """Of a file that is not loaded: the others are, and the run fails with it when all have been tried."""
        self._rollback_lock: psycopg.Connection | None = None
        self._appender: Appender | None = None
        self._grown: Counter[str] = Counter()
        """Rows that this run has added to each partition of `raw`."""

    @property
    def run_id(self) -> str | None:
        """The run that this load belongs to, as its caller names it."""
        return os.environ.get("QBH_RUN_ID") or None

    def ensure_warehouse(self) -> None:
        """Make the ledger and the raw tables, once in a run."""
        if self._connection is None:
            self._connection = self._connect()
            ensure_schema(self._connection)
            self._appender = Appender(self._connection, self.run_id, Settings().max_deleted_share)

    def require_known_schema(self) -> None:
        """See that no later version of the program has worked in the database, once in a run.

        Raises:
            NewerDatabaseError: One has.
        """
        if not self._schema_is_known:
            with closing(self._connect()) as connection:
                applied(connection)
            self._schema_is_known = True

    def be_alone_in_rollback(self) -> None:
        """Wait for another loader that upserts current state, such as one whose run was killed, once in a run."""
        if self._rollback_lock is None:
            self._rollback_lock = self._connect()
            lock_tables(self._rollback_lock)

    def take_delivery(self, note: DeliveryNote, batch_file: Path) -> Entry | None:
        """Load one file, or part of one, or note why it is not loaded.

        Args:
            note: What its tap says of it.
            batch_file: Its rows.

        Returns:
            The ledger's entry; None while it is not said yet what becomes of the file, or when it has been before.
        """
        self.ensure_warehouse()
        assert self._connection is not None  # noqa: S101 - ensure_warehouse made both
        assert self._appender is not None  # noqa: S101
        if note.part == 1:
            require_forward(self._connection)
        if note.status == "rejected":
            self._appender.abandon()
            return self._appender.reject(note)
        entry = self._appender.append(note, batch_file)
        if entry is not None and entry.status in {"loaded", "held"}:
            self._grown[partition_name(note.entity, note.exported_at)] += note.row_count
        return entry

    def can_go_on_after(self, error: psycopg.Error | DeliveryError) -> bool:
        """Whether a file failed for what is in it, and not for the server's state, at which all others would fail."""
        if self._connection is None or self._connection.broken:
            return False
        return not (isinstance(error, psycopg.Error) and (error.sqlstate or "")[:2] in _SERVER_IN_TROUBLE)

    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        """Write what came under a stream's old schema before anything that comes under the new one.

        Upstream writes it with the next of all streams' batches, which may be after a batch of the new schema: of two
        records with one key the older would stand.
        """
        super()._process_schema_message(message_dict)
        if self._sinks_to_clear:
            self.drain_all()

    def process_endofpipe(self) -> None:
        """Write what is left and let go of the server.

        Raises:
            psycopg.Error: Some file could not be loaded; each was told when it was its turn.
            DeliveryError: So here, or the last file's end has not come.
        """
        super().process_endofpipe()
        if self._appender is not None and (broken_off := self._appender.abandon()):
            self.first_refusal = self.first_refusal or DeliveryError(broken_off)
        if self._connection is not None:
            self._connection.execute(_ROUGH_STATISTICS)
            for partition, rows in self._grown.items():
                if rows >= WORTH_ANALYZING:
                    self._connection.execute(sql.SQL("analyze {}").format(sql.Identifier(RAW_SCHEMA, partition)))
            self._connection.close()
            self._connection = None
        if self._rollback_lock is not None:
            self._rollback_lock.close()
            self._rollback_lock = None
        if self.first_refusal is not None:
            raise self.first_refusal

    def _connect(self) -> psycopg.Connection:
        """Open a connection to where the sinks write, through upstream's engine: its TLS and SSH apply.

        It is taken out of the pool: the settings that `raw`'s column defaults read are made on it.
        """
        pooled = self.target_connector._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        if not isinstance(connection, psycopg.Connection):
            message = "CSV batches need psycopg 3; write sqlalchemy_url as postgresql+psycopg://..."
            raise ConfigValidationError(message, errors=[message])
        connection.autocommit = True
        connection.execute("set timezone to 'UTC'")
        return connection


def main() -> None:
    """Run the loader's command line."""
    end_at_once()
    TargetPostgresAppend.cli()
