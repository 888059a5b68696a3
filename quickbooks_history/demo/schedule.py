"""When the made-up company exports, and what its files are called."""

from __future__ import annotations

from datetime import date, timedelta

from quickbooks_history.exports.contract import Entity

FIRST_DAY = date(2025, 4, 1)
NIGHTS = 30
BACKUP_NIGHT = 15  # the night of `01_BACKUP_Item_...`
LATE_NIGHT = 20  # the night whose exports ran at ten in the morning: an hour of two digits
WINDOW = timedelta(days=2)  # a partial export lists what changed in so many days before it

_AT = {"items": "00_03", "customers": "00_41", "invoices": "01_12", "sales_receipts": "02_05"}


def night_date(night: int) -> date:
    """Return the date in the names of a night's files; night 0 is the first full export."""
    return FIRST_DAY + timedelta(days=night)


def partial_name(entity: Entity, night: int) -> str:
    """Return the name of a night's partial export."""
    hour = 10 if night == LATE_NIGHT else 2
    return f"{entity.partial_prefix}_{night_date(night):%m_%d_%Y}_{hour}_{_AT[entity.name]}.csv"


def full_name(entity: Entity, night: int) -> str:
    """Return the name of the full export that bears a night's date."""
    prefix = entity.full_prefixes[1 if night == BACKUP_NIGHT else 0]
    return f"{prefix}_{night_date(night):%m_%d_%Y}.csv"
