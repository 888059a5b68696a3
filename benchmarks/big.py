"""A full export of a million items, and the same again with one in a hundred changed, each by `qbh load` to history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.running import Home, tell
from quickbooks_history.demo.bulk import write_items_export

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.sizes import Sizes
    from benchmarks.table import Table

MOST_SECONDS = 60
CHANGED_SHARE = 0.01


def measure(folder: Path, sizes: Sizes, table: Table) -> None:
    """Load both, one after the other."""
    home = Home(folder / "home")
    seconds = []
    for generation in range(2):
        export = home.inbox / f"item_all_04_0{3 + generation}_2025.csv"
        write_items_export(export, rows=sizes.big_rows, generation=generation, changed_share=CHANGED_SHARE)
        home.expect("items", export)
        seconds.append(home.qbh("load"))
        tell(f"export {generation + 1} of {sizes.big_rows:,} rows loaded, {seconds[-1]:.1f} s")
    first, second = seconds
    table.add("big", f"{sizes.big_rows:,} items, the first export, qbh load", first, "s")
    table.add("big", "the same again with 1 % changed, qbh load", second, "s", at_most=MOST_SECONDS)
    home.require_right()
