"""Loading exports, and putting loads in force or out of it, from the command line: runs of the Dagster assets."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import psycopg

from quickbooks_history.exports.inbox import FoundExport, Stranger, list_inbox, require_there
from quickbooks_history.runs import Run, open_warehouse, reopened_warehouse, run_job
from quickbooks_history.standby import MELTANO, standing_by
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.history import Issue, issues_of_loads, newest_loads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from quickbooks_history.settings import Settings
    from quickbooks_history.warehouse.ledger import Decision


NEWEST_CAN_BE_READ = "newest_exports_can_be_read"
"""The check by which a run has looked for what cannot be used as it stands, in the newest export of each entity."""

MOST_NAMED = 100
"""So many new files are named to the run one by one; for more it looks through what was asked for."""


@dataclass(frozen=True)
class LoadReport:
    """What became of a load.

    Attributes:
        run: The Dagster run; if it failed, what was loaded stays loaded.
        entries: What the ledger says of each file that was delivered, oldest export first.
        issues: Values and rows of these files that could not be used as they stood.
        known: What the ledger says of exports that were asked for by name and had been delivered before.
        known_files: How many exports lay there that had been delivered before.
        strangers: What lay there and is no export.
        gone: Names of exports that lay there at first, and were not there any more when they were to be read.
    """

    run: Run
    entries: list[ledger.LedgerEntry] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    known: list[ledger.LedgerEntry] = field(default_factory=list)
    known_files: int = 0
    strangers: tuple[Stranger, ...] = ()
    gone: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it for scripts, the facts of the run beside those of the files."""
        run = {"run_id": self.run.run_id, "succeeded": self.run.succeeded, "error": self.run.error}
        return run | {facts.name: getattr(self, facts.name) for facts in fields(self) if facts.name != "run"}

    @property
    def needs_a_person(self) -> bool:
        """Whether some file was not loaded that somebody may think was."""
        return bool(self.strangers or self.gone) or any(entry.status in {"rejected", "held"} for entry in self.entries)


def load(settings: Settings, paths: Sequence[Path], follow: Callable[[str], None]) -> LoadReport:
    """Deliver every new export and bring all marts up to date, as a run of the Dagster assets.

    Args:
        settings: Says where the warehouse, the inbox and the Dagster instance are.
        paths: Files and folders to look through; none means the inbox.
        follow: Is told, in a few words, each thing that happens.

    Returns:
        What became of it.

    Raises:
        MissingPathError: A path does not exist.
    """
    settings.inbox.mkdir(parents=True, exist_ok=True)
    looked_through = [path.absolute() for path in paths] or [settings.inbox]
    require_there(looked_through)
    with ExitStack() as early, open_warehouse(settings, follow) as connection:
        meltano = early.enter_context(standing_by(MELTANO))
        delivered = ledger.delivered_from(connection, looked_through)
        listing = list_inbox(looked_through, settings.zone, delivered).require_all()
        new = ledger.undelivered(connection, listing.exports)
        if not new:
            early.close()  # it has nothing to do, and dbt need not wait for it
        known = _known(connection, listing.exports, new, named=paths)
        # A folder of ten years' files need not be looked through twice for one night's.
        paths_of_run = [export.path for export in new] if len(new) <= MOST_NAMED else looked_through
        run = run_job(
            settings,
            connection,
            "load_exports" if new else "refresh_history",
            follow,
            command="load",
            ops={"meltano_load": {"config": {"paths": [str(path) for path in paths_of_run]}}} if new else None,
            dates=sorted({export.name.export_date for export in new}),
            after=meltano if new else None,
        )
    known_files = listing.known_files + len(listing.exports) - len(new)
    report = LoadReport(run=run, known=known, known_files=known_files, strangers=listing.strangers)
    try:
        with reopened_warehouse(settings) as connection:
            return _told(connection, report, new)
    except psycopg.OperationalError:
        if run.succeeded:
            raise
        return report  # why the run failed is told then, and not that the server cannot be asked what came of it


def _told(connection: psycopg.Connection, report: LoadReport, new: Sequence[FoundExport]) -> LoadReport:
    """Add what became of the files that were new."""
    entries = ledger.latest_entries(connection, new)
    if not report.run.succeeded:
        return replace(report, entries=entries)
    told = {entry.file_path for entry in entries}
    gone = tuple(export.path.name for export in new if ledger.ledger_path(export) not in told)
    return replace(report, entries=entries, issues=_issues(connection, report.run, entries), gone=gone)


def _issues(connection: psycopg.Connection, run: Run, entries: Sequence[ledger.LedgerEntry]) -> list[Issue]:
    """Return what could not be used as it stood, which the run itself has seen to be nothing after a usual night."""
    loaded = [entry for entry in entries if entry.status == "loaded"]
    nothing_in_newest = any(check.name == NEWEST_CAN_BE_READ and check.passed for check in run.checks)
    if nothing_in_newest and {entry.load_id for entry in loaded} <= newest_loads(connection):
        return []
    return issues_of_loads(connection, loaded)


def decide(settings: Settings, decision: Decision, file_name: str, follow: Callable[[str], None]) -> LoadReport:
    """Put a load in force or out of it and bring history up to date, as a run of the Dagster assets.

    Args:
        settings: Says where the warehouse and the Dagster instance are.
        decision: What a person has decided.
        file_name: Of the load's file.
        follow: Is told, in a few words, each thing that happens.

    Returns:
        What became of it.

    Raises:
        NoSuchLoadError: The file has no load of which that can be decided.
    """
    with open_warehouse(settings, follow) as connection:
        load_id = ledger.decidable(connection, decision, file_name)  # before Dagster takes seconds to start
        run = run_job(
            settings,
            connection,
            decision.job,
            follow,
            command=decision.job,
            ops={"dbt_build": {"config": {decision.job: [file_name]}}},
        )
    with reopened_warehouse(settings) as connection:
        return LoadReport(run=run, entries=[ledger.entry(connection, load_id)])


def _known(
    connection: psycopg.Connection,
    exports: Sequence[FoundExport],
    new: Sequence[FoundExport],
    *,
    named: Sequence[Path],
) -> list[ledger.LedgerEntry]:
    """What the ledger says of files that were asked for by name and are not new."""
    asked = {path.absolute() for path in named} - {export.path for export in new}
    return ledger.latest_entries(connection, [export for export in exports if export.path in asked])
