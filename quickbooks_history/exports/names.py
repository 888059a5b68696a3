"""What a file's name says of an export: entity, scope and moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import cache

from quickbooks_history.exports.contract import ENTITIES, Entity

_DATE = r"(?P<month>\d{2})_(?P<day>\d{2})_(?P<year>\d{4})"
_TIME = r"(?P<hour>\d{1,2})_(?P<minute>\d{2})_(?P<second>\d{2})"


class Scope(StrEnum):
    """How much of its entity an export lists."""

    PARTIAL = "partial"
    FULL = "full"


class NotAnExportError(ValueError):
    """A file's name is no export's; the message says which part is not, and what a name looks like."""


@dataclass(frozen=True)
class ExportName:
    """What the name of an export file states.

    Attributes:
        file_name: The name itself, without its folder.
        entity: What the export lists.
        scope: Whether it lists every record or only those touched lately.
        exported_at: The stated moment in UTC: valid time of everything in the file.
        export_date: The stated date, `YYYY-MM-DD`, as it stands in the name: the partition key.
    """

    file_name: str
    entity: Entity
    scope: Scope
    exported_at: datetime
    export_date: str

    @property
    def order(self) -> tuple[datetime, bool, str]:
        """Sort key of HISTORY.md section 2: moment, partial before full, file name."""
        return self.exported_at, self.scope is Scope.FULL, self.file_name


@cache
def _patterns() -> list[tuple[re.Pattern[str], Entity, Scope]]:
    patterns = []
    for entity in ENTITIES.values():
        patterns.append(
            (re.compile(rf"{re.escape(entity.partial_prefix)}_{_DATE}_{_TIME}\.csv"), entity, Scope.PARTIAL)
        )
        for prefix in entity.full_prefixes:
            patterns.append((re.compile(rf"{re.escape(prefix)}_{_DATE}\.csv"), entity, Scope.FULL))
    return patterns


def parse_export_name(file_name: str, zone: tzinfo = UTC) -> ExportName:
    """Read entity, scope and moment from a file's name.

    A full export states no time of day: it counts as 00:00:00 of its date.

    Args:
        file_name: The name without its folder, such as `Item_04_04_2025_2_00_03.csv`.
        zone: Time zone in which the export tool names its files.

    Returns:
        What the name states, its moment in UTC.

    Raises:
        NotAnExportError: The name matches no entity, or states a date or time that does not exist.
    """
    for pattern, entity, scope in _patterns():
        match = pattern.fullmatch(file_name)
        if match is None:
            continue
        parts = {name: int(digits) for name, digits in match.groupdict().items()}
        try:
            moment = datetime(**parts, tzinfo=zone)
            exported_at = moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            why = f"the name states a moment that does not exist ({error}); names give month, day, year"
            raise NotAnExportError(f"{file_name}: {why}") from None
        return ExportName(file_name, entity, scope, exported_at, moment.date().isoformat())
    raise NotAnExportError(
        f"{file_name}: not the name of an export; expected one like Item_04_04_2025_2_00_03.csv "
        "or item_all_04_03_2025.csv (docs/loading.md lists the names of all entities)"
    )
