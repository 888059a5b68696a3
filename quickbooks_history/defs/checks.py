"""Checks of what dbt cannot see: the log itself."""

# No postponed annotations here: Dagster reads those of an asset's function when it defines it.

from collections.abc import Iterator

import dagster as dg

from quickbooks_history.defs.raw import raw_key
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse import ledger

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
                "merged by key, loaded twice or deleted since."
            ),
        )
        for entity in ENTITIES
    ],
    can_subset=True,
)
def raw_rows_as_in_ledger(
    context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource
) -> Iterator[dg.AssetCheckResult]:
    """Count the rows of every load against the ledger."""
    with warehouse.connect() as connection:
        for entity in ENTITIES:
            if dg.AssetCheckKey(raw_key(entity), APPENDED) not in context.selected_asset_check_keys:
                continue
            differences = ledger.append_differences(connection, entity)
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
                    None
                    if not differences
                    else "raw and ledger differ; rows were changed by something else than a load"
                ),
                metadata=metadata,
            )
