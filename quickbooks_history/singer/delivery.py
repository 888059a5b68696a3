"""The delivery note: what the tap tells the loader of one export file, beside its rows.

A Singer BATCH message carries file URLs and nothing else. So each batch file has a note of the same name
with `.json` added, and the loader copies it into the ledger. A long export comes in several batch files, so that the
loader copies one while the tap writes the next.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

LINE_NUMBER = "_sdc_source_lineno"
"""The batch file's last column: the physical line of the export on which the row begins."""


class DeliveryError(ValueError):
    """A BATCH message that this project's loader cannot take; the message says why."""


@dataclass(frozen=True)
class DeliveryNote:
    """What the ledger is to know of one delivery.

    Attributes:
        entity: What the file lists; also the stream.
        file_name: Its name without its folder.
        file_path: Its absolute path.
        scope: `partial` or `full`.
        exported_at: The moment its name states, UTC.
        sha256: Hex digest of its bytes; None when it could not be read.
        size: Its length in bytes.
        modified_at: Its modification time, UTC.
        extracted_at: When it was read, UTC.
        part: Which of the export's batch files this is, from 1.
        is_last: Whether it is the last one: then all of the export has been read, and is sound or rejected.
        row_count: Rows in the export's batch files up to this one.
        encoding: How its text is encoded; None when that is not known.
        observed_columns: Staging names of the contract's columns that it has.
        unknown_columns: Raw names of its columns that are not in the contract.
        status: `loaded`, or `rejected`: then the batch file holds no rows, and those before it count for nothing.
        reason: Why it is rejected.
    """

    entity: str
    file_name: str
    file_path: str
    scope: str
    exported_at: datetime
    extracted_at: datetime
    sha256: str | None = None
    size: int | None = None
    modified_at: datetime | None = None
    part: int = 1
    is_last: bool = True
    row_count: int = 0
    encoding: str | None = None
    observed_columns: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    status: str = "loaded"
    reason: str | None = None

    def write(self, batch_file: Path) -> None:
        """Lay the note beside a batch file."""
        note_path(batch_file).write_text(json.dumps(asdict(self), default=datetime.isoformat))

    @classmethod
    def read(cls, batch_file: Path) -> DeliveryNote:
        """Read the note that lies beside a batch file.

        Raises:
            DeliveryError: There is none, or it is not one that `write` wrote.
        """
        try:
            facts = json.loads(note_path(batch_file).read_text())
            for name in ("exported_at", "extracted_at", "modified_at"):
                facts[name] = facts[name] and datetime.fromisoformat(facts[name])
            for name in ("observed_columns", "unknown_columns"):
                facts[name] = tuple(facts[name])
            return cls(**facts)
        except FileNotFoundError:
            raise DeliveryError(
                f"{batch_file}: no delivery note beside this batch file; CSV batches are taken from "
                "tap-quickbooks-csv only, let other taps send RECORD messages"
            ) from None
        except (ValueError, TypeError, KeyError) as error:
            raise DeliveryError(f"{note_path(batch_file)}: not a delivery note ({error}); load again") from error


def note_path(batch_file: Path) -> Path:
    """Where the note of a batch file lies."""
    return batch_file.with_name(f"{batch_file.name}.json")


def local_path(url: str) -> Path:
    """Return the path that a `file:` URL, or a plain path, names.

    Raises:
        DeliveryError: The URL is of another kind; batch files are handed over on one machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    if parts.scheme == "":
        return Path(url)
    raise DeliveryError(f"{url}: batch files are handed over through local folders; use a path or a file: URL")
