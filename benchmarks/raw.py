"""One export into `raw` by `meltano run`, against plain COPY of the same file and against the unmodified loader.

Each is timed as a whole, into an empty database of one server, in turns. COPY is the least that PostgreSQL can be asked
to do: the file as it is into a table of text. The unmodified loader is MeltanoLabs' own with the same tap's RECORD
messages; it gets fewer rows, for it would take an hour, and the rates are compared.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import yaml
from psycopg import sql

from benchmarks.running import Server, require_rows, run, tell
from quickbooks_history.demo.bulk import write_items_export
from quickbooks_history.exports.contract import ITEMS
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse.connection import connect, sqlalchemy_url

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.sizes import Sizes
    from benchmarks.table import Table

MOST_TIMES_COPY = 3
LEAST_TIMES_UPSTREAM = 20
CHUNK = 1 << 20
"""Bytes that COPY is handed at once."""


def measure(folder: Path, sizes: Sizes, table: Table) -> None:
    """Load with all three, in turns."""
    project = write_project(folder / "meltano")
    export = write_items_export(new_folder(folder, "many") / "item_all_04_03_2025.csv", rows=sizes.raw_rows)
    fewer = write_items_export(new_folder(folder, "fewer") / "item_all_04_03_2025.csv", rows=sizes.upstream_rows)
    ours, plain, upstream = [], [], []
    with Server(folder / "server") as server:
        for turn in range(sizes.raw_repeats):
            url = server.empty_database()
            plain.append(_copy(export, url))
            _require(url, "public", "items", sizes.raw_rows)
            url = server.empty_database()
            ours.append(_meltano(project, folder, export, url, "tap-quickbooks-csv", "target-postgres"))
            _require(url, "raw", "items", sizes.raw_rows)
            url = server.empty_database()
            upstream.append(_meltano(project, folder, fewer, url, "tap-records", "target-upstream"))
            _require(url, "upstream", "items", sizes.upstream_rows)
            tell(
                f"turn {turn + 1} of {sizes.raw_repeats}: meltano run {ours[-1]:.1f} s, COPY {plain[-1]:.1f} s, "
                f"unmodified loader {upstream[-1]:.1f} s for {sizes.upstream_rows:,} rows"
            )
    took, copied = statistics.median(ours), statistics.median(plain)
    rate, rate_upstream = sizes.raw_rows / took, sizes.upstream_rows / statistics.median(upstream)
    table.add("raw", f"{sizes.raw_rows:,} rows, meltano run, median of {sizes.raw_repeats}", took, "s")
    table.add("raw", f"against plain COPY ({copied:.1f} s)", took / copied, "times", at_most=MOST_TIMES_COPY)
    what = f"rows a second against the unmodified loader ({rate_upstream:,.0f}/s over {sizes.upstream_rows:,} rows)"
    table.add("raw", what, rate / rate_upstream, "times", at_least=LEAST_TIMES_UPSTREAM)
    table.detail("raw", seconds=ours, seconds_of_copy=plain, seconds_of_unmodified_loader=upstream)


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder."""
    (parent / name).mkdir(parents=True)
    return parent / name


def write_project(folder: Path) -> Path:
    """Copy our meltano.yml and add the side it is measured against: the same tap without batches, upstream's loader."""
    project = yaml.safe_load((Settings().meltano_project / "meltano.yml").read_text())
    (tap,) = project["plugins"]["extractors"]
    records = {**tap, "name": "tap-records", "namespace": "tap_records"}
    del records["config"]
    project["plugins"]["extractors"].append(records)
    upstream = {
        "name": "target-upstream",
        "namespace": "target_upstream",
        "executable": "target-postgres",
        "settings": [{"name": "sqlalchemy_url"}, {"name": "default_target_schema"}],
        "config": {"default_target_schema": "upstream"},
    }
    project["plugins"]["loaders"].append(upstream)
    folder.mkdir(parents=True)
    (folder / "meltano.yml").write_text(yaml.safe_dump(project))
    return folder


def _meltano(project: Path, folder: Path, export: Path, url: str, extractor: str, loader: str) -> float:
    environment = {
        "QBH_HOME": str(folder / "home"),
        "QBH_INBOX": str(export.parent),
        "DATABASE_URL": url,
        "TARGET_UPSTREAM_SQLALCHEMY_URL": sqlalchemy_url(url),
    }
    command = ["meltano", "run", extractor, loader]
    return run(command, folder / "meltano.log", environment=environment, folder=project)


def _copy(export: Path, url: str) -> float:
    """Copy a file into a new table of text columns and return the seconds, connecting and all."""
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(header)) for header in ITEMS.headers)
    start = time.perf_counter()
    with connect(url) as connection:
        connection.execute(sql.SQL("create table items ({})").format(columns))
        statement = "copy items from stdin (format csv, header)"
        with connection.cursor().copy(statement) as copy, export.open("rb") as file:
            while chunk := file.read(CHUNK):
                copy.write(chunk)
    return time.perf_counter() - start


def _require(url: str, schema: str, name: str, rows: int) -> None:
    with connect(url) as connection:
        require_rows(connection, schema, name, rows)
