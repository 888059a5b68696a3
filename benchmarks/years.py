"""Ten years of nightly exports: what they cost to load, to keep and to read, and what one night more costs after them.

`years` times one `qbh load` of all files into an empty home, and of one year's into another. `disk` compares what
PostgreSQL keeps of history with the raw log that it is made from, indexes and all. `reads` executes the queries of the
command line and of a reader of the marts on one connection. `night` drops one night more in the inbox, where all files
lie that came before, and times `qbh load`, in turns with a home that has seen ten nights.
"""

from __future__ import annotations

import itertools
import statistics
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import dict_row

from benchmarks.company import FIRST_NIGHT, ITEMS, Company
from benchmarks.picture import drawn, follow
from benchmarks.running import Home, tell
from benchmarks.table import WrongResultError
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse import history

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from benchmarks.picture import Followed
    from benchmarks.sizes import Sizes
    from benchmarks.table import Table

PARTS = ("years", "disk", "reads", "night")

MOST_SECONDS, MOST_TIMES_A_YEAR = 300, 11
MOST_NIGHT_SECONDS, MOST_TIMES_A_NIGHT = 15, 1.2
MOST_TIMES_RAW = 1
MOST_READ_MILLISECONDS = 50

_SIZES = """
select n.nspname as schema, c.relname as table, pg_total_relation_size(c.oid) as bytes
from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid
where n.nspname in ('raw', 'meta', 'staging', 'snapshots', 'marts') and c.relkind in ('r', 'm')
order by bytes desc
"""


@dataclass
class Nights:
    """A home, the company whose exports it loads, and how long each load took."""

    home: Home
    company: Company = field(default_factory=Company)

    def load(self, nights: int) -> float:
        """Let so many nights pass, whose exports come to the inbox, and load them by one `qbh load`."""
        self._pass(nights)
        return self.home.qbh("load")

    def followed(self) -> Followed:
        """Let a night pass, and follow the load of its exports."""
        self._pass(1)
        return follow(self.home)

    def _pass(self, nights: int) -> None:
        exports = self.company.export_nights(self.home.inbox, nights)
        for entity, export in zip(itertools.cycle(ENTITIES), exports, strict=False):
            self.home.expect(entity, export)


def measure(folder: Path, sizes: Sizes, table: Table, parts: Collection[str], picture: Path | None) -> None:
    """Measure those of the parts that are wanted; all of them look at the same ten years.

    Args:
        folder: Where to work.
        sizes: How much of everything.
        table: Gets the figures.
        parts: Of `PARTS`.
        picture: Where to draw one of the nights of the part `night`, if it is to be drawn.
    """
    long = Nights(Home(folder / "long"))
    if "years" in parts:
        short = Nights(Home(folder / "short"))
        a_year = short.load(sizes.short_nights)
        tell(f"{sizes.short_nights:,} nights loaded, {a_year:.1f} s")
        _require_right(short.home, sizes)
    took = long.load(sizes.long_nights)
    files, rows = 4 * sizes.long_nights, sum(long.home.rows.values())
    tell(f"{sizes.long_nights:,} nights loaded, {took:.1f} s")
    if "years" in parts:
        what = f"{sizes.long_nights:,} nights, {files:,} files, {rows:,} rows, one qbh load"
        table.add("years", what, took, "s", at_most=MOST_SECONDS)
        what = f"against {sizes.short_nights:,} nights ({a_year:.1f} s)"
        table.add("years", what, took / a_year, "times", at_most=MOST_TIMES_A_YEAR)
        table.detail("years", long_seconds=took, short_seconds=a_year, files=files, rows=rows)
    if "disk" in parts:
        _disk(long.home, table)
    if "reads" in parts:
        _reads(long, sizes, table)
    if "night" in parts:
        _night(long, Nights(Home(folder / "few")), sizes, table)
        if picture:
            title = f"One night after {sizes.long_nights:,}, by qbh load"
            picture.write_text(drawn(long.followed(), title), encoding="utf-8")
    long.home.require_right()


def _require_right(yardstick: Home, sizes: Sizes) -> None:
    if sizes.yardsticks_verified:
        yardstick.require_right()
    else:
        yardstick.require_rows()


def _disk(home: Home, table: Table) -> None:
    with home.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        tables = cursor.execute(_SIZES).fetchall()
    bytes_of = {
        schema: sum(one["bytes"] for one in tables if one["schema"] == schema)
        for schema in ("raw", "snapshots", "marts")
    }
    for schema, size in bytes_of.items():
        table.add("disk", schema, size / 1e6, "MB")
    ratio = (bytes_of["snapshots"] + bytes_of["marts"]) / bytes_of["raw"]
    table.add("disk", "snapshots and marts against raw", ratio, "times", at_most=MOST_TIMES_RAW)
    table.detail("disk", tables=tables)


def _reads(nights: Nights, sizes: Sizes, table: Table) -> None:
    """Time queries, of another record each time, as the first one in a session is: parsed and planned."""
    items = ENTITIES["items"]
    keys = itertools.cycle([f"AK-{item}" for item in range(0, ITEMS, 7)])
    begin = datetime.combine(FIRST_NIGHT, datetime.min.time(), UTC)
    middle = begin + timedelta(days=nights.company.nights // 2)
    week = [middle - timedelta(days=3), middle + timedelta(days=4)]

    def history_of_an_item() -> object:
        key = next(keys)
        return history.is_known(connection, items, key) and history.changes(connection, items, key=key, limit=200)

    def item_at_a_moment() -> object:
        key = next(keys)
        return (
            history.is_known(connection, items, key)
            and history.state_at(connection, items, middle, key=key)
            and history.latest_export(connection, items, middle)
        )

    def week_of(mart: str) -> Callable[[], object]:
        statement = sql.SQL("select * from {} where changed_at >= %s and changed_at < %s").format(
            sql.Identifier("marts", mart)
        )
        return lambda: connection.execute(statement, week).fetchall()

    with nights.home.connection() as connection:
        connection.prepare_threshold = None
        queries: dict[str, Callable[[], object]] = {
            "qbh history items --key": history_of_an_item,
            "qbh as-of items, half-way, --key": item_at_a_moment,
            "select * from marts.products": lambda: connection.execute("select * from marts.products").fetchall(),
        }
        for entity in ENTITIES.values():
            mart = f"{entity.singular}_history"
            queries[f"changes of a week half-way, {mart}"] = week_of(mart)
        for what, query in queries.items():
            milliseconds = _times(query, sizes.reads)
            found = f"{what}, median of {sizes.reads}"
            table.add("reads", found, statistics.median(milliseconds), "ms", at_most=MOST_READ_MILLISECONDS)
            table.detail("reads", **{what: milliseconds})


def _times(query: Callable[[], object], repeats: int) -> list[float]:
    """Milliseconds of each execution, rows fetched; the first finds the caches cold, and counts."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        found = query()
        times.append(round((time.perf_counter() - start) * 1000, 2))
        if not found:
            raise WrongResultError("a query found nothing")
    return times


def _night(long: Nights, few: Nights, sizes: Sizes, table: Table) -> None:
    few.load(sizes.few_nights)
    after_long, after_few = [], []
    for turn in range(sizes.more_nights):
        after_few.append(few.load(1))
        after_long.append(long.load(1))
        tell(f"night {turn + 1} of {sizes.more_nights}: {after_long[-1]:.1f} s, of few {after_few[-1]:.1f} s")
    _require_right(few.home, sizes)
    median, median_of_few = statistics.median(after_long), statistics.median(after_few)
    what = f"one night more after {sizes.long_nights:,}, median of {sizes.more_nights}"
    table.add("night", what, median, "s", at_most=MOST_NIGHT_SECONDS)
    what = f"against one after {sizes.few_nights} nights ({median_of_few:.1f} s)"
    table.add("night", what, median / median_of_few, "times", at_most=MOST_TIMES_A_NIGHT)
    table.detail("night", after_long=after_long, after_few=after_few)
