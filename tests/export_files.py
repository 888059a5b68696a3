"""Export files for tests, written out cell by cell."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from quickbooks_history.exports.contract import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def export_text(entity: str, *rows: Mapping[str, str], extra: tuple[str, ...] = ()) -> str:
    """CSV text of an export: the required columns, those that a row names, and `extra` ones.

    A cell that a row does not name is blank.
    """
    named = {header for row in rows for header in row}
    headers = [column.header for column in ENTITIES[entity].columns if column.required or column.header in named]
    headers += [header for header in extra if header not in headers]
    text = io.StringIO()
    writer = csv.DictWriter(text, headers, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_export(path: Path, entity: str, *rows: Mapping[str, str], extra: tuple[str, ...] = ()) -> Path:
    """Write an export of UTF-8 text with CRLF line ends."""
    path.write_bytes(export_text(entity, *rows, extra=extra).encode())
    return path
