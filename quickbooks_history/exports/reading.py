"""What stands in an export file: its bytes taken once, validated, and read as rows of text."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
import os
import stat
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from quickbooks_history.exports.contract import LOAD_COLUMNS, Column, Entity, normalize_header
from quickbooks_history.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

LONGEST_FIELD = 2**24
"""Characters of one cell; the csv module's own limit, 131,072, is shorter than a long note."""

LONGEST_ROW = 2**25
"""Characters of one row, its line ends included: so much of a file may be in memory, whatever it is."""

MOST_COLUMNS = 1000
"""Columns of one file: a PostgreSQL table holds at most 1,600."""

_BLOCK = 2**20
"""Bytes that are looked at together."""

_MOST_IN_MEMORY = 2**24
"""Bytes of a file that are kept in memory; a longer one is kept in a temporary file."""

_LONGEST_NAME = 63
"""Bytes of a column's name in PostgreSQL."""

_SYSTEM_COLUMNS = ("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid")
"""Names that PostgreSQL keeps for itself in every table."""

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What programs put between columns; an export has commas."""

_BEGIN = 2**16
"""Characters at a file's beginning among which a header is looked for that does not stand where it should."""

_ROWS_OF_A_TITLE = 20
"""Rows among which it is looked for: a title, a company's name, a period, a blank line or two."""

_UTF8_MARK = b"\xef\xbb\xbf"
_WORKBOOK_MARK = b"PK\x03\x04"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# The limit is one for the process, so it is set where it is first needed, and only ever raised.
csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))


class RejectedExportError(ValueError):
    """An export cannot be loaded as it stands; the message says where, what, and what to do.

    Attributes:
        file_name: The file's name without its folder.
        reason: The message without the file's name, as the ledger keeps it.
        line: The physical line it is about, from 1, or None when it is about the whole file.
        value: What stands there, shortened, or None.
    """

    def __init__(
        self, file_name: str, problem: str, remedy: str, *, line: int | None = None, value: str | None = None
    ) -> None:
        self.file_name = file_name
        self.line = line
        self.value = value if value is None or len(value) <= 80 else f"{value[:77]}..."
        where = "" if line is None else f"line {line}: "
        what = "" if self.value is None else f": {self.value!r}"
        self.reason = visible(f"{where}{problem}{what}; {remedy}")
        super().__init__(f"{file_name}: {self.reason}")


class NoRoomError(RuntimeError):
    """The bytes of a file cannot be kept; it can be read when there is room."""


@dataclass(frozen=True)
class FileContent:
    """A file's bytes as they stood at one moment, and what they are known by.

    Attributes:
        path: Where the file lies.
        copy: Every byte of it, in memory or in a temporary file that goes when nobody holds it any more.
        size: Length in bytes.
        sha256: Hex digest of them.
        modified_at: The file's modification time, UTC.
    """

    path: Path
    copy: BinaryIO = field(repr=False, compare=False)
    size: int
    sha256: str
    modified_at: datetime

    def open(self) -> io.BufferedReader:
        """Read the bytes from their beginning, whoever else is reading them."""
        return io.BufferedReader(_Reader(self.copy), _BLOCK)

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """The bytes in pieces, each with the place at which it begins."""
        place = 0
        with self.open() as file:
            while block := file.read(_BLOCK):
                yield place, block
                place += len(block)


class _Copy(tempfile.SpooledTemporaryFile[bytes]):
    """Bytes that go when nobody holds them any more: Python would warn that nobody has closed them."""

    def __del__(self) -> None:
        self.close()


class _Reader(io.RawIOBase):
    """A file that somebody else reads too, read from a place of its own."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._place = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer
        self._file.seek(self._place)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


@dataclass(frozen=True)
class Export:
    """A validated export file.

    Its header is checked when it is made, its rows while they are read (`rows`).

    Attributes:
        content: The bytes it is read from.
        entity: What it lists.
        encoding: `utf-8`, `utf-8-bom` or `windows-1252`.
        raw_columns: For each of its columns, the column of `raw.<entity>` that keeps it, in file order.
        observed_columns: Staging names of the contract's columns that it has.
        unknown_columns: Those of `raw_columns` that are not in the contract.
    """

    content: FileContent
    entity: Entity
    encoding: str
    raw_columns: tuple[str, ...]
    observed_columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Read the rows below the header, cells verbatim.

        Physical lines with nothing on them are skipped; a row whose cells are all blank is a row.

        Yields:
            The physical line on which a row begins, from 1, and one text for each of `raw_columns`.

        Raises:
            RejectedExportError: A row has more or fewer cells than the header, or is not CSV.
        """
        width = len(self.raw_columns)
        lines = _lines(self.content, self.encoding)
        next(lines)
        for line, cells in lines:
            if len(cells) != width:
                raise RejectedExportError(
                    self.content.path.name,
                    f"{len(cells)} fields where the header has {width}",
                    "quote the fields that hold commas or line breaks, or export the file again",
                    line=line,
                    value=",".join(cells),
                )
            yield line, cells


def read_file(path: Path, spool: Path | None = None) -> FileContent:
    """Take a file's bytes once, so that its fingerprint and its rows cannot be of two states of it.

    Args:
        path: A file.
        spool: Folder for what is too long to be kept in memory; the system's for temporary files when there is none.

    Returns:
        Its bytes, and what they are known by.

    Raises:
        RejectedExportError: It is no file, is gone, may not be read, or changed meanwhile.
        NoRoomError: There is no room to keep its bytes; nothing is wrong with the file.
    """
    spool_folder = str(spool) if spool else None
    copy = cast("BinaryIO", _Copy(_MOST_IN_MEMORY, dir=spool_folder))
    sha256, size = hashlib.sha256(), 0
    try:
        # Asked before opening: to open a named pipe would wait for its writer, for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            problem = "a folder" if path.is_dir() else "not a regular file"
            raise RejectedExportError(path.name, problem, "put the export itself in its place")
        # Not `open`, which would wait for a pipe's writer if somebody has put one in the file's place meanwhile.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise RejectedExportError(path.name, "not a regular file", "put the export itself in its place")
            while block := file.read(_BLOCK):
                sha256.update(block)
                size += len(block)
                _keep(copy, block, path)
            after = os.fstat(file.fileno())
            # It has another name now, or somebody has written to it and put the times back: the bytes tell.
            differs = before.st_ctime_ns != after.st_ctime_ns and _hash(file) != sha256.digest()
    except OSError as error:
        raise RejectedExportError(
            path.name, f"the file cannot be read ({error.strerror})", "see that it is there and may be read"
        ) from error
    if differs or size != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise RejectedExportError(
            path.name, "the file changed while it was read", "load it again when it is written to its end"
        )
    modified_at = datetime.fromtimestamp(after.st_mtime, UTC)
    return FileContent(path, copy, size, sha256.hexdigest(), modified_at)


def _hash(file: BinaryIO) -> bytes:
    file.seek(0)
    sha256 = hashlib.sha256()
    while block := file.read(_BLOCK):
        sha256.update(block)
    return sha256.digest()


def _keep(copy: BinaryIO, block: bytes, path: Path) -> None:
    try:
        copy.write(block)
    except OSError as error:
        raise NoRoomError(f"{path.name} cannot be kept while it is read ({error.strerror}); make room") from error


def read_export(content: FileContent, entity: Entity) -> Export:
    """Validate a file's encoding and header against the contract.

    Args:
        content: The file.
        entity: What its name says it lists.

    Returns:
        The export; its rows are validated while they are read.

    Raises:
        RejectedExportError: It is empty, not text, not CSV, lacks a required column or has one twice.
    """
    encoding = _encoding(content)
    try:
        header = next(_lines(content, encoding), None)
    except RejectedExportError as error:  # quotes between semicolons are no comma-separated values either
        raise _header_elsewhere(content, entity, encoding) or error from error
    if header is None:
        raise RejectedExportError(content.path.name, "the file is empty", "export it again, header included")
    return _match_header(content, entity, encoding, *header)


def _encoding(content: FileContent) -> str:
    """Name the file's encoding: UTF-8 if it can be, else Windows-1252."""
    with content.open() as file:
        begin = file.read(len(_WORKBOOK_MARK))
    if begin.startswith(_WORKBOOK_MARK):
        raise RejectedExportError(
            content.path.name,
            "an Excel workbook or a zip file under the name of a CSV file",
            "save it as CSV UTF-8",
            line=1,
        )
    if begin.startswith(_UTF16_MARKS):
        raise RejectedExportError(content.path.name, "the file is UTF-16", "save it as CSV UTF-8")
    for place, block in content.blocks():
        nul = block.find(b"\0")
        if nul >= 0:
            raise RejectedExportError(
                content.path.name,
                "a NUL byte, which no text file holds",
                "export the file again, as CSV UTF-8",
                line=_line_of(content, place + nul),
            )
    undecodable = _first_undecodable(content, "utf-8")
    if undecodable is None:
        return "utf-8-bom" if begin.startswith(_UTF8_MARK) else "utf-8"
    if begin.startswith(_UTF8_MARK):  # says that it is UTF-8, so it is not to be guessed at
        raise _undecodable(content, "UTF-8", undecodable)
    undecodable = _first_undecodable(content, "cp1252")
    if undecodable is not None:
        raise _undecodable(content, "UTF-8 or Windows-1252", undecodable)
    return "windows-1252"


def _first_undecodable(content: FileContent, codec: str) -> int | None:
    """The place of the first byte that is not of a codec, or None if all are."""
    decoder = codecs.getincrementaldecoder(codec)()
    place, final = 0, False
    blocks = content.blocks()
    while not final:
        place, block = next(blocks, (content.size, b""))
        final = not block
        begun = len(decoder.getstate()[0])  # of a character that the block before has broken off
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError as error:
            return place - begun + error.start
    return None


_CODECS = {"utf-8": "utf-8", "utf-8-bom": "utf-8-sig", "windows-1252": "cp1252"}


def _undecodable(content: FileContent, encodings: str, place: int) -> RejectedExportError:
    byte = next(block[place - begin] for begin, block in content.blocks() if place < begin + len(block))
    return RejectedExportError(
        content.path.name,
        f"byte 0x{byte:02X} is not {encodings}",
        "save the file as CSV UTF-8",
        line=_line_of(content, place),
    )


def _line_of(content: FileContent, place: int) -> int:
    """The physical line, from 1, on which a byte stands; CRLF, LF and CR all end one."""
    line, ended_by_cr = 1, False
    for begin, block in content.blocks():
        before = block[: max(0, place - begin)]
        line += before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
        line -= ended_by_cr and before.startswith(b"\n")
        ended_by_cr = before.endswith(b"\r")
        if len(before) < len(block):
            break
    return line


def _lines(content: FileContent, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Split a file into CSV rows, header included, each with the physical line on which it begins."""
    text = io.TextIOWrapper(content.open(), encoding=_CODECS[encoding], newline="")
    in_row = 0

    def bounded() -> Iterator[str]:
        nonlocal in_row
        while line := text.readline(LONGEST_ROW + 1):
            in_row += len(line)
            if in_row > LONGEST_ROW:
                raise RejectedExportError(
                    content.path.name,
                    f"a row of more than {LONGEST_ROW:,} characters",
                    "see whether a quote is left open, or whether this is an export at all",
                    line=begins,
                )
            yield line

    reader = csv.reader(bounded() if content.size > LONGEST_ROW else text, strict=True)
    begins = 1
    try:
        for cells in reader:
            in_row = 0
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        problem, remedy = _not_csv(str(error))
        raise RejectedExportError(content.path.name, problem, remedy, line=begins) from error


def _not_csv(error: str) -> tuple[str, str]:
    """Say the csv module's complaint about a row in words, with what to do about it."""
    if "unexpected end of data" in error:
        return "the quote opened in this row is never closed", "close it, or export the file again"
    if "field limit" in error:
        return f"a field of more than {LONGEST_FIELD:,} characters", "see whether a quote is left open"
    return f"the row is not CSV ({error})", "double the quotes inside quoted fields, or export the file again"


def _match_header(content: FileContent, entity: Entity, encoding: str, line: int, headers: list[str]) -> Export:
    columns = [entity.by_header.get(normalize_header(header)) for header in headers]
    _refuse_strange_header(content, entity, encoding, line, headers, columns)
    taken = {*entity.headers, *LOAD_COLUMNS, *_SYSTEM_COLUMNS}
    raw_columns: list[str] = []
    for position, (header, column) in enumerate(zip(headers, columns, strict=True), start=1):
        raw_columns.append(column.header if column else _raw_name(header, position, taken))
        taken.add(raw_columns[-1])
    return Export(
        content=content,
        entity=entity,
        encoding=encoding,
        raw_columns=tuple(raw_columns),
        observed_columns=tuple(dict.fromkeys(name for column in columns if column for name in column.staging_names)),
        unknown_columns=tuple(name for name, column in zip(raw_columns, columns, strict=True) if column is None),
    )


def _refuse_strange_header(
    content: FileContent, entity: Entity, encoding: str, line: int, headers: list[str], columns: list[Column | None]
) -> None:
    name = content.path.name
    if len(headers) > MOST_COLUMNS:
        raise RejectedExportError(
            name, f"{len(headers):,} columns", f"an export has at most {MOST_COLUMNS:,}", line=line
        )
    missing = [column.header for column in entity.required if column not in columns]
    if len(missing) == len(entity.required):
        raise _header_elsewhere(content, entity, encoding) or RejectedExportError(
            name,
            f"this is no header of {entity.name}, in comma-separated values",
            f"export it again as CSV with the columns {', '.join(missing)}",
            line=line,
            value=",".join(headers),
        )
    if missing:
        noun = "column is" if len(missing) == 1 else "columns are"
        raise RejectedExportError(
            name,
            f"required {noun} missing: {', '.join(missing)}",
            "add them to the export's template and export it again",
        )
    counts = Counter(normalized for header in headers if (normalized := normalize_header(header)))
    twice = [header for header, count in counts.items() if count > 1]
    if twice:
        raise RejectedExportError(
            name,
            f"the same column twice: {', '.join(twice)}",
            "remove it from the export's template, or rename one",
            line=line,
        )


def _header_elsewhere(content: FileContent, entity: Entity, encoding: str) -> RejectedExportError | None:
    """Say what is wrong with a file whose header is there, but below a title, or between other signs than commas."""
    begin = io.TextIOWrapper(content.open(), encoding=_CODECS[encoding], newline="").read(_BEGIN)
    first = next((line for line in begin.splitlines() if line.strip()), "").strip()
    for sign, name in _SEPARATORS.items():
        found = _header_line(begin, entity, sign)
        if found is None:
            continue
        problem = f"this is no header of {entity.name}"
        if sign != ",":
            problem += f" in comma-separated values: {name} stand between its columns"
            remedy = "save it as CSV with commas between the columns, or export it again"
        else:
            problem += f", which stands on line {found}, below a title"
            remedy = "delete what stands above the header, or leave the title out of the export's template"
        return RejectedExportError(content.path.name, problem, remedy, line=1, value=first)
    return None


def _header_line(begin: str, entity: Entity, sign: str) -> int | None:
    """The physical line, among the first rows, that names more than half of the columns an export must have."""
    reader = csv.reader(io.StringIO(begin, newline=""), delimiter=sign)
    line = 1
    try:
        for cells in itertools.islice(reader, _ROWS_OF_A_TITLE):
            named = {entity.by_header.get(normalize_header(cell)) for cell in cells}
            if sum(column in named for column in entity.required) > len(entity.required) / 2:
                return line
            line = reader.line_num + 1
    except csv.Error:  # then it is not such a file either
        pass
    return None


def _raw_name(header: str, position: int, taken: set[str]) -> str:
    """Name the raw column of a header that the contract does not know, so that PostgreSQL can hold it."""
    name = _shortened(header.strip() or f"(unnamed {position})")
    while name in taken:
        name = _shortened(f"{name} (export)")
    return name


def _shortened(name: str) -> str:
    """Cut a name that is too long for PostgreSQL, and keep it apart from others that begin alike."""
    encoded = name.encode()
    if len(encoded) <= _LONGEST_NAME:
        return name
    mark = f"~{hashlib.sha256(encoded).hexdigest()[:8]}"
    return encoded[: _LONGEST_NAME - len(mark)].decode(errors="ignore") + mark
