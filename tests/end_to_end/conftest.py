"""One home, loaded once by `qbh demo` as a process, for every test of this folder."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator


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
