"""Bad exports, each called by what a user has done: for every entity, what is in the file and what becomes of it.

`LOADED` are those that look bad and can be used; of the others the reason must have the words that stand beside them.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quickbooks_history.exports.contract import ENTITIES, Entity, Kind
from quickbooks_history.exports.reading import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOADED = ""

WHOLE_FILE = (
    "no header of",
    "is empty",
    "UTF-16",
    "column is missing",
    "columns are missing",
    "columns; an export has",
)
"""Words of reasons that are about the file as a whole: all others name a line."""


@dataclass(frozen=True)
class Mistake:
    """One bad export.

    Attributes:
        what: What the user has done.
        entity: What the file's name says it lists.
        content: Its bytes.
        reason: Words of the reason for which it is rejected, several that may be with bars between; or `LOADED`.
    """

    what: str
    entity: Entity
    content: bytes
    reason: str


class Sheet:
    """A sound export of three records, to be spoilt."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.headers = [column.header for column in entity.columns if column.required]
        if "QuickBooks Internal Id" not in self.headers:
            self.headers.append("QuickBooks Internal Id")
        samples = {Kind.NUMERIC: "7.50", Kind.DATE: "04-05-2025"}
        kinds = {column.header: column.kind for column in entity.columns}
        self.rows = [
            [
                f"80-{n}" if header == "QuickBooks Internal Id" else samples.get(kinds[header], f"{header} {n}")
                for header in self.headers
            ]
            for n in (1, 2, 3)
        ]

    def text(self, *, line_end: str = "\r\n", delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
        lines = io.StringIO()
        writer = csv.writer(lines, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
        writer.writerows([self.headers, *self.rows])
        return lines.getvalue()

    def with_cell(self, cell: str) -> str:
        """Its text with another first cell in the second record: the name or number."""
        self.rows[1][0] = cell
        return self.text()

    def with_column(self, header: str, cell: str = "x") -> str:
        """Its text with a column more at the end."""
        self.headers.append(header)
        for row in self.rows:
            row.append(cell)
        return self.text()

    def with_raw_row(self, row: str) -> str:
        """Its text with a line between the first and the second record, as it is written here."""
        head, first, *rest = self.text().splitlines(keepends=True)
        return "".join([head, first, row, *rest])

    @property
    def row(self) -> str:
        """A sound row, without its line end."""
        return self.text().splitlines()[2]

    @property
    def number_cells(self) -> list[int]:
        """Places of columns that hold numbers."""
        kinds = {column.header: column.kind for column in self.entity.columns}
        return [place for place, header in enumerate(self.headers) if kinds.get(header) is Kind.NUMERIC]

    def with_number(self, cell: str) -> str:
        """Its text with another number in the second record; customers have none that every export must have."""
        if not self.number_cells:
            return self.with_column("Current Balance", cell)
        self.rows[1][self.number_cells[0]] = cell
        return self.text()


MISTAKES: dict[str, tuple[Callable[[Sheet], str | bytes], str]] = {
    # another kind of file under the export's name
    "saved as an Excel workbook and renamed": (lambda s: b"PK\x03\x04\x14\0\6\0\x08\0" + b"[Content_Types].xml", "Excel workbook"),
    "saved as an old Excel file and renamed": (lambda s: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "NUL byte"),
    "saved as Unicode text": (lambda s: s.text(delimiter="\t").encode("utf-16"), "UTF-16"),
    "saved as Unicode text on an old Mac": (lambda s: b"\xfe\xff" + s.text(delimiter="\t").encode("utf-16-be"), "UTF-16"),
    "printed to PDF and renamed": (lambda s: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\n", "no header of"),
    "saved as a web page and renamed": (lambda s: "<html><body><table><tr><td>Item</td></tr></table></body></html>", "no header of"),
    "saved as JSON": (lambda s: json.dumps([dict(zip(s.headers, row, strict=True)) for row in s.rows]), "no header of"),
    "put an SQL dump in its place": (lambda s: "INSERT INTO items VALUES ('x', 1);\nDROP TABLE items;\n", "no header of"),
    "packed with gzip and renamed": (lambda s: gzip.compress(s.text().encode() * 50, mtime=0), "NUL byte|byte 0x"),
    "put a picture in its place": (lambda s: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL byte"),
    "saved the error page of the file server": (lambda s: "404 Not Found\n\nThe requested file does not exist.\n", "no header of"),
    "put the export of another entity under its name": (lambda s: other(s).text(), "missing|no header of"),
    # nothing in it
    "made a file and exported nothing into it": (lambda s: b"", "is empty"),
    "kept blank lines alone": (lambda s: "\r\n\r\n\r\n", "is empty"),
    "kept blanks and line ends alone": (lambda s: "   \n  \n", "is empty"),
    "exported an empty list": (lambda s: ",".join(s.headers) + "\r\n", LOADED),
    "exported an empty list and cut off the line end": (lambda s: ",".join(s.headers), LOADED),
    # the header
    "left a title above the header": (lambda s: f"Northside Paving - {s.entity.name}\r\n{s.text()}", "which stands on line 2, below a title"),
    "left a title of several lines above the header": (lambda s: f"Northside Paving\r\n{s.entity.name}, 2025\r\n\r\n{s.text()}", "which stands on line 4, below a title"),
    "let Excel put sep= above the header": (lambda s: f"sep=,\r\n{s.text()}", "which stands on line 2, below a title"),
    "deleted the header": (lambda s: "".join(s.text().splitlines(keepends=True)[1:]), "no header of"),
    "translated the header": (lambda s: s.text().replace(s.text().splitlines()[0], ",".join(["Nombre"] * len(s.headers))), "no header of"),
    "wrote the header in lower case": (lambda s: s.text().replace(s.text().splitlines()[0], s.text().splitlines()[0].lower()), "no header of"),
    "left blanks around the headers": (lambda s: s.text().replace(s.text().splitlines()[0], " , ".join(f" {h}  " for h in s.headers)), LOADED),
    "broke a header over two lines": (lambda s: s.text().replace(s.headers[0], f'"{s.headers[0].replace(" ", chr(10))}"', 1), LOADED),
    "misspelt a required header": (lambda s: s.text().replace(s.headers[1], "Purchse Cst", 1), "missing"),
    "left the first required column out of the template": (lambda s: without(s, 0), "missing"),
    "left the second required column out of the template": (lambda s: without(s, 1), "missing"),
    "put a column into the template twice": (lambda s: s.with_column(s.headers[0]), "line 1: the same column twice"),
    "put an unknown column into the template twice": (lambda s: (s.with_column("Colour"), s.with_column("Colour"))[1], "line 1: the same column twice"),
    "added a column of their own": (lambda s: s.with_column("Colour"), LOADED),
    "added a column without a header": (lambda s: s.with_column(""), LOADED),
    "added several columns without a header": (lambda s: (s.with_column(""), s.with_column(" "))[1], LOADED),
    "added a header as long as a sentence": (lambda s: s.with_column("What we think of it, in some words, as of last autumn " * 3), LOADED),
    "added two headers that are the same for fifty letters": (lambda s: (s.with_column("a" * 70 + "b"), s.with_column("a" * 70 + "c"))[1], LOADED),
    "added two headers that differ in case alone": (lambda s: (s.with_column("Colour"), s.with_column("COLOUR"))[1], LOADED),
    "added a header with inches in it": (lambda s: s.with_column('5/8" Qty'), LOADED),
    "added a header with a percent sign in it": (lambda s: s.with_column("100% of {it} %s %(x)s"), LOADED),
    "added a header that the log uses itself": (lambda s: s.with_column("_load_id"), LOADED),
    "added a header that the database uses itself": (lambda s: s.with_column("ctid"), LOADED),
    "added a header of emoji": (lambda s: s.with_column("🛠️ 备注"), LOADED),
    "exported a thousand columns": (lambda s: s.text().replace("\r\n", "," + ",".join(f"c{n}" for n in range(MOST_COLUMNS)) + "\r\n"), "columns; an export has"),
    # rows
    "let the download break off in a row": (lambda s: s.text()[: -len(s.rows[2][-1]) - 3], "line 4: "),
    "let the download break off within quotes": (lambda s: s.text(quoting=csv.QUOTE_ALL)[:-5], "line 4: "),
    "wrote a comma into a cell by hand": (lambda s: s.with_raw_row(s.row.replace(" ", ", ", 1) + "\r\n"), "line 3: "),
    "wrote a line break into a cell by hand": (lambda s: s.with_raw_row(s.row.replace(",", "\n,", 1)[1:] + "\r\n"), "line "),
    "wrote inches into a quoted cell by hand": (lambda s: s.with_raw_row('"5/8" thread"' + s.row[s.row.index(",") :] + "\r\n"), "line 3: "),
    "escaped inches with a backslash": (lambda s: s.with_raw_row('"5/8\\" thread"' + s.row[s.row.index(",") :] + "\r\n"), "line 3: "),
    "left a quote open": (lambda s: s.with_raw_row('"' + s.row + "\r\n"), "line 3: "),
    "put a blank before a quote": (lambda s: s.with_raw_row(s.row + ', "a, b"\r\n'), "line 3: "),
    "put every row into quotes as a whole": (lambda s: "".join(f'"{line}"\r\n' for line in s.text().splitlines()), "no header of"),
    "wrote a remark below the last row": (lambda s: s.text() + "Generated on 04-05-2025 by QuickBooks\r\n", "line 5: "),
    "kept the total below the last row": (lambda s: s.text() + "TOTAL" + "," * (len(s.headers) - 1) + "\r\n", LOADED),
    "stripped blank cells off the end of a row": (lambda s: s.with_raw_row(s.row.rpartition(",")[0] + "\r\n"), "line 3: "),
    "added a comma at the end of a row": (lambda s: s.with_raw_row(s.row + ",\r\n"), "line 3: "),
    "added a comma at the end of every row": (lambda s: s.text().replace("\r\n", ",\r\n").replace(",\r\n", "\r\n", 1), "line 2: "),
    "left conflict marks of a merge in it": (lambda s: s.with_raw_row("<<<<<<< HEAD\r\n"), "line 3: "),
    "copied it with a tool that ends files with Ctrl-Z": (lambda s: s.text() + "\x1a", "line 5: "),
    "joined two exports, headers and all": (lambda s: s.text() + s.text(), LOADED),
    "exported every row twice": (lambda s: (s.rows.extend(s.rows[:]), s.text())[1], LOADED),
    "left a blank line between rows": (lambda s: s.with_raw_row("\r\n"), LOADED),
    "left a row of blank cells": (lambda s: s.with_raw_row("," * (len(s.headers) - 1) + "\r\n"), LOADED),
    # another way to write CSV
    "used semicolons, as a European Excel does": (lambda s: s.text(delimiter=";"), "semicolons stand between its columns"),
    "used semicolons, and quotes around every cell": (lambda s: s.text(delimiter=";", quoting=csv.QUOTE_ALL), "semicolons stand between its columns"),
    "used semicolons below a sep= line": (lambda s: f"sep=;\r\n{s.text(delimiter=';')}", "semicolons stand between its columns"),
    "used tabs": (lambda s: s.text(delimiter="\t"), "tabs stand between its columns"),
    "used bars": (lambda s: s.text(delimiter="|"), "bars stand between its columns"),
    "used single quotes": (lambda s: "".join(",".join(f"'{c}'" for c in line.split(",")) + "\r\n" for line in s.text().splitlines()), "no header of"),
    "mixed line ends": (lambda s: s.text().replace("\r\n", "\n", 2), LOADED),
    "used the line ends of an old Mac": (lambda s: s.text(line_end="\r"), LOADED),
    # characters
    "mixed two encodings, with a mark that says UTF-8": (lambda s: b"\xef\xbb\xbf" + s.with_cell("caf\u00e9").encode("cp1252"), "line 3: byte 0xE9"),
    "used a character of no encoding": (lambda s: s.with_cell("x\x81y").encode("latin-1"), "line 3: byte 0x81"),
    "copied a NUL byte into a cell": (lambda s: s.with_cell("a\0b"), "line 3: a NUL byte"),
    "wrote UTF-8 twice": (lambda s: s.with_cell("cafÃ©"), LOADED),
    "used curly quotes": (lambda s: s.with_cell("\u201c5/8\u201d bolt"), LOADED),
    "used emoji": (lambda s: s.with_cell("🔩 bolt"), LOADED),
    "copied terminal colours into a cell": (lambda s: s.with_cell("\x1b[31mred\x1b[0m"), LOADED),
    "copied text that runs from right to left": (lambda s: s.with_cell("\u202egpj.exe"), LOADED),
    # values that are none
    "left formulas that went wrong": (lambda s: s.with_number("#REF!"), LOADED),
    "wrote a currency beside a number": (lambda s: s.with_number("USD 10.00"), LOADED),
    "wrote numbers as in Germany": (lambda s: s.with_number("1.490,40"), LOADED),
    "wrote a number that no column holds": (lambda s: s.with_number("9" * 400 + "e999999999"), LOADED),
    "wrote NaN and infinity": (lambda s: s.with_number("NaN"), LOADED),
    "wrote N/A": (lambda s: s.with_number("N/A"), LOADED),
    "wrote a date where a number belongs": (lambda s: s.with_number("04-05-2025"), LOADED),
    "kept a name of 100,000 letters": (lambda s: s.with_cell("x" * 100_000), LOADED),
}  # fmt: skip


def without(sheet: Sheet, place: int) -> str:
    del sheet.headers[place]
    for row in sheet.rows:
        del row[place]
    return sheet.text()


def other(sheet: Sheet) -> Sheet:
    """A sound export of another entity."""
    names = [*ENTITIES]
    return Sheet(ENTITIES[names[(names.index(sheet.entity.name) + 1) % len(names)]])


def mistakes() -> Iterator[Mistake]:
    """Every mistake, made with an export of every entity."""
    for entity in ENTITIES.values():
        for what, (spoil, reason) in MISTAKES.items():
            content = spoil(Sheet(entity))
            yield Mistake(what, entity, content.encode() if isinstance(content, str) else content, reason)
