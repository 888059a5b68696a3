"""The way back to upserts, and forward again."""

# No postponed annotations here: Dagster reads those of an op's function when it defines it.
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC

import dagster as dg
import psycopg
from dagster_dbt import DbtCliResource

from quickbooks_history.company import RUN_TAGS, asset_key
from quickbooks_history.defs.raw import raw_key
from quickbooks_history.defs.resources import WAREHOUSE_POOL, MeltanoResource, WarehouseResource, empty_spool
from quickbooks_history.defs.retention import log_in_database
from quickbooks_history.defs.retries import tried_again
from quickbooks_history.defs.transform import STAGE_SCRATCH, build_in_scratch
from quickbooks_history.exports.inbox import FoundExport, folders_within, list_inbox
from quickbooks_history.exports.reading import RejectedExportError, read_export, read_file
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.archive import archived_months
from quickbooks_history.warehouse.history import has_any_history
from quickbooks_history.warehouse.recomputation import drop_scratch, scratch_schema
from quickbooks_history.warehouse.rollback import (
    EffectiveLoad,
    NotOursError,
    Upserted,
    compare_with_marts,
    effective_loads,
    empty_tables,
    go_forward,
    lay_out_as_log,
    note_made,
    on_disk,
    require_own_tables,
    rolled_back_since,
    stand_still,
    tables_there,
    write_from_log,
)


@dg.op(pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
def roll_back(
    context: dg.OpExecutionContext, warehouse: WarehouseResource, meltano: MeltanoResource, dbt: DbtCliResource
) -> Iterator[dg.AssetObservation | dg.Output[None]]:
    """Have the pipeline stand still, upsert all exports into current state, and hold that against the marts."""
    settings = Settings()
    with tried_again(context), warehouse.connect() as connection, _only_our_tables():
        require_own_tables(connection)
        stand_still(connection)
    # Before it is our turn: what loads or makes history now ends at its next step.
    context.log.info("the pipeline stands still: sensor, schedules, and whatever loads or makes history")
    with tried_again(context), warehouse.turn(context.log, forward=False) as connection, ExitStack() as stack:
        empty_spool(settings.spool)
        loads = effective_loads(connection)
        new, refused = _not_in_log(connection, settings)
        folders = [settings.inbox, *folders_within(settings.archive)]
        paths = on_disk(loads, folders)
        gone = [load for load in loads if load.load_id not in paths]
        if gone:
            context.log.info(f"{len(gone)} of {len(loads)} files are written once more, from the log")
            written = settings.spool / f"{context.run_id}-from-log"
            stack.callback(shutil.rmtree, written, ignore_errors=True)
            if _any_is_archived(connection, gone):
                stack.enter_context(log_in_database(context.log, connection, whole=True))
            paths |= {load.load_id: write_from_log(connection, load, written / str(load.load_id)) for load in gone}
        empty_tables(connection)
        found, not_compared = [], None
        if paths:
            meltano.load(context, [*paths.values()], warehouse.url(), upsert=True)
            try:
                if has_any_history(connection):
                    with scratch_schema(connection):
                        lay_out_as_log(connection)
                        build_in_scratch(dbt, connection, STAGE_SCRATCH, "dbt_rollback")
                        found = list(compare_with_marts(connection))
            except (dg.Failure, psycopg.Error) as error:  # who goes back because dbt fails shall have the tables anyway
                not_compared = error
        # Yielded, not logged: what an op has logged is lost when it fails.
        yield from map(_observation, found)
        for export, reason in refused:
            yield dg.AssetObservation(
                raw_key(export.name.entity.name), description=f"rejected {export.path.name}: {reason}"
            )
        if new:
            context.log.info(f"{len(new)} files that the log does not have are upserted after the comparison")
            newest = {load.entity: load for load in sorted(loads, key=lambda load: load.exported_at)}
            late = any(
                export.name.entity.name in newest
                and export.name.exported_at <= newest[export.name.entity.name].exported_at
                for export in new
            )
            if late:  # then all of them once more, in the order of their moments: an upsert knows no other
                empty_tables(connection)
            before = paths.values() if late else ()
            meltano.load(context, [*before, *(export.path for export in new)], warehouse.url(), upsert=True)
        for export in new:
            yield dg.AssetObservation(
                raw_key(export.name.entity.name),
                description=f"upserted {export.path.name}, which the log does not have, after the comparison",
            )
        note_made(connection)
        behind = ledger.pending_loads(connection)
    if not_compared is not None:
        words = not_compared.description if isinstance(not_compared, dg.Failure) else str(not_compared)
        raise dg.Failure(
            f"current state is made, and could not be compared with the marts: {words}", allow_retries=False
        ) from not_compared
    differing = [table.mart for table in found if not table.agrees]
    if differing:
        why = f"; history lacks {len(behind)} loads, which may be why" if behind else ""
        raise dg.Failure(
            f"what was upserted is not what the marts say: marts.{', marts.'.join(differing)}{why}. "
            "The observations of these tables show the first rows",
            allow_retries=False,
        )
    yield dg.Output(
        None,
        metadata={
            "loads": len(loads),
            "files_from_log": len(gone),
            "files_not_in_log": len(new),
            "files_rejected": len(refused),
            "loads_not_in_marts": len(behind),
        },
    )


@contextmanager
def _only_our_tables() -> Iterator[None]:
    try:
        yield
    except NotOursError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _not_in_log(
    connection: psycopg.Connection, settings: Settings
) -> tuple[list[FoundExport], list[tuple[FoundExport, str]]]:
    """What has come since loads stand still: exports that are sound, and others with what is wrong with them.

    What was rejected before, and what has the content of a load, is neither.
    """
    listing = list_inbox([settings.inbox, *folders_within(settings.archive)], settings.zone)
    new, refused = [], []
    for export in ledger.undelivered(connection, listing.exports, retry_rejected=False, archive=settings.archive):
        try:
            content = read_file(export.path)
            if ledger.is_duplicate(connection, export, content.sha256):
                continue
            for _ in read_export(content, export.name.entity).rows():
                pass
        except RejectedExportError as error:
            refused.append((export, error.reason))
        else:
            new.append(export)
    return new, refused


def _any_is_archived(connection: psycopg.Connection, loads: list[EffectiveLoad]) -> bool:
    archived = {(month.entity, month.month) for month in archived_months(connection)}
    return any((load.entity, load.exported_at.astimezone(UTC).date().replace(day=1)) in archived for load in loads)


def _observation(table: Upserted) -> dg.AssetObservation:
    return dg.AssetObservation(
        asset_key("marts", table.mart),
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
def forward_again(context: dg.OpExecutionContext, warehouse: WarehouseResource) -> None:
    """Let the pipeline go on, and drop what was upserted."""
    with tried_again(context), warehouse.turn(context.log, forward=False) as connection, _only_our_tables():
        if rolled_back_since(connection) is None and not tables_there(connection):
            raise dg.Failure("the pipeline is not rolled back; there is nothing to undo", allow_retries=False)
        # What a comparison that was killed has left is built on these tables.
        drop_scratch(connection)
        go_forward(connection, context.log.warning)
        context.log.info("the pipeline goes on: sensor and schedules ask for what has come meanwhile")


@dg.job(
    tags=RUN_TAGS,
    name="rollback",
    description=(
        "The way back: sensor, schedules and loads stand still, all exports are upserted into current state in the "
        "schema `rollback`, and that is held against the marts. Log and history stay as they are."
    ),
)
def rollback_job() -> None:
    """Go back to upserts."""
    roll_back()


@dg.job(
    name="undo_rollback",
    tags=RUN_TAGS,
    description="Forward again: loads go on, and the schema `rollback` is dropped.",
)
def undo_rollback_job() -> None:
    """Go forward again."""
    forward_again()
