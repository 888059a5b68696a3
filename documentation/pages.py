"""Every file of the documentation that is made from the code."""

from __future__ import annotations

from documentation.commands import commands_page
from documentation.diagram import diagram
from documentation.settings import settings_page
from documentation.tables import tables_pages


def pages() -> dict[str, str]:
    """Return the text of each file, by its path in the project."""
    made = {
        "docs/images/architecture.svg": diagram(),
        "docs/reference/settings.md": settings_page(),
        "docs/reference/commands.md": commands_page(),
        **tables_pages(),
    }
    return {path: text.rstrip("\n") + "\n" for path, text in made.items()}
