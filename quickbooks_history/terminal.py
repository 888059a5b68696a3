"""What the terminal shows: tables, progress, and JSON for scripts."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from quickbooks_history.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.status import Status


def console(*, stderr: bool = False) -> Console:
    """Return a console; where there is no terminal that states a width, tables are 100 columns wide."""
    made = Console(stderr=stderr)
    return made if made.is_terminal or "COLUMNS" in os.environ else Console(stderr=stderr, width=100)


def plain(text: str) -> str:
    """Return text from outside for a console, so that it does nothing there: markup is none in it either."""
    return escape(visible(text, lines=True))


def table(title: str | None, *columns: str, right: Sequence[str] = (), whole: Sequence[str] = ()) -> Table:
    """Return an empty table in the house style.

    Args:
        title: Stands above it, on the left.
        columns: Their heads.
        right: Columns that hold numbers or values of several rows to be compared.
        whole: Columns whose values are not broken over lines.
    """
    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    made.show_edge, made.padding = False, (0, 1, 0, 0)  # a hundred columns hold the longest file name and its facts
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold", no_wrap=name in whole)
    return made


def moment(value: datetime) -> str:
    """Print a moment in UTC to the second, its time left out at midnight."""
    return value.strftime("%Y-%m-%d" if (value.hour, value.minute, value.second) == (0, 0, 0) else "%Y-%m-%d %H:%M:%S")


def print_json(value: object) -> None:
    """Print rows, mappings or dataclasses as JSON on standard output."""
    json.dump(value, sys.stdout, default=_plain, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"cannot print {type(value).__name__} as JSON")


_DBT_COLOURS = "DBT_USE_COLORS"
"""Environment variable: whether dbt colours its words, which it does also where it writes to a file."""


@contextmanager
def work(log_file: Path) -> Iterator[tuple[Console, Callable[[str], None]]]:
    """Show progress while noisy work runs, whose own output goes to a file.

    Dagster and dbt print to standard output whatever is asked of them, so for the time of the work the
    process's own output streams, children's included, are that file. It is text without colours.

    Args:
        log_file: Where the noise goes; that of the run before stays beside it, with `.1` added.

    Yields:
        A console on the real terminal, and a function that shows what is being done.
    """
    log_file.parent.mkdir(parents=True, exist_ok=True)
    if log_file.exists() and log_file.stat().st_size:  # what was refused before it began has left none
        log_file.replace(log_file.with_name(f"{log_file.name}.1"))
    sys.stdout.flush()
    sys.stderr.flush()
    colours = os.environ.get(_DBT_COLOURS)
    os.environ[_DBT_COLOURS] = "false"
    terminal_out, terminal_err = os.dup(1), os.dup(2)
    with log_file.open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        with os.fdopen(os.dup(terminal_err), "w") as stream:
            console = Console(file=stream)
            with console.status("starting") as status:
                yield console, _Progress(console, status)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(terminal_out, 1)
        os.dup2(terminal_err, 2)
        os.close(terminal_out)
        os.close(terminal_err)
        if colours is None:
            del os.environ[_DBT_COLOURS]
        else:
            os.environ[_DBT_COLOURS] = colours


class _Progress:
    """Shows the latest message beside a spinner, or, where there is no terminal, a line for each phase."""

    def __init__(self, console: Console, status: Status) -> None:
        self._console = console
        self._status = status

    def __call__(self, message: str) -> None:
        line = " ".join(message.split())
        if self._console.is_terminal:
            self._status.update(plain(line[: self._console.width - 4]))
        elif line.endswith("started") or line.startswith(("starting", "waiting")):
            self._console.print(plain(line), highlight=False)
