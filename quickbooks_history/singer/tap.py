"""tap-quickbooks-csv: a Singer tap that sends QuickBooks CSV exports, as BATCH files or row by row."""

from __future__ import annotations

import json
import logging
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from singer_sdk import Stream, Tap
from singer_sdk import typing as th
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers._batch import BaseBatchFileEncoding, BatchConfig

from quickbooks_history.exports.contract import ENTITIES, Entity
from quickbooks_history.exports.inbox import FoundExport, Listing, list_inbox
from quickbooks_history.exports.reading import RejectedExportError, read_export, read_file
from quickbooks_history.settings import Settings
from quickbooks_history.singer.delivery import LINE_NUMBER, DeliveryNote, local_path
from quickbooks_history.visible import visible
from quickbooks_history.warehouse.ledger import ledger_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from singer_sdk.helpers.types import Context, Record

SOURCE_FILE = "_sdc_source_file"
"""A record's property that names the file it comes from."""

ROWS_OF_A_PART = 50_000
"""Rows of one batch file at most: of a longer export the loader copies one while the tap writes the next."""


class ExportStream(Stream):
    """The exports of one entity, oldest first."""

    def __init__(self, tap: TapQuickBooksCsv, entity: Entity) -> None:
        self.entity = entity
        self.exports_tap = tap
        super().__init__(tap, name=entity.name, schema=_schema(entity))

    @property
    def found(self) -> list[FoundExport]:
        """This entity's files, in the order of history."""
        return [export for export in self.exports_tap.listing.exports if export.name.entity is self.entity]

    def get_records(self, context: Context | None) -> Iterator[Record]:  # noqa: ARG002
        """Read every file row by row; a rejected one is logged and sends nothing.

        Args:
            context: Unused: the stream has no partitions.

        Yields:
            One record for each row, its columns that are in the contract as text.
        """
        for found in self.found:
            try:
                yield from self._records_of(found)
            except RejectedExportError as error:
                self.logger.error("rejected %s %s: %s", self.name, found.name.file_name, error.reason)  # noqa: TRY400

    def _records_of(self, found: FoundExport) -> Iterator[Record]:
        export = read_export(read_file(found.path), self.entity)
        count = sum(1 for _ in export.rows())  # the whole file is sound before its first row is sent
        if export.unknown_columns:
            unknown = visible(", ".join(export.unknown_columns))
            self.logger.warning("%s: columns not in the contract, not sent: %s", found.name.file_name, unknown)
        known = [
            (position, name) for position, name in enumerate(export.raw_columns) if name not in export.unknown_columns
        ]
        for line, cells in export.rows():
            record: Record = {name: cells[position] for position, name in known}
            record[SOURCE_FILE] = found.name.file_name
            record[LINE_NUMBER] = line
            yield record
        self.logger.info("sent %s %s: %d rows", self.name, found.name.file_name, count)

    def get_batch_config(self, config: Mapping[str, Any]) -> BatchConfig | None:
        """Return the batch settings; files go to the spool unless a storage root is set.

        Args:
            config: The tap's settings.

        Returns:
            None when rows are to be sent as RECORD messages.
        """
        raw = config.get("batch_config")
        if not raw:
            return None
        storage = {"root": "", **(raw.get("storage") or {})}
        storage["root"] = storage["root"] or config.get("spool") or str(self.exports_tap.settings.spool)
        return super().get_batch_config(
            {
                "batch_config": {
                    **raw,
                    "encoding": raw.get("encoding") or {"format": "csv"},
                    "storage": storage,
                }
            }
        )

    def get_batches(
        self,
        batch_config: BatchConfig,
        context: Context | None = None,  # noqa: ARG002
    ) -> Iterator[tuple[BaseBatchFileEncoding, list[str]]]:
        """Lay every file in the spool, in parts of `ROWS_OF_A_PART`, each with its delivery note.

        A rejected one is a note beside an empty batch file, after the parts that were laid there before its fault.

        Args:
            batch_config: Says where the files go.
            context: Unused: the stream has no partitions.

        Yields:
            The encoding, and the URL of one batch file.
        """
        folder = local_path(batch_config.storage.root).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        for found in self.found:
            # A name of its own: what an interrupted run left behind is never mistaken for this file.
            stem = f"{batch_config.storage.prefix or ''}{self.name}-{uuid.uuid4().hex}"
            for note in self._spool(found, folder, stem):
                batch_file = folder / f"{stem}-{note.part}.csv"
                note.write(batch_file)
                self.logger.debug("%s %s %s: %d rows", note.status, self.name, note.file_name, note.row_count)
                yield BaseBatchFileEncoding(format="csv"), [batch_file.as_uri()]

    def _spool(self, found: FoundExport, folder: Path, stem: str) -> Iterator[DeliveryNote]:
        """Write one export's batch files, `<stem>-<part>.csv`, and say of each what became of the export up to it."""
        note = DeliveryNote(
            entity=self.name,
            file_name=found.name.file_name,
            file_path=ledger_path(found),
            scope=found.name.scope,
            exported_at=found.name.exported_at,
            extracted_at=datetime.now(UTC),
            # Also of a file that cannot be read: by them it is known when it lies there still.
            size=found.size,
            modified_at=found.modified_at,
            is_last=False,
        )
        try:
            content = read_file(found.path, folder)
            note = replace(note, sha256=content.sha256, size=content.size, modified_at=content.modified_at)
            export = read_export(content, self.entity)
            note = replace(
                note,
                encoding=export.encoding,
                observed_columns=export.observed_columns,
                unknown_columns=export.unknown_columns,
            )
            rows = export.rows()
            while True:
                count = _write_part(folder / f"{stem}-{note.part}.csv", export.raw_columns, rows)
                note = replace(note, row_count=note.row_count + count, is_last=count < ROWS_OF_A_PART)
                yield note
                if note.is_last:
                    return
                note = replace(note, part=note.part + 1)
        except RejectedExportError as error:
            (folder / f"{stem}-{note.part}.csv").write_bytes(b"")
            yield replace(note, status="rejected", reason=error.reason, row_count=0, is_last=True)


class TapQuickBooksCsv(Tap):
    """Sends the QuickBooks exports of an inbox, one stream for each entity of the contract."""

    name = "tap-quickbooks-csv"
    package_name = "quickbooks-history"

    config_jsonschema = th.PropertiesList(
        th.Property(
            "paths",
            th.ArrayType(th.StringType),
            description="Export files, and folders of them. Default: the inbox.",
        ),
        th.Property(
            "files_from",
            th.StringType,
            description=(
                "JSON file that holds a list of paths, for more than an environment variable can hold. "
                "Wins over `paths`."
            ),
        ),
        th.Property(
            "timezone",
            th.StringType,
            description="Time zone in which the export tool names its files. Default: QBH_TIMEZONE or UTC.",
        ),
        th.Property(
            "spool",
            th.StringType,
            description="Folder for batch files when `batch_config` states none. Default: $QBH_HOME/spool.",
        ),
        th.Property(
            "batch_config",
            th.ObjectType(
                th.Property(
                    "encoding",
                    th.ObjectType(th.Property("format", th.StringType, allowed_values=["csv"], default="csv")),
                ),
                th.Property(
                    "storage",
                    th.ObjectType(th.Property("root", th.StringType), th.Property("prefix", th.StringType)),
                ),
            ),
            description="Set: BATCH messages, CSV files with delivery notes. Else RECORD messages.",
        ),
    ).to_dict()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.metrics_logger.setLevel(logging.WARNING)  # METRIC lines would bury the one line for each file

    @cached_property
    def settings(self) -> Settings:
        """The project's settings, whose values stand where the tap's own are not set."""
        return Settings()

    @cached_property
    def listing(self) -> Listing:
        """What lies in the inbox; strangers are logged here, once.

        Looked up at the first stream's sync, so that discovery reads no folder.
        """
        zone = ZoneInfo(self.config["timezone"]) if self.config.get("timezone") else self.settings.zone
        if self.config.get("files_from"):
            listing = list_inbox(_paths_from(Path(self.config["files_from"])), zone)
            for path in listing.missing:
                self.logger.error("gone since it was listed: %s", visible(str(path)))
        elif self.config.get("paths"):
            listing = list_inbox(map(Path, self.config["paths"]), zone).require_all()
        else:
            listing = list_inbox([self.settings.inbox], zone)
            for path in listing.missing:
                self.logger.warning("nothing to load: there is no inbox %s yet", path)
        for stranger in listing.strangers:
            self.logger.warning("left alone %s: %s", visible(str(stranger.path)), stranger.reason)
        return listing

    def discover_streams(self) -> Sequence[Stream]:
        """Return one stream for each entity of the contract."""
        return [ExportStream(self, entity) for entity in ENTITIES.values()]


def _schema(entity: Entity) -> dict[str, Any]:
    properties = [th.Property(header, th.StringType) for header in entity.headers]
    return th.PropertiesList(
        *properties, th.Property(SOURCE_FILE, th.StringType), th.Property(LINE_NUMBER, th.IntegerType)
    ).to_dict()


def _paths_from(list_file: Path) -> list[Path]:
    try:
        paths = json.loads(list_file.read_text())
    except (OSError, ValueError) as error:
        message = f"files_from {list_file}: {error}; write a JSON list of paths there"
        raise ConfigValidationError(message, errors=[message]) from error
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        message = f"files_from {list_file}: not a JSON list of paths"
        raise ConfigValidationError(message, errors=[message])
    return [Path(path) for path in paths]


def _write_part(batch_file: Path, header: Sequence[str], rows: Iterator[tuple[int, list[str]]]) -> int:
    """Write the next rows, at most `ROWS_OF_A_PART`, with their line numbers below a header, and count them."""
    count = 0

    def lines() -> Iterator[str]:
        nonlocal count
        for line, cells in islice(rows, ROWS_OF_A_PART):
            count += 1
            yield _csv_line(cells, line)

    with batch_file.open("w", encoding="utf-8", newline="") as file:
        file.write(_csv_line(header, LINE_NUMBER))
        file.writelines(lines())
    return count


def _csv_line(cells: Sequence[str], last: int | str) -> str:
    """One line of CSV, every cell quoted: half the time of the csv module, which asks of each cell if it needs quotes.

    NUL stands between the cells while their quotes are doubled; none has one, or its file is rejected.
    """
    quoted = "\0".join(cells).replace('"', '""').replace("\0", '","')
    return f'"{quoted}","{last}"\n'
