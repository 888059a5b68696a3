"""Loading one export into `raw`: our tap in BATCH mode with our loader, against RECORD mode with MeltanoLabs' own.

Both sides are whole `meltano run`s of the same file into an empty database of the same server, taken in turns.

    uv run python benchmarks/raw_load.py [--rows 100000] [--repeats 3]
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import psycopg
import yaml

from quickbooks_history.exports.contract import ITEMS
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import embedded
from quickbooks_history.warehouse.connection import connect, sqlalchemy_url

# Side, extractor, loader, table that the rows end in.
SIDES = (
    ("BATCH, target-postgres-append", "tap-quickbooks-csv", "target-postgres", "raw.items"),
    ("RECORD, MeltanoLabs target-postgres", "tap-records", "target-upstream", "upstream.items"),
)


def main() -> None:
    """Measure both sides and print medians, their spread and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="raw-load-") as folder:
        settings = Settings(home=Path(folder) / "home", inbox_folder=Path(folder) / "inbox", database_url=None)
        settings.inbox.mkdir(parents=True)
        export = settings.inbox / "item_all_04_03_2025.csv"
        write_items(export, options.rows)
        project = write_project(Path(folder) / "meltano", settings)
        print(f"{options.rows:,} item rows of {len(ITEMS.columns)} columns, {export.stat().st_size / 1e6:.1f} MB")
        server = embedded.start(settings)
        try:
            seconds: dict[str, list[float]] = {side[0]: [] for side in SIDES}
            for turn in range(options.repeats):
                for number, side in enumerate(SIDES):
                    url = new_database(server, f"turn_{turn}_{number}")
                    took = measure(project, settings, url, side, options.rows)
                    seconds[side[0]].append(took)
                    print(f"  {side[0]:40} {took:7.2f} s", flush=True)
        finally:
            embedded.stop(settings)
    medians = [statistics.median(values) for values in seconds.values()]
    for (side, values), median in zip(seconds.items(), medians, strict=True):
        print(f"{side:42} median {median:7.2f} s  (from {min(values):.2f} to {max(values):.2f})")
    print(f"{'ratio':42} {medians[0] / medians[1]:14.3f}")


def write_items(path: Path, rows: int) -> None:
    """Write an items export with realistic text in every column of the contract."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(ITEMS.headers)
        for n in range(rows):
            cells = dict.fromkeys(ITEMS.headers, "")
            cells |= {
                "S No": str(n + 1),
                "Item Name": f"AK-{n}",
                "Item Type": "Inventory Part",
                "Purchase Cost": f"{n % 977}.{n % 100:02}",
                "Purchase Description": f'Anchor kit {n}, 4-pack, 5/8" thread',
                "COGS Account": "Cost of Goods Sold",
                "Sales Price": f"{n % 1499}.{n % 100:02}",
                "Sales Description": f'Anchor kit {n}, 4-pack, 5/8" thread, galvanized',
                "Income Account": "Sales Income",
                "Asset Account": "Inventory Asset",
                "Quantity On Hand": str(n % 500 - 12),
                "Status": "true",
                "QuickBooks Internal Id": f"{0x80000000 + n:X}-1637186072",
            }
            writer.writerow(cells.values())


def write_project(folder: Path, settings: Settings) -> Path:
    """Copy our meltano.yml and add the side it is measured against: the same tap without batches, upstream's loader."""
    project = yaml.safe_load((settings.meltano_project / "meltano.yml").read_text())
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
    folder.mkdir()
    (folder / "meltano.yml").write_text(yaml.safe_dump(project))
    return folder


def new_database(server: str, name: str) -> str:
    """Make an empty database and return its URL."""
    with connect(server) as connection:
        connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(name)))
    return server.replace(f"/{embedded.DATABASE}?", f"/{name}?")


def measure(project: Path, settings: Settings, url: str, side: tuple[str, str, str, str], rows: int) -> float:
    """Run one side once and return its wall time in seconds; its rows must all be there afterwards."""
    _, extractor, loader, table = side
    environment = {
        **os.environ,
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}",
        "QBH_HOME": str(settings.home),
        "QBH_INBOX": str(settings.inbox),
        "DATABASE_URL": url,
        "TARGET_UPSTREAM_SQLALCHEMY_URL": sqlalchemy_url(url),
    }
    start = time.perf_counter()
    done = subprocess.run(
        ["meltano", "run", extractor, loader], cwd=project, env=environment, capture_output=True, text=True
    )
    took = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr + done.stdout)
    with connect(url) as connection:
        statement = psycopg.sql.SQL("select count(*) from {}").format(psycopg.sql.Identifier(*table.split(".")))
        (found,) = connection.execute(statement).fetchone() or (None,)
    if found != rows:
        sys.exit(f"{side[0]}: {found} rows in {table}, {rows} expected\n{done.stderr}")
    return took


if __name__ == "__main__":
    main()
