"""What the package says others may build on is there, says what it does, and is typed for them too."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import quickbooks_history

PUBLIC = re.findall(r"`(quickbooks_history(?:\.\w+)+)`", quickbooks_history.__doc__ or "")


def named(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def test_the_package_says_what_is_public() -> None:
    assert len(PUBLIC) >= 10
    assert len(PUBLIC) == len(set(PUBLIC))


@pytest.mark.parametrize("dotted", PUBLIC)
def test_what_is_public_is_documented_and_typed(dotted: str) -> None:
    found = named(dotted)
    if not callable(found):  # a constant, which the package's own words describe
        return
    assert inspect.getdoc(found)
    signature = inspect.signature(found)
    bare = [name for name, parameter in signature.parameters.items() if parameter.annotation is parameter.empty]
    assert bare == []
    if inspect.isfunction(found):
        assert signature.return_annotation is not signature.empty


def test_others_see_the_types(tmp_path: Path) -> None:
    """In a program of somebody else's: a wrong use is an error, and not one of the package having no types."""
    program = tmp_path / "theirs.py"
    program.write_text(
        "from quickbooks_history.exports.contract import ENTITIES\n"
        "from quickbooks_history.exports.reading import read_file\n"
        "right: tuple[str, ...] = ENTITIES['items'].headers\n"
        "wrong: int = ENTITIES['items'].name\n"
        "read_file(17)\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental", "--config-file=", program.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.findall(r"^theirs.py:(\d+): error: .*\[([\w-]+)\]$", run.stdout, re.MULTILINE) == [
        ("4", "assignment"),
        ("5", "arg-type"),
    ], run.stdout + run.stderr
