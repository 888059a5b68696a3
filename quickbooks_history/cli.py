"""`qbh`, the command line: thin; each command calls one function elsewhere and shows what it gives."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import psycopg
import typer
from pydantic import ValidationError
from rich.markup import escape

from quickbooks_history import display, terminal
from quickbooks_history.exports.contract import ENTITIES, Entity
from quickbooks_history.exports.inbox import MissingPathError
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import embedded, history
from quickbooks_history.warehouse.ledger import Decision, NoSuchLoadError
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from quickbooks_history.loading import LoadReport
    from quickbooks_history.runs import Run

DONE, FAILED, WRONG_USAGE, NOT_ALL_LOADED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses."""

app = typer.Typer(
    help="QuickBooks CSV exports become history that can be trusted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = terminal.console()
complaints = terminal.console(stderr=True)


def main() -> None:
    """Run the command line; what the machine or the server refuses is an error in a line, not a traceback."""
    try:
        app()
    except (OSError, psycopg.OperationalError) as error:
        complaints.print(f"[bold red]error:[/] {escape(str(error).strip())}\n`qbh doctor` tells more", highlight=False)
        sys.exit(FAILED)


_LOAD_FIRST = "drop exports in the inbox and run: qbh load (or try: qbh demo)"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
RecordKey = Annotated[
    str | None, typer.Option("--key", help="Only this record: its QuickBooks id, or a name or number it has or had.")
]
EntityName = Annotated[str, typer.Argument(metavar="ENTITY", help=f"One of: {', '.join(ENTITIES)}.")]


def _fail(message: str, status: int) -> NoReturn:
    complaints.print(f"[bold red]error:[/] {message}", highlight=False)
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
        display.show_deliveries(console, report, named=paths or [])
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
        complaints.print(run.error)
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
def status(as_json: AsJson = False) -> None:
    """Show what the warehouse holds."""
    settings = _settings()
    url = warehouse.database_url(settings)
    with warehouse.connect(url) as connection:
        ensure_schema(connection)
        sizes = [history.sizes(connection, entity) for entity in ENTITIES.values()]
    if as_json:
        terminal.print_json({"database": url, "inbox": str(settings.inbox), "entities": sizes})
        return
    display.show_sizes(console, sizes)
    console.print(f"inbox     {settings.inbox}\ndatabase  {url}", highlight=False, soft_wrap=True)


@app.command()
def url(
    environment: Annotated[
        bool,
        typer.Option("--env", help="Print shell lines that set DATABASE_URL and PG*, for dbt and Meltano by hand."),
    ] = False,
) -> None:
    """Print the database's URL for psql and psycopg, starting the embedded server if need be.

    The server then runs on until `qbh stop`.
    """
    settings = _settings()
    if settings.database_url is None:
        embedded.keep(settings)
    address = warehouse.database_url(settings)
    with warehouse.connect(address) as connection:
        ensure_schema(connection)
    if environment:
        import shlex

        for name, value in warehouse.tool_environment(address).items():
            typer.echo(f"export {name}={shlex.quote(value)}")
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
    console.print(f"{entry.file_name} (load {entry.load_id}, {entry.entity}) is {entry.status}: {entry.reason}")
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
        console.print(f"{table}  {escape(words)}", highlight=False, soft_wrap=True)
    _require_success(run, log="rebuild.log")
    console.print("history is what the log says" + ("" if replaced else "; nothing differed"), highlight=False)


@app.command()
def stop() -> None:
    """Stop the embedded database that `qbh url` left running."""
    from quickbooks_history.web import running

    settings = _settings()
    if settings.database_url is not None:
        _fail("DATABASE_URL is set: that server is not ours to stop", WRONG_USAGE)
    up = running(settings)
    if up is not None:
        _fail(f"qbh up runs (process {up.pid}) and uses it; stop that first", FAILED)
    console.print("stopped" if embedded.stop(settings) else "it was not running")


@app.command()
def demo() -> None:
    """Make the exports of a small made-up company, load them, and show their history."""
    from quickbooks_history.demo import tour

    settings = _settings()
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
            console.print(f"{mark} {finding.subject}: {finding.found}", highlight=False, soft_wrap=True)
            if finding.remedy:
                console.print(f"     -> {finding.remedy}", highlight=False, soft_wrap=True)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


@app.command()
def up() -> None:
    """Run the web UI, the daemon and the embedded database until Ctrl-C."""
    from quickbooks_history.supervision import GivenUpError
    from quickbooks_history.web import AlreadyUpError, serve

    try:
        serve(_settings(), console)
    except (AlreadyUpError, GivenUpError) as error:
        _fail(escape(str(error)), FAILED)
