"""The documentation as a site: built strictly, every page in it, nothing from elsewhere; and as the code says."""

from __future__ import annotations

import http.server
import re
import shlex
import shutil
import subprocess
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import typer
from blocks import COMMANDS, CONFIG, ROOT, TOLD, blocks, commands, pages, spans
from browser import chromium, require_chromium
from home import TOOLS
from playwright.sync_api import expect

from documentation.pages import pages as generated
from quickbooks_history.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = ROOT / "docs"


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOOLS / "zensical", "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration and the pages, where they can be spoilt."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(CONFIG, folder)
    shutil.copytree(DOCS, folder / "docs")
    return folder


@pytest.fixture(scope="module")
def site(copied: Path) -> Path:
    built = build(copied)
    assert built.returncode == 0, built.stdout + built.stderr
    return copied / "site"


def test_every_page_is_in_the_navigation_and_is_there() -> None:
    there = {"README.md", *(str(path.relative_to(ROOT)) for path in DOCS.rglob("*.md"))}
    assert set(pages()) == there, "zensical.toml names the pages"


def test_the_site_is_whole(site: Path) -> None:
    for page in pages()[1:]:
        made = site / Path(page).relative_to("docs").with_suffix(".html")
        assert "<h1" in made.read_text(), page


def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    fetched = re.compile(r"""<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)""")
    links = {address for page in site.rglob("*.html") for address in fetched.findall(page.read_text())}
    assert links == set()
    assert not [page for page in pages() for block in blocks(page) if block.language == "mermaid"], (
        "its script is elsewhere"
    )


def test_a_browser_asks_nobody_else_for_anything(site: Path) -> None:
    require_chromium()
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, chromium() as browser:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("index", "architecture", "reference/tables_marts"):
            page.goto(f"{address}{name}.html", wait_until="networkidle")
            expect(page.locator("h1")).to_be_visible()
        server.shutdown()
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize("link", ["[gone](no_such_page.md)", "[gone](operations.md#no-such-heading)"])
def test_a_link_that_leads_nowhere_fails_the_build(site: Path, copied: Path, link: str, tmp_path: Path) -> None:
    shutil.copytree(copied, tmp_path / "spoilt", ignore=shutil.ignore_patterns("site", ".cache"))
    with (tmp_path / "spoilt" / "docs" / "index.md").open("a") as page:
        page.write(f"\n{link}\n")
    built = build(tmp_path / "spoilt")
    assert built.returncode != 0
    assert "does not exist" in built.stdout + built.stderr


def test_links_of_the_readme_and_names_in_the_code_lead_somewhere() -> None:
    """The site's own links are checked as it is built; these lead into it from outside."""
    files = [ROOT / "README.md"]
    files += [path for folder in ("quickbooks_history", "dbt_project", "snapshots", "meltano", "benchmarks", "tests")
              for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".sql", ".yml", ".yaml"}
              and not {"target", "docs"} & {*path.relative_to(ROOT).parts}]  # fmt: skip
    named = re.compile(r"\bdocs/[\w/]+\.(?:md|png|svg)(?:#[\w-]+)?")
    lost = []
    for file in files:
        for name in named.findall(file.read_text()):
            page, _, anchor = name.partition("#")
            if not (ROOT / page).exists() or (anchor and anchor not in _anchors(ROOT / page)):
                lost.append(f"{file.relative_to(ROOT)}: {name}")
    assert lost == []


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", generated())
def test_what_is_made_from_the_code_is_as_the_code_says(path: str) -> None:
    assert (ROOT / path).read_text() == generated()[path], "stale: `uv run python -m documentation`"


@pytest.mark.parametrize("page", pages())
def test_every_block_says_what_it_is(page: str) -> None:
    """Else what looks like a command would be neither run nor left out with a reason."""
    known = {*COMMANDS, *TOLD, "console", "sql"}
    strange = [block.place for block in blocks(page) if block.language not in known]
    assert strange == [], (
        f"write one of {', '.join(sorted(known))} behind the fence; tests/docs/blocks.py says what each is"
    )
    named = {block.place: block.text for block in blocks(page) if block.language in TOLD}
    hidden = [place for place, text in named.items() if re.search(r"^(\$ )?(uv run |qbh |docker )", text, re.MULTILINE)]
    assert hidden == [], "a block of commands is `sh` or `console`"


@pytest.mark.parametrize("page", pages())
def test_every_command_that_is_named_is_one(page: str) -> None:
    """Also in running text and in tables, where it is not run."""
    typed = [*spans(page), *(line for block in blocks(page) for command in commands(block) for line in [command.text])]
    wrong = [text for text in typed if (arguments := _of_qbh(text)) and (why := _why_not(arguments)) and why]
    assert wrong == []


def _of_qbh(text: str) -> list[str]:
    found = re.search(r"(?:^|[\s(\"])(?:uv run )?qbh( [a-z][^)`\n;&|]*)", text)
    if not found or "--entrypoint" in text:  # a container of the service `qbh` in which another program runs
        return []
    try:
        return shlex.split(found[1])
    except ValueError:
        return found[1].replace('"', "").split()


def _why_not(arguments: list[str]) -> str:
    group: Any = typer.main.get_command(app)
    name, *rest = [argument.strip("[]") for argument in arguments]
    if name not in group.commands:
        return f"no command {name}"
    options = {option for parameter in group.commands[name].params for option in parameter.opts} | {"--help"}
    strange = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in options]
    return f"no option {strange}" if strange else ""


def test_every_command_is_spoken_of_in_a_page() -> None:
    group: Any = typer.main.get_command(app)
    told = {arguments[0] for page in pages() if "reference" not in page for text in [*spans(page), *_typed(page)]
            if (arguments := _of_qbh(text))}  # fmt: skip
    assert {name for name, command in group.commands.items() if not command.hidden} - told == set()


def _typed(page: str) -> Iterator[str]:
    yield from (command.text for block in blocks(page) for command in commands(block))


def test_the_readme_is_one_screen() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 60
    assert sum(line.startswith("![") for line in lines) == 2
    assert "uv run pytest -n 2" in "\n".join(lines), ".ci/run calls it the README's test command"
