"""The asset graph as people see it: one connected lineage, every asset described."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import dagster as dg
import pytest
import yaml

from quickbooks_history import web
from quickbooks_history.definitions import defs
from quickbooks_history.defs.partitions import EXPORT_DATES, add_export_dates
from quickbooks_history.defs.project import _fingerprint
from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.settings import PROJECT_ROOT, Settings

GRAPH = defs.resolve_asset_graph()
KEYS = sorted(GRAPH.get_all_asset_keys(), key=dg.AssetKey.to_user_string)


OWNERS = {
    **dict.fromkeys(("exports", "marts"), "bookkeeping"),
    **dict.fromkeys(("raw", "staging", "snapshots", "monitoring"), "data-engineering"),
}
"""The role that answers for the assets of a group."""


def test_every_table_of_every_layer_is_an_asset() -> None:
    names = {key.to_user_string() for key in KEYS}
    for entity in ENTITIES.values():
        layers = {f"exports/{entity.name}", f"raw/{entity.name}", f"staging/stg_{entity.name}"}
        layers |= {f"snapshots/{entity.name}_snapshot", f"marts/{entity.singular}_history"}
        if entity.has_lines:
            lines = f"{entity.singular}_lines"
            layers |= {f"staging/stg_{lines}", f"snapshots/{lines}_snapshot", f"marts/{lines}"}
        assert layers <= names
    assert {"meta/loads", "marts/products", "marts/orders", "marts/order_lines", "marts/item_history_view"} <= names
    assert "staging/data_quality_issues" in names
    views = ("raw_growth", "load_durations", "rejected_files", "freshness", "table_sizes", "unused_indexes")
    assert {f"monitoring/{name}" for name in views} <= names


def test_the_lineage_is_one_graph() -> None:
    neighbours: dict[dg.AssetKey, set[dg.AssetKey]] = defaultdict(set)
    for key in KEYS:
        for parent in GRAPH.get(key).parent_keys:
            neighbours[key].add(parent)
            neighbours[parent].add(key)
    reached, waiting = set(), [KEYS[0]]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting.extend(neighbours[key])
    assert reached == set(KEYS)


@pytest.mark.parametrize("key", KEYS, ids=dg.AssetKey.to_user_string)
def test_every_asset_says_what_it_is(key: dg.AssetKey) -> None:
    asset = GRAPH.get(key)
    assert asset.group_name in {"exports", "raw", "staging", "snapshots", "marts", "monitoring"}
    assert asset.kinds
    assert asset.description
    assert asset.owners == [f"team:{OWNERS[asset.group_name]}"]
    schema = asset.metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema | dg.TableSchemaMetadataValue)
    columns = schema.columns if isinstance(schema, dg.TableSchema) else schema.schema.columns
    assert columns
    assert [column.name for column in columns if not column.description or not column.type] == []


def test_dbt_assets_lead_to_their_model_and_its_docs() -> None:
    checkout = Path(__file__).parents[2]
    for key in KEYS:
        if "dbt" not in GRAPH.get(key).kinds:
            continue
        metadata = GRAPH.get(key).metadata
        (reference,) = metadata["dagster/code_references"].code_references
        model = checkout / metadata["model"].path
        assert Path(reference.file_path).resolve() == model.resolve()
        assert model.stem == key.path[-1]
        assert (checkout / metadata["docs"].path).is_file()


@pytest.mark.parametrize("key", [key for key in KEYS if key.path[0] in {"marts", "monitoring"}], ids=str)
def test_what_people_read_says_what_reads_it(key: dg.AssetKey) -> None:
    """Else whoever changes a column cannot know whom it concerns."""
    assert GRAPH.get(key).metadata["used by"].strip()


def test_an_asset_names_all_that_reads_it() -> None:
    readers = GRAPH.get(dg.AssetKey(["marts", "products"])).metadata["used by"]
    assert readers == "Bookkeepers' queries; qbh rollback"
    assert "used by" not in GRAPH.get(dg.AssetKey(["staging", "stg_items"])).metadata


def test_exposures_are_no_assets() -> None:
    assert {key.path[0] for key in KEYS} == {"exports", "raw", "meta", "staging", "snapshots", "marts", "monitoring"}


def test_raw_assets_are_partitioned_by_export_date() -> None:
    for entity in ENTITIES:
        assert GRAPH.get(dg.AssetKey(["raw", entity])).partitions_def == EXPORT_DATES


def test_dbt_tests_are_asset_checks() -> None:
    checked = {check.asset_key.to_user_string() for check in GRAPH.asset_check_keys}
    assert {"marts/item_history", "snapshots/items_snapshot", "staging/stg_items", "meta/loads", "raw/items"} <= checked


def test_a_late_date_takes_its_place_among_the_partitions() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        add_export_dates(instance, ["2025-04-05", "2025-04-03"])
        add_export_dates(instance, ["2025-04-04", "2025-04-05", "2025-04-10"])
        kept = instance.get_dynamic_partitions("export_date")
    assert list(kept) == ["2025-04-03", "2025-04-04", "2025-04-05", "2025-04-10"]


def test_the_definitions_load_without_dbts_classes_and_dbt_cloud() -> None:
    told = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import sys, quickbooks_history.definitions, dagster_dbt\n"
            "from dagster_shared.libraries import DagsterLibraryRegistry\n"
            "print([name for name in sys.modules if name.startswith('dbt.')])\n"
            "print([name for name in DagsterLibraryRegistry.get() if name.startswith('dbt')])\n"
            "print({'grpc', 'requests'} & {*sys.modules}, hasattr(dagster_dbt, 'DbtCloudWorkspace'))\n"
            "from dagster_dbt.cloud_v2 import DbtCloudWorkspace\n"
            "print(DbtCloudWorkspace.__module__)\n"
            "import dbt.version",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.splitlines() == ["[]", "['dbt-core']", "set() False", "dagster_dbt.cloud_v2.resources"]


def test_the_workspace_names_what_qbh_up_loads() -> None:
    (entry,) = yaml.safe_load((PROJECT_ROOT / "workspace.yaml").read_text())["load_from"]
    assert entry["python_module"] == {"module_name": web.MODULE, "location_name": web.LOCATION}


def test_the_manifest_is_made_anew_when_a_source_says_something_else(tmp_path: Path) -> None:
    for name in ("dbt_project", "snapshots", "meltano"):
        shutil.copytree(PROJECT_ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("target", "logs"))
    settings = Settings(project=tmp_path)
    assert settings.dbt_target == settings.home / "dbt_manifest", "nothing is written into what somebody has named"
    before = _fingerprint(settings)
    model = settings.dbt_project / "models/marts/products.sql"
    os.utime(model)
    (settings.dbt_project / "target").mkdir()
    (settings.dbt_project / "target/compiled.sql").write_text("select 1")
    assert _fingerprint(settings) == before
    # An installed file of a later version may be older than the manifest of the version before.
    model.write_text(model.read_text() + "\n-- otherwise")
    os.utime(model, (0, 0))
    assert _fingerprint(settings) != before
