"""What history means, once more: slow, obvious, and sharing no code with the product.

It replays one entity's effective loads moment by moment, as a clerk with a card for each record would: put the cards
in the state that the exports of the moment leave them in, then compare with the state before. The numbers in
brackets are the rules of the page that says what history means.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Kind:
    """What is to be known of an entity: its columns as header, staging name and type."""

    number: str
    record_columns: tuple[tuple[str, str, str], ...]
    line_columns: tuple[tuple[str, str, str], ...] = ()
    history_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Load:
    """An effective load: a file's name and what stands in it, all of it text."""

    exported_at: datetime
    scope: str
    file_name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@dataclass
class Version:
    """What a record or a line was from one moment to another."""

    key: tuple[Any, ...]
    values: dict[str, Any]
    valid_from: datetime
    valid_to: datetime | None
    file_name: str


@dataclass(frozen=True)
class Change:
    """A row of a history mart."""

    key: str
    column_name: str
    old_value: str | None
    new_value: str | None
    changed_at: datetime
    change_type: str
    file_name: str


@dataclass
class Delivery:
    """An accepted file, and whether it counts: `loaded`, `held` or `withdrawn`."""

    load: Load
    status: str

    @property
    def slot(self) -> tuple[datetime, str]:
        """The place in the entity's history that the file fills."""
        return self.load.exported_at, self.load.scope


DECISIONS = {
    "approve": ({"held"}, "loaded"),
    "withdraw": ({"loaded", "held"}, "withdrawn"),
    "undo": ({"withdrawn"}, "loaded"),
}
"""What may be decided of a load: the statuses that it must have, and the one that it gets."""


@dataclass
class Ledger:
    """One entity's accepted files in the order in which they came, and the guard's two numbers.

    Attributes:
        kind: What is to be known of the entity.
        spared: So many records may go without asking.
        share: Such a share of the open records may go without asking.
        deliveries: The files.
    """

    kind: Kind
    spared: int
    share: float
    deliveries: list[Delivery] = field(default_factory=list)

    def deliver(self, load: Load) -> None:
        """Accept a file, unless its slot has had this content before, whatever became of that."""
        new = Delivery(load, "loaded")
        for known in self.deliveries:
            if known.slot == new.slot and (known.load.columns, known.load.rows) == (load.columns, load.rows):
                return
        if load.scope == "full" and self._would_delete_much(load):
            new.status = "held"  # [9]
        self.deliveries.append(new)

    def decide(self, file_name: str, word: str) -> bool:
        """Do what a decision says to the newest load of a file that it can be said of; whether there is one."""
        was, becomes = DECISIONS[word]
        for delivery in reversed(self.deliveries):
            if delivery.load.file_name == file_name and delivery.status in was:
                delivery.status = becomes
                return True
        return False

    @property
    def effective(self) -> list[Load]:
        """Of each slot, the load accepted last that is neither withdrawn nor held."""
        counting = {delivery.slot: delivery.load for delivery in self.deliveries if delivery.status == "loaded"}
        return list(counting.values())

    def _would_delete_much(self, load: Load) -> bool:
        """[9] Whether a full export would close more of the records that are open when it comes than it may."""
        earlier = [known for known in self.effective if known.exported_at < load.exported_at]
        open_keys = {version.key for version in record_versions(self.kind, earlier) if version.valid_to is None}
        _, listed = _records(self.kind, load)
        closed = len(open_keys - listed.keys())
        return closed > self.spared and closed > self.share * len(open_keys)


@dataclass(frozen=True)
class Card:
    """What is known of a key while a moment's exports are applied, and the last file that said it is there."""

    values: dict[str, Any]
    file_name: str


def record_versions(kind: Kind, loads: list[Load]) -> list[Version]:
    """The versions of an entity's records."""
    return _replay(loads, lambda load: _records(kind, load), owner=lambda key: None)


def line_versions(kind: Kind, loads: list[Load]) -> list[Version]:
    """The versions of the lines of an entity's transactions."""
    return _replay(loads, lambda load: _lines(kind, load), owner=lambda key: key[0])


def changes(kind: Kind, loads: list[Load]) -> list[Change]:
    """The rows of the entity's history mart."""
    full_files = {load.exported_at: load.file_name for load in loads if load.scope == "full"}
    by_key: dict[tuple[Any, ...], list[Version]] = defaultdict(list)
    for version in record_versions(kind, loads):
        by_key[version.key].append(version)
    rows = []
    for (key,), versions in by_key.items():
        before = None
        for version in versions:
            at, file = version.valid_from, version.file_name
            if before is not None and before.valid_to != at:
                rows.append(Change(key, "_record", None, "active", at, "restored", file))
            change_type = "created" if before is None else "changed"
            for column in kind.history_columns:
                old = None if before is None else _printed(before.values[column])
                new = _printed(version.values[column])
                if old != new:
                    rows.append(Change(key, column, old, new, at, change_type, file))
            before = version
            ends = version.valid_to
            if ends is not None and all(other.valid_from != ends for other in versions):
                rows.append(Change(key, "_record", "active", None, ends, "deleted", full_files[ends]))
    return rows


def _replay(loads: list[Load], observe: Any, owner: Any) -> list[Version]:
    """Apply loads in order, and write down what each moment changed.

    `observe` gives what a load says: the records that it lists, and the values of every key that it has. `owner`
    names the record whose listing is complete for a key, None where no listing but a full export's is.
    """
    versions: list[Version] = []
    last: dict[tuple[Any, ...], Version] = {}
    in_order = sorted(loads, key=lambda load: (load.exported_at, load.scope == "full", load.file_name))
    for moment, at_moment in groupby(in_order, key=lambda load: load.exported_at):
        before = {key: Card(v.values, v.file_name) for key, v in last.items() if v.valid_to is None}
        now = dict(before)
        for load in at_moment:  # [7] in order, column over column
            listed, observed = observe(load)
            for key in [*now]:
                # [6] what a full export does not list, and what a transaction no longer has
                if key not in observed and (load.scope == "full" or owner(key) in listed):
                    del now[key]
            for key, values in observed.items():
                known = now[key].values if key in now else last[key].values if key in last else {}
                everything = [name for name, _ in values]
                # [3] what the file has no column for stays as it was, null if it never was
                kept = {name: known.get(name) for name in everything}
                now[key] = Card({**kept, **{n: v[0] for n, v in values if v is not None}}, load.file_name)
        for key in before.keys() - now.keys():
            last[key].valid_to = moment  # [6]
        for key, card in now.items():
            if key in before and card.values == before[key].values:  # [2] typed, null equal to null
                continue
            if key in before:
                last[key].valid_to = moment  # [5]
            last[key] = Version(key, card.values, moment, None, card.file_name)  # [4]
            versions.append(last[key])
    return versions


def _records(kind: Kind, load: Load) -> tuple[set[str], dict[tuple[Any, ...], list[Any]]]:
    """[1] One observation for each record key: its last row."""
    observed = {}
    for row in load.rows:
        key = _record_key(kind, row)
        if key is not None:
            observed[(key,)] = _observed_values(kind.record_columns, load, row)
    return {key for (key,) in observed}, observed


def _lines(kind: Kind, load: Load) -> tuple[set[str], dict[tuple[Any, ...], list[Any]]]:
    """[1] The lines of each transaction: products, each numbered within its transaction in file order."""
    listed, observed = set(), {}
    for row in load.rows:
        record, product = _record_key(kind, row), _text(row["Product/Service"])
        if record is not None:
            listed.add(record)
        if record is not None and product is not None:
            nth = 1
            while (record, product, nth) in observed:
                nth += 1
            observed[(record, product, nth)] = _observed_values(kind.line_columns, load, row)
    return listed, observed


def _record_key(kind: Kind, row: dict[str, str]) -> str | None:
    return _text(row.get("QuickBooks Internal Id", "")) or _text(row[kind.number])


def _observed_values(columns: Any, load: Load, row: dict[str, str]) -> list[Any]:
    """For each column its name, and None if the file lacks it, or else a box with its value."""
    return [(name, [_typed(row[header], type_)] if header in load.columns else None) for header, name, type_ in columns]


def _typed(text: str, type_: str) -> Any:
    known = {"text": _text, "number": _number, "date": _date, "rate": _rate, "percent": _percent}
    return known[type_](text)


def _text(text: str) -> str | None:
    return text.strip() or None


def _number(text: str) -> Decimal | None:
    digits = text.strip()
    sign = 1
    if digits.startswith("(") and digits.endswith(")"):
        sign, digits = -1, digits[1:-1]
    digits = digits.replace("$", "")
    if re.search(r"\d,\d{3}", digits):
        digits = digits.replace(",", "")
    try:
        return sign * Decimal(digits)
    except ArithmeticError:
        return None


def _rate(text: str) -> Decimal | None:
    return None if text.strip().endswith("%") else _number(text)


def _percent(text: str) -> Decimal | None:
    return _number(text.strip()[:-1]) if text.strip().endswith("%") else None


def _date(text: str) -> date | None:
    for form in ("%m-%d-%Y", "%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def _printed(value: Any) -> str | None:
    """How a value stands in a history mart: numbers without trailing zeros, dates as YYYY-MM-DD."""
    if isinstance(value, Decimal):
        digits = f"{value:f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return None if value is None else str(value)
