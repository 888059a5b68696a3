"""The wheel, built and installed as the README says, used from other folders, with nothing of the checkout at hand."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from up import running

from quickbooks_history import version
from quickbooks_history.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = f"quickbooks_history-{version()}"
ITEMS = "Item Name,Purchase Cost,Sales Price,Quantity On Hand,Status,QuickBooks Internal Id\n"


@dataclass(frozen=True)
class Installed:
    """An installed program, in the hands of a person who has only its commands on the path."""

    path: Path
    """What `QBH_HOME` is by itself."""
    user: Path
    """The person's home folder."""
    tools: Path
    commands: Path

    @property
    def environment(self) -> dict[str, str]:
        # No variable of the tests', and none of the programs that the tests' environment has.
        kept = {name: value for name, value in os.environ.items() if name in {"LANG", "TMPDIR", "XDG_RUNTIME_DIR"}}
        return kept | {"HOME": str(self.user), "PATH": f"{self.commands}:/usr/bin:/bin", "COLUMNS": "100"}

    def qbh(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["qbh", *arguments],
            cwd=self.user,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def files(self) -> dict[str, str]:
        """Every file of the program, by its content; bytecode is Python's own business."""
        return {
            str(path.relative_to(self.tools)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.tools.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `.ci/build` makes of a copy of the checkout, in which tools have left what they leave."""
    folder = tmp_path_factory.mktemp("release")
    checkout = folder / "checkout"
    kept_out = shutil.ignore_patterns(".git", ".venv", ".qbh", "dist", "__pycache__", ".*_cache", "target", "logs")
    shutil.copytree(PROJECT_ROOT, checkout, ignore=kept_out)
    for left in ("dbt_project/target/manifest.json", "dbt_project/logs/dbt.log", "meltano/.meltano/meltano.db"):
        (checkout / left).parent.mkdir(parents=True, exist_ok=True)
        (checkout / left).write_text("left")
    subprocess.run([checkout / ".ci/build", folder / "dist"], check=True, timeout=300)
    return folder / "dist"


@pytest.fixture(scope="module")
def installed(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The program, installed by the README's command."""
    folder = tmp_path_factory.mktemp("installed")
    user = folder / "user"
    user.mkdir()
    made = Installed(user / ".local/share/quickbooks-history", user, folder / "tools", folder / "commands")
    where = {"UV_TOOL_DIR": str(made.tools), "UV_TOOL_BIN_DIR": str(made.commands)}
    subprocess.run(["bash", "-c", _install_command()], cwd=release, env=os.environ | where, check=True, timeout=300)
    yield made
    made.qbh("stop")


def _install_command() -> str:
    """The command as the README has it."""
    (command,) = re.findall(r"^ +(uv tool install .+)$", (PROJECT_ROOT / "README.md").read_text(), re.MULTILINE)
    return command


def test_wheel_and_sdist_hold_what_is_needed_and_nothing_that_was_left(release: Path) -> None:
    with zipfile.ZipFile(release / f"{NAME}-py3-none-any.whl") as wheel:
        held = set(wheel.namelist())
    with tarfile.open(release / f"{NAME}.tar.gz") as sdist:
        source = {name.partition("/")[2] for name in sdist.getnames()}
    for folder in ("dbt_project", "snapshots", "meltano"):
        wanted = {str(path.relative_to(PROJECT_ROOT)) for path in _sources(PROJECT_ROOT / folder)}
        found = {name.removeprefix("quickbooks_history/project/") for name in held if f"/project/{folder}/" in name}
        assert found == wanted
        assert wanted <= source
    assert "quickbooks_history/warehouse/migrations/0001_ledger.sql" in held
    left = r"(^|/)(target|logs|\.meltano|\.venv|uv\.lock|\.qbh)(/|$)"
    assert [name for name in held | source if re.search(left, name)] == []


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if (
            path.is_file()
            and not {"target", "logs", ".meltano", "output"} & set(path.parts)
            and path.name != ".user.yml"
        ):
            yield path


def test_the_versions_are_those_of_the_lock(release: Path, installed: Installed) -> None:
    lines = (release / f"{NAME}-requirements.txt").read_text().splitlines()
    assert [line for line in lines if not re.match(r"[a-z0-9-]+==[^ ]+( ; .+)?$", line)] == []
    python = installed.tools / "quickbooks-history/bin/python"
    frozen = subprocess.run(["uv", "pip", "freeze", "--python", python], check=True, capture_output=True, text=True)
    have = {line for line in frozen.stdout.splitlines() if "==" in line}
    locked = {line.partition(" ")[0] for line in lines}
    assert have - locked == set()
    elsewhere = {line.partition(" ")[0] for line in lines if " ; " in line}
    assert locked - have <= elsewhere
    assert {"dagster-shell==0.25.13", "dagster==1.13.27"} <= have
    assert installed.qbh("--version").stdout == f"quickbooks-history {version()}\n"


def test_a_night_outside_the_checkout_writes_nothing_into_the_program(installed: Installed, tmp_path: Path) -> None:
    before = installed.files()
    export = tmp_path / "item_all_04_03_2025.csv"
    export.write_text(f"{ITEMS}NUT,1,2,5,true,N-1\n")
    load = installed.qbh("load", str(export))
    assert load.returncode == 0, load.stdout + load.stderr
    history = installed.qbh("history", "items", "--json")
    assert {change["item_name"] for change in json.loads(history.stdout)} == {"NUT"}
    doctor = json.loads(installed.qbh("doctor", "--json", QBH_PORT="0").stdout)
    assert [finding for finding in doctor if not finding["ok"]] == []
    assert str(installed.path) in next(finding["found"] for finding in doctor if finding["subject"] == "home")
    assert installed.files() == before
    assert sorted(path.name for path in installed.user.iterdir() if path.name != ".local") == []


def test_a_project_that_is_none_is_told(installed: Installed, tmp_path: Path) -> None:
    run = installed.qbh("status", QBH_PROJECT=str(tmp_path))
    assert run.returncode == 2
    assert "has no dbt_project/dbt_project.yml" in " ".join(run.stderr.split())


@pytest.mark.thorough
def test_demo_and_web_ui_outside_the_checkout(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(installed.user)
    before = installed.files()
    demo = installed.qbh("demo")
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "129 of 129 new files loaded" in demo.stdout
    assert "uv run" not in demo.stdout
    with running(installed) as up:  # type: ignore[arg-type]
        located = up.ask("{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name } } } } }")
        assert located["repositoriesOrError"]["nodes"] == [{"location": {"name": "quickbooks_history"}}]
    assert installed.files() == before


@pytest.mark.thorough
def test_a_project_of_somebodys_own_is_used_and_not_written_to(installed: Installed, tmp_path: Path) -> None:
    project = tmp_path / "project"
    for folder in ("dbt_project", "snapshots", "meltano"):
        shutil.copytree(PROJECT_ROOT / folder, project / folder, ignore=shutil.ignore_patterns("target", "logs", ".*"))
    (project / "dbt_project/models/marts/nuts.sql").write_text(
        "select * from {{ ref('products') }} where item_name = 'NUT'\n"
    )
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    export = tmp_path / "Item_04_04_2025_2_00_03.csv"
    export.write_text(f"{ITEMS}NUT,1,2.50,5,true,N-1\n")
    # A home of its own: full exports of the demo, which another test loads, would have deleted the item.
    of_its_own = {"QBH_PROJECT": os.path.relpath(project, installed.user), "QBH_HOME": str(tmp_path / "home")}
    load = installed.qbh("load", str(export), **of_its_own)
    assert load.returncode == 0, load.stdout + load.stderr
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before
    url = installed.qbh("url", **of_its_own).stdout.strip()
    with psycopg.connect(url) as connection:
        assert connection.execute("select sales_price from marts.nuts").fetchall() == [(Decimal("2.5"),)]
    installed.qbh("stop", **of_its_own)
