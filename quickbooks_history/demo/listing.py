"""What each export says of the books: one function an entity, from records to rows by header."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from quickbooks_history.demo.books import Address, Books, Customer, Item, Line, Transaction
from quickbooks_history.demo.writing import Row, Table
from quickbooks_history.exports.contract import Entity

_DUE_DAYS = {"Net 15": 15, "Net 30": 30, "Net 60": 60, "2% 10 Net 30": 30}


def list_records(books: Books, entity: Entity, since: date | None = None) -> Table:
    """Return what an export of an entity lists.

    Args:
        books: The books on the evening before.
        entity: What is exported.
        since: The first day whose changes a partial export lists; none for a full export.
    """
    rows = list(_ROWS[entity.name](books, since or date.min))
    for n, row in enumerate(rows, start=1):
        row["S No"] = str(n)
    return Table(list(entity.headers), rows)


def _item_rows(books: Books, since: date) -> Iterable[Row]:
    return (_item_row(item) for item in books.items if item.listed and item.modified >= since)


def _customer_rows(books: Books, since: date) -> Iterable[Row]:
    return (_customer_row(books, customer) for customer in books.customers if customer.modified >= since)


def _invoice_rows(books: Books, since: date) -> Iterable[Row]:
    for invoice in books.invoices.values():
        if invoice.modified >= since:
            header = _invoice_header(invoice)
            for line in invoice.lines:
                amount: Row = {
                    "Product/Service  Amount": line.amount,
                    "Product/Service Sales Tax": _tax_code(line),
                }
                yield header | _line(line) | amount


def _receipt_rows(books: Books, since: date) -> Iterable[Row]:
    for receipt in books.receipts.values():
        if receipt.modified >= since:
            header = _receipt_header(receipt)
            for line in receipt.lines:
                amount: Row = {
                    "Product/Service Amount": line.amount,
                    "Product/Service Sales Tax Code": _tax_code(line),
                }
                yield header | _line(line) | amount


_ROWS: dict[str, Callable[[Books, date], Iterable[Row]]] = {
    "items": _item_rows,
    "customers": _customer_rows,
    "invoices": _invoice_rows,
    "sales_receipts": _receipt_rows,
}


def _item_row(item: Item) -> Row:
    low, high = item.reorder or (None, None)
    stocked = item.on_hand is not None
    return {
        "Item Name": item.name,
        "Item Type": item.item_type,
        "U/M": item.unit,
        "Manufacturer's Part Number": item.part_number,
        "Purchase Cost": item.cost,
        "Purchase Description": item.purchase_description,
        "COGS Account": "Cost of Goods Sold" if stocked else "",
        "Preferred Vendor": item.vendor,
        "Sales Price": item.price,
        "Sales Description": item.description,
        "Sales Tax Code": "Tax" if stocked else "Non",
        "Income Account": "Sales:Yard" if stocked else "Sales:Other",
        "Asset Account": "Inventory Asset" if stocked else "",
        "Min Re-Order Point": None if low is None else Decimal(low),
        "Max Re-Order Point": None if high is None else Decimal(high),
        "Quantity On Hand": item.on_hand,
        "Quantity On Order": item.on_order,
        "Quantity On Sales Order": item.on_sales_order,
        "Inventory Date": date(2021, 11, 17) if stocked else None,
        "Status": "true" if item.active else "false",
        "QuickBooks Internal Id": item.quickbooks_id,
        "Unit Weight kg": item.weight_kg,
        "UPC": item.upc,
    }


def _customer_row(books: Books, customer: Customer) -> Row:
    company = customer.name.split(":")[0]
    return {
        "Customer Name": customer.name,
        "Company Name": company,
        "Account Number": str(customer.number),
        "Customer Type": "Contractor",
        "Main Phone": customer.phone,
        "Mobile": customer.mobile,
        "Main Email": customer.email,
        "Terms": customer.terms,
        "Credit Limit": customer.credit_limit,
        "Sales Rep": customer.sales_rep,
        "Tax Code": "Tax" if customer.taxable else "Non",
        "Tax Item": "Sales Tax" if customer.taxable else "",
        "Preferred Delivery Method": "E-mail",
        **_address("Billing", "Line {}", company, customer.billing),
        **_address("Shipping", "Line {}", company, customer.shipping),
        "Current Balance": books.balance(customer),
        "Status": "Active",
        "Notes": customer.notes,
        "Created Date": customer.created,
        "Modified Date": customer.modified,
        "QuickBooks Internal Id": customer.quickbooks_id,
    }


def _invoice_header(invoice: Transaction) -> Row:
    percent = invoice.tax_percent
    company = invoice.customer.name.split(":")[0]
    return {
        "Invoice No": invoice.number,
        "Customer": invoice.customer.name,
        "Invoice Date": invoice.day,
        "Due Date": invoice.day + timedelta(days=_DUE_DAYS.get(invoice.terms, 0)),
        "Ship Date": invoice.day,
        "Shipping Method": _shipping_method(invoice),
        "Terms": invoice.terms,
        "PO Number": f"PO-{invoice.number}",
        "Class": "Yard",
        "Sales Rep": invoice.sales_rep,
        "Memo": invoice.memo,
        "Customer Message": "Thank you for your business.",
        "Template": "Yard Invoice",
        "Status": invoice.status,
        "Currency": "USD",
        "Exchange Rate": Decimal(1),
        **_address("Billing", "Line{}", company, invoice.billing),
        **_address("Shipping", "Line{}", company, invoice.shipping),
        "Sales Tax": "" if percent is None else "Sales Tax",
        "Tax Persentage": None if percent is None else f"{percent}%",
        "Total Tax": invoice.tax,
        "Total Amount": invoice.total,
        "Created Date": invoice.day,
        "Modified Date": invoice.modified,
        "QuickBooks Internal Id": invoice.quickbooks_id,
    }


def _receipt_header(receipt: Transaction) -> Row:
    company = receipt.customer.name.split(":")[0]
    return {
        "Sales Receipt No": receipt.number,
        "Customer": receipt.customer.name,
        "Sales Receipt Date": receipt.day,
        "Payment Method": receipt.payment_method,
        "Due Date": receipt.day,
        "Ship Date": receipt.day,
        "Shipping Method": _shipping_method(receipt),
        "Class": "Counter",
        "Sales Rep": receipt.sales_rep,
        "Memo": receipt.memo,
        "Message To Customer": "Returns within 30 days.",
        "Template": "Counter Receipt",
        **_address("Billing", "Line {}", company, receipt.billing),
        **_address("Shipping", "Line {}", company, receipt.shipping),
        "Customer Sales Tax Code": "Tax" if receipt.customer.taxable else "Non",
        "Total Tax": receipt.tax,
        "Total Amount": receipt.total,
        "Industry": "Construction",
        "SourceChannel": "Counter",
        "Created Date": receipt.day,
        "Modified Date": receipt.modified,
        "QuickBooks Internal Id": receipt.quickbooks_id,
    }


def _line(line: Line) -> Row:
    return {
        "Product/Service": line.product,
        "Product/Service Description": line.description,
        "Product/Service Quantity": line.quantity,
        "Product/Service Rate": line.rate if line.percent is None else f"{line.percent}%",
        "Unit Of Measure": line.unit,
    }


def _tax_code(line: Line) -> str:
    return "Tax" if line.quantity is not None else "Non"


def _shipping_method(transaction: Transaction) -> str:
    return "Ground" if any(line.product == "Shipping" for line in transaction.lines) else ""


def _address(kind: str, lines: str, company: str, address: Address) -> Row:
    prefix = f"{kind} Address"
    return {
        f"{prefix} {lines.format(1)}": company,
        f"{prefix} {lines.format(2)}": address.street,
        f"{prefix} City": address.city,
        f"{prefix} State": address.state,
        f"{prefix} Postal Code": address.postal_code,
        f"{prefix} Country": address.country,
    }
