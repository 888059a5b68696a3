"""What becomes of Meltano's lines."""

from __future__ import annotations

import logging

import pytest

from quickbooks_history.defs import resources


def test_lines_that_come_at_once_are_few_entries_and_none_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    lines = [f"loaded items Item_{number}.csv: 100 rows" for number in range(250)]
    lines[120] = "2025-04-04T02:00:03 [error    ] items Item_120.csv is not loaded: line 3"
    log = resources._RunLog(logging.getLogger("run"))
    with caplog.at_level(logging.INFO, logger="run"):
        for line in lines:
            log.info(line)
        log.write()
    assert "\n".join(caplog.messages).splitlines() == lines
    assert len(caplog.messages) < 10
    assert log.last_words() == "items Item_120.csv is not loaded: line 3"


def test_a_line_after_a_while_is_an_entry_at_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_SUCCESSION_SECONDS", -1.0)
    log = resources._RunLog(logging.getLogger("run"))
    with caplog.at_level(logging.INFO, logger="run"):
        log.info("one")
        log.info("two")
    assert caplog.messages == ["one", "two"]


def test_an_error_that_a_plugin_did_not_expect_is_told_with_what_it_was() -> None:
    log = resources._RunLog(logging.getLogger("run"))
    log.info("2025-04-04T02:00:03 [error    ] tap An unhandled error occurred while syncing 'items'")
    log.info("OSError: [Errno 28] No space left on device")
    log.info(
        "2025-04-04T02:00:03 [error    ] tap 28    plugin_exc_message='[Errno 28] No space left on device'"
        " plugin_exc_type=OSError"
    )
    words = "tap An unhandled error occurred while syncing 'items': [Errno 28] No space left on device"
    assert log.last_words() == words
