"""The dbt project and its manifest, from which the assets take their names, descriptions and columns."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import dagster as dg
import fasteners  # type: ignore[import-untyped]
from dagster_dbt import DbtProject

from quickbooks_history.instance import put_tools_on_path
from quickbooks_history.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def _prepared_project() -> DbtProject:
    """Return the dbt project with a manifest that is as new as its sources.

    Parsing takes seconds and several processes load these definitions, so a manifest that is newer than
    every file it is made of is taken as it is.
    """
    put_tools_on_path()
    settings = Settings()
    project = DbtProject(project_dir=settings.dbt_project, profiles_dir=settings.dbt_project)
    sources = [settings.dbt_project, PROJECT_ROOT / "snapshots"]
    if _is_stale(project.manifest_path, sources):
        project.manifest_path.parent.mkdir(exist_ok=True)
        # The others wait, rather than read what is half written.
        with fasteners.InterProcessLock(project.manifest_path.with_suffix(".lock")):
            if _is_stale(project.manifest_path, sources):
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


DBT_PROJECT = _prepared_project()


@cache
def manifest() -> dict[str, Any]:
    """Return what dbt has made of the project."""
    parsed: dict[str, Any] = json.loads(DBT_PROJECT.manifest_path.read_text())
    return parsed


def owners(group: str) -> list[str]:
    """Return who owns the assets of a group, as Dagster names a team; `models/groups.yml` says so."""
    return [f"team:{found['owner']['name']}" for found in manifest()["groups"].values() if found["name"] == group]


def used_by(unique_id: str) -> list[str]:
    """Return the labels of what reads a table that dbt makes; `models/exposures.yml` says so."""
    return [
        exposure["label"]
        for exposure in manifest()["exposures"].values()
        if unique_id in exposure["depends_on"]["nodes"]
    ]


def source_schema(
    schema: str, table: str, types: Mapping[str, str], required: frozenset[str] = frozenset()
) -> dg.TableSchema:
    """Return the columns of a table that dbt reads and does not make, as its YAML describes them.

    Args:
        schema: The table's schema.
        table: Its name.
        types: Types of its columns, by name.
        required: Columns that are never blank.
    """
    described: dict[str, Any] = next(
        (
            source["columns"]
            for source in manifest()["sources"].values()
            if source["schema"] == schema and source["name"] == table
        ),
        {},
    )
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                type_,
                description=" ".join(described.get(name, {}).get("description", "").split()) or None,
                constraints=dg.TableColumnConstraints(nullable=name not in required),
            )
            for name, type_ in types.items()
        ]
    )
