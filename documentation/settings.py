"""The page of settings, from the fields of `Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import AliasChoices

from documentation.markdown import NOTICE, code
from quickbooks_history.defs.markdown import markdown_table
from quickbooks_history.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_KINDS = {Path: "path", int: "whole number", float: "number", str: "text", bool: "true or false"}
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def settings_page() -> str:
    """Return `docs/reference/settings.md`."""
    rows = [
        (code(variable(name, field)), _kind(field), _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return "\n\n".join(
        [
            NOTICE,
            "# Settings",
            "Environment variables, all optional. One that is set to nothing counts as not set; one that cannot be "
            "used ends the command with status 2 and says why.",
            markdown_table(("variable", "kind", "default", ""), rows),
        ]
    )


def variable(name: str, field: FieldInfo) -> str:
    """Return the environment variable of a field."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return str(alias) if alias else f"{Settings.model_config['env_prefix']}{name.upper()}"


def _kind(field: FieldInfo) -> str:
    types = [type_ for type_ in (get_args(field.annotation) or (field.annotation,)) if type_ is not type(None)]
    words = [_KINDS[type_] for type_ in types]
    bounds = [
        f"{told} {getattr(bound, mark)}"
        for bound in field.metadata
        for mark, told in _BOUNDS.items()
        if hasattr(bound, mark)
    ]
    return ", ".join(words + bounds)


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if field.default_factory is not None or default is None or default == PROJECT_ROOT:
        return ""  # the description says what holds then
    return code(str(default))
