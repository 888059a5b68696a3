"""`qbh demo`: what it loads and what it shows of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quickbooks_history.demo.company import write_exports
from quickbooks_history.display import show_changes, show_sizes
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.settings import IS_INSTALLED
from quickbooks_history.warehouse import history, ledger

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from rich.console import Console

    from quickbooks_history.settings import Settings

SHOWN_ITEMS = ("01-6310", 'Rebar:Chair 2/3"', "GLV-XL", "CB-12X12 (W)")
"""Items of the made-up company to which something worth seeing happens: changes, a price that goes blank and
returns, a deletion, a rename."""

_QBH = "qbh" if IS_INSTALLED else "uv run qbh"

NEXT_COMMANDS = (
    (f"{_QBH} history items --key 01-6310", "everything that happened to one item"),
    (f"{_QBH} as-of items 2025-04-10 --key 01-6310", "the same item as it was on a day"),
    (f"{_QBH} history invoices --since 2025-04-25", "what changed lately"),
    (f"{_QBH} status", "what the warehouse holds"),
    (f'(eval "$({_QBH} url --env)"; psql)', "SQL of your own, say on marts.item_history_view"),
    (f"{_QBH} up", "Dagster's web UI"),
)


def prepare(settings: Settings) -> Path:
    """Write the made-up company's exports and return their folder, `$QBH_HOME/demo`."""
    folder = settings.home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    write_exports(folder)
    return folder


def loads_of_others(connection: psycopg.Connection, settings: Settings) -> int:
    """Count the files that are loaded where the demo is not: the made-up company is no part of a real one's history.

    Where it has been made, files may lie beside it, to try things with.
    """
    inside, outside = ledger.count_loads(connection, settings.home / "demo")
    return 0 if inside else outside


def show(connection: psycopg.Connection, console: Console) -> None:
    """Print what the history of the made-up company holds, and what to try next."""
    sizes = [history.sizes(connection, entity) for entity in ENTITIES.values()]
    show_sizes(console, sizes, "\nWhat the warehouse holds now")
    latest = [
        change
        for name in SHOWN_ITEMS
        for change in history.changes(connection, ENTITIES["items"], key=name, limit=4, with_created=False)
    ]
    latest.sort(key=lambda change: change.changed_at, reverse=True)
    show_changes(console, latest, "\nThe latest changes of a few items")
    console.print("\n[bold]Try next[/]")
    width = max(len(command) for command, _ in NEXT_COMMANDS)
    for command, shows in NEXT_COMMANDS:
        console.print(f"  [cyan]{command:{width}}[/]  {shows}", highlight=False)
