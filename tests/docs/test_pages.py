"""What the documentation says, done: its commands and queries on one home with the demo in it, in the pages' order.

A page's `sh` blocks and indented blocks are commands; of a `console` block, what stands behind `$ ` is a command and
the rest is what it prints, `...` for anything. A command that is not followed by `echo $?` ends with status 0. A `sql`
block is a query, and the table behind it what it finds. What is not run stands in `not_run.py`.
"""

from __future__ import annotations

import doctest
import os
import re
from contextlib import contextmanager
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from blocks import ROOT, Block, Command, blocks, commands, pages
from home import TOOLS, Home
from not_run import LONG, NOT_RUN

from quickbooks_history.warehouse import embedded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

POSTGRES = embedded.programs()
LIKE = doctest.OutputChecker()
MARK = "\x1e"
"""Stands in the output behind a command, with its status."""


def reason(page: str, text: str, patterns: Iterable[str]) -> str | None:
    """The first pattern that a command or query is like; one may name the page before it, with a colon between."""
    typed = re.sub(r"\s+#.*$", "", text).lstrip("( ")
    return next((p for p in patterns if fnmatchcase(typed, p) or fnmatchcase(f"{page}: {typed}", p)), None)


class Checkout:
    """A folder like a checkout whose home is in it, and a shell there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for file in [*ROOT.iterdir()]:
            if file.name not in {".qbh", ".git", "site"}:
                (folder / file.name).symlink_to(file)
        home = Home(folder / ".qbh")
        path = os.pathsep.join([str(TOOLS), str(POSTGRES), os.environ["PATH"]])
        # As it is: what is synchronized would be the checkout that the tests are of.
        self.home = Home(home.path, {"UV_NO_SYNC": "1", "QBH_PORT": "0", "PATH": path, "LC_ALL": "C.UTF-8"})

    def run(self, listed: list[Command]) -> Iterator[tuple[Command, str, int, str]]:
        """Run the commands of a block in one shell; yields each with what it printed, its status and the complaints."""
        script = "\n".join(f"{command.text}\n(s=$?; printf '\\n{MARK}%d{MARK}' $s; exit $s)" for command in listed)
        file = self.folder / "block.sh"  # a command that asks for input must find none, not the commands behind it
        file.write_text(script)
        run = self.home.run("bash", str(file), cwd=self.folder)
        parts = run.stdout.split(MARK)
        assert len(parts) == 2 * len(listed) + 1, f"{listed[0].place}: {run.stdout}\n{run.stderr}"
        for command, printed, status in zip(listed, parts[::2], parts[1::2], strict=False):
            yield command, printed, int(status), run.stderr


@contextmanager
def _new_checkout(folder: Path) -> Iterator[Checkout]:
    made = Checkout(folder / "quickbooks-history")
    try:
        yield made
    finally:
        made.home.qbh("stop")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with _new_checkout(tmp_path_factory.mktemp("docs")) as made:
        yield made


@pytest.fixture(scope="module")
def checkout_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with _new_checkout(tmp_path_factory.mktemp("docs")) as made:
        yield made


@pytest.mark.parametrize("page", pages())
def test_commands_do_what_the_page_says(checkout: Checkout, page: str) -> None:
    _run(checkout, page, [*NOT_RUN, *LONG])


@pytest.mark.thorough
@pytest.mark.parametrize("page", pages())
def test_commands_that_take_long_do_too(checkout_for_all: Checkout, page: str) -> None:
    _run(checkout_for_all, page, NOT_RUN)


def _run(checkout: Checkout, page: str, left_out: Iterable[str]) -> None:
    url = ""
    for block in blocks(page):
        if block.language == "sql":
            if not reason(page, block.text, left_out):
                url = url or checkout.home.url()
                _ask(url, block)
            continue
        listed = [command for command in commands(block) if not reason(page, command.text, left_out)]
        if not listed:
            continue
        changing = [c.text for c in listed if c.text.startswith(("uv sync", "uv pip", "uv add", "uv lock", "pip "))]
        assert changing == [], f"{block.place}: would change the environment that the tests are run in: not_run.py"
        ran = [*checkout.run(listed)]
        for (command, printed, status, complaints), following in zip(ran, [*listed[1:], None], strict=True):
            told = f"{command.place}: $ {command.text}\n{printed}\n{complaints[-3000:]}"
            assert status == 0 or (following and following.text == "echo $?"), f"status {status}\n{told}"
            if command.output is not None:
                assert LIKE.check_output(_plain(command.output), _plain(printed), doctest.ELLIPSIS), (
                    f"{command.place} says that it prints\n{command.output}\nand it prints\n{told}"
                )


def _plain(output: str) -> str:
    """What is printed, whatever the widths of its columns: a path in one of them makes the whole table wider."""
    return " ".join(re.sub("─+", "─", output).split())


def _ask(url: str, block: Block) -> None:
    """Run a query as it stands, and hold what it finds against the table behind it, whose heads are its columns."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(block.text)  # type: ignore[call-overload]
        while cursor.nextset():
            pass
        heads = tuple(column.name for column in cursor.description or ())
        rows = [tuple(map(_shown, row)) for row in cursor.fetchall()]
    if block.table:
        wanted = list(block.table[1:])
        assert (heads, rows) == (block.table[0], wanted), block.place


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)


def test_what_is_not_run_is_there() -> None:
    """An exception that nothing needs any more goes."""
    texts = [(page, command.text) for page in pages() for block in blocks(page) for command in commands(block)]
    texts += [(page, block.text) for page in pages() for block in blocks(page) if block.language == "sql"]
    assert [p for p in [*NOT_RUN, *LONG] if not any(reason(page, text, [p]) for page, text in texts)] == []
