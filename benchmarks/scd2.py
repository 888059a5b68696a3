"""Versions of 100,000 items from two exports, by `qbh load` and by dlt's `scd2` merge of the same two files.

One server, its database empty for each turn of each side, whole processes. What is judged is against dlt's fastest
road; its usual one, row by row, is shown beside it. dlt makes a table of versions dated by the moment of its run;
`qbh load` besides keeps the log and the ledger, types and tests the data and makes the marts.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
from typing import TYPE_CHECKING

from benchmarks.running import Home, Server, require_rows, run, tell
from quickbooks_history.demo.bulk import write_items_export
from quickbooks_history.settings import PROJECT_ROOT
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.sizes import Sizes
    from benchmarks.table import Table

MOST_TIMES_DLT = 1
CHANGED_SHARE = 0.01
OURS, TABLE, ROWS = "qbh load", "dlt, table", "dlt, rows"
LOADS = ("first export", "second export, 1 % changed")


def is_installed() -> bool:
    """Whether dlt is there; it is no part of the product."""
    return all(importlib.util.find_spec(name) for name in ("dlt", "pandas", "pyarrow"))


def measure(folder: Path, sizes: Sizes, table: Table) -> None:
    """Load both exports with each side, in turns."""
    folder.mkdir()
    exports = [
        write_items_export(
            folder / f"item_all_04_0{3 + generation}_2025.csv",
            rows=sizes.scd2_rows,
            generation=generation,
            changed_share=CHANGED_SHARE,
        )
        for generation in range(2)
    ]
    warm_up_dlt(folder)
    versions = sizes.scd2_rows + int(sizes.scd2_rows * CHANGED_SHARE)
    seconds: dict[str, list[list[float]]] = {OURS: [], TABLE: [], ROWS: []}
    with Server(folder / "server") as server:
        for turn in range(sizes.scd2_repeats):
            for side, times in seconds.items():
                url = server.empty_database()
                here = folder / f"{side.replace(', ', '-').replace(' ', '-')}-{turn + 1}"
                times.append(_ours(here, exports, url) if side == OURS else _dlt(here, exports, url, side))
                schema, name = ("snapshots", "items_snapshot") if side == OURS else ("dlt", "items")
                _require(url, schema, name, versions)
                tell(f"turn {turn + 1} of {sizes.scd2_repeats}, {side}: {', '.join(f'{s:.1f} s' for s in times[-1])}")
    for load, what in enumerate(LOADS):
        medians = {side: statistics.median(turn[load] for turn in times) for side, times in seconds.items()}
        name = f"{sizes.scd2_rows:,} items, {what}, qbh load, median of {sizes.scd2_repeats}"
        table.add("scd2", name, medians[OURS], "s")
        name = f"{what}, against dlt's table road ({medians[TABLE]:.1f} s)"
        table.add("scd2", name, medians[OURS] / medians[TABLE], "times", at_most=MOST_TIMES_DLT)
        name = f"{what}, against dlt row by row ({medians[ROWS]:.1f} s)"
        table.add("scd2", name, medians[OURS] / medians[ROWS], "times")
    table.detail("scd2", seconds=seconds)


def warm_up_dlt(folder: Path) -> None:
    """Load a few rows by either road, untimed: what dlt's processes compile, they compile now."""
    export = write_items_export(folder / "few.csv", rows=10)
    with Server(folder / "warm-up") as server:
        for side in (TABLE, ROWS):
            _dlt(folder / f"warm-up-{side.removeprefix('dlt, ')}", [export], server.empty_database(), side)


def _ours(folder: Path, exports: Sequence[Path], url: str) -> list[float]:
    home = Home(folder, url)
    seconds = []
    for export in exports:
        home.expect("items", export)
        seconds.append(home.qbh("load", str(export)))
    home.require_right()
    return seconds


def _dlt(folder: Path, exports: Sequence[Path], url: str, side: str) -> list[float]:
    folder.mkdir()
    road = side.removeprefix("dlt, ")
    return [
        run(
            [sys.executable, "-m", "benchmarks.dlt_scd2", str(export), url, str(folder), road],
            folder / "dlt.log",
            environment={
                "RUNTIME__DLTHUB_TELEMETRY": "false",
                "DLT_DATA_DIR": str(folder / "data"),
                "HOME": str(folder),
            },
            folder=PROJECT_ROOT,
        )
        for export in exports
    ]


def _require(url: str, schema: str, name: str, versions: int) -> None:
    with connect(url) as connection:
        require_rows(connection, schema, name, versions)
