"""What the generated pages have in common."""

from __future__ import annotations

NOTICE = "<!-- Made by `uv run python -m documentation` from the code: change it there. -->"
"""Stands at the head of each page that is generated."""


def code(text: str) -> str:
    """Return a code span."""
    return f"`{text}`"
