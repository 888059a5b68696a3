"""How loads look on the terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from quickbooks_history.display import show_deliveries
from quickbooks_history.loading import LoadReport
from quickbooks_history.runs import Run
from quickbooks_history.warehouse.ledger import LedgerEntry

ONE_KNOWN = "Beside them lies 1 file that had been delivered before."
MOMENT = datetime(2025, 4, 4, 2, tzinfo=UTC)


def entries(*statuses: str) -> list[LedgerEntry]:
    return [
        LedgerEntry(n, "items", f"Item_{n}.csv", "partial", MOMENT, 1, status, None, MOMENT, f"/in/Item_{n}.csv", None)
        for n, status in enumerate(statuses)
    ]


@pytest.mark.parametrize(
    ("new", "before", "told"),
    [
        (["loaded"] * 3, 0, "3 of 3 new files loaded."),
        (["loaded", "rejected"], 1, f"1 of 2 new files loaded, 1 rejected. {ONE_KNOWN}"),
        (["held", "rejected", "held"], 0, "0 of 3 new files loaded, 2 held, 1 rejected."),
        (["loaded"], 1200, "1 of 1 new files loaded. Beside them lie 1,200 files that had been delivered before."),
        ([], 129, "No new files: 129 had been delivered before."),
        ([], 0, "no exports there"),
    ],
)
def test_the_last_sentence_tells_new_files_from_those_known(new, before, told):
    shown = io.StringIO()
    report = LoadReport(Run("r", True, None), entries=entries(*new), known_files=before)
    show_deliveries(Console(file=shown, width=200), report)
    assert shown.getvalue().splitlines()[-1].strip() == told


def test_files_asked_for_by_name_are_shown_and_not_counted_again():
    shown = io.StringIO()
    (known,) = entries("loaded")
    report = LoadReport(Run("r", True, None), known=[known], known_files=1)
    show_deliveries(Console(file=shown, width=200), report)
    assert "delivered before, at 2025-04-04 02:00:00 UTC" in shown.getvalue()
    assert shown.getvalue().splitlines()[-1].strip() == "No new files."
