"""The streams of tap-quickbooks-csv: the exports of an entity, as they stand or under keys to upsert by."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from singer_sdk import Stream
from singer_sdk import typing as th
from singer_sdk.helpers._batch import BaseBatchFileEncoding, BatchConfig
from singer_sdk.singerlib import SchemaMessage

from quickbooks_history.exports.contract import QUICKBOOKS_ID, Entity, Level
from quickbooks_history.exports.inbox import FoundExport
from quickbooks_history.exports.names import Scope
from quickbooks_history.exports.reading import RejectedExportError, read_export, read_file
from quickbooks_history.singer.delivery import LINE_NUMBER, DeliveryNote, local_path
from quickbooks_history.visible import visible
from quickbooks_history.warehouse.ledger import ledger_path
from quickbooks_history.warehouse.rollback import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from singer_sdk.helpers.types import Context, Record

    from quickbooks_history.singer.tap import TapQuickBooksCsv

SOURCE_FILE = "_sdc_source_file"
"""A record's property that names the file it comes from."""

ROWS_OF_A_PART = 50_000
"""Rows of one batch file at most: of a longer export the loader copies one while the tap writes the next."""

_BLANKS = " \t\r\n\u00a0"
"""What staging trims off text (`to_text`)."""


class ExportStream(Stream):
    """The exports of one entity, oldest first."""

    def __init__(
        self, tap: TapQuickBooksCsv, entity: Entity, name: str | None = None, headers: Sequence[str] | None = None
    ) -> None:
        self.entity = entity
        self.exports_tap = tap
        super().__init__(tap, name=name or entity.name, schema=_schema(headers or entity.headers))

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
        count = 0
        for record in self._rows_of(found):
            yield record
            count += 1
        self.logger.info("sent %s %s: %d rows", self.name, found.name.file_name, count)

    def _rows_of(self, found: FoundExport) -> Iterator[Record]:
        export = read_export(read_file(found.path), self.entity)
        for _ in export.rows():  # the whole file is sound before its first row is sent
            pass
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


class CurrentStateStream(ExportStream):
    """What the exports of one entity say of its records, or of the lines of these, each row under its key.

    A loader that upserts makes current state of it: as without history, what was deleted stays. While a file is sent
    that does not have a column, the schema does not have it either, so that what was said of it before stays too.
    """

    primary_keys = (KEY,)

    def __init__(self, tap: TapQuickBooksCsv, entity: Entity, level: Level) -> None:
        self.level = level
        columns = [column.header for column in entity.columns if column.level is level]
        identity = [] if level is Level.RECORD else [entity.number_header, QUICKBOOKS_ID]
        super().__init__(tap, entity, name=entity.tables[level], headers=[KEY, *identity, *columns])
        self._announced: set[str] = set(self.schema["properties"])

    def get_batch_config(self, config: Mapping[str, Any]) -> BatchConfig | None:  # noqa: ARG002
        """Send rows: batch files have no keys."""
        return None

    def _rows_of(self, found: FoundExport) -> Iterator[Record]:
        listed = self._listed_after(found)
        for key, row in self._keyed_rows_of(found):
            if listed is not None and key not in listed:
                continue
            record = {KEY: key} | {name: value for name, value in row.items() if name in self.schema["properties"]}
            if record.keys() != self._announced:
                self._announce(record)
            yield record

    def _listed_after(self, found: FoundExport) -> set[str] | None:
        """The keys in the full export of a partial one's moment; it speaks after that, and what it lacks was not there.

        None if there is none, or it is rejected.
        """
        full = self._fulls.get(found.name.exported_at)
        if full is None or full is found:
            return None
        try:
            return {key for key, _ in self._keyed_rows_of(full)}
        except RejectedExportError:  # which is told when it is its turn
            return None

    @cached_property
    def _fulls(self) -> dict[datetime, FoundExport]:
        """The full exports by their moments."""
        return {found.name.exported_at: found for found in self.found if found.name.scope is Scope.FULL}

    def _keyed_rows_of(self, found: FoundExport) -> Iterator[tuple[str, Record]]:
        """The rows of a file that have a key of this stream, each after its key."""
        lines_with: Counter[str] = Counter()
        for row in super()._rows_of(found):
            record_key = _trimmed(row.get(QUICKBOOKS_ID)) or _trimmed(row[self.entity.number_header])
            if not record_key:
                continue
            if self.level is Level.RECORD:
                yield record_key, row
            elif product := _trimmed(row.get(self.entity.product_header)):  # else it shows the header and no line
                line = json.dumps([record_key, product])
                lines_with[line] += 1
                yield json.dumps([record_key, product, lines_with[line]]), row

    def _announce(self, names: Iterable[str]) -> None:
        self._announced = set(names)
        properties = {name: kind for name, kind in self.schema["properties"].items() if name in self._announced}
        self.exports_tap.write_message(SchemaMessage(self.name, self.schema | {"properties": properties}, [KEY]))


def _trimmed(cell: str | None) -> str:
    return (cell or "").strip(_BLANKS)


def _schema(headers: Sequence[str]) -> dict[str, Any]:
    properties = [th.Property(header, th.StringType) for header in headers]
    return th.PropertiesList(
        *properties, th.Property(SOURCE_FILE, th.StringType), th.Property(LINE_NUMBER, th.IntegerType)
    ).to_dict()


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
