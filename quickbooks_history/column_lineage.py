"""From which columns of its parents each column of a dbt model is made, as its compiled SQL says."""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Node = dict[str, Any]
"""A model, snapshot or source of dbt's manifest."""

Origins = dict[str, list[tuple[str, str]]]
"""Of each column, the dbt nodes, by their ids, and their columns that it is made of."""

_DIALECT = "postgres"

_log = logging.getLogger(__name__)

_BOOKKEEPING = {"stale_history": ("entity", "record_key", "stale_from")}
"""Tables of `meta` that an incremental run looks records up in; no column is made of theirs."""


def column_origins(manifest: Mapping[str, Any], unique_id: str, target: Path) -> Origins:
    """Say what the columns of a model or snapshot are made of.

    dagster-dbt can do the same, but reads a model once for each of its columns, and knows nothing of names in quotes
    or of snapshots (docs/decisions.md, 37).

    Args:
        manifest: dbt's; its YAML names the columns of every node.
        unique_id: Of the model or snapshot.
        target: The folder that dbt has compiled it into. What was read is kept there: reading 30 models takes a second
            and a half, and the next run compiles the same.

    Returns:
        Its columns; none if dbt has not compiled it, or its SQL cannot be read.
    """
    node = manifest["nodes"][unique_id]
    parents = {
        parent: manifest["sources"].get(parent) or manifest["nodes"][parent] for parent in node["depends_on"]["nodes"]
    }
    if node["resource_type"] == "snapshot":
        return _of_snapshot(node, parents)
    compiled = target / "compiled" / node["package_name"] / node["original_file_path"]
    if not compiled.exists():
        return {}
    sql = compiled.read_text()
    kept = target / "column_lineage" / f"{unique_id}.json"
    made_from = [sql, node["columns"], {name: [*parent["columns"]] for name, parent in parents.items()}]
    key = hashlib.sha256(json.dumps(made_from, sort_keys=True, default=str).encode()).hexdigest()
    with suppress(OSError, ValueError, KeyError):
        found = json.loads(kept.read_text())
        if found["key"] == key:
            return {column: list(map(tuple, made_of)) for column, made_of in found["origins"].items()}
    origins = _of_select(sql, node, parents)
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps({"key": key, "origins": origins}))
    return origins


def _of_snapshot(node: Node, parents: Mapping[str, Node]) -> Origins:
    """Read the names: dbt keeps no compiled SQL of a snapshot, and ours take the columns of their staging model."""
    observed = node["config"]["meta"]
    staging = observed.get("lines") or observed.get("records")
    origins: Origins = {}
    for unique_id, parent in parents.items():
        if parent["name"] == staging:
            for name in node["columns"]:
                # A version is named and dated by the exports at which it begins and ends.
                origin = "exported_at" if name.startswith("dbt_") else name
                if origin in parent["columns"]:
                    origins[name] = [(unique_id, origin)]
    return origins


def _of_select(sql: str, node: Node, parents: Mapping[str, Node]) -> Origins:
    # Imported here: only runs need it.
    from sqlglot import MappingSchema, exp
    from sqlglot.lineage import lineage

    # Without the database: the manifest may have been made for another one than the run's.
    schema = MappingSchema(dialect=_DIALECT)
    for parent in parents.values():
        columns = {exp.to_identifier(name, quoted=True).sql(_DIALECT): "text" for name in parent["columns"]}
        schema.add_table(exp.table_(parent["name"], parent["schema"]), columns, dialect=_DIALECT)
    for name, columns_of_meta in _BOOKKEEPING.items():
        table = exp.table_(name, "meta")
        schema.add_table(table, dict.fromkeys(columns_of_meta, "text"), dialect=_DIALECT)
    ids = {(parent["schema"], parent["name"]): unique_id for unique_id, parent in parents.items()}
    origins: Origins = {}
    try:
        roots = lineage(None, sql, schema, dialect=_DIALECT, trim_selects=False)
        for name in node["columns"]:
            leaves = [(leaf, leaf.expression) for leaf in roots[name].walk()] if name in roots else []
            origins[name] = sorted(
                {
                    (ids[table.db, table.name], exp.to_column(leaf.name).name)
                    for leaf, table in leaves
                    if isinstance(table, exp.Table) and (table.db, table.name) in ids and leaf.name != "*"
                }
            )
    except Exception as error:  # noqa: BLE001 - no whim of a parser is worth a nightly run
        _log.warning("no column lineage of %s: %s", node["name"], error)
        return {}
    return origins
