"""Random small companies, delivered at random: after every run the tables are what the reference says.

`HISTORY_EXAMPLES=500 uv run pytest tests/history/test_properties.py` tries 500 new ones; without it, a few that are
always the same.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import reference
from export_files import export_text
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from timeline import File

from quickbooks_history.warehouse.connection import connect

EXAMPLES = int(os.environ.get("HISTORY_EXAMPLES", "0"))
USUAL_EXAMPLES = 15

# Few values, most of them one value written in several ways, so that exports agree about as often as they do not.
TEXTS = ["x", "x", " x ", "y", ""]
NUMBERS = ["1001.5", "1,001.50", "$1001.50", "1001.500", "(1.00)", "-1", "", "n/a"]
DATES = ["01-31-2025", "01/31/2025", "2025-01-31", "02-01-2025", ""]
RATES = ["6.625%", "6.6250 %", "6.625", ""]
CELLS = {"text": TEXTS, "number": NUMBERS, "date": DATES, "rate": RATES}


@dataclass(frozen=True)
class Book:
    """An entity as the companies here have it: its kind, what its files are called, and who may stand in them."""

    entity: str
    kind: reference.Kind
    partial: str
    fulls: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    identities: tuple[dict[str, str], ...]
    snapshot: str
    history: str
    lines: str | None = None


def _ids(number: str, *pairs: tuple[str, str]) -> tuple[dict[str, str], ...]:
    return tuple({number: name, "QuickBooks Internal Id": id_} for name, id_ in pairs)


ITEMS = Book(
    entity="items",
    kind=reference.Kind(
        number="Item Name",
        record_columns=(
            ("Item Name", "item_name", "text"),
            ("QuickBooks Internal Id", "quickbooks_id", "text"),
            ("Purchase Cost", "purchase_cost", "number"),
            ("Sales Price", "sales_price", "number"),
            ("Quantity On Hand", "quantity_on_hand", "number"),
            ("Status", "status", "text"),
            ("Sales Description", "sales_description", "text"),
            ("Quantity On Order", "quantity_on_order", "number"),
            ("Inventory Date", "inventory_date", "date"),
        ),
        history_columns=(
            *("item_name", "purchase_cost", "sales_price", "quantity_on_hand", "status", "sales_description"),
            "quantity_on_order",
        ),
    ),
    partial="Item",
    fulls=("item_all", "01_BACKUP_Item"),
    required=("Item Name", "Purchase Cost", "Sales Price", "Quantity On Hand", "Status"),
    optional=("QuickBooks Internal Id", "Sales Description", "Quantity On Order", "Inventory Date"),
    identities=_ids("Item Name", ("A", ""), ("B", ""), ("A", "80-1"), ("C", "80-1"), ("C", "80-2"), ("", "")),
    snapshot="items_snapshot",
    history="item_history",
)

INVOICES = Book(
    entity="invoices",
    kind=reference.Kind(
        number="Invoice No",
        record_columns=(
            ("Invoice No", "invoice_no", "text"),
            ("QuickBooks Internal Id", "quickbooks_id", "text"),
            ("Customer", "customer_name", "text"),
            ("Invoice Date", "invoice_date", "date"),
            ("Total Amount", "total_amount", "number"),
            ("Class", "class", "text"),
            ("Terms", "terms", "text"),
        ),
        line_columns=(
            ("Product/Service Description", "description", "text"),
            ("Product/Service Quantity", "quantity", "number"),
            ("Product/Service Rate", "rate", "rate"),
            ("Product/Service Rate", "rate_percent", "percent"),
            ("Product/Service Class", "class", "text"),
            ("Product/Service Service Date", "service_date", "date"),
        ),
        history_columns=("customer_name", "invoice_date", "total_amount", "terms"),
    ),
    partial="Invoice",
    fulls=("invoice_all", "01_BACKUP_Invoice"),
    required=("Invoice No", "Customer", "Invoice Date", "Product/Service", "Total Amount", "QuickBooks Internal Id"),
    optional=(
        *("Class", "Terms", "Product/Service Description", "Product/Service Quantity", "Product/Service Rate"),
        *("Product/Service Class", "Product/Service Service Date"),
    ),
    identities=_ids("Invoice No", ("1", ""), ("2", ""), ("1", "1A-1"), ("3", "1A-1"), ("", "")),
    snapshot="invoices_snapshot",
    history="invoice_history",
    lines="invoice_lines_snapshot",
)


@dataclass(frozen=True)
class Export:
    """A file to deliver, and what the reference is told of it."""

    book: Book
    load: reference.Load

    @property
    def slot(self) -> tuple[str, datetime, str]:
        return self.book.entity, self.load.exported_at, self.load.scope

    @property
    def file(self) -> File:
        return File(self.load.file_name, export_text(self.book.entity, *self.load.rows, extra=self.load.columns))

    def __repr__(self) -> str:
        return f"{self.load.file_name}\n{self.file.text}"


@st.composite
def exports(draw, book: Book) -> Export:
    """A file of a few rows, narrow or wide, of one of a few moments."""
    day = datetime(2025, 4, draw(st.integers(1, 4)), tzinfo=UTC)
    if draw(st.booleans()):
        scope, at, name = "full", day, f"{draw(st.sampled_from(book.fulls))}_{day:%m_%d_%Y}.csv"
    else:
        at = day + timedelta(hours=draw(st.sampled_from([0, 0, 2])))
        scope, name = "partial", f"{book.partial}_{at:%m_%d_%Y}_{at.hour}_00_00.csv"
    columns = (*book.required, *draw(st.lists(st.sampled_from(book.optional), unique=True)))
    rows = draw(st.lists(_rows(book, columns), max_size=5))
    return Export(book, reference.Load(at, scope, name, columns, tuple(rows)))


@st.composite
def _rows(draw, book: Book, columns: tuple[str, ...]) -> dict[str, str]:
    types = {header: type_ for header, _, type_ in reversed((*book.kind.record_columns, *book.kind.line_columns))}
    row = {header: draw(st.sampled_from(CELLS[types[header]])) for header in columns if header in types}
    if "Product/Service" in columns:
        row["Product/Service"] = draw(st.sampled_from(["AK", "AK", "Bolt", ""]))
    identity = draw(st.sampled_from(book.identities))
    return row | {header: text for header, text in identity.items() if header in columns}


@st.composite
def deliveries(draw) -> list[list[Export] | int]:
    """Groups of files as they are delivered, and numbers of loads that are withdrawn, or no longer, in between."""
    books = st.sampled_from(draw(st.sampled_from([[ITEMS], [INVOICES], [ITEMS, INVOICES]])))
    delivered = draw(st.lists(books.flatmap(exports), min_size=3, max_size=8))
    again = draw(st.lists(st.sampled_from(delivered), max_size=1))
    steps: list[list[Export] | int] = [[]]
    for export in [*delivered, *again]:
        group = steps[-1]
        # Of two files of one slot in one group the tap decides which comes last; here that is not the question.
        full = isinstance(group, int) or any(export.slot == other.slot for other in group)
        if full or (group and draw(st.booleans())):
            if draw(st.integers(0, 3)) == 0:
                steps.append(draw(st.integers(0, 7)))
            steps.append([])
        steps[-1].append(export)
    return steps


@settings(
    max_examples=EXAMPLES or USUAL_EXAMPLES,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(steps=deliveries())
def test_history_is_what_the_reference_says(history, steps):
    _empty(history)
    books = [book for book in (ITEMS, INVOICES) if any(x.book is book for s in steps if isinstance(s, list) for x in s)]
    accepted: list[Export] = []
    withdrawn: set[int] = set()
    for number, step in enumerate(steps, start=1):
        if isinstance(step, int):
            if step >= len(accepted):
                continue
            withdrawn ^= {step}
            _set_withdrawn(history, accepted[step], step in withdrawn)
        else:
            history.load([export.file for export in step])
            for export in sorted(step, key=lambda export: (export.load.exported_at, export.load.scope == "full")):
                if not any(export.slot == known.slot and export.file.text == known.file.text for known in accepted):
                    accepted.append(export)
        history.refresh(*{book.entity for book in books})
        counting = {x.slot: x for place, x in enumerate(accepted) if place not in withdrawn}
        note(f"after step {number}")
        for book in books:
            _agrees(history, book, [x.load for x in counting.values() if x.book is book])


def _agrees(history, book: Book, loads: list[reference.Load]) -> None:
    """Assert that snapshots and history mart hold what the reference says of these effective loads."""
    versions = reference.record_versions(book.kind, loads)
    names = [name for _, name, _ in book.kind.record_columns]
    assert _snapshot(history, book.snapshot, ["record_key"], names) == _as_rows(versions, names)
    if book.lines:
        versions = reference.line_versions(book.kind, loads)
        names = [name for _, name, _ in book.kind.line_columns]
        key = ["record_key", "product_service", "occurrence"]
        assert _snapshot(history, book.lines, key, names) == _as_rows(versions, names)
    columns = ["record_key", "column_name", "old_value", "new_value", "changed_at", "change_type", "file_name"]
    changes = [tuple(vars(change).values()) for change in reference.changes(book.kind, loads)]
    assert _sorted(history.rows(f"marts.{book.history}", columns), 6) == _sorted(changes, 6)


def _snapshot(history, name: str, key: list[str], names: list[str]) -> list[tuple]:
    columns = [*key, "dbt_valid_from", "dbt_valid_to", "file_name", *names]
    return _sorted(history.rows(f"snapshots.{name}", columns), len(key) + 1)


def _as_rows(versions: list[reference.Version], names: list[str]) -> list[tuple]:
    rows = [
        (*version.key, version.valid_from, version.valid_to, version.file_name, *map(version.values.get, names))
        for version in versions
    ]
    return _sorted(rows, len(versions[0].key) + 1 if versions else 0)


def _sorted(rows: list[tuple], width: int) -> list[tuple]:
    """Rows in the order of their first columns, which are their key; null before all."""
    return sorted(rows, key=lambda row: [(value is not None, value) for value in row[:width]])


def _set_withdrawn(history, export: Export, withdrawn: bool) -> None:
    status = ("loaded", "withdrawn") if withdrawn else ("withdrawn", "loaded")
    with connect(history.url) as connection:
        changed = connection.execute(
            "update meta.loads set status = %s where status = %s and file_name = %s and sha256 = %s",
            [status[1], status[0], export.load.file_name, sha256(export.file.text.encode()).hexdigest()],
        ).rowcount
    assert changed == 1


def _empty(history) -> None:
    """Forget all loads and all history: a template's state, without the time that copying it takes."""
    with connect(history.url) as connection:
        connection.execute(
            "truncate meta.loads, meta.applied_loads, meta.stale_history, raw.items, raw.invoices restart identity"
        )
        connection.execute("drop schema if exists snapshots cascade")
