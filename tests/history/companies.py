"""Random small companies: what their exports say, in which order they are delivered, and what is decided of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import reference
from export_files import export_text
from hypothesis import strategies as st
from timeline import File

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

    def __repr__(self) -> str:
        return self.entity


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

CUSTOMERS = Book(
    entity="customers",
    kind=reference.Kind(
        number="Customer Name",
        record_columns=(
            ("Customer Name", "customer_name", "text"),
            ("QuickBooks Internal Id", "quickbooks_id", "text"),
            ("Main Phone", "main_phone", "text"),
            ("Billing Address Line 1", "billing_address_line_1", "text"),
            ("Current Balance", "current_balance", "number"),
            ("Credit Limit", "credit_limit", "number"),
            ("Created Date", "created_date", "date"),
        ),
        history_columns=("customer_name", "main_phone", "billing_address_line_1", "current_balance"),
    ),
    partial="Customer",
    fulls=("customer_all", "01_BACKUP_Customer"),
    required=("Customer Name", "QuickBooks Internal Id"),
    optional=("Main Phone", "Billing Address Line 1", "Current Balance", "Credit Limit", "Created Date"),
    identities=_ids("Customer Name", ("A", ""), ("B", ""), ("A", "80-1"), ("C", "80-1"), ("C", "80-2"), ("", "")),
    snapshot="customers_snapshot",
    history="customer_history",
)

LINE_COLUMNS = (
    ("Product/Service Description", "description", "text"),
    ("Product/Service Quantity", "quantity", "number"),
    ("Product/Service Rate", "rate", "rate"),
    ("Product/Service Rate", "rate_percent", "percent"),
    ("Product/Service Class", "class", "text"),
    ("Product/Service Service Date", "service_date", "date"),
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
        line_columns=LINE_COLUMNS,
        history_columns=("customer_name", "invoice_date", "total_amount", "terms"),
    ),
    partial="Invoice",
    fulls=("invoice_all", "01_BACKUP_Invoice"),
    required=("Invoice No", "Customer", "Invoice Date", "Product/Service", "Total Amount", "QuickBooks Internal Id"),
    optional=("Class", "Terms", *dict.fromkeys(header for header, _, _ in LINE_COLUMNS)),
    identities=_ids("Invoice No", ("1", ""), ("2", ""), ("1", "1A-1"), ("3", "1A-1"), ("", "")),
    snapshot="invoices_snapshot",
    history="invoice_history",
    lines="invoice_lines_snapshot",
)

SALES_RECEIPTS = Book(
    entity="sales_receipts",
    kind=reference.Kind(
        number="Sales Receipt No",
        record_columns=(
            ("Sales Receipt No", "sales_receipt_no", "text"),
            ("QuickBooks Internal Id", "quickbooks_id", "text"),
            ("Customer", "customer_name", "text"),
            ("Sales Receipt Date", "sales_receipt_date", "date"),
            ("Total Amount", "total_amount", "number"),
            ("Payment Method", "payment_method", "text"),
            ("Due Date", "due_date", "date"),
        ),
        line_columns=LINE_COLUMNS,
        history_columns=("customer_name", "sales_receipt_date", "total_amount", "due_date"),
    ),
    partial="Sales Receipt",
    fulls=("sales_receipt_all", "01_BACKUP_Sales"),
    required=(
        *("Sales Receipt No", "Customer", "Sales Receipt Date", "Product/Service", "Total Amount"),
        "QuickBooks Internal Id",
    ),
    optional=("Payment Method", "Due Date", *dict.fromkeys(header for header, _, _ in LINE_COLUMNS)),
    identities=_ids("Sales Receipt No", ("1", ""), ("2", ""), ("1", "1A-1"), ("3", "1A-1"), ("", "")),
    snapshot="sales_receipts_snapshot",
    history="sales_receipt_history",
    lines="sales_receipt_lines_snapshot",
)

BOOKS = (ITEMS, CUSTOMERS, INVOICES, SALES_RECEIPTS)


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


@dataclass(frozen=True)
class Decision:
    """What somebody wants of a file: the first of some words that can be said of any of its loads."""

    book: Book
    file_name: str
    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{' or '.join(self.words)}: {self.file_name}"


@dataclass(frozen=True)
class Company:
    """Files in the groups in which they are delivered, and decisions in between.

    `spared` and `share` are the guard's: so many records, and such a share of those that are open, may go unasked.
    `made_anew` says whether its history is also made from nothing at the end, and compared.
    """

    books: tuple[Book, ...]
    steps: tuple[tuple[Export, ...] | Decision, ...]
    spared: int
    share: float
    made_anew: bool

    def _repr_pretty_(self, printer, cycle) -> None:  # what Hypothesis asks before it prints every field
        guard = f"sparing {self.spared} and {self.share:.0%}"
        steps = "".join(f"\n-- step {number}\n{_step_text(step)}" for number, step in enumerate(self.steps, start=1))
        printer.text(f"{', '.join(map(repr, self.books))}, {guard}{steps}")


def _step_text(step: tuple[Export, ...] | Decision) -> str:
    return repr(step) if isinstance(step, Decision) else "\n".join(map(repr, step))


@st.composite
def companies(draw) -> Company:
    """A company that keeps one book, or two that must not disturb each other."""
    books = draw(st.lists(st.sampled_from(BOOKS), min_size=1, max_size=2, unique_by=lambda book: book.entity))
    delivered = draw(st.lists(st.sampled_from(books).flatmap(_exports), min_size=3, max_size=8))
    again = draw(st.lists(st.sampled_from(delivered), max_size=1))
    groups: list[list[Export]] = [[]]
    for export in [*delivered, *again]:
        # Of two files of one slot in one group the tap decides which comes last; here that is not the question.
        if any(export.slot == other.slot for other in groups[-1]) or (groups[-1] and draw(st.booleans())):
            groups.append([])
        groups[-1].append(export)
    steps: list[tuple[Export, ...] | Decision] = []
    for place, group in enumerate(groups, start=1):
        steps.append(tuple(group))
        if draw(st.integers(0, 2)) == 0:
            steps.append(draw(_decisions([export for known in groups[:place] for export in known], group)))
    # Where the guard spares ten records, as it does in the product, companies of a handful never meet it.
    spared, share = draw(st.sampled_from([(0, 0.25), (0, 0.25), (0, 0.5), (1, 0.25), (10, 0.25)]))
    return Company(tuple(books), tuple(steps), spared, share, made_anew=draw(st.booleans()))


@st.composite
def _exports(draw, book: Book) -> Export:
    """A file of a few rows, narrow or wide, of one of so few moments that files often share one."""
    day = datetime(2025, 4, draw(st.integers(1, 3)), tzinfo=UTC)
    if draw(st.booleans()):
        scope, at, name = "full", day, f"{draw(st.sampled_from(book.fulls))}_{day:%m_%d_%Y}.csv"
    else:
        at = day + timedelta(hours=draw(st.sampled_from([0, 0, 2])))
        scope, name = "partial", f"{book.partial}_{at:%m_%d_%Y}_{at.hour}_00_00.csv"
    shown = draw(st.sets(st.sampled_from(book.optional)))
    columns = (*book.required, *(header for header in book.optional if header in shown))
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


def _decisions(known: list[Export], new: list[Export]) -> st.SearchStrategy[Decision]:
    """Of any file, but mostly of full exports that have just come: they may be held, and end what they do not list."""
    fulls = [export for export in new if export.load.scope == "full"]
    # A load that is held is rare, so what can be said of those alone is tried first more often than the others.
    words = st.permutations(["approve", "withdraw", "undo"]) | st.permutations(["withdraw", "undo"]).map(
        lambda others: ["approve", *others]
    )
    return st.builds(
        lambda export, words: Decision(export.book, export.load.file_name, tuple(words)),
        st.sampled_from([*fulls * len(known), *known]),
        words,
    )
