"""`qbh`, the command line: thin; each command calls one function elsewhere and shows what it gives."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import psycopg
import typer
from pydantic import ValidationError

from quickbooks_history import display, terminal, version
from quickbooks_history.exports.contract import ENTITIES, Entity
from quickbooks_history.exports.inbox import MissingPathError, list_inbox
from quickbooks_history.garbage import end_at_once
from quickbooks_history.settings import Settings
from quickbooks_history.termination import end_when_told
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import embedded, history, ledger
from quickbooks_history.warehouse.arrivals import refused_exports
from quickbooks_history.warehouse.ledger import Decision, NoSuchLoadError
from quickbooks_history.warehouse.migrations import NewerDatabaseError
from quickbooks_history.warehouse.rollback import RolledBackError, rolled_back_since
from quickbooks_history.warehouse.rollback import in_words as rollback_in_words
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from quickbooks_history.loading import LoadReport
    from quickbooks_history.runs import Run

DONE, FAILED, WRONG_USAGE, NOT_ALL_LOADED, INTERRUPTED = 0, 1, 2, 3, 130

EXIT_STATUSES = {
    DONE: "Done. There may have been nothing to do.",
    FAILED: (
        "Failed; the last lines say what, where and why. Of `verify`, also: something differs. "
        "Of `doctor`: something is wrong."
    ),
    WRONG_USAGE: "Wrong usage: a command, option, path, entity or setting that there is not. Nothing was done.",
    NOT_ALL_LOADED: (
        "Done, but a person should look: files were rejected, held, gone before they were read, or are no exports."
    ),
    INTERRUPTED: (
        "Interrupted with Ctrl-C; the same command again goes on from there. "
        "Ended by another signal: 128 and its number."
    ),
}
"""What each exit status means."""

app = typer.Typer(
    help="QuickBooks CSV exports become history that can be trusted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = terminal.console()
complaints = terminal.console(stderr=True)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quickbooks-history {version()}")
        raise typer.Exit


def main() -> None:
    """Run the command line; what the machine or the server refuses is an error in a line, not a traceback."""
    end_when_told()
    end_at_once()
    try:
        app()
    except (RolledBackError, NewerDatabaseError) as error:
        complaints.print(f"[bold red]error:[/] {terminal.plain(str(error))}", highlight=False)
        sys.exit(FAILED)
    except (OSError, psycopg.OperationalError) as error:
        told = terminal.plain(_in_words(error))
        complaints.print(f"[bold red]error:[/] {told}\n`qbh doctor` tells more", highlight=False)
        sys.exit(FAILED)


def _in_words(error: Exception) -> str:
    """What the system said, and which setting names the place."""
    if not (isinstance(error, OSError) and isinstance(error.filename, str) and error.strerror):
        return str(error).strip()
    words = f"{error.filename}: {error.strerror}"
    settings = _settings()
    for name, what, place in (("QBH_HOME", "state", settings.home), ("QBH_INBOX", "inbox", settings.inbox)):
        if Path(error.filename).is_relative_to(place) or place.is_relative_to(error.filename):
            return f"{words}. {name} says where the {what} lies, now {place}"
    return words


@app.callback()
def _whole(
    _: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Hold the options that belong to no command."""


_LOAD_FIRST = "drop exports in the inbox and run: qbh load (or try: qbh demo)"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
RecordKey = Annotated[
    str | None, typer.Option("--key", help="Only this record: its QuickBooks id, or a name or number it has or had.")
]
EntityName = Annotated[str, typer.Argument(metavar="ENTITY", help=f"One of: {', '.join(ENTITIES)}.")]


def _fail(message: str, status: int) -> NoReturn:
    complaints.print(f"[bold red]error:[/] {terminal.plain(message)}", highlight=False)
    raise typer.Exit(status)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        words = "; ".join(
            f"{'_'.join(map(str, problem['loc']))}: {str(problem['msg']).removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        _fail(f"a setting is wrong: {words}", WRONG_USAGE)


def _entity(name: str) -> Entity:
    entity = ENTITIES.get(name.replace("-", "_"))
    if entity is None:
        _fail(f"{name!r} is no entity; choose one of: {', '.join(ENTITIES)}", WRONG_USAGE)
    return entity


def _moment(text: str, settings: Settings) -> datetime:
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"{text!r} is no moment; write one like 2025-04-05 or 2025-04-05T14:30", WRONG_USAGE)
    return (stated if stated.tzinfo else stated.replace(tzinfo=settings.zone)).astimezone(UTC)


def _require_history(connection: psycopg.Connection, entity: Entity, key: str | None) -> None:
    if not history.has_history(connection, entity):
        _fail(f"there is no history of {entity.name} yet; {_LOAD_FIRST}", FAILED)
    if key is not None and not history.is_known(connection, entity, key):
        _fail(f"{key!r} is no QuickBooks id or {entity.number} that any of the {entity.name} has or had", FAILED)


@app.command()
def load(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", help="Files and folders; default: the inbox.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load every new export and bring all marts up to date."""
    report = _load(_settings(), paths or [])
    if as_json:
        terminal.print_json(report.as_json())
    else:
        display.show_deliveries(console, report)
    _end(report)


def _load(settings: Settings, paths: list[Path]) -> LoadReport:
    from quickbooks_history.loading import load as load_exports

    try:
        with terminal.work(settings.home / "logs" / "load.log") as (_, follow):
            return load_exports(settings, paths, follow)
    except MissingPathError as error:
        _fail(str(error), WRONG_USAGE)


def _end(report: LoadReport) -> None:
    _require_success(report.run)
    if report.needs_a_person:
        raise typer.Exit(NOT_ALL_LOADED)


def _require_success(run: Run, log: str = "load.log") -> None:
    if not run.succeeded and run.was_interrupted:
        complaints.print(terminal.plain(run.error or ""))
        raise typer.Exit(INTERRUPTED)
    if not run.succeeded:
        _fail(f"{run.error}\nAll of it: {_settings().home / 'logs' / log}", FAILED)


@app.command(name="history")
def show_history(
    entity_name: EntityName,
    key: RecordKey = None,
    since: Annotated[str | None, typer.Option("--since", help="Only changes from this date or moment on.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many changes, latest first.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Show what changed when, latest first."""
    settings, entity = _settings(), _entity(entity_name)
    from_moment = _moment(since, settings) if since else None
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        _require_history(connection, entity, key)
        changes = history.changes(connection, entity, key=key, since=from_moment, limit=limit)
    if as_json:
        terminal.print_json([change.as_row(entity) for change in changes])
    elif changes:
        display.show_changes(console, changes)
    else:
        console.print("nothing changed" + (f" since {since}" if since else ""), highlight=False)


@app.command(name="as-of")
def as_of(
    entity_name: EntityName,
    at: Annotated[
        str,
        typer.Argument(
            metavar="MOMENT",
            help="Such as 2025-04-05T14:30, or a date: its first moment, before that night's export.",
        ),
    ],
    key: RecordKey = None,
    as_json: AsJson = False,
) -> None:
    """Show the records as they were at a moment."""
    settings, entity = _settings(), _entity(entity_name)
    moment = _moment(at, settings)
    with_lines = entity.has_lines and key is not None
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        _require_history(connection, entity, key)
        records = history.state_at(connection, entity, moment, key=key)
        lines = history.state_at(connection, entity, moment, key=key, lines=True) if with_lines else []
        until_then = history.latest_export(connection, entity, moment)
    if as_json:
        terminal.print_json({"records": records, "lines": lines} if with_lines else records)
        return
    if key is None and records:
        display.show_records(console, entity, records)
    for record in records if key is not None else []:
        display.show_record(console, record)
    if lines:
        display.show_lines(console, lines)
    told = f"{entity.name} at {terminal.moment(moment)} UTC: {len(records) or 'none'}"
    source = f"as of {until_then}" if until_then else "no export until then"
    console.print(f"{told}, {source}{'' if key else '; --key shows all of one'}", highlight=False, soft_wrap=True)


@app.command()
def explain(
    entity_name: EntityName,
    key: Annotated[
        str, typer.Option("--key", help="The record: its QuickBooks id, or a name or number it has or had.")
    ],
    column: Annotated[str | None, typer.Option("--column", help="Only this column.")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="MOMENT", help="As it was then; default: now.")] = None,
    line: Annotated[
        str | None, typer.Option("--line", metavar="PRODUCT", help="A line of the transaction instead of its header.")
    ] = None,
    nth: Annotated[int, typer.Option("--nth", min=1, help="Which of the lines with that product.")] = 1,
    as_sql: Annotated[bool, typer.Option("--sql", help="Print the query instead, for psql.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show which file, line, load and run each value comes from."""
    from quickbooks_history.warehouse import origins

    settings, entity = _settings(), _entity(entity_name)
    of_line = origins.Line(line, nth) if line is not None else None
    if of_line and not entity.has_lines:
        _fail(f"{entity.name} have no lines", WRONG_USAGE)
    columns = origins.explained_columns(entity, lines=of_line is not None)
    if column is not None and column not in columns:
        _fail(f"{column!r} is no column of {entity.name}; choose one of: {', '.join(columns)}", WRONG_USAGE)
    moment = _moment(at, settings) if at else datetime.now(UTC)
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        _require_history(connection, entity, key)
        if as_sql:
            typer.echo(origins.origins_query(connection, entity, key=key, at=moment, column=column, line=of_line))
            return
        found = origins.origins(connection, entity, key=key, at=moment, column=column, line=of_line)
    if not found:
        what = f"{key!r} had no line {of_line.product_service!r} ({nth})" if of_line else f"{key!r} was not there yet"
        _fail(f"{what} at {terminal.moment(moment)} UTC", FAILED)
    if as_json:
        terminal.print_json(found)
    else:
        display.show_origins(console, found)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what the warehouse holds."""
    settings = _settings()
    url = warehouse.database_url(settings)
    shown = warehouse.shown_url(url)
    with warehouse.connect(url) as connection:
        ensure_schema(connection)
        sizes = [history.sizes(connection, entity) for entity in ENTITIES.values()]
        back, words = rolled_back_since(connection), rollback_in_words(connection)
        held = [entry.file_name for entry in ledger.waiting(connection)]
        refused = [export for entity in ENTITIES for export in refused_exports(connection, entity)]
        issues = history.issues_of_newest_exports(connection)
    strangers = list_inbox([settings.inbox], settings.zone).strangers
    if as_json:
        waiting = {
            "held": held,
            "rejected": [{"file_name": export.file_name, "reason": export.reason} for export in refused],
            "no_export": [{"file_name": stranger.path.name, "reason": stranger.reason} for stranger in strangers],
        }
        terminal.print_json(
            {
                "database": shown,
                "inbox": str(settings.inbox),
                "rolled_back_since": back,
                **waiting,
                "entities": sizes,
                "issues": issues,
            }
        )
        return
    if words:
        console.print(f"[bold]{words}[/]", highlight=False, soft_wrap=True)
    display.show_sizes(console, sizes)
    display.show_held(console, held)
    display.show_waiting(console, "rejected", [(export.file_name, export.reason) for export in refused])
    display.show_waiting(console, "no export", [(stranger.path.name, stranger.reason) for stranger in strangers])
    console.print(f"inbox     {settings.inbox}\ndatabase  {shown}", highlight=False, soft_wrap=True)
    display.show_issues(console, issues, "What could not be used as it stood, in the newest exports")


@app.command()
def url(
    environment: Annotated[
        bool,
        typer.Option(
            "--env",
            help="Print shell lines that set DATABASE_URL and PG*, for dbt and Meltano by hand, and put the embedded "
            "server's psql, pg_dump and the like first on the PATH.",
        ),
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="As a role that may read everything and write nothing.")
    ] = False,
) -> None:
    """Print the database's URL for psql and psycopg, starting the embedded server if need be.

    The server then runs on until `qbh stop`.
    """
    settings = _settings()
    if settings.database_url is not None and read_only:
        _fail("DATABASE_URL is set: make a role that may read on that server; docs/operations.md says how", WRONG_USAGE)
    if settings.database_url is None:
        embedded.keep(settings)
    address = warehouse.database_url(settings)
    with warehouse.connect(address) as connection:
        ensure_schema(connection)
    if read_only:
        from quickbooks_history.warehouse.reader import reader_url

        address = reader_url(address)
    if environment:
        import shlex

        for name, value in warehouse.tool_environment(address).items():
            typer.echo(f"export {name}={shlex.quote(value)}")
        if settings.database_url is None:
            typer.echo(f'export PATH={shlex.quote(str(embedded.programs()))}:"$PATH"')
    else:
        typer.echo(address)


@app.command()
def withdraw(
    file: Annotated[Path, typer.Argument(help="The file of the load; only its name counts.")],
    undo: Annotated[bool, typer.Option("--undo", help="Put the load in force again.")] = False,
) -> None:
    """Make history what it would be had a file never come; its rows and its ledger entry stay."""
    _decide(Decision.UNDO_WITHDRAWAL if undo else Decision.WITHDRAW, file)


@app.command()
def approve(file: Annotated[Path, typer.Argument(help="The file of the load; only its name counts.")]) -> None:
    """Put a full export in force that waits because it would delete much."""
    _decide(Decision.APPROVE, file)


def _decide(decision: Decision, file: Path) -> None:
    from quickbooks_history.loading import decide

    settings = _settings()
    try:
        with terminal.work(settings.home / "logs" / "load.log") as (_, follow):
            report = decide(settings, decision, file.name, follow)
    except NoSuchLoadError as error:
        _fail(str(error), FAILED)
    (entry,) = report.entries
    told = f"{entry.file_name} (load {entry.load_id}, {entry.entity}) is {entry.status}: {entry.reason}"
    console.print(terminal.plain(told))
    if not report.run.succeeded and entry.status == decision.becomes:
        complaints.print("what was decided stands; `qbh load` brings history up to date", highlight=False)
    _require_success(report.run)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Make all of history anew from the log, beside what is there, and say what differs."""
    from quickbooks_history.verifying import NoHistoryError
    from quickbooks_history.verifying import verify as verify_history

    settings = _settings()
    try:
        with terminal.work(settings.home / "logs" / "verify.log") as (_, follow):
            verification = verify_history(settings, follow)
    except NoHistoryError:
        _fail(f"there is no history yet; {_LOAD_FIRST}", FAILED)
    if as_json:
        terminal.print_json(verification.findings)
    elif verification.findings:
        display.show_findings(console, verification.findings)
    if verification.agrees or not verification.is_complete:
        _require_success(verification.run, log="verify.log")  # what found a difference may have failed for that alone
    if not verification.agrees:
        raise typer.Exit(FAILED)
    if not as_json:
        console.print("history is what the log says", highlight=False)


@app.command()
def rebuild() -> None:
    """Put history made anew from the log in place of what is there; readers see the old or the new."""
    from quickbooks_history.verifying import rebuild as rebuild_history

    settings = _settings()
    with terminal.work(settings.home / "logs" / "rebuild.log") as (_, follow):
        run = rebuild_history(settings, follow)
    replaced = [(table, words) for table, words in run.observations if words.startswith("replaced")]
    for table, words in replaced:
        console.print(f"{table}  {terminal.plain(words)}", highlight=False, soft_wrap=True)
    _require_success(run, log="rebuild.log")
    console.print("history is what the log says" + ("" if replaced else "; nothing differed"), highlight=False)


@app.command()
def archive(
    before: Annotated[
        str, typer.Option("--before", metavar="DATE", help="Months that have ended before this day leave the database.")
    ],
    as_json: AsJson = False,
) -> None:
    """Move old months of the log out of the database, into compressed files with checksums."""
    _retain("archive", {"archive_log": {"config": {"before": _day(before)}}}, as_json=as_json)


@app.command()
def restore(
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only months that end after this day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring archived months of the log back into the database."""
    _retain("restore", {"restore_log": {"config": {"since": _day(since) if since else ""}}}, as_json=as_json)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        _fail(f"{text!r} is no day; write one like 2025-04-01", WRONG_USAGE)


def _retain(job: str, ops: dict[str, Any], *, as_json: bool) -> None:
    from quickbooks_history.retaining import retain

    settings = _settings()
    with terminal.work(settings.home / "logs" / f"{job}.log") as (_, follow):
        moved = retain(settings, job, ops, follow)
    _require_success(moved.run, log=f"{job}.log")
    if as_json:
        terminal.print_json(moved.months)
    else:
        display.show_months(console, job, moved.months)


@app.command()
def rollback(
    undo: Annotated[bool, typer.Option("--undo", help="Go forward again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go back to upserts: loads stand still, and current state is made of all exports in the schema rollback.

    It may be interrupted and repeated; log and history stay as they are. docs/operations.md has the whole of it.
    """
    from quickbooks_history.rolling_back import NothingToUndoError, roll_back

    settings = _settings()
    try:
        with terminal.work(settings.home / "logs" / "rollback.log") as (_, follow):
            run = roll_back(settings, follow, undo=undo)
    except NothingToUndoError as error:
        _fail(str(error), FAILED)
    except KeyboardInterrupt:
        complaints.print("interrupted")
        _say_where_it_stands(settings)
        raise typer.Exit(INTERRUPTED) from None
    if not undo:
        display.show_rollback(console, run.observations, as_json=as_json)
    if not run.succeeded:
        _say_where_it_stands(settings)
    _require_success(run, log="rollback.log")
    if undo:
        _say_forward(settings, as_json=as_json)
    elif not as_json:
        _say_where_it_stands(settings)
    if any(words.startswith("rejected") for _, words in run.observations):
        raise typer.Exit(NOT_ALL_LOADED)


def _say_where_it_stands(settings: Settings) -> None:
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        words = rollback_in_words(connection)
    complaints.print(words or "the pipeline goes on as before", highlight=False, soft_wrap=True)


def _say_forward(settings: Settings, *, as_json: bool) -> None:
    from quickbooks_history.rolling_back import what_stays

    left = what_stays(settings)
    if as_json:
        terminal.print_json({"rolled_back": False, "tables_that_stay": left})
        return
    console.print("forward again: the sensor or `qbh load` loads what has come meanwhile", highlight=False)
    if left:
        complaints.print(
            f"the schema rollback stays, and nothing keeps it up to date: something is built on its {', '.join(left)}; "
            "drop that, and call this again",
            highlight=False,
        )


@app.command()
def stop() -> None:
    """Stop the embedded database that `qbh url` left running."""
    from quickbooks_history.web import running

    settings = _settings()
    if settings.database_url is not None:
        _fail(
            "DATABASE_URL is set: that server is not ours to stop; the embedded one stops after `unset DATABASE_URL`",
            WRONG_USAGE,
        )
    up = running(settings)
    if up is not None:
        _fail(f"qbh up runs (process {up.pid}) and uses it; stop that first", FAILED)
    console.print("stopped" if embedded.stop(settings) else "no server runs: each command has stopped its own")


@app.command()
def demo() -> None:
    """Make the exports of a small made-up company, load them, and show their history."""
    from quickbooks_history.demo import tour

    settings = _settings()
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        ensure_schema(connection)
        if real := tour.loads_of_others(connection, settings):
            _fail(
                f"{real} files are loaded here that are not the demo's, and the made-up company would be mixed with "
                "them; give it a home of its own: QBH_HOME=FOLDER",
                WRONG_USAGE,
            )
    report = _load(settings, [tour.prepare(settings)])
    display.show_deliveries(console, report, most=12)
    if report.run.succeeded:
        with warehouse.connect(warehouse.database_url(settings)) as connection:
            tour.show(connection, console)
    _end(report)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is wrong with this installation, and what to do."""
    from quickbooks_history.doctor import examine

    findings = examine(_settings())
    if as_json:
        terminal.print_json(findings)
    else:
        for finding in findings:
            mark = "[green]ok[/]  " if finding.ok else "[bold red]FAIL[/]"
            told = terminal.plain(f"{finding.subject}: {finding.found}")
            console.print(f"{mark} {told}", highlight=False, soft_wrap=True)
            if finding.remedy:
                console.print(f"     -> {terminal.plain(finding.remedy)}", highlight=False, soft_wrap=True)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


@app.command()
def up(
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Nobody can start, stop or change anything in the web UI.")
    ] = False,
) -> None:
    """Run the web UI, the daemon and the embedded database until Ctrl-C."""
    from quickbooks_history.supervision import GivenUpError
    from quickbooks_history.web import AlreadyUpError, serve

    try:
        serve(_settings(), console, read_only=read_only)
    except (AlreadyUpError, GivenUpError) as error:
        _fail(str(error), FAILED)
