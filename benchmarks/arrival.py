"""From a file dropped in the inbox to history in the database, by `qbh up`, and where the time goes.

Nothing is measured against: the figure is for the reader of the README, and the parts say what to mend next.

    uv run python benchmarks/arrival.py [--drops 10] [--json FILE]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import psycopg

from quickbooks_history.exports.contract import ITEMS
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import embedded
from quickbooks_history.warehouse.connection import connect

ITEMS_A_FILE = 30
PATIENCE = 180
"""Seconds after which a drop that led to nothing ends the benchmark."""

PARTS = ("settle and tick", "run start", "meltano", "checks of raw", "dbt", "to the end")


def main() -> None:
    """Drop files one after the other, each at another point of the sensor's interval, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drops", type=int, default=10)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="arrival-") as folder:
        settings = Settings(home=Path(folder) / "home", database_url=None, port=0)
        os.environ |= {"QBH_HOME": str(settings.home), "QBH_PORT": str(settings.port)}
        settings.inbox.mkdir(parents=True)
        embedded.keep(settings)
        url = embedded.start(settings)
        qbh = Path(sys.executable).parent / "qbh"
        with (Path(folder) / "up.log").open("w") as log:
            up = subprocess.Popen([str(qbh), "up"], stdout=log, stderr=subprocess.STDOUT)
        try:
            drops = [_drop(settings, url, number, chance) for number in range(options.drops + 1)][1:]
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)
            embedded.stop(settings)
    for part in (*PARTS, "drop to history"):
        seconds = [drop[part] for drop in drops]
        print(f"{part:18} {statistics.median(seconds):6.1f} s   ({min(seconds):.1f} - {max(seconds):.1f})")
    if options.json:
        options.json.write_text(json.dumps(drops, indent=2))


def _drop(settings: Settings, url: str, number: int, chance: random.Random) -> dict[str, float]:
    """Drop one file and wait for its prices in history and for its run to end; the first drop also waits for `qbh up`.

    Returns:
        Seconds of each part, and until history was there.
    """
    time.sleep(chance.uniform(0, settings.sensor_seconds))
    moment = datetime(2025, 4, 4, 2, 0, 3) + timedelta(days=number)
    name = f"Item_{moment:%m_%d_%Y}_2_00_03.csv"
    with (settings.inbox / name).open("w", newline="") as file:
        writer = csv.DictWriter(file, [column.header for column in ITEMS.columns], restval="")
        writer.writeheader()
        for item in range(ITEMS_A_FILE):
            writer.writerow({"Item Name": f"Item {item}", "Sales Price": f"{number}.{item:02}"})
    dropped = time.time()
    with connect(url) as connection:
        while not _is_in_history(connection, name):
            if time.time() - dropped > PATIENCE:
                raise SystemExit(f"{name} has not come to history within {PATIENCE} s")
            time.sleep(0.05)
    in_history = time.time()
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    with dg.DagsterInstance.get() as instance:
        while not (run := instance.get_runs(limit=1)[0]).is_finished:
            time.sleep(0.2)
        if run.status is not dg.DagsterRunStatus.SUCCESS:
            raise SystemExit(f"the run of {name} ended as {run.status.value}")
        at = {
            (entry.dagster_event.event_type_value, entry.dagster_event.step_key): entry.timestamp
            for entry in instance.all_logs(run.run_id)
            if entry.dagster_event is not None
        }
    requested = at["PIPELINE_ENQUEUED", None]
    steps = {step: (at["STEP_START", step], at["STEP_SUCCESS", step]) for step in ("meltano_load", "dbt_build")}
    meltano, dbt = steps["meltano_load"], steps["dbt_build"]
    parts = (requested - dropped, meltano[0] - requested, meltano[1] - meltano[0], dbt[0] - meltano[1], dbt[1] - dbt[0])
    seconds = dict(zip(PARTS, (*parts, at["PIPELINE_SUCCESS", None] - dbt[1]), strict=True))
    seconds["drop to history"] = in_history - dropped
    print(f"{name}  {seconds['drop to history']:5.1f} s", flush=True)
    return seconds


def _is_in_history(connection: psycopg.Connection, file_name: str) -> bool:
    """Whether the file's changes are in the history mart: what a person looks at."""
    row = connection.execute("select to_regclass('marts.item_history') is not null").fetchone()
    if not (row and row[0]):
        return False
    found = connection.execute(
        "select count(*) from marts.item_history where file_name = %s and column_name = 'sales_price'", [file_name]
    ).fetchone()
    return bool(found and found[0] == ITEMS_A_FILE)


if __name__ == "__main__":
    main()
