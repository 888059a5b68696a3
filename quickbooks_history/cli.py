"""`qbh`, the command line: thin; each command calls one function elsewhere and shows what it gives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError

from quickbooks_history import terminal
from quickbooks_history.exports.contract import ENTITIES, Entity
from quickbooks_history.exports.inbox import MissingPathError
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import connection as warehouse
from quickbooks_history.warehouse import embedded, history
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    import psycopg

    from quickbooks_history.loading import LoadReport
    from quickbooks_history.warehouse.ledger import LedgerEntry

DONE, FAILED, WRONG_USAGE, NOT_ALL_LOADED = 0, 1, 2, 3
"""Exit statuses."""

app = typer.Typer(
    help="QuickBooks CSV exports become history that can be trusted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = terminal.console()
complaints = terminal.console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
EntityName = Annotated[str, typer.Argument(metavar="ENTITY", help=f"One of: {', '.join(ENTITIES)}.")]


def _fail(message: str, status: int) -> NoReturn:
    complaints.print(f"[bold red]error:[/] {message}", highlight=False)
    raise typer.Exit(status)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        words = "; ".join(str(problem["msg"]).removeprefix("Value error, ") for problem in error.errors())
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


def _built(connection: psycopg.Connection) -> None:
    if not history.has_history(connection):
        _fail("there is no history yet; drop exports in the inbox and run: qbh load (or try: qbh demo)", FAILED)


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
        terminal.print_json(report)
    else:
        _show_deliveries(report, named={path.absolute() for path in paths or [] if path.is_file()})
    _end(report)


def _load(settings: Settings, paths: list[Path]) -> LoadReport:
    from quickbooks_history.loading import load as load_exports

    try:
        with terminal.work(settings.home / "logs" / "load.log") as (_, follow):
            return load_exports(settings, paths, follow)
    except MissingPathError as error:
        _fail(str(error), WRONG_USAGE)


def _end(report: LoadReport) -> None:
    if not report.succeeded:
        settings = _settings()
        _fail(f"{report.error}\nAll of it: {settings.home / 'logs' / 'load.log'}", FAILED)
    if report.needs_a_person:
        raise typer.Exit(NOT_ALL_LOADED)


def _show_deliveries(report: LoadReport, named: set[Path], most: int | None = None) -> None:
    """Print what became of each file: of those delivered before, only the ones that were named."""
    known = [entry for entry in report.known if Path(entry.file_path) in named]
    rows = [_delivery(entry, known=True) for entry in known] + [_delivery(entry) for entry in report.entries]
    hidden = len(rows[most:]) if most is not None else 0
    rows = rows[:most]
    rows += [
        (stranger.path.name, "", "", "", "", _styled("no export"), stranger.reason) for stranger in report.strangers
    ]
    heads = ["file", "entity", "scope", "exported at", "rows", "status", "reason"]
    if not any(row[-1] for row in rows):
        heads.pop()
    if rows:
        whole = ["entity", "scope", "exported at", "rows", "status"] + (["file"] if "reason" not in heads else [])
        shown = terminal.table(None, *heads, right=["rows"], whole=whole)
        for row in rows:
            shown.add_row(*row[: len(heads)])
        console.print(shown)
    if hidden:
        console.print(f"... and {hidden} more files.", highlight=False)
    loaded = sum(entry.status == "loaded" for entry in report.entries)
    before = len(report.known) - len(known)
    delivered = f"; {before} had been delivered before" if before else ""
    console.print(f"{loaded} of {len(report.entries)} new files loaded{delivered}.", highlight=False)


def _delivery(entry: LedgerEntry, *, known: bool = False) -> tuple[str, ...]:
    remarks = [f"delivered before, at {terminal.moment(entry.loaded_at)} UTC"] if known else []
    remarks += [entry.reason] if entry.reason else []
    return (
        entry.file_name,
        entry.entity,
        entry.scope,
        terminal.moment(entry.exported_at),
        f"{entry.row_count:,}",
        _styled(entry.status),
        "; ".join(remarks),
    )


def _styled(status: str) -> str:
    return f"[{terminal.STATUS_STYLES[status]}]{status}[/]"


@app.command(name="history")
def show_history(
    entity_name: EntityName,
    key: Annotated[
        str | None,
        typer.Option("--key", help="Only this record: its QuickBooks id, or a name or number it has or had."),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only changes from this date or moment on.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many changes, latest first.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Show what changed when, latest first."""
    settings, entity = _settings(), _entity(entity_name)
    from_moment = _moment(since, settings) if since else None
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        _built(connection)
        rows = history.changes(connection, entity, key=key, since=from_moment, limit=limit)
    if as_json:
        terminal.print_json(rows)
    elif not rows:
        console.print(f"no changes of {entity.name}" + (f" with key {key!r}" if key else ""), highlight=False)
    else:
        show_changes(rows)


def show_changes(rows: list[history.Change], title: str | None = None) -> None:
    """Print changes as a table, a moment and a name only where it differs from the row above."""
    shown = terminal.table(title, "changed at", "record", "what", "old", "new", right=["old", "new"])
    before: tuple[str, str] = ("", "")
    for row in rows:
        place = (terminal.moment(row.changed_at), row.number or row.record_key)
        at, number = ("" if now == then else now for now, then in zip(place, before, strict=True))
        if row.column_name == "_record":
            style = "red" if row.change_type == "deleted" else "green"
            shown.add_row(at, place[1], f"[{style}]{row.change_type}[/]", "", "")
        else:
            old = "" if row.change_type == "created" else (row.old_value or "[dim]blank[/]")
            shown.add_row(
                at,
                number or ("" if not at else place[1]),
                row.column_name,
                old,
                row.new_value or "[dim]blank[/]",
            )
        before = place
    console.print(shown)


@app.command(name="as-of")
def as_of(
    entity_name: EntityName,
    at: Annotated[
        str,
        typer.Argument(metavar="MOMENT", help="A date or moment, such as 2025-04-05 or 2025-04-05T14:30."),
    ],
    key: Annotated[
        str | None,
        typer.Option("--key", help="Only this record: its QuickBooks id, or a name or number it has or had."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the records as they were at a moment."""
    settings, entity = _settings(), _entity(entity_name)
    moment = _moment(at, settings)
    with warehouse.connect(warehouse.database_url(settings)) as connection:
        _built(connection)
        records = history.state_at(connection, entity, moment, key=key)
        lines = history.state_at(connection, entity, moment, key=key, lines=True) if entity.has_lines and key else []
    if as_json:
        terminal.print_json({"records": records, "lines": lines} if entity.has_lines and key else records)
    elif not records:
        console.print(f"no {entity.name} at {terminal.moment(moment)} UTC" + (f" with key {key!r}" if key else ""))
    elif key is not None:
        for record in records:
            _show_record(record)
        if lines:
            _show_rows(lines, ["product_service", "description", "quantity", "rate", "rate_percent", "amount"])
    else:
        names = [entity.number, *(name for name in entity.history_columns if name != entity.number)]
        _show_rows(records, names[:6])
        console.print(f"{len(records)} {entity.name} at {terminal.moment(moment)} UTC; --key shows all of one")


def _show_record(record: dict[str, object]) -> None:
    shown = terminal.table(None, "column", "value")
    for name, value in record.items():
        if value is not None and not name.startswith("dbt_scd"):
            shown.add_row(name, terminal.moment(value) if isinstance(value, datetime) else str(value))
    console.print(shown)


def _show_rows(rows: list[dict[str, object]], names: list[str]) -> None:
    shown = terminal.table(None, *names)
    for row in rows:
        shown.add_row(*("" if row[name] is None else str(row[name]) for name in names))
    console.print(shown)


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
    shown = terminal.table(
        None, "entity", "loads", "rows", "versions", "open", "changes", "latest export", "rejected",
        right=["loads", "rows", "versions", "open", "changes", "rejected"],
    )  # fmt: skip
    for size in sizes:
        shown.add_row(
            size.entity,
            *(f"{n:,}" for n in (size.loads, size.rows, size.versions, size.open_records, size.changes)),
            terminal.moment(size.latest_export) if size.latest_export else "none yet",
            f"[bold red]{size.rejected}[/]" if size.rejected else "0",
        )
    console.print(shown)
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
def stop() -> None:
    """Stop the embedded database that `qbh url` left running."""
    settings = _settings()
    if settings.database_url is not None:
        _fail("DATABASE_URL is set: that server is not ours to stop", WRONG_USAGE)
    console.print("stopped" if embedded.stop(settings) else "it was not running")


@app.command()
def demo() -> None:
    """Make the exports of a small made-up company, load them, and show their history."""
    from quickbooks_history.demo import tour

    settings = _settings()
    report = _load(settings, [tour.prepare(settings)])
    _show_deliveries(report, named=set(), most=12)
    if report.succeeded:
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
    from quickbooks_history.web import serve

    raise typer.Exit(serve(_settings(), console))
