"""dbt as Dagster assets: staging views, snapshots and marts, and their tests as asset checks."""

# No postponed annotations here: Dagster reads those of an asset's function when it defines it.
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import dagster as dg
import psycopg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from pydantic import Field

from quickbooks_history.company import asset_key, table_of
from quickbooks_history.defs.failures import failures_named, with_failing_rows
from quickbooks_history.defs.metadata import BuildFigures
from quickbooks_history.defs.project import DBT_PROJECT, manifest, owners, used_by
from quickbooks_history.defs.resources import WAREHOUSE_POOL, WarehouseResource, empty_spool
from quickbooks_history.defs.retention import log_in_database
from quickbooks_history.defs.retries import tried_again
from quickbooks_history.parsed import OF_RUNS, begin_parsed
from quickbooks_history.settings import Settings
from quickbooks_history.warehouse.archive import damaged_files
from quickbooks_history.warehouse.history import (
    everything_is_unchecked,
    forget_unchecked,
    has_any_history,
    mark_everything_unchecked,
)
from quickbooks_history.warehouse.ledger import Decision, NoSuchLoadError, decide
from quickbooks_history.warehouse.recomputation import (
    SCRATCH,
    SCRATCH_TARGET,
    adopt_columns,
    drop_scratch,
    replace,
    scratch_schema,
)

_DOCS = {
    **dict.fromkeys(("staging", "snapshots", "marts"), "docs/item_history_tracking.md"),
    **dict.fromkeys(("raw", "meta", "monitoring"), "docs/monitoring.md"),
}
"""The page that explains the tables of a schema."""


class QuickBooksTranslator(DagsterDbtTranslator):
    """The only place where dbt's names become Dagster's: asset keys are `<schema>/<table>`, after a company's name."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Name a table as the warehouse does; sources are the raw assets that Meltano loads."""
        return asset_key(dbt_resource_props["schema"], dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Group assets by schema."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Take those of its dbt group; sources are what the loader makes."""
        return owners(dbt_resource_props["config"].get("group") or "raw")

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Take the model's description; its SQL is a click away in the code reference."""
        return str(dbt_resource_props.get("description") or "")

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """Add what kind of relation it is to dbt's and PostgreSQL's marks."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        # Sources have no materialization; the loader makes them as tables.
        materialized = self.get_resource_props(manifest, unique_id)["config"].get("materialized", "table")
        kind = "view" if materialized == "view" else "table"
        return spec.replace_attributes(kinds={"dbt", "postgres", kind})

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """Say what a data test looks for, and when."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=_what_it_looks_for(manifest["nodes"][unique_id]))

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add where its model stands, what explains it, from the checkout on, and what reads it."""
        path = dbt_resource_props["original_file_path"]
        model = path.removeprefix("../") if path.startswith("../") else f"dbt_project/{path}"
        readers = used_by(dbt_resource_props["unique_id"])
        return {
            **super().get_metadata(dbt_resource_props),
            **({"used by": "; ".join(readers)} if readers else {}),
            # As people write it, not with the database that dbt was parsed for.
            "dagster/table_name": f"{dbt_resource_props['schema']}.{dbt_resource_props['name']}",
            "model": dg.MetadataValue.path(model),
            "docs": dg.MetadataValue.path(_DOCS.get(dbt_resource_props["schema"], "README.md")),
        }


_GENERIC_TESTS = {
    "not_null": "No row lacks {column}.",
    "unique": "No two rows have the same {column}.",
    "unique_combination": "No two rows have the same {columns}.",
    "accepted_values": "{column} is one of {values}.",
    "half_open_versions": "One version of a key begins where the one before it ends, or later; one at most is open.",
    "history_adds_up": (
        "Each change is told once, and the last value that is told of a column is the value that the record has now."
    ),
}
"""What dbt's tests look for that are asked for in YAML; the others say it in their first lines."""


def _what_it_looks_for(test: Mapping[str, Any]) -> str:
    asked = test.get("test_metadata") or {}
    if asked:
        arguments = {name: value for name, value in asked["kwargs"].items() if not isinstance(value, dict)}
        for name in ("columns", "values"):
            arguments[name] = ", ".join(map(str, arguments.get(name, [])))
        arguments["column"] = arguments.get("column_name")
        words = _GENERIC_TESTS.get(asked["name"], "").format(**arguments)
    else:
        comment = itertools.takewhile(lambda line: line.startswith("--"), test["raw_code"].splitlines())
        words = " ".join(line.removeprefix("--").strip() for line in comment)
    when = "Only `verify` runs it." if "thorough" in test["tags"] else ""
    return f"{words} {when}".strip()


_SETTINGS = DagsterDbtTranslatorSettings(
    enable_source_tests_as_checks=True,  # the ledger is a source to dbt and an asset here
    enable_code_references=True,  # from an asset to the file of its model
)

# A tenth of dbt's time goes into a log of every statement and its answer.
_TERSE = ["--log-level-file", "info"]
# Unit tests are of the code, not of the data: they run with the test suite, not with every load.
_WITHOUT_UNIT_TESTS = [*_TERSE, *OF_RUNS, "--exclude"]
# Exposures would each be a step that does nothing.
BUILD = ["build", *_WITHOUT_UNIT_TESTS, "resource_type:unit_test resource_type:exposure tag:thorough"]
# Not `build`, which after a test that fails leaves out those of all that comes after its table.
THOROUGH = ["test", *_WITHOUT_UNIT_TESTS, "resource_type:unit_test"]

# What makes the tables that runs keep up to date, with all it is made from. A snapshot of another strategy than ours
# is no function of the log, and nothing that could be made anew.
RECOMPUTE = [
    *("build", *_TERSE, "--target", SCRATCH_TARGET),
    *("--select", "+config.strategy:append_log +config.materialized:incremental"),
    *("--exclude", "resource_type:test resource_type:unit_test"),
]

# What staging makes of rows that lie in the scratch schema in place of the log's.
STAGE_SCRATCH = [
    *("build", *_TERSE, "--target", SCRATCH_TARGET, "--vars", json.dumps({"raw_schema": SCRATCH})),
    *("--select", "+stg_*", "--exclude", "resource_type:test resource_type:unit_test"),
]


def history_tables() -> list[dg.AssetKey]:
    """Keys of the tables that runs keep up to date, each after those that it is made of; all else is views of them."""
    kept = [
        asset_key(node["schema"], node["name"])
        for node in manifest()["nodes"].values()
        if node["config"]["materialized"] == "incremental" or node["config"].get("strategy") == "append_log"
    ]
    order = ["staging", "snapshots", "marts"]
    return sorted(kept, key=lambda key: (order.index(table_of(key)[0]), table_of(key)[1]))


@contextmanager
def recomputed(dbt: DbtCliResource, connection: psycopg.Connection) -> Iterator[None]:
    """Have history made anew from the log, in the scratch schema, for as long as it is looked at."""
    with scratch_schema(connection):
        build_in_scratch(dbt, connection, RECOMPUTE, "dbt_scratch")
        yield


def build_in_scratch(dbt: DbtCliResource, connection: psycopg.Connection, command: list[str], folder: str) -> None:
    """Run dbt in a folder of its own below the home: what it parses holds for one target and its variables."""
    target = Settings().home / folder
    with failures_named(connection, target):
        dbt.cli(command, manifest=DBT_PROJECT.manifest_path, target_path=target).wait()


class BuildConfig(dg.Config):
    """What to do before history is brought up to date."""

    withdraw: list[str] = Field(default=[], description="Files whose loads go out of force; rows and ledger stay.")
    undo_withdrawal: list[str] = Field(default=[], description="Files whose withdrawn loads come into force again.")
    approve: list[str] = Field(default=[], description="Files whose held loads come into force.")
    from_scratch: bool = Field(
        default=False, description="Put history made anew from the log in place of what is there."
    )


@dbt_assets(
    name="dbt_build",
    manifest=DBT_PROJECT.manifest_path,
    project=DBT_PROJECT,
    dagster_dbt_translator=QuickBooksTranslator(_SETTINGS),
    pool=WAREHOUSE_POOL,
)
def dbt_build(
    context: dg.AssetExecutionContext, config: BuildConfig, dbt: DbtCliResource, warehouse: WarehouseResource
) -> Iterator[Any]:
    """Bring staging, snapshots and marts up to date with the log, and test what was rewritten.

    Asked for its checks alone, it tests all of history.
    """
    # One folder for all runs of a warehouse: dbt finds there what it parsed the last time, which holds only for
    # the same connection, and old runs leave nothing behind.
    target = Settings().home / "dbt"
    only_checks = not context.selected_asset_keys
    with tried_again(context), ExitStack() as stack:
        connection = stack.enter_context(
            warehouse.turn(context.log, forward=not only_checks or config != BuildConfig())
        )
        # What runs that were killed have left.
        drop_scratch(connection)
        empty_spool(Settings().spool)
        _carry_out(context, config, connection)
        if only_checks and not has_any_history(connection):
            context.log.info("there is no history yet, and nothing to check")
            return
        needs_all = only_checks or config.from_scratch
        left_unchecked = everything_is_unchecked(connection)
        whole = needs_all or (left_unchecked and not damaged_files(connection, Settings().log_archive))
        stack.enter_context(log_in_database(context.log, connection, whole=whole))
        if only_checks:
            mark_everything_unchecked(connection)
        if config.from_scratch:
            _rebuild(context, dbt, connection)
        begin_parsed(DBT_PROJECT.manifest_path.parent, target)
        figures = BuildFigures(connection, target, context.selected_asset_keys)
        with failures_named(connection, target):
            command = dbt.cli(THOROUGH if only_checks else BUILD, context=context, target_path=target)
            stack.callback(_end, command)
            for event in command.stream():
                if isinstance(event, dg.AssetCheckResult) and not event.passed:
                    yield with_failing_rows(event, connection, target)
                elif isinstance(event, dg.Output):
                    unique_id = str(event.metadata["unique_id"].value)
                    yield event.with_metadata({**event.metadata, **figures.of(unique_id)})
                else:
                    yield event
        if context.selected_asset_check_keys >= set(dbt_build.check_keys) and (whole or not left_unchecked):
            forget_unchecked(connection)


def _end(command: DbtCliInvocation) -> None:
    """End a dbt whose step has failed before it: the next one uses the same folder."""
    command.process.terminate()
    command.process.wait()


def _carry_out(context: dg.AssetExecutionContext, config: BuildConfig, connection: psycopg.Connection) -> None:
    """Do what a person has decided of loads: all of it, or nothing."""
    decided_in = context.run.root_run_id or context.run_id
    try:
        with connection.transaction():
            for decision in Decision:
                for file_name in getattr(config, decision.job):
                    entry = decide(connection, decision, file_name, decided_in)
                    context.log.info(f"{entry.file_name} (load {entry.load_id}, {entry.entity}): {entry.reason}")
    except NoSuchLoadError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _rebuild(context: dg.AssetExecutionContext, dbt: DbtCliResource, connection: psycopg.Connection) -> None:
    """Replace all of history by what the log says, at once."""
    adopted = adopt_columns(connection)
    if adopted:
        context.log.info(f"{adopted} loads have columns that the contract did not know when they came")
    keys = history_tables()
    with recomputed(dbt, connection):
        for key, was in zip(keys, replace(connection, list(map(table_of, keys))), strict=True):
            context.log_event(
                dg.AssetObservation(key, description=f"{'kept' if was.agrees else 'replaced'}: {was.in_words}")
            )
