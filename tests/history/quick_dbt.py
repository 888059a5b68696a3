"""dbt for hundreds of small runs: its own build task, without what its command line does before each of them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from dbt.adapters.factory import FACTORY, get_adapter
from dbt.cli.main import cli
from dbt.compilation import Compiler
from dbt.flags import set_flags
from dbt.task.build import BuildTask
from dbt_common.clients import agate_helper
from dbt_common.dataclass_schema import dbtClassMixin
from dbt_common.events.base_types import BaseEvent
from dbt_common.events.event_manager import EventManager
from jinja2 import Environment
from timeline import DBT_PROJECT, Dbt

from quickbooks_history.lean_dbt import kept_contexts
from quickbooks_history.warehouse.connection import tool_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import CodeType


_empty_table = cache(agate_helper.empty_table)
_json_schema = cache(dbtClassMixin.json_schema.__func__)


class QuickDbt(Dbt):
    """dbt in this process, for one database on which no other dbt is at work at the same time.

    Reading the profile and the project, making an adapter, drawing the graph of all nodes without the tests that
    nobody selects, gathering all macros for each question to the catalogue, making the parsers of dates that its
    answers might hold, turning a template's text into Python, and asking which columns a table has are done once;
    events that nobody reads are not made. That took five sixths of a run whose tables hold a handful of rows. The
    models, snapshots and macros are rendered and run for each run, as shipped.
    """

    def __init__(self, folder: Path, url: str, *flags: str) -> None:
        context = cli.make_context(
            "dbt",
            [
                *("build", "--resource-type", "model", "--resource-type", "snapshot", "--select", "nothing_yet"),
                *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--threads", "1"),
                *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"), "--log-level", "none"),
                *("--no-write-json", "--no-partial-parse", "--no-populate-cache", *flags),
            ],
        )
        context.obj = {"callbacks": []}  # where dbt leaves what it has read; one that is empty it would not take
        with pytest.MonkeyPatch.context() as environment, kept_contexts():
            for name, value in tool_environment(url).items():
                environment.setenv(name, value)
            cli.invoke(context)
        self._build_flags = context.obj["flags"]
        self._config = context.obj["runtime_config"]
        self._manifest = context.obj["manifest"]
        self._manifest.nodes = {
            name: node for name, node in self._manifest.nodes.items() if node.resource_type in {"model", "snapshot"}
        }
        self._manifest.unit_tests = {}
        self._graph = Compiler(self._config).compile(self._manifest, add_test_edges=True)
        self._adapter = get_adapter(self._config)
        self._columns: dict[str, list[Any]] = {}
        self._adapter.get_columns_in_relation = _once_for_a_table(self._adapter.get_columns_in_relation, self._columns)

    def forget_tables(self) -> None:
        """Look anew which tables there are, and of what columns: others than this dbt have made or dropped some."""
        self._adapter.cache.clear()
        self._columns.clear()

    def build(self, *nodes: str, flags: Sequence[str] = ()) -> None:
        """Build these models and snapshots.

        Raises:
            AssertionError: One failed.
        """
        assert not flags, "the command line was read once"
        task = _BuildOf(self._build_flags, self._config, self._manifest)
        task.graph, task.nodes = self._graph, nodes
        set_flags(self._build_flags)  # those of another dbt's command are there otherwise
        with (
            # Another dbt in this process makes an adapter of its own, in place of this one.
            patch.dict(FACTORY.adapters, {self._adapter.type(): self._adapter}),
            kept_contexts(),
            patch.object(agate_helper, "empty_table", _empty_table),
            patch.object(dbtClassMixin, "json_schema", classmethod(_json_schema)),
            patch.object(Environment, "compile", _once_for_a_text(Environment.compile)),
            patch.object(BaseEvent, "__init__", lambda *_, **__: None),
            patch.object(EventManager, "fire_event"),
        ):
            result = task.run()
        failures = [f"{node.node.name}: {node.message}" for node in result.results if node.status != "success"]
        assert not failures, "\n".join(failures)


def _once_for_a_table(columns: Callable[[Any], list[Any]], known: dict[str, list[Any]]) -> Callable[[Any], list[Any]]:
    """Ask for a table's columns until it has some; temporary ones of one name are alike, whatever their number."""

    def known_columns(relation: Any) -> list[Any]:
        table = re.sub(r"(?<=__dbt_tmp)\d+", "", relation.render())
        if table not in known and (asked := columns(relation)):
            known[table] = asked
        return list(known.get(table, []))

    return known_columns


_compiled: dict[tuple[Any, ...], CodeType] = {}


def _once_for_a_text(compile_template: Callable[..., CodeType]) -> Callable[..., CodeType]:
    """Make Python of a template once for each kind of environment."""

    def compiled(environment: Environment, source: str, *args: Any) -> CodeType:
        key = (type(environment), source, *args)
        if key not in _compiled:
            _compiled[key] = compile_template(environment, source, *args)
        return _compiled[key]

    return compiled


class _BuildOf(BuildTask):
    """dbt's build of some nodes of a graph that was drawn before, whatever the command line said."""

    nodes: tuple[str, ...]

    def compile_manifest(self) -> None:
        """Leave the graph as it is."""

    @property
    def selection_arg(self) -> tuple[str, ...]:
        return self.nodes
