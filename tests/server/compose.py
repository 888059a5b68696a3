"""docker-compose.yml, read as Docker Compose reads it, as far as the file goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).parents[2]
FILE = PROJECT / "docker-compose.yml"

_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<otherwise>[^}]*))?\})")


class MissingVariableError(Exception):
    """A variable that has no default is not set."""


def interpolated(value: Any, variables: Mapping[str, str]) -> Any:
    """Put variables in: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`; `$$` is a dollar."""
    if isinstance(value, dict):
        return {name: interpolated(part, variables) for name, part in value.items()}
    if isinstance(value, list):
        return [interpolated(part, variables) for part in value]
    if not isinstance(value, str):
        return value

    def found(match: re.Match[str]) -> str:
        if match["name"] is None:
            return "$"
        if variables.get(match["name"]):
            return variables[match["name"]]
        if match["kind"] == "-":
            return match["otherwise"]
        raise MissingVariableError(f"{match['name']}: {match['otherwise']}")

    return _VARIABLE.sub(found, value)


def as_written() -> dict[str, Any]:
    """The file, without its templates."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return {name: part for name, part in content.items() if not name.startswith("x-")}


def composed(variables: Mapping[str, str]) -> dict[str, Any]:
    """The file as it is with these variables."""
    result: dict[str, Any] = interpolated(as_written(), variables)
    return result


def mounts(service: Mapping[str, Any]) -> dict[str, str]:
    """Volumes or files by the paths at which a service sees them."""
    return {target: source for source, target, *_ in (volume.split(":") for volume in service.get("volumes", ()))}
