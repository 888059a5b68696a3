"""What helps those who carry it on: hooks that refuse what they should, tasks that name commands there are, forms."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from home import TOOLS

CHECKOUT = Path(__file__).parents[1]
CONFIG = CHECKOUT / ".pre-commit-config.yaml"
HOOKS = {hook["id"]: hook for repository in yaml.safe_load(CONFIG.read_text())["repos"] for hook in repository["hooks"]}

BAD = {
    "ruff-check": ("quickbooks_history/bad.py", '"""A module."""\n\nimport os\n'),
    "ruff-format": ("quickbooks_history/bad.py", '"""A module."""\n\nX = {  1: 2 }\n'),
    "mypy": ("quickbooks_history/bad.py", '"""A module."""\n\nX: int = "one"\n'),
    "sqlfluff": ("dbt_project/models/bad.sql", "SELECT a FROM b\n"),
}
"""For each hook, a file that it must refuse, and that no other one has to."""

TASKS = ["setup", "test", "lint", "demo", "up"]

without_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed here")


def run(*command: str, cwd: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    """A command of a person's, in this environment: uv neither makes another nor changes it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "GIT_"))}
    here = {"UV_PROJECT_ENVIRONMENT": str(TOOLS.parent), "UV_NO_SYNC": "1", "VIRTUAL_ENV": str(TOOLS.parent)}
    return subprocess.run(command, cwd=cwd, env=kept | here, capture_output=True, text=True, check=False)


@pytest.fixture
def small_checkout(tmp_path: Path) -> Path:
    """A repository with this one's settings, in which next to nothing lies."""
    for name in (".pre-commit-config.yaml", "pyproject.toml", "README.md", ".sqlfluff", ".sqlfluffignore", "Makefile"):
        shutil.copy(CHECKOUT / name, tmp_path)
    mypy = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["mypy"]
    for package in mypy["packages"]:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text('"""A package."""\n')
    (tmp_path / "dbt_project" / "models").mkdir(parents=True)
    (tmp_path / "dbt_project" / "models" / "good.sql").write_text("select a from b\n")
    run("git", "init", "--quiet", cwd=tmp_path)
    run("git", "add", "--all", cwd=tmp_path)
    return tmp_path


def add(checkout: Path, hook: str) -> None:
    path, text = BAD[hook]
    (checkout / path).write_text(text)
    run("git", "add", "--all", cwd=checkout)


def test_every_hook_runs_a_locked_tool_of_ours() -> None:
    repositories = yaml.safe_load(CONFIG.read_text())["repos"]
    assert {repository["repo"] for repository in repositories} == {"local"}, "others are fetched when they are run"
    assert HOOKS.keys() == BAD.keys(), "say above what a hook must refuse"
    for hook in HOOKS.values():
        assert hook["language"] == "system"
        assert hook["entry"].startswith("uv run ")
        assert (TOOLS / hook["entry"].split()[2]).exists()


@pytest.mark.parametrize("hook", BAD)
def test_a_hook_refuses_what_it_is_there_for(hook: str, small_checkout: Path) -> None:
    add(small_checkout, hook)
    refused = run("uv", "run", "pre-commit", "run", hook, "--files", BAD[hook][0], cwd=small_checkout)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "bad" in refused.stdout or "reformatted" in refused.stdout


@without_make
def test_make_lint_runs_every_hook_over_all_files(small_checkout: Path) -> None:
    clean = run("make", "lint", cwd=small_checkout)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert clean.stdout.count("Passed") == len(HOOKS), clean.stdout

    for hook in ("ruff-check", "sqlfluff"):
        add(small_checkout, hook)
    refused = run("make", "lint", cwd=small_checkout)
    assert refused.returncode != 0
    assert refused.stdout.count("Failed") == 2, refused.stdout


@without_make
def test_make_alone_lists_the_tasks() -> None:
    assert re.findall(r"^make (\w+) +\S", run("make").stdout, re.MULTILINE) == TASKS


@without_make
@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_of_commands_that_there_are(task: str) -> None:
    """Each takes its arguments: what `--help` beside them makes of them is a page of help, else wrong usage."""
    dry = run("make", "--dry-run", task)
    assert dry.returncode == 0, dry.stderr
    for line in dry.stdout.splitlines():
        helped = run(*shlex.split(line), "--help")
        assert helped.returncode == 0, f"{line}: {helped.stderr}"
        assert "usage" in helped.stdout.lower()


def test_contributing_names_files_that_there_are() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text()
    paths = re.findall(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|sql|md|yml|yaml|toml))`", text)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    folders = re.findall(r"`((?:tests|dbt_project|quickbooks_history|\.ci)(?:/\w+)+)`", text)
    named = {*paths, *links, *folders}
    assert len(named) > 30
    assert sorted(name for name in named if not (CHECKOUT / name).exists()) == []
    assert "@@" not in text


def test_ci_has_no_list_of_linters_of_its_own() -> None:
    script = (CHECKOUT / ".ci" / "run").read_text()
    assert "pre-commit run --all-files" in script
    assert [hook["entry"] for hook in HOOKS.values() if " ".join(hook["entry"].split()[2:4]) in script] == []


@pytest.mark.parametrize("form", ["bug", "feature", "wrong_history"])
def test_issue_forms_ask_for_what_there_is(form: str) -> None:
    text = (CHECKOUT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml").read_text()
    asked = yaml.safe_load(text)
    assert {"name", "description", "body"} <= asked.keys()
    fields = [field for field in asked["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)
    for command in set(re.findall(r"qbh ([a-z][a-z-]+)", text)):
        assert run("uv", "run", "qbh", command, "--help").returncode == 0, command
