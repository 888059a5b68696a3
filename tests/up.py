"""A `qbh up` of a home, as a person would start it, and what can be asked of it."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from quickbooks_history.supervision import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.end_to_end.conftest import Home

READY_SECONDS = 120
"""A busy machine takes several times as long as an idle one."""


ASSETS = "{ assetNodes { assetKey { path } isMaterializable } }"
ADD_DATE = """
mutation ($date: String!, $partitions: String!, $location: String!) {
    addDynamicPartition(partitionsDefName: $partitions, partitionKey: $date,
        repositorySelector: {repositoryLocationName: $location, repositoryName: "__repository__"}) { __typename } }
"""
BACKFILL = """
mutation ($dates: [String!]!, $assets: [AssetKeyInput!]!) { launchPartitionBackfill(
    backfillParams: {partitionNames: $dates, assetSelection: $assets}) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""
BACKFILL_STATUS = (
    "query ($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } } }"
)


class WebServer:
    """A web server of Dagster's, asked as the web UI asks it."""

    address: str

    def ask(self, query: str, **variables: Any) -> Any:
        """Ask by GraphQL."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = json.load(response)
        assert "errors" not in answer, answer
        return answer["data"]

    def materializable(self) -> list[list[str]]:
        """Keys of the assets that can be materialized."""
        return [node["assetKey"]["path"] for node in self.ask(ASSETS)["assetNodes"] if node["isMaterializable"]]

    def add_dates(self, dates: Iterable[str], *, partitions: str, location: str) -> None:
        """Add partitions, as a person does of whose dates nothing has arrived yet."""
        for date in dates:
            self.ask(ADD_DATE, date=date, partitions=partitions, location=location)

    def backfill(self, dates: Sequence[str], assets: Iterable[Sequence[str]], *, seconds: float) -> None:
        """Materialize assets of some dates, as a person does who chooses them, and wait until all are made."""
        keys = [{"path": path} for path in assets]
        started = self.ask(BACKFILL, dates=dates, assets=keys)["launchPartitionBackfill"]
        assert started["__typename"] == "LaunchBackfillSuccess", started
        status = wait_until(
            lambda: (
                {"COMPLETED", "COMPLETED_SUCCESS", "FAILED", "COMPLETED_FAILED"}
                & {self.ask(BACKFILL_STATUS, id=started["backfillId"])["partitionBackfillOrError"]["status"]}
            ),
            seconds=seconds,
        )
        assert status == {"COMPLETED_SUCCESS"}


@dataclass
class Up(WebServer):
    """A running `qbh up`."""

    home: Home
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def address(self) -> str:
        return json.loads((self.home.path / "up.json").read_text())["address"]

    @property
    def database(self) -> str:
        """URL of the database, as it was said."""
        return self.said.partition("database  ")[2].split()[0]

    def service(self, words: str) -> psutil.Process:
        """The one process of its own whose command line has these words."""
        (found,) = [
            child for child in psutil.Process(self.process.pid).children() if words in " ".join(child.cmdline())
        ]
        return found


def wait_until(what: Callable[[], object], seconds: float = READY_SECONDS) -> Any:
    """Wait until something is so, and return it; what cannot be asked yet is not so yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = what()
        except (OSError, psutil.Error, ValueError, AssertionError) as error:
            found, why = None, error
        else:
            why = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not so after {seconds} s: {why}")
        time.sleep(0.2)


def processes_of(home: Home) -> list[psutil.Process]:
    """Every process that works for a home: its servers, their children, its database."""
    found = []
    for process in psutil.process_iter():
        try:
            marked = process.environ().get(MARK) == str(home.path)
            if marked or (process.name() == "postgres" and str(home.path / "postgres") in process.cmdline()):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def start(home: Home) -> Up:
    """Start `qbh up` on a port that is free, and wait until it is ready."""
    output = home.path.parent / f"{home.path.name}.up.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["qbh", "up"], env=home.environment | {"QBH_PORT": "0"}, stdout=file, stderr=subprocess.STDOUT
        )
    up = Up(home, process, output)

    def ready() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"qbh up ended with status {process.returncode}: {up.said}")
        return "ready, after" in up.said

    wait_until(ready)
    return up


@contextmanager
def running(home: Home) -> Iterator[Up]:
    """A `qbh up` that ends with the block."""
    up = start(home)
    try:
        yield up
    finally:
        up.process.terminate()
        up.process.wait(timeout=60)


def kill(process: psutil.Process) -> None:
    os.kill(process.pid, 9)
