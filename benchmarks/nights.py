"""A backlog of nightly files at once by one `qbh load`, against `meltano run` and `dbt build` night by night.

Both begin in an empty home, with a full export of 200 items. By hand it is what the README says: the inbox has one file
more, `meltano run`, `dbt build`; some nights are timed, and what all would take is reckoned from their median.
"""

from __future__ import annotations

import shutil
import statistics
from typing import TYPE_CHECKING

from benchmarks.company import Company
from benchmarks.running import Home, run, tell
from quickbooks_history.warehouse import embedded
from quickbooks_history.warehouse.connection import connect, tool_environment
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.sizes import Sizes
    from benchmarks.table import Table

ROWS_A_FILE = 30
MOST_SECONDS = 60
LEAST_TIMES_BY_HAND = 10
LOAD, BUILD = ("meltano", "run", "tap-quickbooks-csv", "target-postgres"), ("dbt", "build")


def measure(folder: Path, sizes: Sizes, table: Table) -> None:
    """Load the backlog, and some of it by hand."""
    written = folder / "written"
    written.mkdir(parents=True)
    exports = Company(rows_a_file=ROWS_A_FILE).export_nights(written, 1 + sizes.nights)[::4]  # items come first
    home = Home(folder / "at-once")
    for export in exports:
        shutil.copy(export, home.inbox)
    home.expect("items", *exports)
    took = home.qbh("load")
    tell(f"{len(exports)} files loaded at once, {took:.1f} s")
    what = f"{sizes.nights} nights of {ROWS_A_FILE} items after one of 200, one qbh load"
    table.add("nights", what, took, "s", at_most=MOST_SECONDS)
    home.require_right()
    if sizes.nights_by_hand:
        first, *others = _by_hand(Home(folder / "by-hand"), exports[: 1 + sizes.nights_by_hand])
        by_hand = first + statistics.median(others) * sizes.nights
        what = f"faster than by hand ({by_hand:.0f} s, reckoned from {len(others)} nights of {sizes.nights})"
        table.add("nights", what, by_hand / took, "times", at_least=LEAST_TIMES_BY_HAND)
        table.detail("nights", at_once=took, by_hand_first=first, by_hand=others)


def _by_hand(home: Home, exports: list[Path]) -> list[float]:
    """Seconds of each night, with the server running as `qbh url` leaves it."""
    meltano = home.folder / "meltano"
    meltano.mkdir()
    shutil.copy(home.settings.meltano_project / "meltano.yml", meltano)  # Meltano keeps its state beside it
    url = embedded.start(home.settings)
    environment = home.environment | tool_environment(url)
    environment |= {"DBT_TARGET_PATH": str(home.folder / "target"), "DBT_LOG_PATH": str(home.folder / "logs")}
    log = home.folder / "by-hand.log"
    seconds = []
    try:
        with connect(url) as connection:
            ensure_schema(connection)
        for export in exports:
            shutil.copy(export, home.inbox)
            home.expect("items", export)
            loaded = run(LOAD, log, environment=environment, folder=meltano)
            built = run(BUILD, log, environment=environment, folder=home.settings.dbt_project)
            seconds.append(loaded + built)
            tell(f"by hand: meltano run {loaded:.1f} s, dbt build {built:.1f} s")
    finally:
        embedded.stop(home.settings)
    home.require_right()
    return seconds
