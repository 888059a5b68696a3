"""What comes from outside stands on the terminal and does nothing there."""

from __future__ import annotations

import io
import os
import subprocess

import pytest
from rich.console import Console

from quickbooks_history.terminal import plain, work


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Item_04_04_2025_2_00_03.csv", "Item_04_04_2025_2_00_03.csv"),
        ("\x1b[2J\x1b]0;owned\x07 x", r"\x1b[2J\x1b]0;owned\x07 x"),
        ("safe\rrm -rf /", r"safe\x0drm -rf /"),
        ("a\x9b31mb\x7f", r"a\x9b31mb\x7f"),
        ("invoice\u202egpj.csv", r"invoice\u202egpj.csv"),
        ("[bold]not markup[/] [/nor this]", "[bold]not markup[/] [/nor this]"),
        ('5/8" né ⚒', '5/8" né ⚒'),
    ],
)
def test_text_from_outside(text, shown):
    terminal = io.StringIO()
    Console(file=terminal, force_terminal=True, width=100, color_system=None).print(plain(text), highlight=False)
    assert terminal.getvalue().rstrip("\n") == shown


def test_what_dbt_is_told_of_colours_is_told_for_the_work_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("DBT_USE_COLORS", "true")
    with work(tmp_path / "work.log"):
        subprocess.run(["sh", "-c", "echo $DBT_USE_COLORS"], check=True)
    assert (tmp_path / "work.log").read_text() == "false\n"
    assert os.environ["DBT_USE_COLORS"] == "true"
