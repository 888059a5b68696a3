"""Versions of 100,000 items from two exports, by `qbh load` and by dlt's `scd2` merge of the same two files.

One server, its database empty for each turn of each side, whole processes. dlt makes a table of versions dated by the
moment of its run. `qbh load` besides keeps the log and the ledger, types the data and makes marts; then it tests all of
it. Judged are both, when history is made and when the load has ended. Its peer is what `dlt[postgres]` installs, which
goes row by row; the faster road that takes pandas and pyarrow besides is shown.
"""

from __future__ import annotations

import importlib.util
import json
import re
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import datetime
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
    made: dict[str, list[list[float]]] = {OURS: [], TABLE: [], ROWS: []}
    ended: dict[str, list[list[float]]] = {OURS: [], TABLE: [], ROWS: []}
    with Server(folder / "server") as server:
        for turn in range(sizes.scd2_repeats):
            for side in (OURS, TABLE, ROWS):
                url = server.empty_database()
                here = folder / f"{side.replace(', ', '-').replace(' ', '-')}-{turn + 1}"
                times = _ours(here, exports, url) if side == OURS else _dlt(here, exports, url, side)
                schema, name = ("snapshots", "items_snapshot") if side == OURS else ("dlt", "items")
                _require(url, schema, name, versions)
                made[side].append([load.made for load in times])
                ended[side].append([load.ended for load in times])
                told = ", ".join(f"{load.made:.1f} of {load.ended:.1f} s" for load in times)
                tell(f"turn {turn + 1} of {sizes.scd2_repeats}, {side}: {told}")
    for load, what in enumerate(LOADS):
        until_made, until_end = (
            {side: statistics.median(turn[load] for turn in times) for side, times in seconds.items()}
            for seconds in (made, ended)
        )
        table.add("scd2", f"{sizes.scd2_rows:,} items, {what}, until history is made", until_made[OURS], "s")
        ratio = until_made[OURS] / until_made[ROWS]
        table.add("scd2", f"against dlt ({until_made[ROWS]:.1f} s)", ratio, "times", at_most=MOST_TIMES_DLT)
        table.add("scd2", f"{what}, until all of it is tested", until_end[OURS], "s")
        for side, name, bound in ((ROWS, "dlt", MOST_TIMES_DLT), (TABLE, "dlt with pandas", None)):
            ratio = until_end[OURS] / until_end[side]
            compared = f"against {name}, which tests nothing ({until_end[side]:.1f} s)"
            table.add("scd2", compared, ratio, "times", at_most=bound)
    table.detail("scd2", made=made, ended=ended)


def warm_up_dlt(folder: Path) -> None:
    """Load a few rows by either road, untimed: what dlt's processes compile, they compile now."""
    export = write_items_export(folder / "few.csv", rows=10)
    with Server(folder / "warm-up") as server:
        for side in (TABLE, ROWS):
            _dlt(folder / f"warm-up-{side.removeprefix('dlt, ')}", [export], server.empty_database(), side)


@dataclass(frozen=True)
class _Load:
    """Seconds from a process's start until history was made, and until the process had ended."""

    made: float
    ended: float


def _ours(folder: Path, exports: Sequence[Path], url: str) -> list[_Load]:
    home = Home(folder, url)
    loads = []
    for export in exports:
        home.expect("items", export)
        begun = time.time()
        ended = home.qbh("load", str(export))
        loads.append(_Load(_last_made(folder / "dbt" / "run_results.json") - begun, ended))
    home.require_right()
    return loads


def _last_made(results: Path) -> float:
    """When the last table of history had been made and committed, in seconds since the epoch."""
    made = [
        datetime.fromisoformat(timing["completed_at"].replace("Z", "+00:00")).timestamp()
        for node in json.loads(results.read_text())["results"]
        if re.search(r'"snapshots"."\w+"$|"marts"."\w+_history"$', node["relation_name"] or "")
        for timing in node["timing"]
    ]
    return max(made)


def _dlt(folder: Path, exports: Sequence[Path], url: str, side: str) -> list[_Load]:
    folder.mkdir()
    loads = []
    for export in exports:
        begun = time.time()
        ended = run(
            [sys.executable, "-m", "benchmarks.dlt_scd2", str(export), url, str(folder), side.removeprefix("dlt, ")],
            folder / "dlt.log",
            environment={
                "RUNTIME__DLTHUB_TELEMETRY": "false",
                "DLT_DATA_DIR": str(folder / "data"),
                "HOME": str(folder),
            },
            folder=PROJECT_ROOT,
        )
        loads.append(_Load(float((folder / "complete").read_text()) - begun, ended))
    return loads


def _require(url: str, schema: str, name: str, versions: int) -> None:
    with connect(url) as connection:
        require_rows(connection, schema, name, versions)
