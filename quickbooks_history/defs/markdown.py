"""Tables and SQL as Dagster shows them in metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from quickbooks_history.warehouse.findings import FirstRows


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """Show rows as a table; what a cell holds cannot break it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines))


def rows_table(found: FirstRows) -> dg.MarkdownMetadataValue:
    """Show the first rows of a query."""
    return markdown_table(found.columns, found.rows)


def sql_block(query: str) -> dg.MarkdownMetadataValue:
    """Show SQL that a person can copy and run."""
    return dg.MetadataValue.md(f"```sql\n{query.strip()}\n```")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.replace("|", "\\|").split())
