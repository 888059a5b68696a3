"""How an export is spelled: encoding, line ends, dates, money, and the export tool's other whims."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from pathlib import Path
from typing import Literal

Cell = str | Decimal | date | None
Row = dict[str, Cell]

_MONEY_HEADERS = frozenset(
    {
        "Purchase Cost",
        "Sales Price",
        "Credit Limit",
        "Current Balance",
        "Product/Service Rate",
        "Product/Service Amount",
        "Product/Service  Amount",
        "Total Tax",
        "Total Amount",
    }
)


class Money(Enum):
    """How amounts in dollars are written."""

    PLAIN = auto()  # 1490.40, -12.00
    GROUPED = auto()  # 1,490.40, -12.00
    ACCOUNTING = auto()  # 1,490.40, (12.00)
    DOLLARS = auto()  # $1,490.40, (12.00)


@dataclass(frozen=True)
class Spelling:
    """How one file is written.

    Attributes:
        encoding: A Python codec name.
        line_end: What ends a row.
        last_line_end: Whether the last row has its line end.
        dates: strftime format of dates.
        money: How amounts are written.
        quantity_places: Decimal places of quantities; none writes them as short as they go.
        address_line: `Line{}` or `Line {}`; none leaves the export tool's own spelling.
        quote_all: Whether every field stands in quotes.
    """

    encoding: str = "utf-8"
    line_end: str = "\r\n"
    last_line_end: bool = True
    dates: str = "%m-%d-%Y"
    money: Money = Money.PLAIN
    quantity_places: int | None = None
    address_line: str | None = None
    quote_all: bool = False


SPELLINGS = (
    Spelling(encoding="cp1252"),
    Spelling(encoding="utf-8-sig", money=Money.GROUPED, quantity_places=2, address_line="Line {}"),
    Spelling(line_end="\n", dates="%m/%d/%Y", money=Money.ACCOUNTING, last_line_end=False),
    Spelling(encoding="cp1252", dates="%Y-%m-%d", money=Money.DOLLARS, address_line="Line{}"),
    Spelling(encoding="utf-8-sig", line_end="\n", quote_all=True),
)
"""The settings under which the company's staff have run the export tool, taken in turn."""


@dataclass
class Table:
    """What an export says, before it is spelled: headers, and rows by header."""

    headers: list[str]
    rows: list[Row] = field(default_factory=list)

    def row(self, header: str, value: str) -> Row:
        """Return the first row with that value under that header."""
        return next(row for row in self.rows if row.get(header) == value)


def spell(table: Table, spelling: Spelling) -> bytes:
    """Return a table as the bytes of a CSV file.

    Args:
        table: What the export says. A row's missing headers become blank cells.
        spelling: How it is written.
    """
    text = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if spelling.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator=spelling.line_end, quoting=quoting)
    writer.writerow([_spell_header(header, spelling) for header in table.headers])
    for row in table.rows:
        writer.writerow([_spell_cell(header, row.get(header), spelling) for header in table.headers])
    written = text.getvalue()
    if not spelling.last_line_end:
        written = written.removesuffix(spelling.line_end)
    return written.encode(spelling.encoding)


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a file unless it holds these bytes already: a file that stands still keeps its time."""
    if not (path.is_file() and path.read_bytes() == content):
        path.write_bytes(content)


def _spell_header(header: str, spelling: Spelling) -> str:
    if spelling.address_line is None:
        return header
    line = spelling.address_line
    return re.sub(r"\bLine ?(\d)", lambda match: line.format(match[1]), header)


def _spell_cell(header: str, value: Cell, spelling: Spelling) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.strftime(spelling.dates)
    if header in _MONEY_HEADERS:
        return _spell_money(value, spelling.money)
    if spelling.quantity_places is not None:
        return f"{value:.{spelling.quantity_places}f}"
    short = f"{value:f}"
    return short.rstrip("0").rstrip(".") if "." in short else short


def _spell_money(amount: Decimal, money: Money) -> str:
    if money is Money.PLAIN:
        return f"{amount:.2f}"
    if money is Money.GROUPED or (amount >= 0 and money is Money.ACCOUNTING):
        return f"{amount:,.2f}"
    return f"({-amount:,.2f})" if amount < 0 else f"${amount:,.2f}"
