"""What Dagster tells where dbt failed: the first line of a failed run, the rows of a test that fails."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg
import psycopg
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from quickbooks_history.dbt_results import FailedNode, failed_nodes, in_one_line
from quickbooks_history.defs.markdown import markdown_table, rows_table, sql_block
from quickbooks_history.defs.project import manifest
from quickbooks_history.warehouse.activity import first_of
from quickbooks_history.warehouse.findings import first_rows
from quickbooks_history.warehouse.passing import passes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_SHOWN = 6
"""So many columns of a wrong row are shown in an error's line."""

FAILED_ROWS = "dagster_dbt/failed_row_count"
"""The metadata in which dagster-dbt says how many rows failed a test."""


class DbtFailedError(dg.Failure):
    """dbt ended with an error; the first line says at which model or test, and why."""


@contextmanager
def failures_named(connection: psycopg.Connection, target: Path) -> Iterator[None]:
    """Say of a dbt run that fails what failed, in place of how dbt was called.

    Args:
        connection: To the warehouse, where a test's first wrong row is looked up.
        target: The folder that dbt writes into.

    Raises:
        DbtFailedError: It failed.
    """
    (target / "run_results.json").unlink(missing_ok=True)
    try:
        yield
    except DagsterDbtCliRuntimeError as error:
        failed = failed_nodes(target, manifest())
        log = dg.MetadataValue.path(target / "dbt.log")
        if not failed:
            # dbt's words stand behind those of dagster-dbt.
            words = str(error).partition("Errors parsed from dbt logs:")[2] or str(error)
            message = f"dbt failed before it made anything: {in_one_line(words)}"
            raise DbtFailedError(message, metadata={"dbt_log": log}, allow_retries=passes(words)) from error
        first, *others = (f"{node.name} failed: {_reason(connection, node)}" for node in failed)
        message = "\n".join([first, *(f"and {words}" for words in others)])
        # What is wrong is wrong again: a try must be of use to all that failed.
        may_pass = all(passes(node.reason) for node in failed)
        metadata = {"failed": _table(failed), "dbt_log": log}
        raise DbtFailedError(message, metadata=metadata, allow_retries=may_pass) from error


def _reason(connection: psycopg.Connection, node: FailedNode) -> str:
    try:
        row = first_of(connection, node.statement) if node.statement else None
    except psycopg.Error:
        row = None  # the reason is what counts, not what it can be illustrated with
    if row is None:
        return node.reason
    shown = [f"{name} {value}" for name, value in row.items()][:_MOST_SHOWN]
    return f"{node.reason}, the first: {', '.join(shown)}"


def _table(failed: list[FailedNode]) -> dg.MetadataValue[str]:
    table = markdown_table(["what", "reason", "file"], ([node.name, node.reason, node.path] for node in failed))
    rows = [f"What {node.name} finds:\n```sql\n{node.statement}\n```" for node in failed if node.statement]
    return dg.MetadataValue.md("\n\n".join([table, *rows]))


def with_failing_rows(result: dg.AssetCheckResult, connection: psycopg.Connection, target: Path) -> dg.AssetCheckResult:
    """Add to a data test that failed its first rows and the SQL to see them all; dbt gives their number."""
    if result.metadata["status"].value not in {"fail", "warn"}:  # it could not be run: dbt's log says why
        return result
    node = manifest()["nodes"][str(result.metadata["unique_id"].value)]
    compiled = target / "compiled" / node["package_name"] / node["original_file_path"]
    if compiled.suffix != ".sql":  # a generic test, which stands in the file that asks for it
        compiled /= node["path"]
    try:
        query = compiled.read_text()
        first = first_rows(connection, query)
    except (OSError, psycopg.Error):  # what dbt has found counts, whether or not it can be shown
        return result
    return result._replace(
        description=f"fails the test {result.check_name}: {result.metadata[FAILED_ROWS].value:,} rows",
        metadata={
            **result.metadata,
            "first": rows_table(first),
            "sql": sql_block(query),
        },
    )
