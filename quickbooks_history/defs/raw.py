"""The append-only log: one Meltano run brings the exports of any number of dates into `raw` and the ledger."""

# No postponed annotations here: Dagster reads those of an asset's function when it defines it.
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from pydantic import Field

from quickbooks_history.company import asset_key, table_of
from quickbooks_history.defs.inbox import inbox_key
from quickbooks_history.defs.metadata import deliveries_metadata, file_lineage, storage_metadata
from quickbooks_history.defs.partitions import EXPORT_DATES
from quickbooks_history.defs.project import owners, source_schema
from quickbooks_history.defs.resources import WAREHOUSE_POOL, MeltanoResource, WarehouseResource
from quickbooks_history.defs.retries import tried_again
from quickbooks_history.exports.contract import ENTITIES, Entity
from quickbooks_history.exports.inbox import Listing, folders_within, list_inbox
from quickbooks_history.settings import Settings
from quickbooks_history.visible import visible
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.archive import recover
from quickbooks_history.warehouse.history import count_rows
from quickbooks_history.warehouse.schema import LEDGER_COLUMN_TYPES, LOAD_COLUMN_TYPES

LEDGER_KEY = asset_key("meta", "loads")


def raw_key(entity: str) -> dg.AssetKey:
    """Key of an entity's raw table."""
    return asset_key("raw", entity)


class LoadConfig(dg.Config):
    """What to look through for new exports."""

    paths: list[str] = Field(
        default=[],
        description=(
            "Files and folders to look through. None means the inbox (`QBH_INBOX`) and the archive (`QBH_ARCHIVE`), "
            "without the files that somebody wrote to a moment ago (`QBH_SETTLE_SECONDS`)."
        ),
    )


def _raw_spec(entity: Entity) -> dg.AssetSpec:
    return dg.AssetSpec(
        raw_key(entity.name),
        deps=[inbox_key(entity.name)],
        description=(
            f"One row per CSV row per load of {entity.name.replace('_', ' ')}, as text under the file's own "
            "headers. Only ever appended to."
        ),
        group_name="raw",
        kinds={"meltano", "postgres", "table"},
        owners=owners("raw"),
        metadata={
            "dagster/table_name": f"raw.{entity.name}",
            "dagster/column_schema": source_schema(
                "raw", entity.name, dict.fromkeys(entity.headers, "text") | LOAD_COLUMN_TYPES
            ),
            "dagster/column_lineage": file_lineage(entity.name, entity.headers),
        },
        skippable=True,
    )


_LEDGER_SPEC = dg.AssetSpec(
    LEDGER_KEY,
    deps=[inbox_key(entity) for entity in ENTITIES],
    description="The ledger: one row per delivery of a file, accepted or not, with status and reason.",
    group_name="raw",
    kinds={"meltano", "postgres", "table"},
    owners=owners("raw"),
    metadata={
        "dagster/table_name": "meta.loads",
        "dagster/column_schema": source_schema("meta", "loads", LEDGER_COLUMN_TYPES),
    },
    skippable=True,
)


@dg.multi_asset(
    name="meltano_load",
    specs=[*map(_raw_spec, ENTITIES.values()), _LEDGER_SPEC],
    partitions_def=EXPORT_DATES,
    backfill_policy=dg.BackfillPolicy.single_run(),
    can_subset=True,
    pool=WAREHOUSE_POOL,
)
def meltano_load(
    context: dg.AssetExecutionContext,
    config: LoadConfig,
    warehouse: WarehouseResource,
    meltano: MeltanoResource,
) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Deliver the exports of the run's dates that the ledger does not know yet."""
    settings = Settings()
    listing = _listing(config, settings)
    for stranger in listing.strangers:
        context.log.warning(f"not an export, left alone: {visible(stranger.path.name)}: {stranger.reason}")
    now = datetime.now(UTC)
    unsettled = {
        export.path
        for export in listing.exports
        if not config.paths and not export.has_stood_still(settings.settle_seconds, now)
    }
    for path in sorted(unsettled):
        context.log.info(f"left for later, somebody is writing to it: {path.name}")
    # Named files are loaded whatever their dates; and a run for which nobody chose dates is for all of them.
    chosen = not config.paths and (context.has_partition_key or context.has_partition_key_range)
    dates = set(context.partition_keys) if chosen else None
    entities = [entity for entity in ENTITIES if raw_key(entity) in context.selected_asset_keys]
    with tried_again(context), warehouse.turn(context.log) as connection:
        recover(connection, settings.log_archive)  # what a killed verification has left may want for room
        exports = ledger.undelivered(
            connection,
            (
                export
                for export in listing.exports
                if (dates is None or export.name.export_date in dates)
                and export.name.entity.name in entities
                and export.path not in unsettled
            ),
            archive=settings.archive,
        )
        context.log.info(f"{len(exports)} files to deliver, of {len(listing.exports)} exports found")
        started = time.monotonic()
        if exports:
            meltano.load(context, [export.path for export in exports], warehouse.url())
        meltano_seconds = round(time.monotonic() - started, 1)
        entries = ledger.latest_entries(connection, exports)
        for entry in entries:
            if entry.status in {"rejected", "held"}:
                context.log.warning(f"{entry.status}: {entry.file_name}: {entry.reason}")
        rejected = {entry.file_path for entry in entries if entry.status == "rejected"}
        unheard = []
        for export in ledger.undelivered(connection, exports, archive=settings.archive):
            if not export.path.exists():
                context.log.warning(f"gone before it was read: {export.path.name}")
            elif ledger.ledger_path(export) not in rejected:
                unheard.append(export.path.name)
        if unheard:
            told = f"Meltano ended well, but the ledger does not know {', '.join(unheard[:3])}; load again"
            raise dg.Failure(told, allow_retries=False)
        totals = ledger.rows_by_entity(connection)
        deliveries = count_rows(connection, *table_of(LEDGER_KEY))
        storage = {
            entity: storage_metadata(connection, raw_key(entity), [e for e in entries if e.entity == entity])
            for entity in entities
        }
    for entity in entities:
        delivered = [entry for entry in entries if entry.entity == entity]
        context.log_event(
            dg.AssetObservation(
                inbox_key(entity),
                description="Files that this run delivered",
                metadata={"files": len(delivered), "dagster/row_count": sum(entry.row_count for entry in delivered)},
            )
        )
        yield dg.MaterializeResult(
            asset_key=raw_key(entity),
            metadata={
                "dagster/row_count": totals.get(entity, 0),
                **deliveries_metadata(delivered),
                **storage[entity],
            },
        )
    if LEDGER_KEY in context.selected_asset_keys:
        yield dg.MaterializeResult(
            asset_key=LEDGER_KEY,
            metadata={
                "dagster/row_count": deliveries,
                "meltano_seconds": meltano_seconds,
                **deliveries_metadata(entries),
            },
        )


def _listing(config: LoadConfig, settings: Settings) -> Listing:
    """List what the run was told to look through; what is gone since it was asked for is no error."""
    paths = [Path(path) for path in config.paths] or [settings.inbox, *folders_within(settings.archive)]
    return list_inbox(paths, settings.zone)
