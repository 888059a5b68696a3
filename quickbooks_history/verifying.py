"""`qbh verify` and `qbh rebuild`: runs in which history is made anew from the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quickbooks_history.runs import Run, open_warehouse, run_job
from quickbooks_history.warehouse.history import has_any_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from quickbooks_history.settings import Settings


class NoHistoryError(RuntimeError):
    """There is nothing to verify."""


@dataclass(frozen=True)
class Finding:
    """What a verification says of one table.

    Attributes:
        table: Its name, `<schema>.<table>`.
        agrees: Whether it holds what the log says.
        found: The same in words, with numbers.
        first: Of each kind of difference the first rows: `there` and `recomputed`, either may be none.
        differs: Whether the table was compared, and differs from what was recomputed.
    """

    table: str
    agrees: bool
    found: str
    first: list[dict[str, dict[str, object] | None]]
    differs: bool = False


@dataclass(frozen=True)
class Verification:
    """How a verification ended.

    Attributes:
        run: The Dagster run.
        findings: One for each table that was compared, and before it one for each other check of the table that failed.
        is_complete: Whether every table was compared. A check that fails may fail the run, and has said what it had to.
    """

    run: Run
    findings: list[Finding]
    is_complete: bool

    @property
    def agrees(self) -> bool:
        """Whether all tables hold what the log says."""
        return bool(self.findings) and all(finding.agrees for finding in self.findings)


def verify(settings: Settings, follow: Callable[[str], None]) -> Verification:
    """Make history anew from the log in a schema beside it and compare row for row, as a Dagster run.

    Args:
        settings: Says where the warehouse and the Dagster instance are.
        follow: Is told, in a few words, each thing that happens.

    Raises:
        NoHistoryError: Nothing has been built yet.
    """
    with open_warehouse(settings, follow, forward=False) as connection:
        if not has_any_history(connection):
            raise NoHistoryError
        run = run_job(settings, connection, "verify", follow, command="verify")
    from quickbooks_history.defs.checks import RECOMPUTED, history_as_recomputed
    from quickbooks_history.defs.log_checks import APPENDED

    findings = [
        Finding(
            table=check.table,
            agrees=check.passed,
            found=check.description.removeprefix(f"{check.table} ") or f"fails the test {check.name}",
            first=check.metadata.get("comparison", {}).get("first", []),
            differs="comparison" in check.metadata,
        )
        for check in run.checks
        if check.name in {APPENDED, RECOMPUTED} or not (check.passed or check.is_warning)
    ]
    compared = sum(check.name == RECOMPUTED for check in run.checks)
    return Verification(
        run,
        sorted(findings, key=lambda finding: (finding.table, finding.differs)),
        is_complete=compared == len(list(history_as_recomputed.check_keys)),
    )


def rebuild(settings: Settings, follow: Callable[[str], None]) -> Run:
    """Put history made anew from the log in place of what is there, as a Dagster run.

    Args:
        settings: Says where the warehouse and the Dagster instance are.
        follow: Is told, in a few words, each thing that happens.
    """
    with open_warehouse(settings, follow) as connection:
        return run_job(
            settings,
            connection,
            "rebuild",
            follow,
            command="rebuild",
            ops={"dbt_build": {"config": {"from_scratch": True}}},
        )
