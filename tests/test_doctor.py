"""`qbh doctor` names what a machine lacks before a run fails of it."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

from quickbooks_history.doctor import examine
from quickbooks_history.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_locks_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: str) -> None:
    """A container without a /dev/shm that may be written to: dbt and Dagster end in tracebacks there."""

    class Refusing:
        def Lock(self) -> None:  # noqa: N802 - as multiprocessing calls it
            raise PermissionError(13, "Permission denied")

    settings = Settings(home=tmp_path, database_url=database)
    found = {finding.subject: finding for finding in examine(settings)}
    assert found["shared memory"].ok
    monkeypatch.setattr(multiprocessing, "get_context", lambda _: Refusing())
    found = {finding.subject: finding for finding in examine(settings)}
    assert not found["shared memory"].ok
    assert "/dev/shm" in str(found["shared memory"].remedy)
