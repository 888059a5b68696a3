"""The check of history against the log, from which it is made anew."""

# No postponed annotations here: Dagster reads those of an asset's function when it defines it.

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg
from dagster_dbt import DbtCliResource

from quickbooks_history.company import table_of
from quickbooks_history.defs.resources import WAREHOUSE_POOL, WarehouseResource
from quickbooks_history.defs.retention import log_in_database
from quickbooks_history.defs.retries import tried_again
from quickbooks_history.defs.transform import history_tables, recomputed
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.history import has_any_history
from quickbooks_history.warehouse.recomputation import Comparison, compare

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
    with tried_again(context), warehouse.turn(context.log, forward=False) as connection:
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
        with log_in_database(context.log, connection, whole=True), recomputed(dbt, connection):
            for key in keys:
                yield _compared(key, compare(connection, *table_of(key)))


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
