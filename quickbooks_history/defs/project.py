"""The dbt project and its manifest, from which the assets take their names, descriptions and columns."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

import dagster as dg
import fasteners  # type: ignore[import-untyped]
from dagster_dbt import DbtProject

from quickbooks_history import standby
from quickbooks_history.defs.resources import InstalledDbtCliResource
from quickbooks_history.instance import put_tools_on_path
from quickbooks_history.parsed import OF_RUNS, keep_for_runs
from quickbooks_history.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def _prepared_project() -> DbtProject:
    """Return the dbt project with a manifest that was made of its sources as they are.

    Parsing takes seconds and several processes load these definitions, so a manifest is taken as it is when a note
    beside it says that it was made of the same files. Their times do not tell: a later version that is installed over
    this one brings files that may be older than the manifest.
    """
    put_tools_on_path()
    settings = Settings()
    target = settings.dbt_target
    project = DbtProject(project_dir=settings.dbt_project, profiles_dir=settings.dbt_project, target_path=target)
    sources, made_of = _fingerprint(settings), target / "manifest.made_of"
    if not _is_fresh(project.manifest_path, made_of, sources):
        target.mkdir(parents=True, exist_ok=True)
        # The others wait, rather than read what is half written.
        with fasteners.InterProcessLock(project.manifest_path.with_suffix(".lock")):
            if not _is_fresh(project.manifest_path, made_of, sources):
                made_of.unlink(missing_ok=True)
                # As a run does it, so that it is parsed for runs too.
                dbt = InstalledDbtCliResource(project_dir=str(project.project_dir), dbt_executable=f"qbh-{standby.DBT}")
                dbt.cli(["parse", "--quiet", *OF_RUNS], target_path=target).wait()
                keep_for_runs(target)
                made_of.write_text(sources)
    return project


def _is_fresh(manifest: Path, made_of: Path, sources: str) -> bool:
    return manifest.exists() and made_of.exists() and made_of.read_text() == sources


def _fingerprint(settings: Settings) -> str:
    """Return what tells these sources, and the dbt that reads them, from all others."""
    fingerprint = hashlib.sha256(metadata.version("dbt-core").encode())
    for folder in (settings.dbt_project, settings.snapshots):
        kept_out = folder / "target"
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".sql", ".yml", ".md"} and not path.is_relative_to(kept_out):
                fingerprint.update(f"\0{path.relative_to(settings.project)}\0".encode())
                fingerprint.update(path.read_bytes())
    return fingerprint.hexdigest()


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
    """Return the labels of what reads a table that dbt makes, in order; `models/exposures.yml` says so."""
    return sorted(
        exposure["label"]
        for exposure in manifest()["exposures"].values()
        if unique_id in exposure["depends_on"]["nodes"]
    )


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
