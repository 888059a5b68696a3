"""How loads, changes and records look on the terminal."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.text import Text

from quickbooks_history.exports.contract import Entity, Kind
from quickbooks_history.terminal import moment, plain, print_json, table
from quickbooks_history.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, RenderableType

    from quickbooks_history.loading import LoadReport
    from quickbooks_history.verifying import Finding
    from quickbooks_history.warehouse.archive import ArchivedMonth
    from quickbooks_history.warehouse.history import Change, EntitySize, Issue
    from quickbooks_history.warehouse.ledger import LedgerEntry
    from quickbooks_history.warehouse.origins import Origin

_STATUS_STYLES = {
    "loaded": "green",
    "duplicate": "dim",
    "rejected": "bold red",
    "held": "bold yellow",
    "withdrawn": "yellow",
    "no export": "bold red",
    "gone": "bold red",
}

_MOST_ISSUES = 8
_GONE = "it was there, and not any more when it was to be read; put it back and load again"
_ROOM_FOR_REASONS = 130
"""Columns of a terminal that shows reasons in the table of files; in a narrower one they follow it."""


def show_deliveries(console: Console, report: LoadReport, *, most: int = 100) -> None:
    """Print what became of each file.

    Args:
        console: Where.
        report: Of the load.
        most: At most so many files.
    """
    entries = [*((entry, True) for entry in report.known), *((entry, False) for entry in report.entries)]
    if len(entries) > most:
        # Of so many, those that a person has to look at come first.
        entries.sort(key=lambda delivered: delivered[0].status in {"loaded", "duplicate"})
    hidden = entries[most:]
    rows = [_delivery(entry, known=before) for entry, before in entries[:most]] + [
        (plain(visible(stranger.path.name)), "", "", "", "", _styled("no export"), plain(stranger.reason))
        for stranger in report.strangers
    ]
    rows += [(plain(visible(name)), "", "", "", "", _styled("gone"), _GONE) for name in report.gone]
    reasons = [(row[0], row[-1]) for row in rows if row[-1]]
    in_table = bool(reasons) and console.width >= _ROOM_FOR_REASONS
    heads = ["file", "entity", "scope", "exported at", "rows", "status", *(["reason"] if in_table else [])]
    if rows:
        shown = table(None, *heads, right=["rows"], whole=heads[:6])
        for row in rows:
            shown.add_row(*row[: len(heads)])
        console.print(shown)
    if reasons and not in_table:
        told = table("\nReasons", "file", "reason", whole=["file"])
        for row in reasons:
            told.add_row(*row)
        console.print(told)
    if hidden:
        statuses = Counter(entry.status for entry, _ in hidden)
        rest = ", ".join(f"{count:,} {status}" for status, count in statuses.items())
        console.print(f"... and {len(hidden):,} more files: {rest}; all are in meta.loads.", highlight=False)
    show_issues(console, report.issues, "What could not be used as it stood")
    if not (report.entries or report.run.succeeded):
        return  # it is not known; what is, is why the run failed
    console.print(_what_became(report, not_shown=report.known_files - len(report.known)), highlight=False)


def _what_became(report: LoadReport, *, not_shown: int) -> str:
    """How many files were new and what became of them; apart from these, those that had been delivered before."""
    if not (report.entries or report.known_files):
        return "no exports there"
    if not report.entries:
        return f"No new files: {not_shown:,} had been delivered before." if not_shown else "No new files."
    statuses = Counter(entry.status for entry in report.entries)
    told = f"{statuses.pop('loaded', 0):,} of {len(report.entries):,} new files loaded"
    told = ", ".join([told, *(f"{count:,} {status}" for status, count in statuses.items())])
    if not not_shown:
        return f"{told}."
    files = "lies 1 file" if not_shown == 1 else f"lie {not_shown:,} files"
    return f"{told}. Beside them {files} that had been delivered before."


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print what a verification says of each table, and the first rows that differ."""
    shown = table(None, "table", "verdict", whole=["table"])
    for finding in findings:
        shown.add_row(finding.table, f"[{'green' if finding.agrees else 'bold red'}]{plain(finding.found)}[/]")
    console.print(shown)
    for finding in findings:
        if finding.first:
            console.print(f"\n[bold]{finding.table}[/], the first rows that differ", highlight=False)
        for difference in finding.first:
            console.print(_row_difference(difference), highlight=False, soft_wrap=True)
    if not all(finding.agrees for finding in findings if finding.table.startswith("raw.")):
        console.print(
            "the log itself was changed: restore raw and meta from a backup, then verify again", highlight=False
        )
    elif any(finding.differs for finding in findings):
        console.print("`qbh rebuild` puts what the log says in its place", highlight=False)


_OF_A_ROW = ("record_key", "product_service", "occurrence", "column_name", "changed_at", "dbt_valid_from", "load_id")
"""What tells a person which row of history it is."""


def _row_difference(difference: dict[str, dict[str, Any] | None]) -> str:
    there, recomputed = difference["there"], difference["recomputed"]
    row = there or recomputed or {}
    name = ", ".join(f"{column} {row[column]}" for column in _OF_A_ROW if row.get(column) is not None)
    if there is None:
        return f"  missing  {plain(name)}"
    if recomputed is None:
        return f"  surplus  {plain(name)}"
    columns = [column for column, value in there.items() if value != recomputed.get(column)]
    told = "; ".join(f"{column} is {there[column]!r}, recomputed {recomputed[column]!r}" for column in columns)
    return f"  wrong    {plain(f'{name}: {told}')}"


def show_issues(console: Console, issues: Sequence[Issue], title: str) -> None:
    """Print the first values and rows that could not be used, if any, and how many more there are."""
    if not issues:
        return
    heads = ["file", "line", "column", "value", "issue"]
    shown = table(f"\n{title}", *heads, right=["line"], whole=["file", "line"])
    for issue in issues[:_MOST_ISSUES]:
        shown.add_row(
            *(plain(str("" if value is None else value)) for value in
              (issue.file_name, issue.line_no, issue.column_name, issue.raw_value, issue.issue))
        )  # fmt: skip
    console.print(shown)
    if len(issues) > _MOST_ISSUES:
        rest = len(issues) - _MOST_ISSUES
        console.print(f"... and {rest} more; all are in staging.data_quality_issues", highlight=False)


def _delivery(entry: LedgerEntry, *, known: bool = False) -> tuple[str, ...]:
    remarks = [f"delivered before, at {moment(entry.loaded_at)} UTC"] if known else []
    remarks += [entry.reason] if entry.reason else []
    return (
        plain(entry.file_name),
        entry.entity,
        entry.scope,
        moment(entry.exported_at),
        f"{entry.row_count:,}",
        _styled(entry.status),
        plain("; ".join(remarks)),
    )


def _styled(status: str) -> str:
    return f"[{_STATUS_STYLES[status]}]{status}[/]"


def show_changes(console: Console, changes: Sequence[Change], title: str | None = None) -> None:
    """Print changes; a moment or a record is told only where it differs from the row above."""
    shown = table(title, "changed at", "record", "what", "old", "new", whole=["changed at", "what"])
    at = record = None
    for change in changes:
        now, whose = moment(change.changed_at), change.number or change.record_key
        known = now == at and whose == record
        shown.add_row("" if known else now, "" if known else plain(whose), *_change(change))
        at, record = now, whose
    console.print(shown)


def _change(change: Change) -> tuple[str, RenderableType, RenderableType]:
    """What changed, its old and its new value."""
    if change.column_name == "_record":
        style = "red" if change.change_type == "deleted" else "green"
        return f"[{style}]{change.change_type}[/]", "", ""
    old, new = (_value(value) for value in (change.old_value, change.new_value))
    return change.column_name, "" if change.change_type == "created" else old, new


def _value(value: str | None) -> RenderableType:
    """Numbers stand to the right, to be compared; text to the left, to be read."""
    if value is None:
        return Text("blank", style="dim")
    return Text(visible(value), justify="right" if re.fullmatch(r"-?[\d.]+", value) else "left")


def show_months(console: Console, job: str, months: Sequence[ArchivedMonth]) -> None:
    """Print how much has gone into the archive of the log, or has come back, by entity."""
    if not months:
        console.print(f"nothing to {job}", highlight=False)
        return
    numbers = ["months", "rows", "MB in database", "MB in files"]
    shown = table(None, "entity", *numbers, "from", "to", right=numbers)
    for entity in dict.fromkeys(month.entity for month in months):
        moved = [month for month in months if month.entity == entity]
        shown.add_row(
            entity,
            f"{len(moved):,}",
            f"{sum(month.row_count for month in moved):,}",
            f"{sum(month.table_bytes for month in moved) / 1e6:,.1f}",
            f"{sum(month.file_bytes for month in moved) / 1e6:,.1f}",
            f"{moved[0].month:%Y-%m}",
            f"{moved[-1].month:%Y-%m}",
        )
    console.print(shown)


def show_rollback(console: Console, observations: Sequence[tuple[str, str]], *, as_json: bool) -> None:
    """Show how what was upserted compares with the marts, and what became of files that the log does not have.

    Args:
        console: Where to.
        observations: Of the run: a table's name, and a few words.
        as_json: Whether for scripts.
    """
    compared = [(name, words) for name, words in observations if name.startswith("marts.")]
    files = [words for name, words in observations if not name.startswith("marts.")]
    if as_json:
        print_json({"marts": dict(compared), "files": files})
        return
    if compared:
        shown = table(None, "mart", "what was upserted", whole=("mart",))
        for name, words in compared:
            shown.add_row(name, plain(words))
        console.print(shown)
    else:
        console.print("not compared: there is no history yet")
    for words in files:
        console.print(plain(words), highlight=False, soft_wrap=True)


def show_record(console: Console, record: dict[str, Any]) -> None:
    """Print what is known of one record, a column a row."""
    shown = table(None, "column", "value", whole=["column"])
    for name, value in record.items():
        if value is not None and name != "dbt_scd_id":
            shown.add_row(name, moment(value) if isinstance(value, datetime) else plain(str(value)))
    console.print(shown)


def show_origins(console: Console, origins: Sequence[Origin]) -> None:
    """Print where values come from: of one in full, of several those that are not blank in a line each."""
    by_record: dict[str, list[Origin]] = {}
    for origin in origins:
        by_record.setdefault(origin.record_key, []).append(origin)
    for record_key, values in by_record.items():
        closed_at = values[0].closed_at
        gone = f", deleted at {moment(closed_at)}; what it held last" if closed_at else ""
        console.print(f"[bold]{plain(record_key)}[/]{gone}", highlight=False)
        if len(values) == 1:
            _show_origin(console, values[0])
            continue
        shown = table(None, "column", "value", "since", "file", "line", right=["line"], whole=["since", "file"])
        for origin in values:
            if origin.value is not None:
                shown.add_row(
                    origin.column_name,
                    plain(origin.value),
                    moment(origin.since) if origin.since else "",
                    plain(origin.file_name or ""),
                    str(origin.line_no or ""),
                )
        console.print(shown)


def _show_origin(console: Console, origin: Origin) -> None:
    shown = table(None, "column", origin.column_name, whole=["column"])
    if origin.file_name is None and origin.value is None and origin.last_file_name is None:
        shown.add_row("value", "blank: no export has had this column")
    else:
        facts = {
            "value": "blank" if origin.value is None else origin.value,
            "since": origin.since and moment(origin.since),
            "file": origin.file_name,
            "line": origin.line_no,
            "cell": "in an archived month" if origin.raw_value is None else repr(origin.raw_value),
            "load": origin.load_id,
            "run": origin.run_id,
            "loaded at": origin.loaded_at and moment(origin.loaded_at),
            "lay at": origin.file_path,
            "sha256": origin.sha256,
            "last said by": origin.last_file_name and f"{origin.last_file_name}, line {origin.last_line_no}",
        }
        for name, fact in facts.items():
            if fact is not None:
                shown.add_row(name, plain(str(fact)))
    console.print(shown)


def show_records(console: Console, entity: Entity, records: Sequence[dict[str, Any]]) -> None:
    """Print records, a few telling columns of each: its name or number, then figures and dates before text."""
    columns = [column for column in entity.columns if column.history and column.name != entity.number]
    figures = [column.name for column in columns if column.kind is not Kind.TEXT]
    words = [column.name for column in columns if column.kind is Kind.TEXT]
    _show_rows(console, records, [entity.number, *figures, *words][:6], right=figures)


def show_lines(console: Console, lines: Sequence[dict[str, Any]]) -> None:
    """Print the lines of a transaction."""
    figures = ["quantity", "rate", "rate_percent", "amount"]
    _show_rows(console, lines, ["product_service", "description", *figures], right=figures)


def _show_rows(console: Console, rows: Sequence[dict[str, Any]], names: Sequence[str], right: Sequence[str]) -> None:
    shown = table(None, *names, right=right)
    for row in rows:
        shown.add_row(*("" if row[name] is None else plain(str(row[name])) for name in names))
    console.print(shown)


def show_sizes(console: Console, sizes: Sequence[EntitySize], title: str | None = None) -> None:
    """Print how much the warehouse holds of each entity."""
    numbers = ["files", "rows", "versions", "open", "changes", "rejected"]
    shown = table(title, "entity", *numbers, "latest export", right=numbers)
    for size in sizes:
        counts = (size.files, size.rows, size.versions, size.open_records, size.changes)
        shown.add_row(
            size.entity,
            *(f"{count:,}" for count in counts),
            f"[bold red]{size.rejected}[/]" if size.rejected else "0",
            moment(size.latest_export) if size.latest_export else "none yet",
        )
    console.print(shown)


def show_held(console: Console, file_names: Iterable[str]) -> None:
    """Print of each export that waits for a person what can be done about it."""
    what_to_do = "it would delete much; `qbh approve {0}` puts it in force, `qbh withdraw {0}` keeps it out"
    show_waiting(console, "held", ((name, what_to_do.format(name)) for name in file_names))


def show_waiting(console: Console, status: str, files: Iterable[tuple[str, str]]) -> None:
    """Print of each file that is not in force what is to be known of it."""
    for name, words in files:
        console.print(
            f"[{_STATUS_STYLES[status]}]{status:9}[/] {plain(visible(name))}: {plain(words)}",
            highlight=False,
            soft_wrap=True,
        )
