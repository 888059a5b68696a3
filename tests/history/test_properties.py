"""Random small companies, delivered at random: after every run the tables are what the reference says.

`HISTORY_EXAMPLES=2000 uv run pytest -n 2 tests/history/test_properties.py` tries 2000 new ones; without it, 120 that are
always the same. There are two shares of them, for two processes: `pytest -n 2`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
import reference
from companies import BOOKS, Book, Company, Decision, companies
from hypothesis import given, note
from quick_dbt import QuickDbt
from timeline import History
from trials import companies_database, trials

from quickbooks_history.warehouse import guard, ledger
from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EXAMPLES = int(os.environ.get("HISTORY_EXAMPLES", "0"))
USUAL_EXAMPLES = 120
SHARES = 2

DECISIONS = {
    "approve": ledger.Decision.APPROVE,
    "withdraw": ledger.Decision.WITHDRAW,
    "undo": ledger.Decision.UNDO_WITHDRAWAL,
}


@pytest.mark.parametrize("share", range(SHARES))
def test_history_is_what_the_reference_says(share, server_url, tmp_path):
    number = random.randrange(2**32) if EXAMPLES else share
    counts = _try_companies(server_url, tmp_path, number, -(-(EXAMPLES or USUAL_EXAMPLES) // SHARES))
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    if counts["companies"] >= 50:
        # Companies to which nothing ever happens would agree as well.
        assert min(counts[what] for what in ("duplicate", "held", "approve", "withdraw", "undo")) > 0


def _try_companies(server_url: str, folder: Path, number: int, examples: int) -> Counter[str]:
    """Try as many companies, in a database that is made for them.

    Returns:
        How many there were, and what happened to them.
    """
    counts: Counter[str] = Counter()

    @trials(number, examples)
    @given(company=companies())
    def agrees(company: Company) -> None:
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(guard, "SPARED_RECORDS", company.spared)
            monkeypatch.setenv("QBH_MAX_DELETED_SHARE", str(company.share))
            _Trial(history, dbt, company, counts).run()

    with companies_database(server_url, f"companies_{number}") as url:
        dbt = QuickDbt(folder / "dbt", url)
        history = History(url, dbt, folder)
        dbt.build_staging()
        history.refresh(*(book.entity for book in BOOKS))
        agrees()
    return counts


class _Trial:
    """One company's files and decisions, brought to the product and to the reference alike."""

    def __init__(self, history: History, dbt: QuickDbt, company: Company, counts: Counter[str]) -> None:
        self.history = history
        self.dbt = dbt
        self.company = company
        self.ledgers = {
            book.entity: reference.Ledger(book.kind, company.spared, company.share) for book in company.books
        }
        self.counts = counts

    def run(self) -> None:
        """Take the company's steps; compare after each, and at the end, of every other one, with history made anew."""
        self.counts["companies"] += 1
        with connect(self.history.url) as connection:
            _forget_everything(connection)
        for number, step in enumerate(self.company.steps, start=1):
            note(f"after step {number}")
            if touched := self._decide(step) if isinstance(step, Decision) else self._deliver(step):
                self.history.refresh(*touched)
                self.counts["runs"] += 1
                for book in self.company.books:
                    self._agrees(book)
        if self.company.made_anew:
            note("made anew")
            incremental = self._all_rows()
            with connect(self.history.url) as connection:
                _forget_history(connection, self.company.books)
            self.dbt.forget_tables()
            self.history.refresh(*self.ledgers)
            self.counts["made anew"] += 1
            _assert_same(self._all_rows(), incremental)

    def _deliver(self, group) -> set[str]:
        self.history.load([export.file for export in group])
        for export in sorted(group, key=lambda export: (export.load.exported_at, export.load.scope == "full")):
            entered = self.ledgers[export.book.entity]
            before = len(entered.deliveries)
            entered.deliver(export.load)
            status = entered.deliveries[-1].status if len(entered.deliveries) > before else "duplicate"
            self.counts[status] += 1
        return {export.book.entity for export in group}

    def _decide(self, decision: Decision) -> set[str]:
        """Say the first of the decision's words that can be said; of the others the product must say so too."""
        with connect(self.history.url) as connection:
            for word in decision.words:
                if self.ledgers[decision.book.entity].decide(decision.file_name, word):
                    ledger.decide(connection, DECISIONS[word], decision.file_name, run_id=str(uuid4()))
                    self.counts[word] += 1
                    return {decision.book.entity}
                with pytest.raises(ledger.NoSuchLoadError):
                    ledger.decide(connection, DECISIONS[word], decision.file_name, run_id=str(uuid4()))
        return set()

    def _agrees(self, book: Book) -> None:
        """Assert that ledger, snapshots and history mart hold what the reference says."""
        entered = self.ledgers[book.entity]
        statuses = [(delivery.load.file_name, delivery.status) for delivery in entered.deliveries]
        entity = f"entity = '{book.entity}' and status <> 'duplicate' order by load_id"
        _assert_same(self.history.rows("meta.loads", ["file_name", "status"], entity), statuses)

        loads = entered.effective
        names = [name for _, name, _ in book.kind.record_columns]
        self._shows_versions(book.snapshot, ["record_key"], names, reference.record_versions(book.kind, loads))
        if book.lines:
            names = [name for _, name, _ in book.kind.line_columns]
            key = ["record_key", "product_service", "occurrence"]
            self._shows_versions(book.lines, key, names, reference.line_versions(book.kind, loads))
        columns = ["record_key", "column_name", "old_value", "new_value", "changed_at", "change_type", "file_name"]
        changes = [tuple(vars(change).values()) for change in reference.changes(book.kind, loads)]
        _assert_same(_sorted(self.history.rows(f"marts.{book.history}", columns), 6), _sorted(changes, 6))

    def _shows_versions(
        self, snapshot: str, key: list[str], names: list[str], versions: list[reference.Version]
    ) -> None:
        actual = self.history.rows(
            f"snapshots.{snapshot}", [*key, "dbt_valid_from", "dbt_valid_to", "file_name", *names]
        )
        expected = [
            (*version.key, version.valid_from, version.valid_to, version.file_name, *map(version.values.get, names))
            for version in versions
        ]
        _assert_same(_sorted(actual, len(key) + 1), _sorted(expected, len(key) + 1))

    def _all_rows(self) -> list[tuple[Any, ...]]:
        """Every row, with every column, of the snapshots and history marts of the company's books."""
        with connect(self.history.url) as connection:
            return [
                (table, *row)
                for book in self.company.books
                for table in _tables(book)
                for row in sorted(connection.execute(f"select * from {table}").fetchall(), key=repr)
            ]


def _tables(book: Book) -> list[str]:
    snapshots = [f"snapshots.{name}" for name in (book.snapshot, book.lines) if name]
    return [*snapshots, f"marts.{book.history}"]


def _forget_everything(connection: psycopg.Connection) -> None:
    """Empty all tables, but leave them: a company's first run meets empty ones, as after all loads were withdrawn."""
    tables = connection.execute(
        "select format('%I.%I', schemaname, tablename) from pg_tables"
        " where schemaname in ('meta', 'raw', 'snapshots', 'marts') or tablename = 'effective_loads'"
    ).fetchall()
    connection.execute(f"truncate {', '.join(name for (name,) in tables)} restart identity")


def _forget_history(connection: psycopg.Connection, books: Iterable[Book]) -> None:
    """Drop what dbt makes of the loads, so that it is made from nothing."""
    tables = [table for book in books for table in _tables(book)]
    connection.execute(f"drop table {', '.join(tables)}; truncate meta.applied_loads, meta.stale_history")


def _assert_same(actual: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]) -> None:
    """Assert that two lists of rows are equal, and show the rows that are not in both."""
    if actual != expected:
        missing = [f"    {row}" for row in expected if row not in actual]
        extra = [f"    {row}" for row in actual if row not in expected]
        raise AssertionError("\n".join(["missing:", *missing, "not to be there:", *extra]))


def _sorted(rows: list[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    """Rows in the order of their first columns, which are their key; null before all."""
    return sorted(rows, key=lambda row: [(value is not None, value) for value in row[:width]])
