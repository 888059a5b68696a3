"""What is planted in the demo, told once: each event does what it says, and names the file that shows it.

Only the story touches the records that it names, so it is the same for every seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from quickbooks_history.demo.books import Address, Books, charge, discount, free_text, subtotal, tax
from quickbooks_history.demo.catalog import DELIVERY_ITEM, SCRIPTED_CUSTOMER, SHIPPING_ITEM
from quickbooks_history.demo.schedule import BACKUP_NIGHT, full_name, partial_name
from quickbooks_history.demo.writing import Row, Table
from quickbooks_history.exports.contract import ENTITIES

UNKNOWN_COLUMN = "Loyalty Tier"
NARROW_ITEMS = ("Sales Description", "Purchase Description", "Quantity On Order", "Bar Code", "UPC", "Transx")


@dataclass(frozen=True)
class Event:
    """One thing planted.

    Attributes:
        night: The night whose export shows it first; 0 is the first full export.
        entity: Name of the entity.
        key: Name or number of the record, or blank where the file itself is the oddity.
        what: What happened, for people.
        full: Whether a full export of that night shows it, and not the partial one.
        act: What it does to the books on the day before.
        alter: What it does to the exported table.
    """

    night: int
    entity: str
    key: str
    what: str
    full: bool = False
    act: Callable[[Books], object] | None = field(default=None, repr=False, compare=False)
    alter: Callable[[Table], object] | None = field(default=None, repr=False, compare=False)

    @property
    def file_name(self) -> str:
        """Name of the export that shows it first; in a run that ends that night, a full one does, too."""
        name = full_name if self.full or self.night == 0 else partial_name
        return name(ENTITIES[self.entity], self.night)


def _item(
    night: int,
    key: str,
    what: str,
    act: Callable[[Books], object],
    alter: Callable[[Table], object] | None = None,
) -> Event:
    return Event(night, "items", key, what, act=act, alter=alter)


def _customer(night: int, what: str, act: Callable[[Books], object]) -> Event:
    return Event(night, "customers", SCRIPTED_CUSTOMER, what, act=act)


def _oddity(night: int, entity: str, what: str, alter: Callable[[Table], object]) -> Event:
    return Event(night, entity, "", what, alter=alter)


# What is done to the books


def _open_busy_invoice(books: Books) -> None:
    lines = [
        books.ware("PV-HOL-68", 600),
        books.ware("PV-HOL-68", 120),
        subtotal(),
        discount("-5"),
        charge(SHIPPING_ITEM, "70.00"),
        free_text("Deliver to the rear gate, 7\N{EN DASH}9 am"),
        tax(),
    ]
    books.invoice("4104", SCRIPTED_CUSTOMER, lines)


def _open_planted(books: Books) -> None:
    anchors = [books.ware("AK-4", 3), charge(DELIVERY_ITEM, "45.00")]
    books.invoice("4101", SCRIPTED_CUSTOMER, anchors)
    books.invoice("4102", SCRIPTED_CUSTOMER, [books.ware("PV-HOL-68", 400), charge(SHIPPING_ITEM, "1490.40")])
    books.invoice("4103", SCRIPTED_CUSTOMER, [books.ware("PV-HOL-68", 250), tax()])
    _open_busy_invoice(books)
    kit = [books.ware("AK-4", 1), charge(SHIPPING_ITEM, "25.77")]
    books.receipt("W-8075", SCRIPTED_CUSTOMER, kit)
    # The price list states the stock of the first day: after these sales.
    books.edit_item("AK-4", on_hand=Decimal(25))
    books.edit_item("PV-HOL-68", on_hand=Decimal(4200))


def _return_anchors(books: Books) -> None:
    books.receipt("W-8102", SCRIPTED_CUSTOMER, [books.ware("01-6310", -12), books.ware("AK-4", 2)])


def _receive_anchors(books: Books) -> None:
    books.edit_item("01-6310", on_hand=Decimal(170), on_order=Decimal(0), cost=Decimal("4.36"))


def _sell_anchors_twice(books: Books) -> None:
    lines = [books.ware("01-6310", 30), books.ware("01-6310", 12), charge(SHIPPING_ITEM, "18.60")]
    books.invoice("4201", SCRIPTED_CUSTOMER, lines)


def _move_northside(books: Books) -> None:
    address = Address("77 Old Post Rd, Unit 4½", "Port Gravel", "NJ", "08001")
    books.edit_customer(SCRIPTED_CUSTOMER, billing=address, shipping=address)


def _delete_items(books: Books) -> None:
    books.item("GLV-XL").listed = False
    books.item("PP-4/6").listed = False


# What is done to a table


def _drop_columns(*headers: str) -> Callable[[Table], None]:
    def drop(table: Table) -> None:
        table.headers = [header for header in table.headers if header not in headers]

    return drop


def _add_unknown_column(table: Table) -> None:
    table.headers.append(UNKNOWN_COLUMN)
    for n, row in enumerate(table.rows):
        row[UNKNOWN_COLUMN] = ("Gold", "Silver", "")[n % 3]


def _add_stray_row(table: Table) -> None:
    stray: Row = {"S No": str(len(table.rows) + 1), "Status": "true"}
    table.rows.insert(len(table.rows) // 2, stray)


def _list_stale_first(table: Table) -> None:
    table.rows.insert(0, table.row("Item Name", "AK-4") | {"Quantity On Hand": Decimal(25)})


def _make_untypable(table: Table) -> None:
    table.row("Item Name", "SEAL-5G")["Quantity On Hand"] = "n/a"


STORY: tuple[Event, ...] = (
    # The item to look at.
    Event(0, "items", "01-6310", "cost 4.10, price 7.26, 38 on hand"),
    _item(
        2,
        "01-6310",
        "12 sold on receipt W-8101: 38 -> 26 on hand",
        lambda books: books.receipt("W-8101", SCRIPTED_CUSTOMER, [books.ware("01-6310", 12)]),
    ),
    _item(4, "01-6310", "price 7.26 -> 7.58", lambda books: books.edit_item("01-6310", price=Decimal("7.58"))),
    _item(6, "01-6310", "144 ordered", lambda books: books.edit_item("01-6310", on_order=Decimal(144))),
    _item(8, "01-6310", "144 received: 26 -> 170 on hand; cost 4.10 -> 4.36", _receive_anchors),
    _item(11, "01-6310", "12 returned on receipt W-8102: 170 -> 182 on hand", _return_anchors),
    _item(14, "01-6310", "price 7.58 -> 7.95", lambda books: books.edit_item("01-6310", price=Decimal("7.95"))),
    _item(19, "01-6310", "30 and 12 sold on invoice 4201: 182 -> 140 on hand", _sell_anchors_twice),
    _item(
        23,
        "01-6310",
        "24 on sales order",
        lambda books: books.edit_item("01-6310", on_sales_order=Decimal(24)),
    ),
    _item(
        26,
        "01-6310",
        "cost 4.36 -> 4.52; sales description says hot-dip galvanized",
        lambda books: books.edit_item(
            "01-6310", cost=Decimal("4.52"), description='Wedge anchor 5/8" x 6", hot-dip galvanized'
        ),
    ),
    _item(
        29,
        "01-6310",
        "price 7.95 -> 7.26, as at first",
        lambda books: books.edit_item("01-6310", price=Decimal("7.26")),
    ),
    # Other items.
    _item(
        9,
        "AK-4",
        "counted: 25 -> 24 on hand; listed twice, the stale row first",
        lambda books: books.edit_item("AK-4", on_hand=Decimal(24)),
        _list_stale_first,
    ),
    _item(
        13,
        "SEAL-5G",
        "cost 88.00 -> 91.50; quantity on hand reads n/a, the next night 19 again",
        lambda books: books.edit_item("SEAL-5G", cost=Decimal("91.50")),
        _make_untypable,
    ),
    _item(
        17,
        "CB-12X12",
        "renamed to CB-12X12 (W), same QuickBooks Internal Id",
        lambda books: books.edit_item("CB-12X12", name="CB-12X12 (W)"),
    ),
    _item(
        16,
        'Rebar:Chair 2/3"',
        "price 29.90 -> blank",
        lambda books: books.edit_item('Rebar:Chair 2/3"', price=None),
    ),
    _item(
        18,
        'Rebar:Chair 2/3"',
        "price blank -> 29.90",
        lambda books: books.edit_item('Rebar:Chair 2/3"', price=Decimal("29.90")),
    ),
    Event(BACKUP_NIGHT, "items", "GLV-XL", "no longer listed: deleted for good", full=True, act=_delete_items),
    Event(BACKUP_NIGHT, "items", "PP-4/6", "no longer listed: deleted for now", full=True),
    _item(
        22,
        "PP-4/6",
        "listed again, price 16.40 -> 17.10",
        lambda books: books.edit_item("PP-4/6", listed=True, price=Decimal("17.10")),
    ),
    _item(24, "TRW-14 *", "made inactive", lambda books: books.edit_item("TRW-14 *", active=False)),
    _item(
        25,
        "FIBER-1LB",
        "12 sold of 3 on receipt W-8103: -9 on hand",
        lambda books: books.receipt("W-8103", SCRIPTED_CUSTOMER, [books.ware("FIBER-1LB", 12)]),
    ),
    # Transactions.
    Event(0, "sales_receipts", "W-8075", "the receipt of the documentation: 70.00 + 25.77 = 95.77"),
    Event(
        0,
        "invoices",
        "4104",
        "one product on two lines, subtotal, discount, shipping, free text and a 6.625% tax line",
        act=_open_planted,
    ),
    Event(
        5,
        "invoices",
        "4101",
        "loses its delivery line",
        act=lambda books: books.drop_line("4101", DELIVERY_ITEM),
    ),
    Event(
        8,
        "invoices",
        "4102",
        "gains a line of PV-HOL-68 before the one that it has",
        act=lambda books: books.insert_line("4102", books.ware("PV-HOL-68", 100)),
    ),
    Event(
        12,
        "invoices",
        "4103",
        "voided: its lines stay and count nothing",
        act=lambda books: books.void("4103"),
    ),
    # Customers.
    _customer(7, "terms Net 30 -> Net 60", lambda books: books.edit_customer(SCRIPTED_CUSTOMER, terms="Net 60")),
    _customer(13, "moves to Port Gravel", _move_northside),
    _customer(
        20,
        "main phone (201) 555-0134 -> (201) 555-0177",
        lambda books: books.edit_customer(SCRIPTED_CUSTOMER, phone="(201) 555-0177"),
    ),
    # Files.
    _oddity(6, "sales_receipts", "an export of nothing: a header alone", lambda table: table.rows.clear()),
    _oddity(
        10,
        "items",
        "a narrower template: " + ", ".join(NARROW_ITEMS) + " are absent",
        _drop_columns(*NARROW_ITEMS),
    ),
    _oddity(11, "items", "a stray row: every identifying column is blank", _add_stray_row),
    _oddity(12, "customers", f"an unknown column, {UNKNOWN_COLUMN}", _add_unknown_column),
    _oddity(17, "invoices", "a narrower template: Memo and Class are absent", _drop_columns("Memo", "Class")),
)
"""Everything planted. A run of fewer nights shows the events up to its last night."""


def told(nights: int) -> tuple[Event, ...]:
    """Return the events that a run of so many nights shows, in order."""
    shown = (event for event in STORY if event.night <= nights)
    return tuple(sorted(shown, key=lambda event: event.night))
