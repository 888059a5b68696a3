"""The table of a run: what was measured, its bound, and whether it is kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

Unit = Literal["s", "ms", "MB", "rows/s", "times"]
Verdict = Literal["ok", "MISSED", "WRONG", "-"]

RATIO: Unit = "times"
"""One figure over another: the only kind that says something of a small run too."""

SLACK_OF_SMALL = 2
"""How much further than its bound a ratio may go in a small run, where fixed costs weigh more."""


class WrongResultError(Exception):
    """What was measured did not do its work."""


@dataclass(frozen=True)
class Row:
    """One figure of a part.

    Attributes:
        part: The part that measured it.
        what: What it is, with the sizes that it was measured at.
        figure: How much.
        unit: Of the figure and its bound.
        at_most: The bound from above, if there is one.
        at_least: The bound from below, if there is one.
    """

    part: str
    what: str
    figure: float
    unit: Unit
    at_most: float | None = None
    at_least: float | None = None

    def verdict(self, *, small: bool) -> Verdict:
        """Whether the bound is kept; "-" when there is none to judge by."""
        if (self.at_most is None and self.at_least is None) or (small and self.unit != RATIO):
            return "-"
        slack = SLACK_OF_SMALL if small else 1
        too_much = self.at_most is not None and self.figure > self.at_most * slack
        too_little = self.at_least is not None and self.figure < self.at_least / slack
        return "MISSED" if too_much or too_little else "ok"

    @property
    def bound(self) -> str:
        """The bound in words."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return "" if self.at_least is None else f">= {self.at_least:g}"


@dataclass
class Table:
    """All rows of a run, and what was wrong.

    Attributes:
        small: Whether the run was a small one, in which ratios alone are judged.
        rows: The figures.
        details: Of each part, what its figures are made of: every single time, sizes of tables.
        wrong: Of each part that did not do its work, what was wrong.
    """

    small: bool
    rows: list[Row] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        part: str,
        what: str,
        figure: float,
        unit: Unit,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> None:
        """Add a figure."""
        self.rows.append(Row(part, what, figure, unit, at_most, at_least))

    def detail(self, part: str, **facts: Any) -> None:
        """Keep facts for the JSON."""
        self.details.setdefault(part, {}).update(facts)

    def verdict(self, row: Row) -> Verdict:
        """A row's verdict: wrong with its part, or else by its bound."""
        return "WRONG" if row.part in self.wrong else row.verdict(small=self.small)

    @property
    def holds(self) -> bool:
        """Whether nothing was wrong and no bound was missed."""
        return not self.wrong and all(self.verdict(row) != "MISSED" for row in self.rows)

    def lines(self) -> list[str]:
        """The table as text."""
        cells = [("part", "what", "measured", "unit", "bound", "verdict")]
        cells += [
            (row.part, row.what, f"{row.figure:,.2f}", row.unit, row.bound, self.verdict(row)) for row in self.rows
        ]
        cells += [(part, reason, "", "", "", "WRONG") for part, reason in self.wrong.items()]
        widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
        return [
            "  ".join(
                cell.rjust(width) if column in {2, 4} else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in cells
        ]

    def write(self, path: Path, **facts: Any) -> None:
        """Write everything as JSON."""
        rows = [asdict(row) | {"verdict": self.verdict(row)} for row in self.rows]
        content = facts | {"small": self.small, "rows": rows, "wrong": self.wrong, "details": self.details}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
