"""The pages of tables and their columns, from dbt's own descriptions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from documentation.markdown import NOTICE, code
from quickbooks_history.defs.markdown import markdown_table
from quickbooks_history.defs.project import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMAS = {
    "raw": "Every row of every file, as text under the file's own headers; only ever appended to.",
    "meta": "The ledger. The other tables of this schema are the program's own, and nobody else's to read or write.",
    "staging": "Typed views over the loads in force; and what could not be typed.",
    "snapshots": "Versions: what a record or a line was, from `dbt_valid_from` up to, not including, `dbt_valid_to`.",
    "marts": "Changes, and the state now.",
    "monitoring": "How the warehouse is doing.",
}
"""In the order in which data goes through them."""


def tables_pages() -> dict[str, str]:
    """Return `docs/reference/tables.md` and a page for each schema beside it."""
    by_schema: Mapping[str, list[dict[str, Any]]] = defaultdict(list)
    for node in [*manifest()["sources"].values(), *manifest()["nodes"].values()]:
        if node["resource_type"] in {"model", "snapshot", "source"}:
            by_schema[node["schema"]].append(node)
    if by_schema.keys() != SCHEMAS.keys():
        raise ValueError(f"documentation/tables.py describes {[*SCHEMAS]}, dbt has {[*by_schema]}")
    overview = [
        NOTICE,
        "# Tables",
        "Moments are `timestamptz`. Every table is an asset of Dagster's under the same name.",
    ]
    pages = {}
    for schema, words in SCHEMAS.items():
        nodes = sorted(by_schema[schema], key=lambda node: str(node["name"]))
        page = f"tables_{schema}.md"
        rows = [(f"[{code(_name(node))}]({page}#{_anchor(node)})", _grain(node)) for node in nodes]
        overview += [f"## {schema}", words, markdown_table(("table", "one row is"), rows)]
        sections = [_section(node) for node in nodes]
        pages[f"docs/reference/{page}"] = "\n\n".join([NOTICE, f"# Tables of {code(schema)}", words, *sections])
    return {"docs/reference/tables.md": "\n\n".join(overview), **pages}


def _name(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['name']}"


def _anchor(node: Mapping[str, Any]) -> str:
    """The anchor that both the site and GitHub give a heading which is one code span."""
    return _name(node).replace(".", "")


def _grain(node: Mapping[str, Any]) -> str:
    """The first sentence of a description is the table's grain."""
    words = " ".join(node["description"].split())
    first = words.partition(". ")[0].rstrip(".")
    return first.removeprefix("One row per ") if first.startswith("One row per ") else first


def _section(node: Mapping[str, Any]) -> str:
    columns = [
        (code(name), column["data_type"] or "", column["description"]) for name, column in node["columns"].items()
    ]
    return "\n\n".join(
        [f"## {code(_name(node))}", node["description"].strip(), markdown_table(("column", "type", ""), columns)]
    )
