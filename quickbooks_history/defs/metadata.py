"""What people look at: figures that Dagster plots from run to run, and tables of what is worth a look."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import dagster as dg

from quickbooks_history.column_lineage import column_origins
from quickbooks_history.company import asset_key, table_of
from quickbooks_history.defs.inbox import inbox_key
from quickbooks_history.defs.markdown import markdown_table
from quickbooks_history.defs.project import manifest
from quickbooks_history.warehouse import activity
from quickbooks_history.warehouse.history import estimated_rows, exact_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import psycopg

    from quickbooks_history.warehouse.ledger import LedgerEntry

Metadata: TypeAlias = "dict[str, dg.RawMetadataValue]"

MOST_DELIVERIES = 20
"""Of a run of more files, only those that were not loaded are listed: Dagster keeps the list once for each export date
of the run, which over ten years is a quarter of a gigabyte."""


def deliveries_metadata(entries: Sequence[LedgerEntry]) -> Metadata:
    """Say what became of the files that a run delivered; of many files, of those that were not loaded."""
    statuses = Counter(entry.status for entry in entries)
    listed = list(entries)
    if len(entries) > MOST_DELIVERIES:
        listed = [entry for entry in entries if entry.status != "loaded"][:MOST_DELIVERIES]
    table = markdown_table(
        ["file", "rows", "status", "reason"],
        ([entry.file_name, entry.row_count, entry.status, entry.reason] for entry in listed),
    )
    if len(entries) > len(listed):
        table += f"\n\nand {len(entries) - len(listed):,} more, which are in `meta.loads`"
    return {
        "rows_loaded": sum(entry.row_count for entry in entries if entry.status == "loaded"),
        "files_loaded": statuses["loaded"],
        "files_rejected": statuses["rejected"],
        "files_held": statuses["held"],
        "files_duplicate": statuses["duplicate"],
        "deliveries": dg.MetadataValue.md(table),
    }


def storage_metadata(connection: psycopg.Connection, key: dg.AssetKey, entries: Sequence[LedgerEntry]) -> Metadata:
    """Say what a table of the log takes on disk, and how long it took to load what a run brought.

    Args:
        connection: To the warehouse.
        key: The table.
        entries: What the run brought.
    """
    seconds = activity.load_seconds(connection, [entry.load_id for entry in entries])
    return {"bytes": activity.table_bytes(connection, *table_of(key)), "load_seconds": seconds}


class BuildFigures:
    """What each of dbt's nodes has written since this was made, and what is to be known of it."""

    def __init__(self, connection: psycopg.Connection, target: Path, keys: Iterable[dg.AssetKey]) -> None:
        """Note what is there.

        Args:
            connection: To the warehouse.
            target: The folder that dbt compiles into.
            keys: The assets that the run makes.
        """
        self._connection = connection
        self._target = target
        self._mark = activity.begin(connection)
        self._versions = {
            table: exact_rows(connection, schema, table)
            for schema, table in map(table_of, keys)
            if schema == "snapshots"
        }

    def of(self, unique_id: str) -> Metadata:
        """Return the metadata of a node that dbt has just made."""
        node = manifest()["nodes"][unique_id]
        schema, name, config = node["schema"], node["name"], node["config"]
        if schema == "monitoring":
            return self._of_view(schema, name) | self._of_columns(unique_id)
        metadata: Metadata = {}
        exact = exact_rows(self._connection, schema, name)
        rows = estimated_rows(self._connection, schema, name) if exact is None else exact
        if rows is not None:
            metadata["dagster/row_count"] = rows
        if config.get("strategy") == "append_log":
            metadata |= self._of_snapshot(name, exact)
        elif "history_columns" in config.get("meta", {}):
            metadata |= self._of_history(name, config["meta"])
        return metadata | self._of_columns(unique_id)

    def _of_snapshot(self, name: str, now: int | None) -> Metadata:
        metadata: Metadata = {"records_changed": activity.records_written(self._connection, name, self._mark)}
        before = self._versions.get(name)
        if before is not None and now is not None:
            metadata["new_versions"] = now - before
        return metadata

    def _of_history(self, name: str, meta: Mapping[str, Any]) -> Metadata:
        counts = activity.changes_written(self._connection, name, f"{meta['entity']}_snapshot", self._mark)
        of_columns = {(count.change_type, count.column_name): count for count in counts}
        metadata: Metadata = {}
        if set(activity.PRICES) <= set(meta["history_columns"]):
            metadata["biggest_price_changes"] = self._biggest_price_changes()
        for column in [None, *meta["history_columns"]]:
            found = of_columns.get(("changed", column))
            # Also where there is none: a plot joins the points that it has.
            metadata[f"changes/{column}" if column else "changes"] = found.changes if found else 0
        for change_type in ("created", "deleted", "restored"):
            found = of_columns.get((change_type, None))
            metadata[f"records_{change_type}"] = found.records if found else 0
        return metadata

    def _biggest_price_changes(self) -> dg.MetadataValue[str]:
        biggest = activity.biggest_price_changes(self._connection, self._mark)
        if not biggest:
            return dg.MetadataValue.md("No price and no cost changed.")
        return dg.MetadataValue.md(
            markdown_table(
                ["item", "column", "old", "new", "difference", "percent", "changed at", "file"],
                (
                    [
                        *(change.item_name, change.column_name, Decimal(change.old_value), Decimal(change.new_value)),
                        *(change.difference, change.percent, change.changed_at, change.file_name),
                    ]
                    for change in biggest
                ),
            )
        )

    def _of_view(self, schema: str, name: str) -> Metadata:
        rows, in_all = activity.first_rows(self._connection, schema, name)
        table = markdown_table(list(rows[0]), (list(row.values()) for row in rows)) if rows else "None."
        return {"dagster/row_count": in_all, "first_rows": dg.MetadataValue.md(table)}

    def _of_columns(self, unique_id: str) -> Metadata:
        """Column lineage, for what reads Dagster's; the web UI does not show it, so it stands in a table too."""
        origins = column_origins(manifest(), unique_id, self._target)
        if not any(origins.values()):
            return {}
        nodes = {**manifest()["sources"], **manifest()["nodes"]}
        deps = {
            column: [
                dg.TableColumnDep(asset_key(nodes[parent]["schema"], nodes[parent]["name"]), name)
                for parent, name in made_of
            ]
            for column, made_of in origins.items()
        }
        table = markdown_table(["column", "made of"], ([column, _in_words(deps[column])] for column in deps))
        return {"dagster/column_lineage": dg.TableColumnLineage(deps), "columns_made_of": dg.MetadataValue.md(table)}


def _in_words(deps: Iterable[dg.TableColumnDep]) -> str:
    """Each table once, with those of its columns that count."""
    columns: dict[str, list[str]] = {}
    for dep in deps:
        columns.setdefault(".".join(table_of(dep.asset_key)), []).append(dep.column_name)
    return "; ".join(f"{table}: {', '.join(names)}" for table, names in columns.items())


def file_lineage(entity: str, headers: Iterable[str]) -> dg.TableColumnLineage:
    """Every column of a raw table is the one of its files that has the same header."""
    exports = inbox_key(entity)
    return dg.TableColumnLineage({header: [dg.TableColumnDep(exports, header)] for header in headers})
