"""A small company's exports of any number of nights: four files a night, of about a hundred rows each unless told.

Sizes are those of the companies that export such files: 200 items, 800 customers, and every night the transactions
of two days with those that were paid or edited since. The demo's company has a story; this one has length.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from quickbooks_history.exports.contract import ENTITIES, QUICKBOOKS_ID

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from quickbooks_history.exports.contract import Entity

FIRST_NIGHT = date(2015, 1, 1)
ITEMS, CUSTOMERS = 200, 800
LINES = 3
"""Lines of every transaction."""
NEW_A_NIGHT = 14
EDITED_A_NIGHT = 5

Row = dict[str, object]


@dataclass
class Transaction:
    """An invoice or a sales receipt."""

    number: int
    day: date
    customer: int
    items: list[int]
    quantities: list[int]
    prices: list[int]
    paid: bool = False
    memo: str = ""


@dataclass
class Company:
    """The books, and the night up to which they have been exported.

    Attributes:
        seed: Which company. The same seed writes the same files.
        rows_a_file: Items, and customers, that a partial export lists.
        nights: How many have been exported.
        transactions: What was sold.
    """

    seed: int = 1
    rows_a_file: int = 100
    nights: int = 0
    transactions: dict[str, list[Transaction]] = field(default_factory=lambda: {"invoices": [], "sales_receipts": []})

    def __post_init__(self) -> None:
        self.numbers = random.Random(self.seed)
        self.price = [self.numbers.randrange(100, 150_000) for _ in range(ITEMS)]  # in cents
        self.on_hand = [self.numbers.randrange(500) for _ in range(ITEMS)]
        self.balance = [self.numbers.randrange(900_000) for _ in range(CUSTOMERS)]  # in cents
        self.phone = [self.numbers.randrange(10_000) for _ in range(CUSTOMERS)]

    def export_nights(self, folder: Path, nights: int) -> list[Path]:
        """Trade and export for so many nights more; the very first night's exports are full ones.

        Args:
            folder: Where the files go; it is there.
            nights: How many.

        Returns:
            Four files a night, oldest first.
        """
        return [path for _ in range(nights) for path in self._export_night(folder)]

    def _export_night(self, folder: Path) -> list[Path]:
        today = FIRST_NIGHT + timedelta(days=self.nights)
        first = self.nights == 0
        items = range(ITEMS) if first else sorted(self.numbers.sample(range(ITEMS), self.rows_a_file))
        customers = range(CUSTOMERS) if first else sorted(self.numbers.sample(range(CUSTOMERS), self.rows_a_file))
        listed = {name: list(self._trade(name, today)) for name in self.transactions}
        for item in items[: len(items) // 2]:
            self.on_hand[item] = (self.on_hand[item] + self.numbers.randrange(1, 500)) % 500
            if self.numbers.random() < 0.05:
                self.price[item] += self.numbers.randrange(1, 200)
        for customer in customers[: len(customers) // 4]:
            self.balance[customer] = self.numbers.randrange(900_000)
            if self.numbers.random() < 0.02:
                self.phone[customer] = self.numbers.randrange(10_000)
        self.nights += 1
        rows = {
            "items": map(self._item, items),
            "customers": map(self._customer, customers),
            **{name: [row for one in listed[name] for row in self._lines(name, one)] for name in listed},
        }
        return [_write(folder, entity, today, rows[name], full=first) for name, entity in ENTITIES.items()]

    def _trade(self, name: str, today: date) -> Iterable[Transaction]:
        """New transactions, those of the day before, and some older ones that were paid or edited."""
        known = self.transactions[name]
        older = self.numbers.sample(known[-400:], min(EDITED_A_NIGHT, len(known)))
        for one in older:
            one.paid = True
            if self.numbers.random() < 0.2:
                one.quantities[0] += 1
        recent = known[-NEW_A_NIGHT:]
        for _ in range(NEW_A_NIGHT):
            items = self.numbers.sample(range(ITEMS), LINES)
            known.append(
                Transaction(
                    len(known),
                    today - timedelta(days=1),
                    self.numbers.randrange(CUSTOMERS),
                    items,
                    [self.numbers.randrange(1, 40) for _ in items],
                    [self.price[item] for item in items],
                )
            )
        chosen = {one.number: one for one in (*older, *recent, *known[-NEW_A_NIGHT:])}
        return (chosen[number] for number in sorted(chosen))

    def _item(self, item: int) -> Row:
        words = f'Anchor kit {item}, 4-pack, 5/8" thread'
        return {
            "Item Name": f"AK-{item}", "Item Type": "Inventory Part", "U/M": "each",
            "Manufacturer's Part Number": f"MP-{item}", "Purchase Cost": _dollars(self.price[item] * 6 // 10),
            "Purchase Description": words, "COGS Account": "Cost of Goods Sold", "Preferred Vendor": "Allied Aggregate",
            "Sales Price": _dollars(self.price[item]), "Sales Description": words, "Sales Tax Code": "Tax",
            "Income Account": "Sales:Yard", "Asset Account": "Inventory Asset",
            "Quantity On Hand": self.on_hand[item], "Quantity On Order": 0, "Quantity On Sales Order": 0,
            "Inventory Date": "11-17-2021", "Status": "true", QUICKBOOKS_ID: f"{0x80000000 + item:X}-1637186072",
            "UPC": f"{85000100100 + item:012}",
        }  # fmt: skip

    def _customer(self, customer: int) -> Row:
        name = _customer_name(customer)
        return {
            "Customer Name": name, "Company Name": name, "Account Number": 1000 + customer,
            "Customer Type": "Contractor", "Main Phone": f"555-{self.phone[customer]:04}",
            "Main Email": f"office@{customer}.example", "Terms": "Net 30", "Credit Limit": "25000.00",
            "Tax Code": "Tax", "Tax Item": "Sales Tax", **_address(customer, "Line "),
            "Current Balance": _dollars(self.balance[customer]), "Status": "Active",
            QUICKBOOKS_ID: f"{0x80010000 + customer:X}-1637186072",
        }  # fmt: skip

    def _lines(self, name: str, one: Transaction) -> Iterable[Row]:
        amounts = [quantity * price for quantity, price in zip(one.quantities, one.prices, strict=True)]
        invoice = name == "invoices"
        day = f"{one.day:%m-%d-%Y}"
        header: Row = {
            "Customer": _customer_name(one.customer), "Due Date": f"{one.day + timedelta(days=30):%m-%d-%Y}",
            "Memo": one.memo, "Total Amount": _dollars(sum(amounts)), "Total Tax": "0.00",
            QUICKBOOKS_ID: f"{0x10000 + one.number:X}-1637186072",
            **_address(one.customer, "Line" if invoice else "Line "),
        }  # fmt: skip
        if invoice:
            header |= {"Invoice No": f"I-{one.number}", "Invoice Date": day, "Status": "Paid" if one.paid else "Open"}
        else:
            header |= {"Sales Receipt No": f"W-{one.number}", "Sales Receipt Date": day, "Payment Method": "Check"}
        amount_header = "Product/Service  Amount" if invoice else "Product/Service Amount"
        for item, quantity, price, amount in zip(one.items, one.quantities, one.prices, amounts, strict=True):
            yield header | {
                "Product/Service": f"AK-{item}", "Product/Service Description": f"Anchor kit {item}",
                "Product/Service Quantity": quantity, "Product/Service Rate": _dollars(price),
                amount_header: _dollars(amount),
            }  # fmt: skip


def _customer_name(customer: int) -> str:
    return f"Northside Paving {customer}"


def _address(customer: int, line: str) -> Row:
    return {
        f"{kind} Address {part}": value
        for kind in ("Billing", "Shipping")
        for part, value in ((f"{line}1", f"{customer} Quarry Road"), ("City", "Springfield"), ("State", "OR"),
                            ("Postal Code", f"{97400 + customer % 100}"), ("Country", "USA"))
    }  # fmt: skip


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _write(folder: Path, entity: Entity, today: date, rows: Iterable[Row], *, full: bool) -> Path:
    name = (
        f"{entity.full_prefixes[0]}_{today:%m_%d_%Y}" if full else f"{entity.partial_prefix}_{today:%m_%d_%Y}_2_00_00"
    )
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, entity.headers, restval="")
        writer.writeheader()
        for place, row in enumerate(rows, start=1):
            row["S No"] = place
            writer.writerow(row)
    return path
