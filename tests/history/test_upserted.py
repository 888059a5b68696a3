"""The way back: what upserts make of all exports in force is what history says is there now.

`HISTORY_EXAMPLES=500 uv run pytest tests/history/test_upserted.py` tries as many new companies.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections import Counter
from contextlib import redirect_stdout
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import reference
from companies import BOOKS, ITEMS, Company, Decision, Export, companies
from hypothesis import example, given
from quick_dbt import QuickDbt
from timeline import History
from trials import companies_database, trials

from quickbooks_history.singer.tap import TapQuickBooksCsv
from quickbooks_history.singer.target import TargetPostgresAppend
from quickbooks_history.warehouse import ledger, rollback
from quickbooks_history.warehouse.connection import connect, sqlalchemy_url
from quickbooks_history.warehouse.recomputation import SCRATCH

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = int(os.environ.get("HISTORY_EXAMPLES", "6"))
DECISIONS = {
    "approve": ledger.Decision.APPROVE,
    "withdraw": ledger.Decision.WITHDRAW,
    "undo": ledger.Decision.UNDO_WITHDRAWAL,
}


def _all_items(day: int, *names: str) -> tuple[Export]:
    rows = tuple(
        {"Item Name": name, "Purchase Cost": "1", "Sales Price": "2", "Quantity On Hand": "3", "Status": ""}
        for name in names
    )
    exported_at = datetime(2025, 4, day, tzinfo=UTC)
    return (
        Export(
            ITEMS, reference.Load(exported_at, "full", f"item_all_{exported_at:%m_%d_%Y}.csv", ITEMS.required, rows)
        ),
    )


ONE_ITEM_LESS = Company((ITEMS,), (_all_items(1, "A", "B"), _all_items(2, "B")), spared=10, share=0.25, made_anew=False)
"""Of random companies, few are left with a record that was deleted."""
MARTS = [rollback.MARTS.get(table, table) for _, table in rollback.current_tables()]


def upsert(url: str, paths: list[Path]) -> None:
    """Send files through tap and loader as Meltano's environment `rollback` has them."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), write_through=True)) as sent:
        TapQuickBooksCsv(config={"paths": list(map(str, paths)), "current_state": True}).sync_all()
    config = {
        "sqlalchemy_url": sqlalchemy_url(url),
        "load_method": "upsert",
        "default_target_schema": rollback.ROLLBACK,
        "activate_version": False,
    }
    target = TargetPostgresAppend(config=config)
    with redirect_stdout(io.StringIO()):
        target.listen(io.StringIO(sent.buffer.getvalue().decode()))
    target.target_connector._engine.dispose()


def test_upserts_make_what_the_marts_say(server_url: str, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()

    @trials(random.randrange(2**32) if "HISTORY_EXAMPLES" in os.environ else 1, EXAMPLES)
    @example(company=ONE_ITEM_LESS)
    @given(company=companies())
    def agrees(company: Company) -> None:
        with connect(url) as connection:
            forget(connection)
            deliver(history, company)
            history.refresh(*(book.entity for book in company.books))
            # Of every other file only the log knows.
            loads = rollback.effective_loads(connection)
            on_disk = rollback.on_disk(loads[::2], [])
            assert len(on_disk) == len(loads[::2])
            written = [
                rollback.write_from_log(connection, load, tmp_path / f"{counts['companies']}-{load.load_id}")
                for load in loads[1::2]
            ]
            if not loads:
                return
            upsert(url, [*on_disk.values(), *written])
            connection.execute(f"drop schema if exists {SCRATCH} cascade")
            rollback.lay_out_as_log(connection)
            scratch.forget_tables()
            scratch.build("effective_loads", "staging")
            for table in rollback.compare_with_marts(connection):
                assert table.agrees, table
                counts["agree"] += table.agree
                counts["deleted"] += table.deleted
            counts["companies"] += 1
            counts["files"] += len(loads)

    with companies_database(server_url, "upserted") as url:
        dbt = QuickDbt(tmp_path / "dbt", url)
        history = History(url, dbt, tmp_path)
        dbt.build_staging()
        history.refresh(*(book.entity for book in BOOKS))
        dbt.build(*MARTS)
        scratch = QuickDbt(
            tmp_path / "scratch", url, "--target", "scratch", "--vars", json.dumps({"raw_schema": SCRATCH})
        )
        agrees()
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    assert min(counts["agree"], counts["deleted"]) > 0, counts


def deliver(history: History, company: Company) -> None:
    for step in company.steps:
        if not isinstance(step, Decision):
            history.load([export.file for export in step])
            continue
        with connect(history.url) as connection:
            for word in step.words:
                try:
                    ledger.decide(connection, DECISIONS[word], step.file_name, run_id=f"{len(history.runs)}-{word}")
                except ledger.NoSuchLoadError:
                    continue
                break


def forget(connection: psycopg.Connection) -> None:
    tables = connection.execute(
        "select format('%I.%I', schemaname, tablename) from pg_tables"
        " where schemaname in ('meta', 'raw', 'snapshots', 'rollback')"
        " or schemaname = 'marts' or (schemaname, tablename) = ('staging', 'effective_loads')"
    ).fetchall()
    connection.execute(f"truncate {', '.join(name for (name,) in tables)} restart identity cascade")
