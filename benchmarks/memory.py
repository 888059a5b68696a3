"""The most memory that tap and loader have at a time, on exports of growing size.

They run as `meltano run` runs them, one piped into the other, with the configuration of meltano.yml. The peak is the
kernel's own count of resident memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import yaml

from benchmarks import peak
from benchmarks.running import Server, require_rows, tell
from benchmarks.table import WrongResultError
from quickbooks_history.demo.bulk import write_items_export
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.sizes import Sizes
    from benchmarks.table import Table

MOST_MEGABYTES = 200
MOST_TIMES_SMALLEST = 1.2


def measure(folder: Path, sizes: Sizes, table: Table) -> None:
    """Load exports of each size, and compare the peaks at the biggest with those at the smallest."""
    folder.mkdir()
    plugins = yaml.safe_load((Settings().meltano_project / "meltano.yml").read_text())["plugins"]
    (tap,), (loader,) = plugins["extractors"], plugins["loaders"]
    peaks: dict[str, list[float]] = {"tap": [], "loader": []}
    with Server(folder / "server") as server:
        for rows in sizes.memory_rows:
            export = write_items_export(folder / "item_all_04_03_2025.csv", rows=rows)
            url = server.empty_database()
            found = _load(folder, url, {**tap["config"], "paths": [str(export)]}, loader["config"])
            with connect(url) as connection:
                require_rows(connection, "raw", "items", rows)
            for process, megabytes in found.items():
                peaks[process].append(megabytes)
                what = f"{process}, {rows:,} items"
                table.add("memory", what, megabytes, "MB", at_most=MOST_MEGABYTES)
            tell(f"{rows:,} rows: " + ", ".join(f"{process} {size:.0f} MB" for process, size in found.items()))
    for process, (smallest, *_, biggest) in peaks.items():
        what = f"{process}, {sizes.memory_rows[-1]:,} items against {sizes.memory_rows[0]:,}"
        table.add("memory", what, biggest / smallest, "times", at_most=MOST_TIMES_SMALLEST)


def _load(folder: Path, url: str, tap_config: object, loader_config: object) -> dict[str, float]:
    """Pipe tap into loader and return the peak of each in megabytes."""
    for name, config in (("tap", tap_config), ("loader", loader_config)):
        (folder / f"{name}.json").write_text(json.dumps(config))
    environment = {**os.environ, "QBH_HOME": str(folder / "home"), "DATABASE_URL": url}

    def command(name: str, program: str) -> list[str]:
        measured = [sys.executable, peak.__file__, str(folder / f"{name}.peak")]
        return [*measured, program, "--config", str(folder / f"{name}.json")]

    with (folder / "load.log").open("ab") as log:
        tap = subprocess.Popen(
            command("tap", "tap-quickbooks-csv"), env=environment, stdout=subprocess.PIPE, stderr=log
        )
        loader = subprocess.Popen(
            command("loader", "target-postgres-append"),
            env=environment,
            stdin=tap.stdout,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        assert tap.stdout is not None
        tap.stdout.close()  # the loader's now: when it ends early, the tap is to notice
        if any([loader.wait(), tap.wait()]):
            raise WrongResultError(f"tap ended with {tap.returncode}, loader with {loader.returncode}")
    return {name: int((folder / f"{name}.peak").read_text()) / 1e6 for name in ("tap", "loader")}
