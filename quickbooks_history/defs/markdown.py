"""Tables and SQL as Dagster shows them in metadata."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from quickbooks_history.warehouse.findings import FirstRows


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as the web UI renders it; numbers stand to the right.

    Args:
        header: Names of the columns.
        rows: Values; of each column of one kind.
    """
    listed = [list(row) for row in rows]
    numeric = [any(_is_number(row[place]) for row in listed) for place in range(len(header))]
    rulers = ["---:" if is_number else "---" for is_number in numeric]
    lines = [header, rulers, *([_cell(value) for value in row] for row in listed)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if _is_number(value):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return " ".join(str(value).replace("|", "\\|").split())


def shown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """Show rows as a table."""
    return dg.MetadataValue.md(markdown_table(header, rows))


def rows_table(found: FirstRows) -> dg.MarkdownMetadataValue:
    """Show the first rows of a query."""
    return shown_table(found.columns, found.rows)


def sql_block(query: str) -> dg.MarkdownMetadataValue:
    """Show SQL that a person can copy and run."""
    return dg.MetadataValue.md(f"```sql\n{query.strip()}\n```")
