"""The way back to upserts, and forward again."""

# No postponed annotations here: Dagster reads those of an op's function when it defines it.
import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import dagster as dg
from dagster_dbt import DbtCliResource

from quickbooks_history.defs.resources import WAREHOUSE_POOL, MeltanoResource, WarehouseResource, empty_spool
from quickbooks_history.defs.retention import log_in_database
from quickbooks_history.defs.transform import STAGE_SCRATCH, build_in_scratch
from quickbooks_history.exports.inbox import folders_within, list_inbox
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.history import has_any_history
from quickbooks_history.warehouse.recomputation import scratch_schema
from quickbooks_history.warehouse.rollback import (
    Upserted,
    compare_with_marts,
    effective_loads,
    empty_tables,
    go_forward,
    lay_out_as_log,
    on_disk,
    rolled_back_since,
    stand_still,
    write_from_log,
)

ENVIRONMENT = "rollback"
"""Meltano's, in which the loader upserts (meltano/meltano.yml)."""


@dg.op(pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
def roll_back(
    context: dg.OpExecutionContext, warehouse: WarehouseResource, meltano: MeltanoResource, dbt: DbtCliResource
) -> Iterator[dg.AssetObservation | dg.Output[None]]:
    """Have the pipeline stand still, upsert all exports into current state, and hold that against the marts."""
    settings = Settings()
    folders = [settings.inbox, *folders_within(settings.archive)]
    with warehouse.turn(context.log, forward=False) as connection, ExitStack() as stack:
        stand_still(connection)
        context.log.info("the pipeline stands still: sensor, schedules, and whatever loads or makes history")
        empty_spool(settings.spool)
        loads = effective_loads(connection)
        paths = on_disk(loads, folders)
        gone = [load for load in loads if load.load_id not in paths]
        if gone:
            context.log.info(f"{len(gone)} of {len(loads)} files are written once more, from the log")
            written = settings.spool / f"{context.run_id}-from-log"
            stack.callback(shutil.rmtree, written, ignore_errors=True)
            stack.enter_context(log_in_database(context.log, connection, whole=True))
            paths |= {load.load_id: write_from_log(connection, load, written / str(load.load_id)) for load in gone}
        empty_tables(connection)
        if paths:
            meltano.load(context, [*paths.values()], warehouse.url(), environment=ENVIRONMENT)
        found, not_compared = [], None
        if paths and has_any_history(connection):
            try:
                with scratch_schema(connection):
                    lay_out_as_log(connection)
                    build_in_scratch(dbt, connection, STAGE_SCRATCH, "dbt_rollback")
                    found = list(compare_with_marts(connection))
            except dg.Failure as error:  # who goes back because dbt fails shall have the tables all the same
                not_compared = error
        # Yielded, not logged: what an op has logged is lost when it fails.
        yield from map(_observation, found)
        # What no load has brought into the log comes last, as it would to a loader that knows no log.
        listing = list_inbox(folders, settings.zone)
        new = ledger.undelivered(connection, listing.exports, archive=settings.archive)
        if new:
            context.log.info(f"{len(new)} files that the log does not have are upserted after the comparison")
            meltano.load(context, [export.path for export in new], warehouse.url(), environment=ENVIRONMENT)
        behind = ledger.pending_loads(connection)
    if not_compared is not None:
        raise not_compared
    differing = [table.mart for table in found if not table.agrees]
    if differing:
        why = f"; history lacks {len(behind)} loads, which may be why" if behind else ""
        raise dg.Failure(
            f"what was upserted is not what the marts say: marts.{', marts.'.join(differing)}{why}. "
            "The pipeline stands still; the observations of these tables show the first rows",
            allow_retries=False,
        )
    yield dg.Output(
        None,
        metadata={
            "loads": len(loads),
            "files_from_log": len(gone),
            "files_not_in_log": len(new),
            "loads_not_in_marts": len(behind),
        },
    )


def _observation(table: Upserted) -> dg.AssetObservation:
    return dg.AssetObservation(
        ["marts", table.mart],
        description=f"rollback.{table.table} {table.in_words}",
        metadata={
            "rows_that_agree": table.agree,
            "rows_deleted": table.deleted,
            "rows_missing": table.missing,
            "rows_surplus": table.surplus,
            "rows_wrong": table.wrong,
            **({"first": dg.MetadataValue.json(list(table.first))} if table.first else {}),
        },
    )


@dg.op(pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
def undo_roll_back(context: dg.OpExecutionContext, warehouse: WarehouseResource) -> None:
    """Let the pipeline go on, and drop what was upserted."""
    with warehouse.turn(context.log, forward=False) as connection:
        since = rolled_back_since(connection)
        if since is None:
            raise dg.Failure("the pipeline is not rolled back; there is nothing to undo", allow_retries=False)
        go_forward(connection, context.log.warning)
        context.log.info("the pipeline goes on: sensor and schedules ask for what has come meanwhile")


@dg.job(
    name="rollback",
    description=(
        "The way back: sensor, schedules and loads stand still, all exports are upserted into current state in the "
        "schema `rollback`, and that is held against the marts. Log and history stay as they are."
    ),
)
def rollback_job() -> None:
    """Go back to upserts."""
    roll_back()


@dg.job(name="undo_rollback", description="Forward again: loads go on, and the schema `rollback` is dropped.")
def undo_rollback_job() -> None:
    """Go forward again."""
    undo_roll_back()
