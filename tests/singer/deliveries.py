"""What tap and loader send and leave, for tests: a folder's messages, runs of the loader, what is in the database."""

from __future__ import annotations

import io
import json
import threading
from contextlib import redirect_stdout

from quickbooks_history.singer.delivery import DeliveryNote, local_path
from quickbooks_history.singer.tap import TapQuickBooksCsv
from quickbooks_history.singer.target import TargetPostgresAppend
from quickbooks_history.warehouse.connection import connect, sqlalchemy_url


def listen(url: str, lines: str, **config) -> None:
    """Send Singer messages to a loader of its own, as one run does."""
    settings = {"sqlalchemy_url": sqlalchemy_url(url), "default_target_schema": "raw", **config}
    with redirect_stdout(io.StringIO()):
        TargetPostgresAppend(config=settings).listen(io.StringIO(lines))


def query(url: str, statement: str) -> list[tuple]:
    with connect(url) as connection:
        return connection.execute(statement).fetchall()


def sync(folder, *, batches: bool = True) -> str:
    """What the tap sends of a folder."""
    config = {"paths": [str(folder)], "spool": str(folder.parent / f"{folder.name}-spool")}
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), write_through=True)) as out:
        TapQuickBooksCsv(config={**config, **({"batch_config": {"encoding": {}}} if batches else {})}).sync_all()
    return out.buffer.getvalue().decode()


def batch_files(lines: str) -> list:
    messages = map(json.loads, lines.splitlines())
    return [local_path(url) for message in messages if message["type"] == "BATCH" for url in message["manifest"]]


def load(url: str, folder) -> None:
    listen(url, sync(folder))


def ledger(url: str) -> list[tuple]:
    return query(url, "select load_id, file_name, status, row_count from meta.loads order by load_id")


class TargetRun:
    """A loader that is let go of at the end."""

    def __init__(self, url: str) -> None:
        self.target = TargetPostgresAppend(config={"sqlalchemy_url": sqlalchemy_url(url)})

    def __enter__(self) -> TargetPostgresAppend:
        return self.target

    def __exit__(self, *_: object) -> None:
        self.target.process_endofpipe()


def deliver_at_once(url: str, runs: list[str]) -> list[Exception]:
    """Take what several syncs sent at the same time, each by a loader of its own, and return what they raise."""
    errors: list[Exception] = []

    def run(lines: str) -> None:
        try:
            with TargetRun(url) as target:
                for path in batch_files(lines):
                    target.take_delivery(DeliveryNote.read(path), path)
        except Exception as error:  # noqa: BLE001 - told by whoever asked for it
            errors.append(error)

    threads = [threading.Thread(target=run, args=(lines,)) for lines in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
