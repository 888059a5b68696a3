"""Items exports of any size, written fast: what the benchmarks load."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from quickbooks_history.exports.contract import ITEMS


def write_items_export(
    path: Path, *, rows: int, seed: int = 1, generation: int = 0, changed_share: float = 0.05
) -> Path:
    """Write an items export of so many rows.

    Args:
        path: The file; its name is the caller's affair.
        rows: How many items it lists.
        seed: Which items. The same arguments write the same bytes.
        generation: How many times a share of the items has changed price and quantity since the first
            export; the others stand as they stood, so that a series of exports makes a history.
        changed_share: The share of items, 0 to 1, that each generation changes.

    Returns:
        The path.
    """
    rng = random.Random(seed)  # noqa: S311 - a benchmark must repeat itself, and guards no secret
    prices = [rng.randrange(100, 250_000) for _ in range(rows)]  # in cents
    quantities = [rng.randrange(5_000) for _ in range(rows)]
    for _ in range(generation):
        for n in rng.sample(range(rows), int(rows * changed_share)):
            prices[n] += 5
            quantities[n] -= 1
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ITEMS.headers)
        writer.writerows(_row(n, prices[n], quantities[n]) for n in range(rows))
    return path


def _row(n: int, price: int, quantity: int) -> tuple[str | int, ...]:
    """One item, its cells in the contract's order; `price` in cents."""
    name, words = f"BM-{n:07}", f'Benchmark item {n}, 5/8" thread'
    return (
        *(n + 1, name, "Inventory Part", "", "each", f"MP-{n}"),
        *(_dollars(price * 6 // 10), words, "Cost of Goods Sold", "Allied Aggregate"),
        *(_dollars(price), words, "Tax", "Sales:Yard", "", "Inventory Asset", "", ""),
        *(10, 500, quantity, 0, 0, "11-17-2021", "true", ""),
        *(f"{0x80000000 + n:X}-{1637186072 + n}", f"{n % 900 / 100:.2f}", f"{85000100100 + n:012}"),
    )


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
