"""dbt says the same of every entity as the export contract does.

The contract (quickbooks_history/exports/contract.py) and the dbt project each name the exports' columns: one for the
tap, the loader and Dagster, the other in SQL and YAML. These tests read dbt's own manifest; they need no database.
What each of them asks for when the contract has grown is written in docs/extending.md.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventLevel, EventMsg

from quickbooks_history.exports.contract import ENTITIES, LOAD_COLUMNS, Entity, Kind, Level
from quickbooks_history.warehouse.schema import LOAD_COLUMN_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

DBT_PROJECT = Path(__file__).parents[2] / "dbt_project"

# The mart of an entity's open versions, where it is not called what the exports are called.
CURRENT_MARTS = {"items": "products"}

TYPES = {
    Kind.TEXT: "text",
    Kind.NUMERIC: "numeric",
    Kind.DATE: "date",
    Kind.RATE: "numeric",
    Kind.PERCENT: "numeric",
    Kind.ORDINAL: "integer",
}

Node = dict[str, Any]

every_entity = pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES.keys())
every_transaction = pytest.mark.parametrize(
    "entity", [e for e in ENTITIES.values() if e.has_lines], ids=[e.name for e in ENTITIES.values() if e.has_lines]
)


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[str]]:
    """What dbt makes of the project, and of what it warns."""
    target = tmp_path_factory.mktemp("dbt")
    warnings: list[str] = []

    def listen(event: EventMsg) -> None:
        if event.info.level == EventLevel.WARN:
            warnings.append(event.info.msg)

    places = ["--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT, "--target-path", target]
    outcome = dbtRunner(callbacks=[listen]).invoke(
        [str(a) for a in ("parse", "--quiet", "--log-path", target, *places)]
    )
    assert outcome.success, outcome.exception
    return json.loads((target / "manifest.json").read_text()), warnings


@pytest.fixture(scope="module")
def manifest(parsed: tuple[dict[str, Any], list[str]]) -> dict[str, Any]:
    """What dbt makes of the project."""
    return parsed[0]


@pytest.fixture(scope="module")
def nodes(manifest: dict[str, Any]) -> dict[str, Node]:
    """Models and snapshots by name."""
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "snapshot")}


@pytest.fixture(scope="module")
def sources(manifest: dict[str, Any]) -> dict[tuple[str, str], Node]:
    """Source tables by source and name."""
    return {(node["source_name"], node["name"]): node for node in manifest["sources"].values()}


def types_of(node: Node) -> dict[str, str]:
    """The data type that a model's, snapshot's or source's YAML states of each of its columns."""
    return {name: column["data_type"] for name, column in node["columns"].items()}


def record_columns(entity: Entity) -> dict[str, str]:
    """Names and types of the columns that a record has from staging on."""
    return {column.name: TYPES[column.kind] for column in entity.columns if column.level is Level.RECORD}


def line_columns(entity: Entity) -> dict[str, str]:
    """Names and types of the columns that a line has from staging on, there without a prefix."""
    return {
        name.removeprefix("line_"): TYPES[column.kind]
        for column in entity.columns
        if column.level is Level.LINE
        for name in column.staging_names
    }


def require_stated(node: Node, expected: dict[str, str]) -> None:
    """Assert that a node's YAML states these columns with these types."""
    __tracebackhide__ = True
    stated = types_of(node)
    lines = [
        f'- {{name: {name}, data_type: {type_}, description: "..."}}'
        for name, type_ in expected.items()
        if stated.get(name) != type_
    ]
    assert not lines, "\n".join([f"write into {_yaml_of(node)} (docs/extending.md):", *lines])


def require_lines(node: Node, names: Iterable[str]) -> None:
    """Assert that a staging model's SQL has a line for each of these columns."""
    __tracebackhide__ = True
    lines = [name for name in names if not re.search(rf"^ +(.+ as )?{name},$", node["raw_code"], re.MULTILINE)]
    assert not lines, f"no line in {node['original_file_path']} for: {', '.join(lines)} (docs/extending.md)"


def _yaml_of(node: Node) -> str:
    path = node["patch_path"] or node["original_file_path"]
    return str(path.partition("://")[2] or path)


def test_the_logs_own_columns_are_those_of_the_contract() -> None:
    assert tuple(LOAD_COLUMN_TYPES) == LOAD_COLUMNS


def test_raw_has_the_tables_of_the_contract(sources: dict[tuple[str, str], Node]) -> None:
    assert {name for source, name in sources if source == "raw"} == set(ENTITIES)


@every_entity
def test_raw_tables_have_the_headers_of_the_contract(entity: Entity, sources: dict[tuple[str, str], Node]) -> None:
    described = list(sources["raw", entity.name]["columns"])

    assert described == [*entity.headers, *LOAD_COLUMNS], "describe them in sources.yml, in the contract's order"


@every_entity
def test_staging_names_and_types_every_header_as_the_contract_does(entity: Entity, nodes: dict[str, Node]) -> None:
    model = nodes[f"base_{entity.name}"]
    listed = re.search(r"set columns = (\[.*?\n\]) -%}", model["raw_code"], re.DOTALL)
    assert listed, f"base_{entity.name}.sql has no list of columns"

    assert ast.literal_eval(listed[1]) == [
        [column.header, column.staging_names[0], column.kind.value] for column in entity.columns
    ], f"list them in {model['original_file_path']}, in the contract's order"
    require_stated(model, {name: TYPES[column.kind] for column in entity.columns for name in column.staging_names})


@every_entity
def test_records_are_keyed_by_id_or_number(entity: Entity, nodes: dict[str, Node]) -> None:
    key = f"record_key='coalesce(quickbooks_id, {entity.number})'"
    assert key in nodes[f"base_{entity.name}"]["raw_code"]


@every_entity
def test_records_keep_every_column(entity: Entity, nodes: dict[str, Node]) -> None:
    expected = record_columns(entity)
    current = {name: type_ for name, type_ in expected.items() if name != "s_no"}

    require_lines(nodes[f"stg_{entity.name}"], expected)
    require_stated(nodes[f"stg_{entity.name}"], expected)
    require_stated(nodes[f"{entity.name}_snapshot"], expected)
    require_stated(nodes[CURRENT_MARTS.get(entity.name, entity.name)], current)


@every_transaction
def test_lines_keep_every_column(entity: Entity, nodes: dict[str, Node]) -> None:
    expected = line_columns(entity)

    require_lines(nodes[f"stg_{entity.singular}_lines"], expected)
    for name in (f"stg_{entity.singular}_lines", f"{entity.singular}_lines_snapshot", f"{entity.singular}_lines"):
        require_stated(nodes[name], expected)


@every_entity
def test_histories_follow_the_columns_of_the_contract(entity: Entity, nodes: dict[str, Node]) -> None:
    history = nodes[f"{entity.singular}_history"]

    followed = tuple(history["config"]["meta"]["history_columns"])

    assert followed == entity.history_columns, f"list them in {history['original_file_path']}, in the contract's order"


@every_entity
def test_every_entity_is_checked_as_the_others_are(entity: Entity, manifest: dict[str, Any]) -> None:
    """What goes through all entities has a list of them at its top."""
    snapshot, history = f"{entity.name}_snapshot", f"{entity.singular}_history"
    read = {
        "data_quality_issues": f"base_{entity.name}",
        "versions_begin_and_end_at_exports": snapshot,
        "deletions_are_dated_by_full_exports": snapshot,
        "changes_are_dated_by_exports": history,
        "histories_and_snapshots_agree_on_deletions": history,
    }
    for node in manifest["nodes"].values():
        if node["name"] in read:
            table = read.pop(node["name"])
            listed = {ref["name"] for ref in node["refs"]}
            assert table in listed, f"the list in {node['original_file_path']} lacks {entity.name}"
    assert not read


@every_entity
def test_snapshots_know_their_entity(entity: Entity, nodes: dict[str, Node]) -> None:
    expected = {"entity": entity.name, "number": entity.number_header, "records": f"stg_{entity.name}"}
    assert nodes[f"{entity.name}_snapshot"]["config"]["meta"] == expected
    if entity.has_lines:
        lines = f"{entity.singular}_lines"
        assert nodes[f"{lines}_snapshot"]["config"]["meta"] == expected | {"lines": f"stg_{lines}"}


def test_everything_is_described(nodes: dict[str, Node], sources: dict[tuple[str, str], Node]) -> None:
    undescribed = [
        f"{node['name']}.{column['name']}".rstrip(".")
        for node in (*nodes.values(), *sources.values())
        for column in ({"name": "", **node}, *node["columns"].values())
        if not column["description"].strip()
    ]

    assert not undescribed


def test_dbt_has_nothing_to_warn_of(parsed: tuple[dict[str, Any], list[str]]) -> None:
    assert parsed[1] == []


def test_every_model_and_snapshot_has_an_owner(manifest: dict[str, Any], nodes: dict[str, Node]) -> None:
    owned = {group["name"] for group in manifest["groups"].values() if group["owner"]["name"]}
    assert [name for name, node in nodes.items() if node["group"] not in owned] == []


def test_what_people_read_has_an_exposure(manifest: dict[str, Any], nodes: dict[str, Node]) -> None:
    exposures = manifest["exposures"].values()
    assert [exposure["name"] for exposure in exposures if not (exposure["label"] and exposure["description"])] == []
    assert {exposure["owner"]["name"] for exposure in exposures} <= {
        group["owner"]["name"] for group in manifest["groups"].values()
    }
    read = {node for exposure in exposures for node in exposure["depends_on"]["nodes"]}
    unread = [
        n for n, node in nodes.items() if node["schema"] in {"marts", "monitoring"} and node["unique_id"] not in read
    ]
    assert unread == [], "name them in dbt_project/models/exposures.yml, at what reads them (docs/extending.md)"


def test_every_model_and_snapshot_has_a_file_of_its_own_name(nodes: dict[str, Node]) -> None:
    for name, node in nodes.items():
        assert Path(node["patch_path"].partition("://")[2]).stem == name
