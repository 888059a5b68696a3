"""dbt as Dagster assets: staging views, snapshots and marts, and their tests as asset checks."""

# No postponed annotations here: Dagster reads those of an asset's function when it defines it.
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets

from quickbooks_history.defs.inbox import OWNERS
from quickbooks_history.defs.resources import WarehouseResource
from quickbooks_history.instance import put_tools_on_path
from quickbooks_history.settings import PROJECT_ROOT, Settings
from quickbooks_history.warehouse.history import count_rows


def _prepared_project() -> DbtProject:
    """Return the dbt project with a manifest that is as new as its sources.

    Parsing takes seconds and several processes load these definitions, so a manifest that is newer than
    every file it is made of is taken as it is.
    """
    put_tools_on_path()
    settings = Settings()
    project = DbtProject(project_dir=settings.dbt_project, profiles_dir=settings.dbt_project)
    if _is_stale(project.manifest_path, [settings.dbt_project, PROJECT_ROOT / "snapshots"]):
        project.preparer.prepare(project)
    return project


def _is_stale(manifest: Path, folders: list[Path]) -> bool:
    if not manifest.exists():
        return True
    made = manifest.stat().st_mtime
    return any(
        path.stat().st_mtime > made
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".sql", ".yml", ".md"} and "target" not in path.parts
    )


class QuickBooksTranslator(DagsterDbtTranslator):
    """The only place where dbt's names become Dagster's: asset keys are `<schema>/<table>`."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Name a table as the warehouse does; sources are the raw assets that Meltano loads."""
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Group assets by schema."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002
        """The project owns all it makes."""
        return OWNERS

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


_SETTINGS = DagsterDbtTranslatorSettings(
    enable_source_tests_as_checks=True,  # the ledger is a source to dbt and an asset here
    enable_code_references=True,  # from an asset to the file of its model
)

DBT_PROJECT = _prepared_project()

# Unit tests are of the code, not of the data: they run with the test suite, not with every load.
BUILD = ["build", "--exclude", "resource_type:unit_test"]


@dbt_assets(
    name="dbt_build",
    manifest=DBT_PROJECT.manifest_path,
    project=DBT_PROJECT,
    dagster_dbt_translator=QuickBooksTranslator(_SETTINGS),
)
def dbt_build(context: dg.AssetExecutionContext, dbt: DbtCliResource, warehouse: WarehouseResource) -> Iterator[Any]:
    """Bring staging, snapshots and marts up to date with the log, and test them."""
    # One folder for all runs of a warehouse: dbt finds there what it parsed the last time, which holds only for
    # the same connection, and old runs leave nothing behind.
    target = Settings().home / "dbt"
    with warehouse.connect() as connection:
        for event in dbt.cli(BUILD, context=context, target_path=target).stream():
            # dagster-dbt counts the rows of tables only, and most of what people look at here are views.
            if isinstance(event, dg.Output):
                schema, table = context.asset_key_for_output(event.output_name).path
                rows = {"dagster/row_count": count_rows(connection, schema, table)}
                yield event.with_metadata({**event.metadata, **rows})
            else:
                yield event
