"""The export contract: every entity, its headers, keys, types and history columns, written down once.

The tap, the raw tables, the ledger and the Dagster assets are built from this page; the dbt models are
checked against it by tests/dbt/test_contract.py. A new column is one line here plus its line in the
staging models; a new entity is one `Entity` here plus its SQL models: docs/extending.md says which.

Source of the headers: the CSV files that QuickBooks Desktop export tools write, quirks included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """How staging types a column's text."""

    TEXT = "text"
    NUMERIC = "numeric"
    DATE = "date"
    RATE = "rate"  # a unit price, or a percentage such as `6.625%`, which goes to `<name>_percent`
    PERCENT = "percent"  # a number that may carry a percent sign
    ORDINAL = "ordinal"  # the row's place in the file (`S No`): kept, never compared


class Level(StrEnum):
    """Whose property a column is: the whole record's, or one line's of a transaction."""

    RECORD = "record"
    LINE = "line"


@dataclass(frozen=True)
class Column:
    """One column of an export.

    Attributes:
        header: The header as the export tool writes it; also the column's name in `raw`.
        name: Its snake_case name from staging on.
        kind: How staging types it.
        required: Whether a file without it is rejected.
        history: Whether `marts.<entity>_history` follows it.
        level: Whether it belongs to the record or to one of its lines.
    """

    header: str
    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    history: bool = False
    level: Level = Level.RECORD

    @property
    def staging_names(self) -> tuple[str, ...]:
        """The columns of the entity's row-level staging model that this one becomes.

        A line's column is prefixed, for header and line may have columns of one name; a rate becomes two.
        """
        name = f"line_{self.name}" if self.level is Level.LINE else self.name
        return (name, f"{name}_percent") if self.kind is Kind.RATE else (name,)


@dataclass(frozen=True)
class Entity:
    """What one kind of export lists.

    Attributes:
        name: Plural snake_case name; also the raw table's and the Singer stream's.
        singular: Prefix of its history mart, `<singular>_history`.
        partial_prefix: What a nightly export's file name starts with.
        full_prefixes: What a full export's file name may start with.
        number: Staging name of the column that identifies a record without a QuickBooks id.
        columns: Every known column, in the export tool's order.
    """

    name: str
    singular: str
    partial_prefix: str
    full_prefixes: tuple[str, ...]
    number: str
    columns: tuple[Column, ...] = field(repr=False)

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Columns by normalized header."""
        return {normalize_header(column.header): column for column in self.columns}

    @property
    def headers(self) -> tuple[str, ...]:
        """Every known header, in the export tool's order."""
        return tuple(column.header for column in self.columns)

    @property
    def number_header(self) -> str:
        """Header of the column that identifies a record without a QuickBooks id."""
        return next(column.header for column in self.columns if column.name == self.number)

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which a file is rejected."""
        return tuple(column for column in self.columns if column.required)

    @property
    def history_columns(self) -> tuple[str, ...]:
        """Staging names of the columns that the entity's history mart follows."""
        return tuple(column.name for column in self.columns if column.history)

    @property
    def has_lines(self) -> bool:
        """Whether a record is a transaction of several rows."""
        return any(column.level is Level.LINE for column in self.columns)

    @property
    def product_header(self) -> str:
        """Header of the column that says what a line is of."""
        return next(
            column.header for column in self.columns if column.level is Level.LINE and column.name == "product_service"
        )

    @property
    def tables(self) -> dict[Level, str]:
        """Names of its tables of current state: of its records, and of their lines."""
        lines = {Level.LINE: f"{self.singular}_lines"} if self.has_lines else {}
        return {Level.RECORD: self.name} | lines

    @property
    def snapshots(self) -> tuple[str, ...]:
        """Names of the snapshots that hold its versions: of its records, and of their lines."""
        return tuple(f"{table}_snapshot" for table in self.tables.values())


def normalize_header(header: str) -> str:
    """Return the form in which two spellings of one header are equal.

    Export tools differ in runs of blanks (`Product/Service  Amount`) and in `Line1` against `Line 1`, and in
    nothing else.

    Args:
        header: A header as it stands in a file or in the contract.

    Returns:
        The header trimmed, its runs of blanks made one, and `Line<digit>` written with a blank.
    """
    return re.sub(r"\bLine(\d)", r"Line \1", " ".join(header.split()))


def _address(kind: str, lines: str, count: int, *, history: bool = False) -> tuple[Column, ...]:
    """The columns of one postal address: `count` lines (`lines` is their spelling), then the rest."""
    prefix = f"{kind} Address"
    name = f"{kind.lower()}_address"
    line_columns = [
        Column(f"{prefix} {lines.format(n)}", f"{name}_line_{n}", history=history) for n in range(1, count + 1)
    ]
    rest = ("City", "State", "Postal Code", "Country")
    return (
        *line_columns,
        *(Column(f"{prefix} {part}", f"{name}_{part.lower().replace(' ', '_')}", history=history) for part in rest),
    )


_NUMERIC, _DATE, _LINE = Kind.NUMERIC, Kind.DATE, Level.LINE
_S_NO = Column("S No", "s_no", Kind.ORDINAL)
LOAD_COLUMNS = (
    "_sdc_source_lineno",
    "_sdc_source_file",
    "_sdc_extracted_at",
    "_sdc_batched_at",
    "_exported_at",
    "_load_id",
)
"""Columns that every table of the log has beside a file's own; `warehouse.schema` says what is in them."""

QUICKBOOKS_ID = "QuickBooks Internal Id"

ITEMS = Entity(
    name="items",
    singular="item",
    partial_prefix="Item",
    full_prefixes=("item_all", "01_BACKUP_Item"),
    number="item_name",
    columns=(
        _S_NO,
        Column("Item Name", "item_name", required=True, history=True),
        Column("Item Type", "item_type"),
        Column("Item Subtype", "item_subtype"),
        Column("U/M", "unit_of_measure"),
        Column("Manufacturer's Part Number", "manufacturers_part_number"),
        Column("Purchase Cost", "purchase_cost", _NUMERIC, required=True, history=True),
        Column("Purchase Description", "purchase_description", history=True),
        Column("COGS Account", "cogs_account"),
        Column("Preferred Vendor", "preferred_vendor"),
        Column("Sales Price", "sales_price", _NUMERIC, required=True, history=True),
        Column("Sales Description", "sales_description", history=True),
        Column("Sales Tax Code", "sales_tax_code"),
        Column("Income Account", "income_account"),
        Column("Expense Account", "expense_account"),
        Column("Asset Account", "asset_account"),
        Column("Class", "class"),
        Column("Bar Code", "bar_code"),
        Column("Min Re-Order Point", "min_reorder_point", _NUMERIC),
        Column("Max Re-Order Point", "max_reorder_point", _NUMERIC),
        Column("Quantity On Hand", "quantity_on_hand", _NUMERIC, required=True, history=True),
        Column("Quantity On Order", "quantity_on_order", _NUMERIC, history=True),
        Column("Quantity On Sales Order", "quantity_on_sales_order", _NUMERIC, history=True),
        Column("Inventory Date", "inventory_date", _DATE),
        Column("Status", "status", required=True, history=True),
        Column("Transx", "transx"),
        Column(QUICKBOOKS_ID, "quickbooks_id"),
        Column("Unit Weight kg", "unit_weight_kg", _NUMERIC),
        Column("UPC", "upc"),
    ),
)

CUSTOMERS = Entity(
    name="customers",
    singular="customer",
    partial_prefix="Customer",
    full_prefixes=("customer_all", "01_BACKUP_Customer"),
    number="customer_name",
    columns=(
        _S_NO,
        Column("Customer Name", "customer_name", required=True, history=True),
        Column("Company Name", "company_name", history=True),
        Column("First Name", "first_name", history=True),
        Column("Middle Name", "middle_name", history=True),
        Column("Last Name", "last_name", history=True),
        Column("Account Number", "account_number"),
        Column("Customer Type", "customer_type"),
        Column("Job Title", "job_title"),
        Column("Main Phone", "main_phone", history=True),
        Column("Alt. Phone", "alt_phone", history=True),
        Column("Work Phone", "work_phone", history=True),
        Column("Mobile", "mobile", history=True),
        Column("Fax", "fax", history=True),
        Column("Main Email", "main_email", history=True),
        Column("CC Email", "cc_email", history=True),
        Column("Terms", "terms", history=True),
        Column("Credit Limit", "credit_limit", _NUMERIC),
        Column("Price Level", "price_level"),
        Column("Sales Rep", "sales_rep"),
        Column("Tax Code", "tax_code"),
        Column("Tax Item", "tax_item"),
        Column("Resale No", "resale_no"),
        Column("Preferred Delivery Method", "preferred_delivery_method"),
        Column("Preferred Payment Method", "preferred_payment_method"),
        *_address("Billing", "Line {}", 3, history=True),
        *_address("Shipping", "Line {}", 3, history=True),
        Column("Current Balance", "current_balance", _NUMERIC, history=True),
        Column("Status", "status", history=True),
        Column("Notes", "notes"),
        Column("Created Date", "created_date", _DATE),
        Column("Modified Date", "modified_date", _DATE),
        Column(QUICKBOOKS_ID, "quickbooks_id", required=True),
    ),
)

INVOICES = Entity(
    name="invoices",
    singular="invoice",
    partial_prefix="Invoice",
    full_prefixes=("invoice_all", "01_BACKUP_Invoice"),
    number="invoice_no",
    columns=(
        _S_NO,
        Column("Invoice No", "invoice_no", required=True),
        Column("Customer", "customer_name", required=True, history=True),
        Column("Invoice Date", "invoice_date", _DATE, required=True, history=True),
        Column("Due Date", "due_date", _DATE, history=True),
        Column("Ship Date", "ship_date", _DATE, history=True),
        Column("Shipping Method", "shipping_method"),
        Column("Terms", "terms", history=True),
        Column("PO Number", "po_number"),
        Column("Class", "class"),
        Column("Sales Rep", "sales_rep"),
        Column("FOB", "fob"),
        Column("Memo", "memo"),
        Column("Customer Message", "customer_message"),
        Column("Template", "template"),
        Column("Status", "status", history=True),
        Column("Currency", "currency"),
        Column("Exchange Rate", "exchange_rate", _NUMERIC),
        *_address("Billing", "Line{}", 5),
        *_address("Shipping", "Line{}", 5),
        Column("Product/Service", "product_service", required=True, level=_LINE),
        Column("Product/Service Description", "description", level=_LINE),
        Column("Product/Service Quantity", "quantity", _NUMERIC, level=_LINE),
        Column("Product/Service Rate", "rate", Kind.RATE, level=_LINE),
        Column("Product/Service  Amount", "amount", _NUMERIC, level=_LINE),
        Column("Product/Service Class", "class", level=_LINE),
        Column("Product/Service Service Date", "service_date", _DATE, level=_LINE),
        Column("Product/Service Sales Tax", "sales_tax_code", level=_LINE),
        Column("Sales Tax", "sales_tax"),
        Column("Tax Persentage", "tax_percentage", Kind.PERCENT),
        Column("Total Tax", "total_tax", _NUMERIC, history=True),
        Column("Total Amount", "total_amount", _NUMERIC, required=True, history=True),
        Column("Unit Of Measure", "unit_of_measure", level=_LINE),
        Column("Inventory Site", "inventory_site", level=_LINE),
        Column("Serial No", "serial_no", level=_LINE),
        Column("Lot No", "lot_no", level=_LINE),
        Column("External Id", "external_id"),
        Column("Created Date", "created_date", _DATE),
        Column("Modified Date", "modified_date", _DATE),
        Column(QUICKBOOKS_ID, "quickbooks_id", required=True),
    ),
)

SALES_RECEIPTS = Entity(
    name="sales_receipts",
    singular="sales_receipt",
    partial_prefix="Sales Receipt",
    full_prefixes=("sales_receipt_all", "01_BACKUP_Sales"),
    number="sales_receipt_no",
    columns=(
        _S_NO,
        Column("Sales Receipt No", "sales_receipt_no", required=True),
        Column("Customer", "customer_name", required=True, history=True),
        Column("Sales Receipt Date", "sales_receipt_date", _DATE, required=True, history=True),
        Column("Payment Method", "payment_method"),
        Column("Due Date", "due_date", _DATE, history=True),
        Column("Ship Date", "ship_date", _DATE, history=True),
        Column("Shipping Method", "shipping_method"),
        Column("Class", "class"),
        Column("Sales Rep", "sales_rep"),
        Column("FOB", "fob"),
        Column("Memo", "memo"),
        Column("Message To Customer", "message_to_customer"),
        Column("Template", "template"),
        *_address("Billing", "Line {}", 3),
        *_address("Shipping", "Line {}", 3),
        Column("Product/Service", "product_service", required=True, level=_LINE),
        Column("Product/Service Description", "description", level=_LINE),
        Column("Product/Service Quantity", "quantity", _NUMERIC, level=_LINE),
        Column("Product/Service Rate", "rate", Kind.RATE, level=_LINE),
        Column("Product/Service Amount", "amount", _NUMERIC, level=_LINE),
        Column("Product/Service Class", "class", level=_LINE),
        Column("Product/Service Service Date", "service_date", _DATE, level=_LINE),
        Column("Product/Service Sales Tax Code", "sales_tax_code", level=_LINE),
        Column("Customer Sales Tax Code", "customer_sales_tax_code"),
        Column("Total Tax", "total_tax", _NUMERIC, history=True),
        Column("Total Amount", "total_amount", _NUMERIC, required=True, history=True),
        Column("Unit Of Measure", "unit_of_measure", level=_LINE),
        Column("Industry", "industry"),
        Column("SourceChannel", "source_channel"),
        Column("Created Date", "created_date", _DATE),
        Column("Modified Date", "modified_date", _DATE),
        Column(QUICKBOOKS_ID, "quickbooks_id", required=True),
    ),
)

ENTITIES: dict[str, Entity] = {entity.name: entity for entity in (ITEMS, CUSTOMERS, INVOICES, SALES_RECEIPTS)}
