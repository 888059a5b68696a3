"""Checks of what dbt cannot see: the log itself, and history against the log."""

# No postponed annotations here: Dagster reads those of an asset's function when it defines it.

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg
from dagster_dbt import DbtCliResource

from quickbooks_history.defs.raw import raw_key
from quickbooks_history.defs.resources import WAREHOUSE_POOL, WarehouseResource
from quickbooks_history.defs.transform import history_tables, recomputed
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.history import has_any_history
from quickbooks_history.warehouse.recomputation import Comparison, compare

APPENDED = "rows_as_in_ledger"


@dg.multi_asset_check(
    name="raw_rows_as_in_ledger",
    specs=[
        dg.AssetCheckSpec(
            APPENDED,
            asset=raw_key(entity),
            blocking=True,
            description=(
                "Every load has as many rows in raw as the ledger says were in its file: nothing was lost, "
                "merged by key, loaded twice or deleted since. A run that loads counts its own loads, `verify` all."
            ),
        )
        for entity in ENTITIES
    ],
    can_subset=True,
)
def raw_rows_as_in_ledger(
    context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource
) -> Iterator[dg.AssetCheckResult]:
    """Count the rows of the run's loads against the ledger; of every load, where nothing is loaded."""
    loads = "meltano_load" in context.job_def.graph.node_dict
    with warehouse.connect() as connection:
        rows_of = ledger.rows_by_entity(connection)
        for entity in ENTITIES:
            if dg.AssetCheckKey(raw_key(entity), APPENDED) not in context.selected_asset_check_keys:
                continue
            differences = ledger.append_differences(connection, entity, context.run.run_id if loads else None)
            metadata: dict[str, dg.RawMetadataValue] = {"loads_that_differ": len(differences)}
            if differences:
                rows = "\n".join(
                    f"| {d.load_id} | {d.file_name} | {d.in_ledger} | {d.in_raw} |" for d in differences[:10]
                )
                metadata["first"] = dg.MetadataValue.md(
                    f"| load | file | rows in ledger | rows in raw |\n| --- | --- | ---: | ---: |\n{rows}"
                )
            yield dg.AssetCheckResult(
                asset_key=raw_key(entity),
                check_name=APPENDED,
                passed=not differences,
                description=(
                    "differs: rows were changed by something else than a load; "
                    f"{differences[0].file_name} has {differences[0].in_raw:,}, the ledger {differences[0].in_ledger:,}"
                    if differences
                    else f"agrees, {rows_of.get(entity, 0):,} rows as in the ledger"
                ),
                metadata=metadata,
            )


RECOMPUTED = "as_recomputed"


@dg.multi_asset_check(
    name="history_as_recomputed",
    specs=[
        dg.AssetCheckSpec(
            RECOMPUTED,
            asset=key,
            description="Row for row what comes out when all of history is made anew from the log.",
        )
        for key in history_tables()
    ],
    can_subset=True,
    pool=WAREHOUSE_POOL,
)
def history_as_recomputed(
    context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource, dbt: DbtCliResource
) -> Iterator[dg.AssetCheckResult]:
    """Make history anew beside what is there, and compare."""
    if context.run.asset_selection:
        context.log.info("not asked for by itself: the job `verify` makes history anew, not every materialization")
        return
    keys = sorted(key.asset_key for key in context.selected_asset_check_keys)
    with warehouse.turn(context.log) as connection:
        if not has_any_history(connection):
            context.log.info("there is no history yet, and nothing to compare")
            return
        behind = ledger.pending_loads(connection)
        if behind:
            files = ", ".join(behind[:3]) + (", ..." if len(behind) > 3 else "")
            for key in keys:
                yield dg.AssetCheckResult(
                    asset_key=key,
                    check_name=RECOMPUTED,
                    passed=False,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=(
                        f"not compared: loads that history has yet to take up: {len(behind)} ({files}); "
                        "run qbh load, or the job refresh_history, first"
                    ),
                )
            return
        with recomputed(dbt, connection):
            for key in keys:
                yield _compared(key, compare(connection, *key.path))


def _compared(key: dg.AssetKey, comparison: Comparison) -> dg.AssetCheckResult:
    metadata: dict[str, dg.RawMetadataValue] = {
        "rows_recomputed": comparison.rows,
        "rows_missing": comparison.missing,
        "rows_surplus": comparison.surplus,
        "rows_wrong": comparison.wrong,
    }
    if not comparison.agrees:
        metadata["comparison"] = dg.MetadataValue.json(asdict(comparison))
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=RECOMPUTED,
        passed=comparison.agrees,
        description=f"{comparison.table} {comparison.in_words}",
        metadata=metadata,
    )
