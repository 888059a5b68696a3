"""What tests of the definitions lean on: a home that they find by its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `QBH_HOME` with an inbox, over an empty database; files need not stand still."""
    monkeypatch.setenv("QBH_HOME", str(tmp_path))
    monkeypatch.setenv("QBH_SETTLE_SECONDS", "0")
    monkeypatch.setenv("DATABASE_URL", database)
    (tmp_path / "inbox").mkdir()
    return tmp_path
