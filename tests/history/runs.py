"""A run that has work in every table, what it leaves undisturbed, and what there is to compare with that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from faults import Statements
from timeline import history_nodes, warehouse

from quickbooks_history.warehouse.connection import connect

if TYPE_CHECKING:
    from timeline import Dbt

BEFORE = """
    item_all_04_03_2025.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 10          | 5
        B         | 3           | 1
        C         | 8           | 2

    Item_04_04_2025_2_00_00.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 11          | 5
        D         | 4           | 7

    Item_04_08_2025_2_00_00.csv
        Item Name | Sales Price | Quantity On Hand
        B         | 3           | 9

    invoice_all_04_03_2025.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1001       | AK-4            | 1                        | 95.77
        1001       | AK-5            | 2                        | 95.77
        1002       | AK-4            | 4                        | 120
        1003       | AK-9            | 1                        | 7

    Invoice_04_04_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1001       | AK-4            | 1                        | 90
        1001       | AK-6            | 2                        | 90

    Invoice_04_08_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1002       | AK-4            | 5                        | 130
"""

PENDING = """
    Item_04_04_2025_2_00_00.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 12          | 5
        D         | 4           | 7

    item_all_04_06_2025.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 12          | 5
        B         | 3           | 1

    Item_04_09_2025_2_00_00.csv
        Item Name | Sales Price | Quantity On Hand
        E         | 1           | 1

    Invoice_04_04_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1001       | AK-4            | 3                        | 91
        1001       | AK-6            | 2                        | 91

    invoice_all_04_06_2025.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1001       | AK-4            | 3                        | 91
        1002       | AK-4            | 4                        | 120

    Invoice_04_09_2025_2_00_00.csv
        Invoice No | Product/Service | Product/Service Quantity | Total Amount
        1004       | AK-4            | 1                        | 12
"""
"""A correction, a late full export that deletes, and a new file, of each entity. It goes with withdrawals."""

WITHDRAWN = ["Item_04_08_2025_2_00_00.csv", "Invoice_04_08_2025_2_00_00.csv"]

SNAPSHOTS = {"items_snapshot": "items", "invoices_snapshot": "invoices", "invoice_lines_snapshot": "invoices"}
HISTORIES = {"item_history": "items", "invoice_history": "invoices"}
NODES = [node for entity in ("items", "invoices") for node in history_nodes(entity)]

State = dict[str, Any]
"""Of each table its rows, and what the warehouse notes of it elsewhere."""


def state(url: str) -> State:
    with connect(url) as connection:
        return {
            "effective_loads": _rows(connection, "staging.effective_loads"),
            **{
                name: (
                    _rows(connection, f"snapshots.{name}"),
                    _rows(connection, "meta.applied_loads", f"snapshot = '{name}'"),
                )
                for name in SNAPSHOTS
            },
            **{
                name: (
                    _rows(connection, f"marts.{name}"),
                    _rows(connection, "meta.stale_history", f"entity = '{entity}'"),
                )
                for name, entity in HISTORIES.items()
            },
        }


def _rows(connection: psycopg.Connection, relation: str, where: str = "true") -> list[str] | None:
    try:
        found = connection.execute(f"select r::text from {relation} as r where {where} order by 1")
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None
    return [row for (row,) in found]


def catalog(url: str) -> Counter[str]:
    """Relations that dbt made or left, with the definitions of views and indexes."""
    with connect(url) as connection:
        found = connection.execute(r"""
            select concat_ws(
                ' ', oid::regclass, relkind, case relkind when 'v' then pg_get_viewdef(oid) end,
                -- dbt gives an index a new name each time.
                (
                    select string_agg(regexp_replace(pg_get_indexdef(indexrelid), 'INDEX \S+', 'INDEX'), ', ' order by indkey)
                    from pg_index where indrelid = oid
                )
            )
            from pg_class
            where
                relkind in ('r', 'v')
                and (
                    relnamespace::regnamespace::text in ('staging', 'snapshots', 'marts', 'public')
                    or relname like '%\_\_dbt\_%'
                )
        """)
        return Counter(text for (text,) in found)


@dataclass(frozen=True)
class Run:
    """A run that has work in every table.

    Attributes:
        template: The database that it starts from.
        nodes: What it builds; nothing means all.
        before: What it finds.
        between: What it leaves when it makes the snapshots and not the history marts.
        after: What it leaves.
        catalog: The relations that it leaves.
        statements: Those that it sends, one after the other.
    """

    template: str
    nodes: list[str]
    before: State
    between: State
    after: State
    catalog: Counter[str]
    statements: Statements

    def explains(self, left: State) -> bool:
        """Whether each table is as before or as after, and each history mart as its snapshot left it."""
        tables = all(left[name] in (self.before[name], self.after[name]) for name in ["effective_loads", *SNAPSHOTS])
        return tables and all(
            (left[f"{entity}_snapshot"], left[name])
            in (
                (self.before[f"{entity}_snapshot"], self.before[name]),
                (self.after[f"{entity}_snapshot"], self.between[name]),
                (self.after[f"{entity}_snapshot"], self.after[name]),
            )
            for name, entity in HISTORIES.items()
        )


def undisturbed(server: psycopg.Connection, url: str, dbt: Dbt, template: str, nodes: list[str]) -> Run:
    with warehouse(server, template):
        before = state(url)
        dbt.build("+items_snapshot", "+invoices_snapshot", "+invoice_lines_snapshot")
        between = state(url)
    with warehouse(server, template):
        with Statements().watched() as statements:
            dbt.build(*nodes, flags=["--threads", "1"])
        return Run(template, nodes, before, between, state(url), catalog(url), statements)
