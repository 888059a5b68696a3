"""What has arrived in the inbox that no run has been asked to load: the arrival sensor's eyes, without Dagster."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from quickbooks_history.exports.inbox import FoundExport, Listing, list_inbox
from quickbooks_history.exports.reading import RejectedExportError, read_file
from quickbooks_history.warehouse import ledger

if TYPE_CHECKING:
    import psycopg

    from quickbooks_history.settings import Settings

HASHING_SECONDS = 20
"""How long one look may read files for; those beyond count as new, and the loader finds the duplicates among them.
Dagster gives a sensor's look a minute."""

LONGEST_WAIT = 10
"""Seconds that one look may wait for files to stand still; those that need longer are left for the next."""


class Fingerprints:
    """SHA-256 of files that the ledger does not know, so that none is read twice while it is as it was.

    A cache, kept between two looks as text; to lose it costs time.
    """

    def __init__(self, text: str | None) -> None:
        try:
            known = json.loads(text or "{}")
        except ValueError:
            known = {}
        self._known: dict[str, list[object]] = known if isinstance(known, dict) else {}
        self._asked: dict[str, list[object]] = {}

    def of(self, export: FoundExport) -> str | None:
        """Return the hex digest of a file's bytes; None when it cannot be read, which the loader will say why."""
        path, state = str(export.path), [export.size, export.modified_at.timestamp(), export.changed_at.timestamp()]
        *known_state, sha256 = self._known.get(path, [None])
        if known_state != state:
            try:
                sha256 = read_file(export.path).sha256
            except RejectedExportError:
                sha256 = None
        self._asked[path] = [*state, sha256]
        return sha256 if isinstance(sha256, str) else None

    def as_text(self) -> str:
        """Return what was asked for, and nothing of files that are gone or loaded since."""
        return json.dumps(self._asked)


@dataclass
class Arrivals:
    """What lies in the inbox.

    Attributes:
        listing: All of it.
        new: Exports to load, in the order of history, and the SHA-256 of each where it could be read.
        unsettled: Exports that somebody wrote to a moment ago.
        duplicates: Exports whose very content was loaded under this or another name.
    """

    listing: Listing
    new: list[tuple[FoundExport, str | None]] = field(default_factory=list)
    unsettled: list[FoundExport] = field(default_factory=list)
    duplicates: list[FoundExport] = field(default_factory=list)


def look(connection: psycopg.Connection, settings: Settings, fingerprints: Fingerprints) -> Arrivals:
    """See what is new in the inbox, waiting a little for files that are being written.

    Files that the ledger knows are not read. One that was rejected is not new: it waits for a person.

    Args:
        connection: To the warehouse.
        settings: Says where the inbox is, and how long a file must stand still.
        fingerprints: Of files that were looked at before.
    """
    arrivals = _look(connection, settings, fingerprints)
    if arrivals.unsettled:
        # What came together is loaded together.
        youngest = max(export.changed_at for export in arrivals.unsettled)
        wait = settings.settle_seconds - (datetime.now(UTC) - youngest).total_seconds()
        if 0 < wait <= LONGEST_WAIT:
            time.sleep(wait)
            arrivals = _look(connection, settings, fingerprints)
    return arrivals


def _look(connection: psycopg.Connection, settings: Settings, fingerprints: Fingerprints) -> Arrivals:
    arrivals = Arrivals(list_inbox([settings.inbox], settings.zone).require_all())
    now = datetime.now(UTC)
    enough = time.monotonic() + HASHING_SECONDS
    for export in ledger.undelivered(connection, arrivals.listing.exports, retry_rejected=False):
        if not export.has_stood_still(settings.settle_seconds, now):
            arrivals.unsettled.append(export)
            continue
        sha256 = fingerprints.of(export) if time.monotonic() < enough else None
        if sha256 and ledger.is_duplicate(connection, export, sha256):
            arrivals.duplicates.append(export)
        else:
            arrivals.new.append((export, sha256))
    return arrivals
