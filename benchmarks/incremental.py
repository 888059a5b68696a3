"""What a night costs: history that follows what changed, against the same history computed anew.

Two warehouses in one server, both of 20,000 items in 200 loads, one of 100,000 raw rows and one of 1,000,000: a full
export, then a partial one every night of which a quarter of the rows really changed. Then, in turns, come a partial
export of 100 rows, a late file of the first week, and a full export with 1 % changed. Measured are the dbt nodes that
make the items' history, the whole `dbt build` as Dagster runs it, and with `--load` all of `qbh load`. At the end
history is computed anew, and must be row for row what the runs had made of it.

    uv run python benchmarks/incremental.py [--rows 100000 1000000] [--repeats 5] [--load] [--json FILE] [--plans FILE]
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import sqlparse
from dbt.adapters.sql.connections import SQLConnectionManager
from dbt.cli.main import dbtRunner

from quickbooks_history.exports.contract import ITEMS
from quickbooks_history.settings import Settings
from quickbooks_history.singer.delivery import DeliveryNote, local_path
from quickbooks_history.singer.tap import TapQuickBooksCsv
from quickbooks_history.singer.target import TargetPostgresAppend
from quickbooks_history.warehouse import embedded
from quickbooks_history.warehouse.connection import connect, sqlalchemy_url, tool_environment
from quickbooks_history.warehouse.history import forget_unchecked
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIRST_NIGHT = datetime(2025, 1, 1, tzinfo=UTC)
CHANGED_SHARE = 0.25
"""Of the rows of a nightly partial export, those that differ from what was known of their item."""

HISTORY = ("snapshots.items_snapshot", "marts.item_history")
GROWING = ("raw", "snapshots", "marts")
"""Schemas whose tables grow with history."""

PARTIAL, LATE, FULL, ANEW = "partial of 100 rows", "late file of 100 rows", "full export, 1 % changed", "from nothing"


@dataclass
class Books:
    """A company's items, as its exports list them."""

    keys: int
    numbers: random.Random
    night: int = 0
    quantity: list[int] = field(default_factory=list)
    price: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.quantity = [self.numbers.randrange(500) for _ in range(self.keys)]
        self.price = [self.numbers.randrange(100, 150_000) / 100 for _ in range(self.keys)]

    def next_full(self, folder: Path, changed_share: float = 0.0) -> Path:
        """The next night's export of all items, some of which changed."""
        self._change(self.numbers.sample(range(self.keys), int(changed_share * self.keys)))
        path = folder / f"item_all_{self._next_night():%m_%d_%Y}.csv"
        return self._write(path, range(self.keys))

    def next_partial(self, folder: Path, rows: int) -> Path:
        """The next night's export of some items, a share of which changed."""
        listed = self.numbers.sample(range(self.keys), rows)
        self._change(listed[: int(CHANGED_SHARE * rows)])
        return self._write(folder / f"Item_{self._next_night():%m_%d_%Y}_2_00_00.csv", sorted(listed))

    def late_partial(self, folder: Path, nth: int, rows: int) -> Path:
        """An export of the first week that comes only now; all that it says is news."""
        path = folder / f"Item_01_0{3 + nth % 5}_2025_{14 + nth // 5}_30_00.csv"
        return self._write(path, sorted(self.numbers.sample(range(self.keys), rows)), surplus=1000)

    def _change(self, items: Sequence[int]) -> None:
        for item in items:
            self.quantity[item] = (self.quantity[item] + self.numbers.randrange(1, 500)) % 500
            if self.numbers.random() < 0.2:
                self.price[item] = self.numbers.randrange(100, 150_000) / 100

    def _next_night(self) -> datetime:
        self.night += 1
        return FIRST_NIGHT + timedelta(days=self.night - 1)

    def _write(self, path: Path, items: Sequence[int], surplus: int = 0) -> Path:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, ITEMS.headers, restval="", lineterminator="\r\n")
            writer.writeheader()
            for place, item in enumerate(items, start=1):
                writer.writerow(
                    {
                        "S No": place,
                        "Item Name": f"AK-{item}",
                        "Item Type": "Inventory Part",
                        "Purchase Cost": f"{self.price[item] * 0.6:.2f}",
                        "Purchase Description": f'Anchor kit {item}, 4-pack, 5/8" thread',
                        "COGS Account": "Cost of Goods Sold",
                        "Sales Price": f"{self.price[item]:.2f}",
                        "Sales Description": f'Anchor kit {item}, 4-pack, 5/8" thread, galvanized',
                        "Income Account": "Sales Income",
                        "Asset Account": "Inventory Asset",
                        "Quantity On Hand": self.quantity[item] + surplus,
                        "Status": "true",
                        "QuickBooks Internal Id": f"{0x80000000 + item:X}-1637186072",
                    }
                )
        return path


class Warehouse:
    """A database with its books, its files and a dbt that has parsed the project for it."""

    def __init__(self, server: str, folder: Path, rows: int, loads: int, keys: int) -> None:
        self.rows = rows
        self.name = f"{rows:,} raw rows"
        self.folder = folder / str(rows)
        self.inbox = self.folder / "inbox"
        self.inbox.mkdir(parents=True)
        self.url = new_database(server, f"rows_{rows}")
        self.books = Books(keys, random.Random(f"{rows} rows"))
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.nodes: dict[str, list[float]] = defaultdict(list)
        self.facts: dict[str, Any] = {}
        self._flags = [
            *("--project-dir", str(Settings().dbt_project), "--profiles-dir", str(Settings().dbt_project)),
            *("--target-path", str(self.folder / "target"), "--log-path", str(self.folder / "logs")),
            *("--log-level", "none", "--no-write-json", "--no-partial-parse"),
        ]
        with connect(self.url) as connection:
            ensure_schema(connection)
        self._runner = dbtRunner()
        self._runner = dbtRunner(manifest=self._invoke("parse").result)
        partials = [(rows - keys) // (loads - 1) + (n < (rows - keys) % (loads - 1)) for n in range(loads - 1)]
        start = time.perf_counter()
        self.deliver(
            self.books.next_full(self.inbox), *(self.books.next_partial(self.inbox, size) for size in partials)
        )
        self.facts["seconds to load"] = round(time.perf_counter() - start, 1)

    def deliver(self, *exports: Path) -> None:
        """Load files as a run of tap and loader does."""
        spool = {"encoding": {"format": "csv"}, "storage": {"root": str(self.folder / "spool")}}
        tap = TapQuickBooksCsv(config={"paths": list(map(str, exports)), "batch_config": spool})
        target = TargetPostgresAppend(config={"sqlalchemy_url": sqlalchemy_url(self.url)})
        stream = tap.streams[ITEMS.name]
        for _, urls in stream.get_batches(stream.get_batch_config(tap.config)):
            for batch_file in map(local_path, urls):
                entry = target.take_delivery(DeliveryNote.read(batch_file), batch_file)
                if entry is not None and entry.status != "loaded":
                    sys.exit(f"{batch_file}: {entry.status}, {entry.reason}")
                batch_file.unlink()
        target.process_endofpipe()
        target.target_connector._engine.dispose()

    def build(self, *nodes: str) -> dict[str, float]:
        """Build some nodes without tests, or everything as Dagster does; seconds of each node, and of all."""
        if nodes:
            selection = ["--resource-type", "model", "--resource-type", "snapshot", "--select", *nodes]
        else:
            selection = ["--vars", '{"only_unchecked": true}', "--exclude", "resource_type:unit_test tag:thorough"]
        start = time.perf_counter()
        result = self._invoke("build", *selection)
        took = {node.node.name: node.execution_time for node in result.result}
        with connect(self.url) as connection:
            forget_unchecked(connection)  # as Dagster does when the tests have passed
        return {**took, "all": time.perf_counter() - start}

    def build_history(self) -> dict[str, float]:
        """Build the items' history and nothing else."""
        return self.build("effective_loads", "items_snapshot", "item_history")

    def measure(self, what: str, *exports: Path) -> None:
        """Deliver and bring the items' history up to date."""
        self.deliver(*exports)
        took = self.build_history()
        whole = took.pop("all")
        self.seconds[what].append(sum(took.values()))
        self.seconds[f"{what}, with dbt's own"].append(whole)

    def measure_build(self, *exports: Path) -> None:
        """Deliver and build everything, with the tests of the data."""
        self.deliver(*exports)
        took = self.build()
        self.seconds["whole dbt build"].append(took.pop("all"))
        for node, seconds in took.items():
            self.nodes[node].append(seconds)

    def measure_load(self, export: Path) -> None:
        """All of `qbh load`."""
        environment = {
            **os.environ,
            "QBH_HOME": str(self.folder / "home"),
            "QBH_INBOX": str(self.inbox),
            "DATABASE_URL": self.url,
        }
        start = time.perf_counter()
        done = subprocess.run(["qbh", "load", str(export)], env=environment, capture_output=True, text=True)
        self.seconds["qbh load"].append(time.perf_counter() - start)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)

    def compute_anew(self) -> None:
        """Forget the items' history and make it from nothing; what depends on its tables goes with them."""
        with connect(self.url) as connection:
            for table in HISTORY:
                connection.execute(f"drop table if exists {table} cascade")
            connection.execute("delete from meta.applied_loads where snapshot = 'items_snapshot'")
            connection.execute("delete from meta.stale_history where entity = 'items'")
        took = self.build_history()
        whole = took.pop("all")
        self.seconds[ANEW].append(sum(took.values()))
        self.seconds[f"{ANEW}, with dbt's own"].append(whole)

    def keep_copies(self) -> None:
        """Set aside what incremental runs have made."""
        with connect(self.url) as connection:
            for table in HISTORY:
                connection.execute(f"create table public.{table.partition('.')[2]} as table {table}")

    def differences(self) -> int:
        """How many rows differ from those that were set aside."""
        with connect(self.url) as connection:
            differing = 0
            for table in HISTORY:
                copy = f"public.{table.partition('.')[2]}"
                columns = ", ".join(
                    name
                    for (name,) in connection.execute(
                        "select quote_ident(attname) from pg_attribute"
                        " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
                        [table],
                    )
                )
                for one, other in ((table, copy), (copy, table)):
                    (rows,) = connection.execute(
                        f"select count(*) from (select {columns} from {one}"
                        f" except all select {columns} from {other}) as differing"
                    ).fetchone() or (0,)
                    differing += rows
            return differing

    def count(self) -> None:
        """Note how large the tables are."""
        with connect(self.url) as connection:
            for table in ("raw.items", *HISTORY):
                row = connection.execute(f"select count(*) from {table}").fetchone()
                self.facts[table] = row and row[0]

    def explain(self, *exports: Path) -> dict[str, Any]:
        """One run more: how each of its statements is planned, and what was read of the tables that grow.

        Reads are counted by the server itself, also those of statements whose plan is not asked for.
        """
        self.deliver(*exports)
        before = self._rows_read()
        with explained() as plans:
            self.build_history()
        after = self._rows_read()
        read = {table: [n - before.get(table, (0, 0))[i] for i, n in enumerate(now)] for table, now in after.items()}
        scans = [
            {"statement": plan.statement, "relation": node["Relation Name"], "rows": node["Plan Rows"]}
            for plan in plans
            for node in plan.scans()
        ]
        return {
            "statements": len(plans),
            "full scans": scans,
            "rows read by scans": sum(seq for seq, _ in read.values()),
            "rows read by index": sum(index for _, index in read.values()),
            "plans": [{"statement": plan.statement, "plan": plan.root} for plan in plans],
        }

    def _rows_read(self) -> dict[str, tuple[int, int]]:
        with connect(self.url) as connection:
            # A session tells what it has read when it ends, and dbt's need a moment to end.
            while connection.execute(
                "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
                " and backend_type = 'client backend'"
            ).fetchone():
                time.sleep(0.05)
            return {
                table: (seq, index)
                for table, seq, index in connection.execute(
                    "select schemaname || '.' || relname, seq_tup_read, coalesce(idx_tup_fetch, 0)"
                    " from pg_stat_user_tables where schemaname = any(%s)",
                    [list(GROWING)],
                )
            }

    def _invoke(self, *arguments: str) -> Any:
        os.environ.update(tool_environment(self.url))
        result = self._runner.invoke([*arguments, *self._flags])
        os.environ.pop("DATABASE_URL")
        if not result.success:
            failures = [f"{r.node.name}: {r.message}" for r in result.result or [] if r.status in {"error", "fail"}]
            sys.exit("\n".join(failures) or str(result.exception))
        return result


@dataclass(frozen=True)
class Plan:
    """How PostgreSQL means to execute a statement of dbt's."""

    statement: str
    root: dict[str, Any]

    def scans(self) -> Iterator[dict[str, Any]]:
        """The nodes that read a whole table of those that grow."""
        nodes = [self.root]
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", [])
            if node["Node Type"] == "Seq Scan" and node.get("Schema") in GROWING:
                yield node


@contextmanager
def explained() -> Iterator[list[Plan]]:
    """Ask for the plan of every statement of dbt's just before it is executed, in its own session and transaction."""
    plans: list[Plan] = []
    execute = SQLConnectionManager.add_query

    def explain_and_execute(manager: Any, sql: str, *arguments: Any, **options: Any) -> Any:
        for statement in sqlparse.split(sqlparse.format(sql, strip_comments=True)):
            if statement.lower().startswith(("select", "with", "insert", "delete", "create temporary")):
                _, cursor = execute(manager, f"explain (verbose, format json) {statement}")
                plans.append(Plan(statement, cursor.fetchone()[0][0]["Plan"]))
        return execute(manager, sql, *arguments, **options)

    SQLConnectionManager.add_query = explain_and_execute
    try:
        yield plans
    finally:
        SQLConnectionManager.add_query = execute


def new_database(server: str, name: str) -> str:
    """Make an empty database and return its URL."""
    with connect(server) as connection:
        connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(name)))
    return server.replace(f"/{embedded.DATABASE}?", f"/{name}?")


def main() -> None:
    """Build both warehouses, measure them in turns, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000], help="raw rows of each warehouse")
    parser.add_argument("--loads", type=int, default=200)
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--load", action="store_true", help="measure `qbh load` too, half a minute each time")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--plans", type=Path, help="write the plans of a run's statements to this file")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="incremental-") as folder:
        settings = Settings(home=Path(folder) / "home", database_url=None)
        server = embedded.start(settings)
        try:
            warehouses = [Warehouse(server, Path(folder), rows, options.loads, options.keys) for rows in options.rows]
            measure(warehouses, options.repeats, options.load)
        finally:
            embedded.stop(settings)
    report(warehouses)
    if options.json:
        figures = {
            house.name: {"facts": house.facts, "seconds": house.seconds, "seconds by node": house.nodes}
            for house in warehouses
        }
        options.json.write_text(json.dumps(figures, indent=1))
    if options.plans:
        options.plans.write_text(json.dumps({house.name: house.facts["explain"] for house in warehouses}, indent=1))


def measure(warehouses: list[Warehouse], repeats: int, load: bool) -> None:
    """Every measurement of every warehouse, in turns, so that a busy machine is busy for all."""
    for house in warehouses:
        house.build("staging")
        house.compute_anew()
        house.build()
        house.measure(PARTIAL, house.books.next_partial(house.inbox, 100))  # what a first run alone pays
        house.seconds = defaultdict(list, {ANEW: house.seconds[ANEW]})
    for turn in range(repeats):
        for house in warehouses:
            house.measure(PARTIAL, house.books.next_partial(house.inbox, 100))
            house.measure(LATE, house.books.late_partial(house.inbox, turn, 100))
        tell(f"partial and late files, {turn + 1} of {repeats}")
    for house in warehouses:
        house.facts["explain"] = house.explain(house.books.next_partial(house.inbox, 100))
    for turn in range(repeats):
        for house in warehouses:
            house.measure_build(house.books.next_partial(house.inbox, 100))
        tell(f"whole builds, {turn + 1} of {repeats}")
    for turn in range(repeats + 1 if load else 0):
        for house in warehouses:
            house.measure_load(house.books.next_partial(house.inbox, 100))
            if not turn:
                house.seconds.pop("qbh load")  # the first makes Dagster's home and dbt's partial parse
        tell(f"qbh load, {turn} of {repeats}")
    for turn in range(min(repeats, 3)):
        for house in warehouses:
            house.measure(FULL, house.books.next_full(house.inbox, changed_share=0.01))
        tell(f"full exports, {turn + 1} of {min(repeats, 3)}")
    for house in warehouses:
        house.count()
        house.keep_copies()
        house.compute_anew()
        house.facts["rows that differ from history computed anew"] = house.differences()


def tell(what: str) -> None:
    """Say how far it is, on standard error."""
    print(f"  {what}", file=sys.stderr, flush=True)


def report(warehouses: list[Warehouse]) -> None:
    """Print what was measured."""
    first, last = warehouses[0], warehouses[-1]
    for house in warehouses:
        facts = house.facts
        print(
            f"{house.name}: {facts['snapshots.items_snapshot']:,} versions, {facts['marts.item_history']:,} changes; "
            f"{facts['rows that differ from history computed anew']} rows differ from history computed anew"
        )
        plans = facts["explain"]
        print(
            f"  a run with a partial: {plans['statements']} statements, {len(plans['full scans'])} full scans planned; "
            f"{plans['rows read by scans']:,} rows read by scans, {plans['rows read by index']:,} by index"
        )
        for scan in plans["full scans"]:
            print(f"    {scan['relation']} ({scan['rows']:,} rows): {' '.join(scan['statement'].split())[:90]}")
    print(f"\n{'median seconds':44}" + "".join(f"{house.name:>22}" for house in warehouses) + f"{'ratio':>10}")
    for what in first.seconds:
        row(what, [statistics.median(house.seconds[what]) for house in warehouses])
    print(f"\n{'nodes of the whole build that grow':44}")
    medians = {node: [statistics.median(house.nodes[node]) for house in warehouses] for node in first.nodes}
    for node in sorted(medians, key=lambda node: medians[node][0] - medians[node][-1]):
        if medians[node][-1] - medians[node][0] > 0.05:
            row(node, medians[node])
    partial, anew = (statistics.median(last.seconds[what]) for what in (PARTIAL, ANEW))
    print(f"\nfrom nothing : partial = {anew / partial:.1f} with {last.name}")


def row(what: str, seconds: list[float]) -> None:
    """Print one line of a table."""
    ratio = seconds[-1] / seconds[0] if seconds[0] else float("inf")
    print(f"{what[:43]:44}" + "".join(f"{value:22.3f}" for value in seconds) + f"{ratio:10.2f}")


if __name__ == "__main__":
    main()
