"""The made-up company's books: its records, and the trade that changes them day by day."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from quickbooks_history.demo import catalog

ZERO = Decimal(0)
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
_OPENED = date(2021, 11, 17)


def cents(amount: Decimal) -> Decimal:
    """Round an amount in dollars to cents, halves away from zero."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _list_id(number: int) -> str:
    return f"{0x80000000 + number:X}-{1637186072 + 4099 * number}"


def _transaction_id(number: int, day: date) -> str:
    moment = datetime.combine(day, time(9), UTC) + timedelta(seconds=number % 28_800)
    return f"{number:X}-{int(moment.timestamp())}"


@dataclass(eq=False)
class Item:
    """One item of the price list; money in dollars, quantities in its unit, null where it keeps no stock."""

    name: str
    item_type: str
    description: str
    quickbooks_id: str
    modified: date
    unit: str = ""
    cost: Decimal | None = None
    price: Decimal | None = None
    purchase_description: str = ""
    part_number: str = ""
    vendor: str = ""
    reorder: tuple[int, int] | None = None
    on_hand: Decimal | None = None
    on_order: Decimal | None = None
    on_sales_order: Decimal | None = None
    weight_kg: Decimal | None = None
    upc: str = ""
    active: bool = True
    listed: bool = True
    scripted: bool = False
    fractional: bool = False


@dataclass(frozen=True)
class Address:
    """A postal address."""

    street: str
    city: str
    state: str
    postal_code: str
    country: str = "USA"


@dataclass(eq=False)
class Customer:
    """One customer; its balance is what its open invoices add up to."""

    name: str
    number: int
    quickbooks_id: str
    phone: str
    email: str
    terms: str
    credit_limit: Decimal
    billing: Address
    shipping: Address
    taxable: bool
    created: date
    modified: date
    mobile: str = ""
    notes: str = ""
    sales_rep: str = ""


class Role(StrEnum):
    """What a line does to its transaction's total."""

    WARE = "ware"
    CHARGE = "charge"
    SUBTOTAL = "subtotal"  # repeats what stands above it: no part of the total
    DISCOUNT = "discount"
    TAX = "tax"
    TEXT = "text"  # no product and no amount


@dataclass(eq=False)
class Line:
    """One line of a transaction; `percent` is the rate of tax and discount lines."""

    role: Role
    product: str
    description: str
    quantity: Decimal | None = None
    rate: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    unit: str = ""


@dataclass(eq=False)
class Transaction:
    """One invoice or sales receipt."""

    number: str
    quickbooks_id: str
    customer: Customer
    day: date
    modified: date
    billing: Address
    shipping: Address
    terms: str
    sales_rep: str
    payment_method: str
    lines: list[Line] = field(default_factory=list)
    status: str = "Open"
    memo: str = ""
    scripted: bool = False

    @property
    def tax(self) -> Decimal:
        """The sum of the tax lines, in dollars."""
        return sum((line.amount or ZERO for line in self.lines if line.role is Role.TAX), ZERO)

    @property
    def total(self) -> Decimal:
        """The sum of every line but subtotals, in dollars."""
        return sum((line.amount or ZERO for line in self.lines if line.role is not Role.SUBTOTAL), ZERO)

    @property
    def tax_percent(self) -> Decimal | None:
        """The rate of the first tax line, if it is taxed."""
        return next((line.percent for line in self.lines if line.role is Role.TAX), None)

    def settle(self) -> None:
        """Compute subtotals, discounts and tax from the lines above them."""
        wares = taxable = everything = ZERO
        for line in self.lines:
            if line.role is Role.SUBTOTAL:
                line.amount = everything
                continue
            if line.percent is not None:
                base = wares if line.role is Role.DISCOUNT else taxable
                line.amount = cents(base * line.percent / _HUNDRED)
            amount = line.amount or ZERO
            everything += amount
            if line.role is Role.WARE:
                wares += amount
            if line.role in (Role.WARE, Role.DISCOUNT):
                taxable += amount


class Books:
    """Everything that the company knows on one evening.

    Attributes:
        today: The business day; whatever changes is marked with it.
        items: Every item ever kept; those that are not `listed` were deleted.
        customers: Every customer.
        invoices: Every invoice by its number, oldest first.
        receipts: Every sales receipt by its number, oldest first.
    """

    def __init__(self, today: date, rng: random.Random) -> None:
        self.today = today
        self._rng = rng
        self._arrivals: list[tuple[date, Item]] = []
        self._next_invoice = 4001
        self._next_receipt = 8001
        self.items = self._open_items()
        self.customers = [self._open_customer(n, name) for n, name in enumerate(catalog.CUSTOMERS)]
        self.invoices: dict[str, Transaction] = {}
        self.receipts: dict[str, Transaction] = {}

    # What is there

    def item(self, name: str) -> Item:
        """Return the item of that name, deleted or not."""
        return next(item for item in self.items if item.name == name)

    def customer(self, name: str) -> Customer:
        """Return the customer of that name."""
        return next(customer for customer in self.customers if customer.name == name)

    def balance(self, customer: Customer) -> Decimal:
        """Return what a customer's open invoices add up to, in dollars."""
        owed = (i.total for i in self.invoices.values() if i.customer is customer and i.status == "Open")
        return sum(owed, ZERO)

    # What the story and the trade do

    def edit_item(self, name: str, /, **changes: object) -> None:
        """Set attributes of an item."""
        self._edit(self.item(name), changes)

    def edit_customer(self, name: str, /, **changes: object) -> None:
        """Set attributes of a customer."""
        self._edit(self.customer(name), changes)

    def invoice(self, number: str, customer: str, lines: list[Line], *, scripted: bool = True) -> Transaction:
        """Write an invoice over lines that are made already; its customer owes its total."""
        quickbooks_id = _transaction_id(0x1A000 + int(number), self.today)
        return self._write(self.invoices, number, quickbooks_id, customer, lines, scripted=scripted)

    def receipt(self, number: str, customer: str, lines: list[Line], *, scripted: bool = True) -> Transaction:
        """Write a sales receipt over lines that are made already; it is paid."""
        quickbooks_id = _transaction_id(0x2B000 + int(number.removeprefix("W-")), self.today)
        return self._write(self.receipts, number, quickbooks_id, customer, lines, scripted=scripted)

    def ware(self, name: str, quantity: str | int | Decimal) -> Line:
        """Take a quantity of an item from stock (give back a negative one) and return its line."""
        item, taken = self.item(name), Decimal(quantity)
        if item.on_hand is None or item.price is None:
            raise ValueError(f"{name}: has no stock or no price, so it cannot be sold by quantity")
        item.on_hand -= taken
        item.modified = self.today
        amount = cents(taken * item.price)
        return Line(Role.WARE, name, item.description, taken, item.price, amount=amount, unit=item.unit)

    def drop_line(self, number: str, product: str) -> None:
        """Take the first line of a product off an invoice."""
        invoice = self.invoices[number]
        invoice.lines.remove(next(line for line in invoice.lines if line.product == product))
        self._touch(invoice)

    def insert_line(self, number: str, line: Line) -> None:
        """Put a line at the top of an invoice."""
        invoice = self.invoices[number]
        invoice.lines.insert(0, line)
        self._touch(invoice)

    def void(self, number: str) -> None:
        """Void an invoice: its lines stay and count nothing, its wares go back into stock."""
        invoice = self.invoices[number]
        for line in invoice.lines:
            if line.role is Role.WARE and line.quantity is not None:
                self.ware(line.product, -line.quantity)
                line.quantity = ZERO
            line.amount = None if line.amount is None else ZERO
        invoice.status, invoice.memo = "Closed", "VOID: ordered twice"
        self._touch(invoice)

    # The everyday trade

    def look_back(self, invoices: int, receipts: int, days: int) -> None:
        """Fill the books with transactions of the days before today, most invoices paid.

        Args:
            invoices: How many invoices to write.
            receipts: How many sales receipts to write.
            days: Over how many days before today they are spread.
        """
        first_day = self.today - timedelta(days=days)
        for kind, count in ((self._random_invoice, invoices), (self._random_receipt, receipts)):
            for n in range(count):
                self.today = first_day + timedelta(days=days * n // count)
                kind()
        for invoice in self.invoices.values():
            if self._rng.random() < 0.7:
                invoice.status = "Paid"
        self.today = first_day + timedelta(days=days)

    def continue_numbers(self, invoice: int, receipt: int) -> None:
        """Let the next random transactions bear these numbers."""
        self._next_invoice, self._next_receipt = invoice, receipt

    def trade(self) -> None:
        """Do one day's random business: receive, sell, collect, reprice, note what customers tell."""
        self._receive()
        for _ in range(self._rng.randint(2, 3)):
            self._random_invoice()
        for _ in range(self._rng.randint(2, 3)):
            self._random_receipt()
        self._collect(self._rng.randint(1, 3))
        self._reprice()
        for _ in range(self._rng.randint(1, 2)):
            self._customer_calls()
        self._reorder()

    def _receive(self) -> None:
        for _, item in [arrival for arrival in self._arrivals if arrival[0] <= self.today]:
            item.on_hand = (item.on_hand or ZERO) + (item.on_order or ZERO)
            item.on_order = ZERO
            item.modified = self.today
        self._arrivals = [arrival for arrival in self._arrivals if arrival[0] > self.today]

    def _reorder(self) -> None:
        for item in self._everyday_items():
            low, high = item.reorder or (0, 0)
            if item.on_hand is not None and item.on_hand < low and not item.on_order:
                item.on_order = Decimal(high) - item.on_hand
                item.modified = self.today
                self._arrivals.append((self.today + timedelta(days=self._rng.randint(2, 4)), item))

    def _collect(self, count: int) -> None:
        owed = [i for i in self.invoices.values() if i.status == "Open" and not i.scripted]
        for invoice in self._rng.sample(owed, min(count, len(owed))):
            invoice.status = "Paid"
            self._touch(invoice)

    def _reprice(self) -> None:
        item = self._rng.choice(self._everyday_items())
        step = Decimal(self._rng.choice(("-0.05", "0.02", "0.03", "0.05")))
        if self._rng.random() < 0.5:
            item.price = cents((item.price or ZERO) * (1 + step))
        else:
            item.cost = cents((item.cost or ZERO) * (1 + step))
        item.modified = self.today
        waiting = self._rng.choice(self._everyday_items())
        waiting.on_sales_order = Decimal(self._rng.choice((0, 6, 12, 24)))
        waiting.modified = self.today

    def _customer_calls(self) -> None:
        customer = self._random_customer()
        match self._rng.randrange(4):
            case 0:
                customer.phone = self._phone()
            case 1:
                customer.terms = self._rng.choice(catalog.TERMS)
            case 2:
                customer.shipping = self._address()
            case _:
                customer.mobile = self._phone()
        customer.modified = self.today

    def _random_invoice(self) -> None:
        customer = self._random_customer()
        self.invoice(str(self._next_invoice), customer.name, self._random_lines(customer), scripted=False)
        self._next_invoice += 1

    def _random_receipt(self) -> None:
        customer = self._random_customer()
        number = f"W-{self._next_receipt}"
        self.receipt(number, customer.name, self._random_lines(customer), scripted=False)
        self._next_receipt += 1

    def _random_lines(self, customer: Customer) -> list[Line]:
        """One to five lines: wares first, then what goes with them."""
        rng = self._rng
        wares = rng.choices(self._everyday_items(), k=rng.choice((1, 1, 1, 2, 2, 3)))
        lines = [self.ware(item.name, self._random_quantity(item)) for item in wares]
        if len(lines) < 3 and rng.random() < 0.15:
            lines += [subtotal(), discount("-5")]
        if len(lines) < 4 and rng.random() < 0.4:
            lines.append(charge(catalog.SHIPPING_ITEM, str(Decimal(rng.randrange(995, 9000)) / _HUNDRED)))
        if len(lines) < 4 and rng.random() < 0.08:
            lines.append(free_text("Call before delivery \N{EN DASH} gate is locked"))
        return [*lines, tax()] if customer.taxable else lines

    def _random_quantity(self, item: Item) -> Decimal:
        if item.fractional:
            return Decimal(self._rng.randint(2, 40)) / 4
        dear = item.price is not None and item.price > 20
        return Decimal(self._rng.randint(1, 4) if dear else self._rng.choice((4, 6, 10, 12, 24, 25, 40)))

    def _everyday_items(self) -> list[Item]:
        return [item for item in self.items if item.on_hand is not None and not item.scripted]

    def _random_customer(self) -> Customer:
        return self._rng.choice([c for c in self.customers if c.name != catalog.SCRIPTED_CUSTOMER])

    def _phone(self) -> str:
        return f"({self._rng.choice((201, 609, 732, 908))}) 555-{self._rng.randint(100, 199):04}"

    def _address(self) -> Address:
        street = f"{self._rng.randint(2, 980)} {self._rng.choice(catalog.STREETS)}"
        return Address(street, *self._rng.choice(catalog.TOWNS))

    # How records come to be

    def _open_items(self) -> list[Item]:
        day = _OPENED
        stocked = [
            Item(
                ware.name,
                "Inventory Part",
                ware.description,
                _list_id(0x100 + n),
                day,
                unit=ware.unit,
                cost=Decimal(ware.cost),
                price=Decimal(ware.price),
                purchase_description=ware.description,
                part_number=f"MP-{70210 + 37 * n}",
                vendor=catalog.VENDORS[n % len(catalog.VENDORS)],
                reorder=ware.reorder,
                on_hand=Decimal(ware.on_hand),
                on_order=ZERO,
                on_sales_order=ZERO,
                weight_kg=Decimal(25 + 17 * n) / _HUNDRED,
                upc=f"0{85000100100 + 7919 * n}",
                scripted=ware.scripted,
                fractional=ware.fractional,
            )
            for n, ware in enumerate(catalog.WARES)
        ]
        charges = [
            Item(entry.name, entry.item_type, entry.description, _list_id(0x400 + n), day, scripted=True)
            for n, entry in enumerate(catalog.CHARGES)
        ]
        return stocked + charges

    def _open_customer(self, n: int, name: str) -> Customer:
        address = self._address()
        slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
        scripted = name == catalog.SCRIPTED_CUSTOMER
        return Customer(
            name,
            1000 + n,
            _list_id(0x200 + n),
            "(201) 555-0134" if scripted else self._phone(),
            f"office@{slug}.example",
            "Net 30" if scripted else self._rng.choice(catalog.TERMS),
            Decimal(self._rng.choice((2500, 5000, 10000))),
            address,
            self._address() if self._rng.random() < 0.3 else address,
            taxable=not scripted and self._rng.random() < 0.75,
            created=_OPENED + timedelta(days=9 * n),
            modified=_OPENED + timedelta(days=9 * n),
            notes="Leave at gate.\nAsk for the yard foreman." if n % 13 == 1 else "",
            sales_rep=catalog.SALES_REPS[n % len(catalog.SALES_REPS)],
        )

    def _write(
        self,
        shelf: dict[str, Transaction],
        number: str,
        quickbooks_id: str,
        customer_name: str,
        lines: list[Line],
        *,
        scripted: bool,
    ) -> Transaction:
        customer = self.customer(customer_name)
        method = catalog.PAYMENT_METHODS[int(number[-1]) % len(catalog.PAYMENT_METHODS)]
        transaction = Transaction(
            number,
            quickbooks_id,
            customer,
            self.today,
            self.today,
            customer.billing,
            customer.shipping,
            customer.terms,
            customer.sales_rep,
            "Credit Card" if scripted else method,
            lines,
            scripted=scripted,
        )
        shelf[number] = transaction
        self._touch(transaction)
        return transaction

    def _edit(self, record: Item | Customer, changes: dict[str, object]) -> None:
        for name, value in changes.items():
            if not hasattr(record, name):
                raise AttributeError(f"{type(record).__name__} has no attribute {name}")
            setattr(record, name, value)
        record.modified = self.today

    def _touch(self, transaction: Transaction) -> None:
        transaction.settle()
        transaction.modified = self.today
        if transaction.number in self.invoices:  # an invoice moves its customer's balance, a receipt does not
            transaction.customer.modified = self.today


def charge(name: str, amount: str) -> Line:
    """Return a line of shipping or the like: an amount in dollars and no quantity."""
    description = next(entry.description for entry in catalog.CHARGES if entry.name == name)
    return Line(Role.CHARGE, name, description, rate=Decimal(amount), amount=Decimal(amount))


def subtotal() -> Line:
    """Return a line that repeats what stands above it."""
    return Line(Role.SUBTOTAL, catalog.SUBTOTAL_ITEM, "Subtotal")


def discount(percent: str) -> Line:
    """Return a discount line; the percentage is negative."""
    return Line(Role.DISCOUNT, catalog.DISCOUNT_ITEM, "Contractor discount", percent=Decimal(percent))


def tax() -> Line:
    """Return the sales tax line."""
    return Line(Role.TAX, catalog.TAX_ITEM, "State sales tax", percent=Decimal(catalog.TAX_PERCENT))


def free_text(words: str) -> Line:
    """Return a line of words: no product, no amount."""
    return Line(Role.TEXT, "", words)
