"""The arrival sensor: it looks into the inbox, and asks for a run of what is new."""

# No postponed annotations here: Dagster reads those of a sensor's function when it defines it.
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import dagster as dg
import psycopg
from dagster import DagsterRun, DagsterRunStatus, RunRecord, RunsFilter
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from quickbooks_history.arrivals import Arrivals, Fingerprints, look
from quickbooks_history.company import JOBS, RUN_TAGS, is_our_asset, is_ours
from quickbooks_history.defs.inbox import inbox_key
from quickbooks_history.defs.jobs import LOAD_EXPORTS, REFRESH_HISTORY, load_config
from quickbooks_history.defs.partitions import add_export_dates, range_tags
from quickbooks_history.defs.raw import raw_key
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.exports.inbox import FoundExport, MissingPathError
from quickbooks_history.run_records import in_utc, report_dead_runs
from quickbooks_history.settings import Settings
from quickbooks_history.visible import visible
from quickbooks_history.warehouse import ledger
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.rollback import RolledBackError, require_forward
from quickbooks_history.warehouse.schema import ensure_schema

MOST_REQUESTS = 3
"""How often a file is asked for whose runs fail, before a person must look."""

MOST_FAILURES = 100
"""How many failed runs, the newest, are looked at for what they were to load."""

MOST_NAMED = 5
"""So many files that are no exports are named in a tick."""

MOST_REPORTED = 200
"""How many arrivals one look reports as materializations, the newest; a backlog of years would fill the event log."""

PATIENCE = timedelta(days=1)
"""For how long failed runs that were to bring history up to date count against asking once more."""

_UNFINISHED = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
_FAILED = [DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


@dg.sensor(
    name="exports_arrived",
    jobs=[LOAD_EXPORTS, REFRESH_HISTORY],
    minimum_interval_seconds=Settings().sensor_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Loads what arrives in the inbox: everything that is new and has stood still, in one run. Asks for history to "
        "be brought up to date where loads wait for it and no run does it."
    ),
)
def exports_arrived(context: dg.SensorEvaluationContext, warehouse: WarehouseResource) -> dg.SensorResult:
    """Ask for one run of everything that is new, and for nothing while a run that loads is queued or running.

    What is new is decided by the ledger, what was asked for by the runs there are: the cursor is a cache of
    fingerprints, and may be lost.
    """
    settings = Settings()
    fingerprints = Fingerprints(context.cursor)
    with connect(warehouse.url()) as connection:
        report_dead_runs(context.instance, connection)
        if busy := _in_flight(context.instance):
            return dg.SensorResult(skip_reason=busy)
        ensure_schema(connection)
        try:
            require_forward(connection)
        except RolledBackError as error:
            return dg.SensorResult(skip_reason=str(error))
        try:
            arrivals = look(connection, settings, fingerprints)
        except MissingPathError as error:
            return dg.SensorResult(skip_reason=f"{error}: the inbox is not there")
        add_export_dates(context.instance, {export.name.export_date for export in arrivals.listing.exports})
        failures = _failures(context.instance, [export for export, _ in arrivals.new])
        given_up = [export for export, _ in arrivals.new if failures[str(export.path)] >= MOST_REQUESTS]
        wanted = [arrival for arrival in arrivals.new if failures[str(arrival[0].path)] < MOST_REQUESTS]
        if given_up:
            context.log.error(_in_words(arrivals, given_up))
        if wanted:
            first_asked = [arrival for arrival in wanted if not failures[str(arrival[0].path)]]
            return dg.SensorResult(
                run_requests=[_load([export for export, _ in wanted])],
                asset_events=[_materialization(*arrival) for arrival in first_asked[-MOST_REPORTED:]],
                cursor=fingerprints.as_text(),
            )
        if _history_should_be_refreshed(context, connection):
            return dg.SensorResult(
                run_requests=[dg.RunRequest(job_name=REFRESH_HISTORY.name)], cursor=fingerprints.as_text()
            )
        return dg.SensorResult(skip_reason=_in_words(arrivals, given_up), cursor=fingerprints.as_text())


_GIVEN_UP = (
    f"{MOST_REQUESTS} runs that were to load it have failed, and it is not asked for again until it is written anew; "
    "see why they failed, mend it, and re-execute the last of them"
)


def _in_flight(instance: dg.DagsterInstance) -> str | None:
    """Say which run loads exports, or waits in the queue to do so."""
    raw = {raw_key(entity) for entity in ENTITIES}
    for run in instance.get_runs(RunsFilter(statuses=_UNFINISHED)):
        if is_ours(run) and (run.job_name == LOAD_EXPORTS.name or raw & (run.asset_selection or set())):
            return f"waiting for run {run.run_id[:8]} ({run.status.value.lower()}), which loads exports, to end"
    return None


def _failures(instance: dg.DagsterInstance, exports: Sequence[FoundExport]) -> Counter[str]:
    """Count, for each file's path, the runs of this sensor that were to load the file as it is now, and failed."""
    failures: Counter[str] = Counter()
    if exports:
        now = datetime.now(UTC)
        # Of a file from before the clock was set back, whose time is yet to come, all that failed lately counts.
        changed_at = {
            str(export.path): export.changed_at if export.changed_at <= now else now - PATIENCE for export in exports
        }
        since = RunsFilter(
            job_name=LOAD_EXPORTS.name,
            statuses=_FAILED,
            tags=_ASKED_FOR_HERE,
            created_after=min(changed_at.values()),
        )
        for record in islice(_ours_of(instance, since), MOST_FAILURES):
            created_at = in_utc(record.create_timestamp)
            failures.update(path for path in _paths(record.dagster_run) if changed_at.get(path, _EVER) < created_at)
    return failures


def _ours_of(instance: dg.DagsterInstance, filters: RunsFilter) -> Iterator[RunRecord]:
    """This company's runs, the newest first; other companies may have any number of them."""
    cursor = None
    while page := instance.get_run_records(filters, limit=MOST_FAILURES, cursor=cursor):
        yield from (record for record in page if is_ours(record.dagster_run))
        cursor = page[-1].dagster_run.run_id


_ASKED_FOR_HERE = {"dagster/sensor_name": "exports_arrived", **RUN_TAGS}
_EVER = datetime.max.replace(tzinfo=UTC)


def _paths(run: DagsterRun) -> list[str]:
    """What a run was to load; nothing, when a person has taken that out of its configuration."""
    config: Any = run.run_config
    for name in ("ops", "meltano_load", "config", "paths"):
        config = config.get(name) or {}
    return list(config)


def _load(exports: Sequence[FoundExport]) -> dg.RunRequest:
    """One run of the exports that are new, and of no others: what is being written must not be read."""
    return dg.RunRequest(
        job_name=LOAD_EXPORTS.name,
        run_config=load_config([str(export.path) for export in exports]),
        tags=range_tags(sorted(export.name.export_date for export in exports)),
    )


def _materialization(export: FoundExport, sha256: str | None) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(
        inbox_key(export.name.entity.name),
        description=f"{export.path.name} arrived",
        metadata={
            "file": export.path.name,
            "size": export.size,
            "sha256": sha256 or "not read yet",
            "scope": export.name.scope.value,
            "exported_at": dg.MetadataValue.timestamp(export.name.exported_at),
            "modified_at": dg.MetadataValue.timestamp(export.modified_at),
        },
    )


def _history_should_be_refreshed(context: dg.SensorEvaluationContext, connection: psycopg.Connection) -> bool:
    """Whether loads wait to be taken up by history, nobody is about to do it, and it did not just fail again and again.

    So they do after a run that was killed, and after a backfill of raw assets alone.
    """
    behind = ledger.pending_loads(connection)
    if not behind:
        return False
    instance = context.instance
    at_work = any(map(is_ours, instance.get_runs(RunsFilter(statuses=_UNFINISHED))))
    if at_work or any(map(_is_ours, instance.get_backfills(status=BulkActionStatus.REQUESTED))):
        return False
    failed = RunsFilter(
        job_name=REFRESH_HISTORY.name,
        statuses=_FAILED,
        tags=_ASKED_FOR_HERE,
        created_after=datetime.now(UTC) - PATIENCE,
    )
    if sum(map(is_ours, instance.get_runs(failed))) < MOST_REQUESTS:
        return True
    context.log.error(f"history lacks {len(behind)} loads, and {MOST_REQUESTS} runs to bring it up to date have failed")
    return False


def _is_ours(backfill: PartitionBackfill) -> bool:
    """Whether a backfill is of this company's assets, or of a job that is named like one of ours."""
    if backfill.asset_selection:
        return any(map(is_our_asset, backfill.asset_selection))
    return backfill.job_name in {None, *JOBS}


def _in_words(arrivals: Arrivals, given_up: Sequence[FoundExport]) -> str:
    facts = [
        (len(arrivals.unsettled), "being written"),
        (len(arrivals.duplicates), "loaded before under another name or date of change"),
    ]
    words = [f"{count} {what}" for count, what in facts if count]
    if strangers := arrivals.listing.strangers:
        named = ", ".join(visible(stranger.path.name) for stranger in strangers[:MOST_NAMED])
        words.append(f"{len(strangers)} that are no exports, by their names: {named}; `qbh status` says why")
    if given_up:
        words.insert(0, f"{given_up[0].path.name}: {_GIVEN_UP}; files so: {len(given_up)}")
    return "; ".join(words) or "nothing new in the inbox"
