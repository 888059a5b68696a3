"""One home, loaded once by `qbh demo` as a process, for every test of this folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Home:
    """A `QBH_HOME`, and how to run commands in it as a person would, with variables of its own."""

    path: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        outside = ("QBH_", "DATABASE_URL", "PG", "TAP_", "TARGET_", "MELTANO_", "DAGSTER_", "DBT_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
        path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
        return kept | {"QBH_HOME": str(self.path), "COLUMNS": "100", "PATH": path} | self.variables

    def run(
        self, *command: str, cwd: Path | None = None, environment: dict[str, str] | None = None, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=cwd,
            env=self.environment | (environment or {}),
            input=text,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def qbh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("qbh", *arguments)

    def url(self) -> str:
        return self.qbh("url").stdout.strip()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of its own, its database stopped at the end."""
    made = Home(tmp_path_factory.mktemp("home"))
    yield made
    made.qbh("stop")


@pytest.fixture(scope="session")
def demo(home: Home) -> subprocess.CompletedProcess[str]:
    """`qbh demo`, run once."""
    return home.qbh("demo")


@pytest.fixture(scope="module")
def copied(
    home: Home, demo: subprocess.CompletedProcess[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    """A copy of the loaded home, for tests that change what others look at."""
    assert demo.returncode == 0, demo.stderr
    home.qbh("stop")
    made = Home(tmp_path_factory.mktemp("copied") / "home")
    # With its owners: where the tests run as root, the database's files belong to the user that its server runs as.
    subprocess.run(["cp", "-a", home.path, made.path], check=True)
    yield made
    made.qbh("stop")


@pytest.fixture
def loaded(home: Home, demo: subprocess.CompletedProcess[str]) -> Home:
    """The home with the made-up company in it."""
    assert demo.returncode == 0, demo.stderr
    return home
