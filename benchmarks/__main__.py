"""What the product costs, each figure against its bound, on data that is made here: the same in every run.

    uv run --group benchmarks python -m benchmarks [PART ...] [--small] [--json FILE] [--picture FILE] [--keep FOLDER]

The bounds are for a machine of two cores that has nothing else to do. Exit status: 0 every bound is kept; 1 one is not,
or what was measured did not do its work; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from benchmarks import big, memory, nights, raw, scd2, years
from benchmarks.company import Company
from benchmarks.running import forget_environment, tell, warm_up
from benchmarks.sizes import SMALL, TINY, Sizes
from benchmarks.table import Table, WrongResultError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PARTS = {
    "years": "ten years of nightly exports, against one year",
    "disk": "what history takes on disk after ten years, against the raw log",
    "reads": "queries after ten years",
    "night": "one night more after ten years, against one after ten nights",
    "raw": "a million rows into raw, against COPY and against the unmodified loader",
    "big": "an export of a million rows, and again with 1 % changed",
    "scd2": "versions of 100,000 rows, against dlt",
    "nights": "53 nightly files at once, against night by night by hand",
    "memory": "peaks of tap and loader at up to ten million rows",
}
NOT_IN_SMALL = ("scd2",)


def main() -> int:
    """Measure the parts that are named, or all, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    said = "; ".join(f"{part}: {what}" for part, what in PARTS.items())
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"default all. {said}".replace("%", "%%"))
    parser.add_argument(
        "--small",
        action="store_true",
        help="minutes instead of an hour: less data, and only ratios are judged, by twice their bounds",
    )
    parser.add_argument("--tiny", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to this file")
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="draw a night of the part night to this file, as SVG"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="work in this new folder, and leave it")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    if options.keep and options.keep.exists():
        parser.error(f"{options.keep} is there already")
    for file in filter(None, (options.json, options.picture)):
        if not file.absolute().parent.is_dir():
            parser.error(f"no folder for {file}")
    small = options.small or options.tiny
    parts = [part for part in PARTS if part in options.parts or not options.parts]
    sizes = TINY if options.tiny else SMALL if options.small else Sizes()
    if not sizes.scd2_rows:
        parts = [part for part in parts if part not in NOT_IN_SMALL]
    if "scd2" in parts and not scd2.is_installed():
        parser.error("scd2 measures against dlt, which is not installed: uv sync --group benchmarks")
    if not parts:
        parser.error("scd2 is no part of a small run")

    forget_environment()
    if options.keep:
        options.keep.mkdir(parents=True)
    place = nullcontext(str(options.keep.absolute())) if options.keep else tempfile.TemporaryDirectory(prefix="bench-")
    table = Table(small=small)
    begin = datetime.now(UTC)
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    with place as folder:
        written = Path(folder) / "written"
        written.mkdir()
        warm_up(Path(folder) / "warm-up", Company().export_nights(written, 1))
        for _ in _measure(Path(folder), parts, sizes, table, options.picture):
            if options.json:
                table.write(options.json, begin=begin.isoformat(timespec="seconds"), machine=machine)
    print("\n".join(table.lines()))
    return 0 if table.holds else 1


def _measure(folder: Path, parts: Sequence[str], sizes: Sizes, table: Table, picture: Path | None) -> Iterator[None]:
    """Measure each part, or those that share their data together; what is wrong with one does not stop the others.

    Yields:
        When the table has something more.
    """
    of_years = [part for part in parts if part in years.PARTS]
    works: list[tuple[Sequence[str], Callable[[], None]]] = []
    if of_years:
        works.append((of_years, partial(years.measure, folder / "years", sizes, table, of_years, picture)))
    for module in (raw, big, scd2, nights, memory):
        part = module.__name__.rpartition(".")[2]
        if part in parts:
            works.append(([part], partial(module.measure, folder / part, sizes, table)))
    for names, work in works:
        tell(f"{', '.join(names)} ...")
        start = time.perf_counter()
        try:
            work()
        except (WrongResultError, OSError, psycopg.Error) as error:
            table.wrong |= dict.fromkeys(names, " ".join(str(error).split()))
        tell(f"{', '.join(names)}: {time.perf_counter() - start:.0f} s")
        yield


if __name__ == "__main__":
    sys.exit(main())
