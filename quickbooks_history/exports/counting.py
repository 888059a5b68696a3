"""How many rows an export file has, counted without the reader that loads them, to check on it."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

from quickbooks_history.exports.reading import LONGEST_FIELD

if TYPE_CHECKING:
    from pathlib import Path

_CODECS = {"utf-8": "utf-8", "utf-8-bom": "utf-8-sig", "windows-1252": "cp1252"}


def count_file_rows(path: Path, sha256: str, encoding: str) -> int | None:
    """Count the rows below the header of a file, if it is still the one that was loaded.

    Args:
        path: Where it lay.
        sha256: Hex digest of its bytes then.
        encoding: How its text is encoded, as the ledger has it.

    Returns:
        The number of rows, those whose cells are all blank included and lines with nothing on them not; None if the
        file is gone, cannot be read, or has other content now.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    try:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                return None
            file.seek(0)
            text = io.TextIOWrapper(file, encoding=_CODECS[encoding], newline="")
            rows = sum(1 for cells in csv.reader(text) if any(map(str.strip, cells)) or len(cells) > 1)
    except (OSError, UnicodeError, csv.Error):
        return None
    return max(rows - 1, 0)
