"""What the pages hold that can be run or held against something: commands, queries, code spans."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "zensical.toml"

COMMANDS = ("sh", "bash", "shell", "")
"""Blocks of commands; one that is indented says no language, and is of commands too."""

TOLD = ("text", "csv", "ini", "json", "yaml", "toml", "python", "jinja", "dockerfile", "diff")
"""Blocks that nobody types into a shell or psql."""


@dataclass(frozen=True)
class Block:
    """A block of code, with the table behind it if there is one."""

    page: str
    line: int
    language: str
    text: str
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A command as it stands in a block, and what the page says that it prints, if it says so."""

    place: str
    text: str
    output: str | None = None


def pages() -> list[str]:
    """The pages in the order in which one reads them, the README first; paths are from the checkout on."""
    return ["README.md", *(f"docs/{page}" for page in _named(tomllib.loads(CONFIG.read_text())["project"]["nav"]))]


def _named(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for below in entry.values() if isinstance(entry, dict) else [entry]:
            yield from _named(below) if isinstance(below, list) else [below]


@cache
def tokens(page: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse((ROOT / page).read_text())


def blocks(page: str) -> list[Block]:
    """Every block of code of a page."""
    found = []
    read = tokens(page)
    for n, token in enumerate(read):
        if token.type in {"fence", "code_block"}:
            language = token.info.split()[0] if token.info.strip() else ""
            following = read[n + 1] if n + 1 < len(read) else None
            table = _table(read[n + 1 :]) if following and following.type == "table_open" else ()
            found.append(Block(page, (token.map or [0])[0] + 1, language, token.content, table))
    return found


def _table(read: list[Token]) -> tuple[tuple[str, ...], ...]:
    rows: list[list[str]] = []
    for token in read:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or []))
        elif token.type == "table_close":
            break
    return tuple(map(tuple, rows))


def spans(page: str) -> Iterator[str]:
    """Every code span of a page."""
    for token in tokens(page):
        for child in token.children or []:
            if child.type == "code_inline":
                yield child.content


def commands(block: Block) -> list[Command]:
    """The commands of a block, each with all its lines; of a `console` block those behind `$ `, with their output."""
    if block.language in COMMANDS:
        return [Command(block.place, text) for text in _statements(block.text.splitlines())]
    if block.language != "console":
        return []
    found: list[Command] = []
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        typed, *printed = _split(part.splitlines())
        found.append(Command(block.place, typed, "\n".join(printed)))
    return found


def _split(lines: list[str]) -> list[str]:
    """The first command of some lines, then the lines behind it."""
    end = _end(lines)
    return ["\n".join(lines[:end]), *lines[end:]]


def _statements(lines: list[str]) -> Iterator[str]:
    while lines:
        if not lines[0].strip() or lines[0].lstrip().startswith("#"):
            lines = lines[1:]
            continue
        end = _end(lines)
        yield "\n".join(lines[:end])
        lines = lines[end:]


def _end(lines: list[str]) -> int:
    """Where the command that the first line begins ends: not behind a backslash, nor before a here-document's mark."""
    end = 1
    while lines[end - 1].endswith("\\") and end < len(lines):
        end += 1
    mark = re.search(r"<<\s*'?(\w+)'?", lines[0])
    return lines.index(mark[1], end) + 1 if mark else end
