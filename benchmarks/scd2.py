"""Versions of 100,000 items from two exports, by `qbh load` and by dlt's `scd2` merge of the same two files.

One server, its database empty for each turn of each side, whole processes. dlt makes a table of versions dated by the
moment of its run. `qbh load` besides keeps the log and the ledger, types the data and makes marts; then history is
complete, which is what is judged, and it goes on to test all of it. Its peer is what `dlt[postgres]` installs, which
goes row by row; the faster road that takes pandas and pyarrow besides is shown too, and so is the end of `qbh load`.
"""

from __future__ import annotations

import importlib.util
import json
import re
import statistics
import sys
import time
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
COMPLETE, OURS, TABLE, ROWS = "history complete", "qbh load", "dlt, table", "dlt, rows"
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
    seconds: dict[str, list[list[float]]] = {COMPLETE: [], OURS: [], TABLE: [], ROWS: []}
    with Server(folder / "server") as server:
        for turn in range(sizes.scd2_repeats):
            for side in (OURS, TABLE, ROWS):
                url = server.empty_database()
                here = folder / f"{side.replace(', ', '-').replace(' ', '-')}-{turn + 1}"
                if side == OURS:
                    complete, times = _ours(here, exports, url)
                    seconds[COMPLETE].append(complete)
                else:
                    times = _dlt(here, exports, url, side)
                seconds[side].append(times)
                schema, name = ("snapshots", "items_snapshot") if side == OURS else ("dlt", "items")
                _require(url, schema, name, versions)
                tell(f"turn {turn + 1} of {sizes.scd2_repeats}, {side}: {', '.join(f'{s:.1f} s' for s in times)}")
    for load, what in enumerate(LOADS):
        took = {side: statistics.median(turn[load] for turn in times) for side, times in seconds.items()}
        table.add("scd2", f"{sizes.scd2_rows:,} items, {what}, until history is complete", took[COMPLETE], "s")
        table.add(
            "scd2",
            f"{what}, until history is complete, against dlt ({took[ROWS]:.1f} s)",
            took[COMPLETE] / took[ROWS],
            "times",
            at_most=MOST_TIMES_DLT,
        )
        name = f"{what}, until all of it is tested ({took[OURS]:.1f} s), against dlt"
        table.add("scd2", name, took[OURS] / took[ROWS], "times")
        name = f"{what}, until all of it is tested, against dlt with pandas ({took[TABLE]:.1f} s)"
        table.add("scd2", name, took[OURS] / took[TABLE], "times")
    table.detail("scd2", seconds=seconds)


def warm_up_dlt(folder: Path) -> None:
    """Load a few rows by either road, untimed: what dlt's processes compile, they compile now."""
    export = write_items_export(folder / "few.csv", rows=10)
    with Server(folder / "warm-up") as server:
        for side in (TABLE, ROWS):
            _dlt(folder / f"warm-up-{side.removeprefix('dlt, ')}", [export], server.empty_database(), side)


def _ours(folder: Path, exports: Sequence[Path], url: str) -> tuple[list[float], list[float]]:
    """Seconds until history was complete, and until the end, of each load."""
    home = Home(folder, url)
    complete, ended = [], []
    for export in exports:
        home.expect("items", export)
        begun = time.time()
        ended.append(home.qbh("load", str(export)))
        complete.append(_last_made(folder / "dbt" / "run_results.json") - begun)
    home.require_right()
    return complete, ended


def _last_made(results: Path) -> float:
    """When the last table of history had been made and committed, in seconds since the epoch."""
    made = [
        datetime.fromisoformat(timing["completed_at"].replace("Z", "+00:00")).timestamp()
        for node in json.loads(results.read_text())["results"]
        if re.search(r'"snapshots"."\w+"$|"marts"."\w+_history"$', node["relation_name"] or "")
        for timing in node["timing"]
    ]
    return max(made)


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
