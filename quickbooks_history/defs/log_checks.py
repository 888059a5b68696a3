"""Checks of the log: its rows against ledger and files, and the exports that come."""

# No postponed annotations here: Dagster reads those of an asset's function when it defines it.

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path

import dagster as dg
import psycopg

from quickbooks_history.defs.markdown import rows_table, shown_table, sql_block
from quickbooks_history.defs.raw import raw_key
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.defs.retention import log_in_database
from quickbooks_history.defs.retries import tried_again
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.exports.counting import count_file_rows
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse.appended import (
    AppendedLoad,
    appended_loads,
    differences_query,
    loads_ahead_of_history,
    rewritten_rows_query,
)
from quickbooks_history.warehouse.arrivals import (
    DRIFT_DAYS,
    REFUSED_DAYS,
    column_drift,
    column_drift_query,
    newest_export,
    newest_export_query,
    refused_exports,
    refused_exports_query,
)
from quickbooks_history.warehouse.findings import FIRST, first_rows

APPENDED = "rows_as_in_ledger"
UNCHANGED = "rows_unchanged"
IN_FILE = "rows_as_in_file"

_OF_THE_LOG = {
    APPENDED: (
        "Every load has as many rows in raw as the ledger says were in its file: nothing was lost, "
        "merged by key, loaded twice or deleted since."
    ),
    UNCHANGED: (
        "The rows of every load have the checksum that the ledger noted when they were loaded: none was changed since."
    ),
    IN_FILE: (
        "Every load has as many rows in raw as its file, counted anew by another reader than the one that loaded it. "
        "Files that are gone, or have other content now, are not counted."
    ),
}


@dg.multi_asset_check(
    name="raw_rows_as_in_ledger",
    specs=[
        dg.AssetCheckSpec(
            name,
            asset=raw_key(entity),
            blocking=True,
            description=f"{description} Runs that make history look at loads that are new to it, `verify` at all.",
        )
        for entity in ENTITIES
        for name, description in _OF_THE_LOG.items()
    ],
    can_subset=True,
)
def raw_rows_as_in_ledger(
    context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource
) -> Iterator[dg.AssetCheckResult]:
    """Hold the rows of the loads that history is to take up against ledger and files; in `verify`, of every load."""
    nodes = set(context.job_def.graph.node_dict)
    makes_history = "meltano_load" in nodes or ("dbt_build" in nodes and "history_as_recomputed" not in nodes)
    with tried_again(context), ExitStack() as stack:
        if makes_history:
            connection = stack.enter_context(warehouse.connect())
        else:
            connection = stack.enter_context(warehouse.turn(context.log, forward=False))
            stack.enter_context(log_in_database(context.log, connection, whole=True))
        for entity in ENTITIES:
            selected = {
                name
                for name in _OF_THE_LOG
                if dg.AssetCheckKey(raw_key(entity), name) in context.selected_asset_check_keys
            }
            if not selected:
                continue
            ahead = loads_ahead_of_history(connection, entity, context.run.run_id) if makes_history else None
            loads = appended_loads(connection, entity, ahead)
            query = differences_query(connection, entity, ahead)
            found = {
                APPENDED: _appended(loads, query),
                UNCHANGED: _unchanged(connection, entity, loads, query),
            }
            if IN_FILE in selected:
                found[IN_FILE] = _in_files(loads, query)
            for name in selected:
                yield found[name].as_result(raw_key(entity), name)


@dataclass(frozen=True)
class _Finding:
    """What a check of the log found.

    Attributes:
        words: The same in a line.
        passed: Whether all is well.
        metadata: Numbers, first rows, and the SQL to see them all.
    """

    words: str
    passed: bool
    metadata: "Mapping[str, dg.RawMetadataValue]"

    def as_result(
        self, key: dg.AssetKey, name: str, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
    ) -> dg.AssetCheckResult:
        return dg.AssetCheckResult(
            asset_key=key,
            check_name=name,
            passed=self.passed,
            severity=severity,
            description=self.words,
            metadata=self.metadata,
        )


def _appended(loads: Sequence[AppendedLoad], query: str) -> _Finding:
    differing = [load for load in loads if not load.is_complete]
    metadata: dict[str, dg.RawMetadataValue] = {"loads": len(loads), "loads_that_differ": len(differing)}
    if not differing:
        return _Finding(f"agrees, {sum(load.in_raw for load in loads):,} rows as in the ledger", True, metadata)
    first = differing[0]
    metadata["first"] = shown_table(
        ("load", "file", "rows in ledger", "rows in raw"),
        [(load.load_id, load.file_name, load.in_ledger, load.in_raw) for load in differing[:FIRST]],
    )
    metadata["sql"] = sql_block(query)
    return _Finding(
        "differs: rows were changed by something else than a load; "
        f"{first.file_name} has {first.in_raw:,}, the ledger {first.in_ledger:,}",
        False,
        metadata,
    )


def _unchanged(connection: psycopg.Connection, entity: str, loads: Sequence[AppendedLoad], query: str) -> _Finding:
    differing = [load for load in loads if not load.is_unchanged]
    without = sum(load.checksum_in_ledger is None for load in loads)
    metadata: dict[str, dg.RawMetadataValue] = {
        "loads": len(loads),
        "loads_that_differ": len(differing),
        "loads_without_checksum": without,
    }
    if not differing:
        counted_only = f"; {without} from before checksums were kept are counted only" if without else ""
        return _Finding(f"agrees, {len(loads) - without:,} checksums{counted_only}", True, metadata)
    first = differing[0]
    metadata["first"] = shown_table(
        ("load", "file", "rows", "checksum in ledger", "checksum in raw"),
        [
            (load.load_id, load.file_name, load.in_raw, load.checksum_in_ledger, load.checksum_in_raw)
            for load in differing[:FIRST]
        ],
    )
    metadata["sql"] = sql_block(query)
    rewritten = rewritten_rows_query(connection, entity, first)
    metadata["rewritten_rows"] = rows_table(first_rows(connection, rewritten))
    metadata["rewritten_rows_sql"] = sql_block(rewritten)
    return _Finding(
        f"differs: the rows of {first.file_name} (load {first.load_id}) are not those that were loaded", False, metadata
    )


def _in_files(loads: Sequence[AppendedLoad], query: str) -> _Finding:
    counted = {}
    for load in loads:
        if load.file_path and load.sha256 and load.encoding:
            in_file = count_file_rows(Path(load.file_path), load.sha256, load.encoding)
            if in_file is not None:
                counted[load] = in_file
    differing = [(load, in_file) for load, in_file in counted.items() if in_file != load.in_raw]
    metadata: dict[str, dg.RawMetadataValue] = {
        "files_counted": len(counted),
        "files_gone_or_changed": len(loads) - len(counted),
        "loads_that_differ": len(differing),
    }
    if not differing:
        gone = len(loads) - len(counted)
        not_counted = f"; {gone} files are gone or have other content now" if gone else ""
        return _Finding(f"agrees, {len(counted)} files counted{not_counted}", True, metadata)
    first, in_file = differing[0]
    metadata["first"] = shown_table(
        ("load", "file", "rows in file", "rows in raw"),
        [(load.load_id, load.file_path, in_file, load.in_raw) for load, in_file in differing[:FIRST]],
    )
    metadata["sql"] = sql_block(query)
    return _Finding(f"differs: {first.file_name} has {in_file:,} rows, raw {first.in_raw:,} of it", False, metadata)


FRESH = "export_is_fresh"
NO_DRIFT = "columns_as_before"
NONE_REFUSED = "no_export_is_refused"

_OF_ARRIVALS = {
    FRESH: (
        "The youngest export is not older than `QBH_FRESHNESS_HOURS`. Its age is counted from the moment that its name "
        "states, or from its loading if that was before. An entity of which no export has ever come is not missed."
    ),
    NO_DRIFT: (
        "The newest full and the newest partial export have no column that the contract does not know, and every one "
        f"that exports of their scope had in the {DRIFT_DAYS} days before."
    ),
    NONE_REFUSED: (
        "No export was rejected, or another one has come in its place since. What is not mended is told for "
        f"{REFUSED_DAYS} days."
    ),
}


@dg.multi_asset_check(
    name="exports_as_expected",
    specs=[
        dg.AssetCheckSpec(
            name, asset=raw_key(entity), description=f"{description} Warns; nothing in the tables is wrong."
        )
        for entity in ENTITIES
        for name, description in _OF_ARRIVALS.items()
    ],
    can_subset=True,
)
def exports_as_expected(
    context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource
) -> Iterator[dg.AssetCheckResult]:
    """Say which entities' exports have stopped coming, come with other columns, or were refused."""
    with tried_again(context), warehouse.connect() as connection:
        for check in sorted(context.selected_asset_check_keys):
            entity = check.asset_key.path[-1]
            found = _LOOKED_AT[check.name](connection, entity)
            yield found.as_result(check.asset_key, check.name, dg.AssetCheckSeverity.WARN)


def _fresh(connection: psycopg.Connection, entity: str) -> _Finding:
    allowed = Settings().freshness_hours
    newest = newest_export(connection, entity)
    if newest is None:
        return _Finding("no export has ever come", True, {"hours_allowed": allowed})
    days = f" ({newest.hours / 24:,.0f} days)" if newest.hours >= 48 else ""
    words = f"{newest.file_name} is {newest.hours:,.1f} hours old{days}, {allowed:g} are allowed"
    passed = newest.hours <= allowed
    metadata: dict[str, dg.RawMetadataValue] = {
        "hours": round(newest.hours, 1),
        "hours_allowed": allowed,
        "file": newest.file_name,
        "exported_at": dg.MetadataValue.timestamp(newest.exported_at),
        "loaded_at": dg.MetadataValue.timestamp(newest.loaded_at),
    }
    if passed:
        return _Finding(words, True, metadata)
    metadata["sql"] = sql_block(newest_export_query(connection, entity))
    return _Finding(f"{words}; see whether the export tool still runs and its files reach the inbox", False, metadata)


def _as_before(connection: psycopg.Connection, entity: str) -> _Finding:
    drifts = column_drift(connection, entity)
    counts = Counter(found.drift for found in drifts)
    metadata: dict[str, dg.RawMetadataValue] = {
        "unknown_columns": counts["unknown"],
        "missing_columns": counts["missing"],
    }
    if not drifts:
        return _Finding("no column is unknown or missing", True, metadata)
    metadata["first"] = shown_table(
        ("file", "scope", "drift", "column", "last seen in"), [astuple(found) for found in drifts[:FIRST]]
    )
    metadata["sql"] = sql_block(column_drift_query(connection, entity))
    first = drifts[0]
    return _Finding(
        f"{counts['unknown']} columns unknown, {counts['missing']} missing; "
        f"first {first.column_name}, {first.drift} in {first.file_name}",
        False,
        metadata,
    )


def _none_refused(connection: psycopg.Connection, entity: str) -> _Finding:
    refused = refused_exports(connection, entity)
    metadata: dict[str, dg.RawMetadataValue] = {"refused_exports": len(refused)}
    if not refused:
        return _Finding("no export waits for somebody to mend it", True, metadata)
    first = refused[0]
    metadata["first"] = shown_table(
        ("file", "reason", "refused at", "lies in"), [astuple(found) for found in refused[:FIRST]]
    )
    metadata["sql"] = sql_block(refused_exports_query(connection, entity))
    others = f", and {len(refused) - 1} more" if len(refused) > 1 else ""
    return _Finding(f"{first.file_name} is not loaded: {first.reason}{others}", False, metadata)


_LOOKED_AT = {FRESH: _fresh, NO_DRIFT: _as_before, NONE_REFUSED: _none_refused}
