"""What dbt says of a run that failed, in words for people."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FAILED = {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class FailedNode:
    """A model, snapshot or test that failed.

    Attributes:
        name: What it is, and of which table: `model marts.products`.
        reason: Why, on one line.
        path: The file that says what it is to be, from the checkout on.
        statement: The SQL that gives the rows at which a test failed; None if it is none, or could not be asked.
    """

    name: str
    reason: str
    path: str
    statement: str | None = None


def failed_nodes(target: Path, manifest: Mapping[str, Any]) -> list[FailedNode]:
    """Read what failed in dbt's last run, in the order in which it did.

    Args:
        target: The folder that dbt wrote `run_results.json` into.
        manifest: dbt's.

    Returns:
        Models and snapshots before tests; nothing if dbt failed before it made anything.
    """
    try:
        results = json.loads((target / "run_results.json").read_text())["results"]
    except FileNotFoundError:
        return []
    failed = [result for result in results if result["status"] in _FAILED]
    found = [_failed_node(manifest, result) for result in failed]
    return sorted(found, key=lambda node: node.name.startswith("test "))


def _failed_node(manifest: Mapping[str, Any], result: Mapping[str, Any]) -> FailedNode:
    node = manifest["nodes"].get(result["unique_id"])
    rows = result.get("failures")
    reason = (
        f"{rows:,} {'row is' if rows == 1 else 'rows are'} wrong"
        if rows
        else in_one_line(result["message"] or "no reason given")
    )
    if node is None:  # the project has changed since the manifest was read
        return FailedNode(result["unique_id"], reason, "")
    path = node["original_file_path"].removeprefix("../")
    path = path if node["resource_type"] == "snapshot" else f"dbt_project/{path}"
    if node["resource_type"] != "test":
        return FailedNode(f"{node['resource_type']} {node['schema']}.{node['name']}", reason, path)
    statement = (result.get("compiled_code") or "").strip() if rows else None
    attached = manifest["nodes"].get(node.get("attached_node"))
    name = f"test {node['name']}" + (f" of {attached['schema']}.{attached['name']}" if attached else "")
    return FailedNode(name, reason, path, statement)


def in_one_line(message: str) -> str:
    """Return what a message of dbt says, without dbt's heading, line breaks and marks of where.

    Args:
        message: Such as `Database Error in model ...`, and the server's words on the lines below.
    """
    lines = [line.strip() for line in message.strip().splitlines()]
    if len(lines) > 1 and re.match(r"(Database|Runtime|Compilation|Parsing) Error\b", lines[0]):
        lines = lines[1:]
    return "; ".join(line for line in lines if line and set(line) != {"^"} and not line.startswith("compiled code at"))
