"""The page of commands, their options and exit statuses, from the command line itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from documentation.markdown import NOTICE, code
from quickbooks_history.cli import EXIT_STATUSES, app
from quickbooks_history.defs.markdown import markdown_table

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands_page() -> str:
    """Return `docs/reference/commands.md`."""
    return "\n\n".join(
        [
            NOTICE,
            "# Commands",
            "All of them after `uv run` in a checkout. `--help` of each says the same.",
            markdown_table(
                ("command", ""),
                [(f"[{code(usage(name))}](#qbh-{name})", _first_line(command)) for name, command in commands()],
            ),
            "## Exit statuses",
            markdown_table(("status", "means"), [(str(status), words) for status, words in EXIT_STATUSES.items()]),
            *(_section(name, command) for name, command in commands()),
        ]
    )


def commands() -> Iterator[tuple[str, Any]]:
    """The commands that are shown, by name, as they are defined."""
    group: Any = typer.main.get_command(app)
    yield from ((name, command) for name, command in group.commands.items() if not command.hidden)


def usage(name: str) -> str:
    """Return how a command is called, such as `qbh as-of ENTITY MOMENT`; options that may be left out are not in it."""
    command = dict(commands())[name]
    words = ["qbh", name]
    for parameter in command.params:
        called = _called(parameter)
        if parameter.param_type_name == "argument":
            words.append(called if parameter.required or called.startswith("[") else f"[{called}]")
        elif parameter.required:
            words.append(called)
    return " ".join(words)


def _called(parameter: Any) -> str:
    value = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name == "argument":
        return str(value)
    return parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {value}"


def _section(name: str, command: Any) -> str:
    rows = [(code(_called(parameter)), _said(parameter)) for parameter in command.params if not parameter.hidden]
    parts = [f"## qbh {name}", code(usage(name)), str(command.help)]
    return "\n\n".join([*parts, markdown_table(("", ""), rows)] if rows else parts)


def _said(parameter: Any) -> str:
    notes = []
    if parameter.required and parameter.param_type_name == "option":
        notes.append("Required.")
    if parameter.default not in (None, False, (), []):
        notes.append(f"Default: {code(str(parameter.default))}.")
    return " ".join([parameter.help or "", *notes])


def _first_line(command: Any) -> str:
    return str(command.help).partition("\n")[0]
