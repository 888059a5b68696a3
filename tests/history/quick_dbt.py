"""dbt for hundreds of small runs: its own build task, without what its command line does before each of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from dbt.adapters.factory import get_adapter
from dbt.cli.main import cli
from dbt.context.providers import generate_runtime_macro_context
from dbt.task.build import BuildTask
from timeline import DBT_PROJECT, Dbt

from quickbooks_history.warehouse.connection import tool_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class QuickDbt(Dbt):
    """dbt in this process, for one database that nobody else's dbt is at work on.

    Reading the profile and the project, making an adapter, putting tests into the graph that nobody selects, and
    gathering all macros for each question to the catalogue are done once. That took three quarters of a run whose
    tables hold a handful of rows. The models, snapshots and macros are compiled and run for each run, as shipped.
    """

    def __init__(self, folder: Path, url: str) -> None:
        context = cli.make_context(
            "dbt",
            [
                *("build", "--resource-type", "model", "--resource-type", "snapshot", "--select", "nothing_yet"),
                *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--threads", "1"),
                *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"), "--log-level", "none"),
                *("--no-write-json", "--no-partial-parse", "--no-populate-cache"),
            ],
        )
        context.obj = {"callbacks": []}  # where dbt leaves what it has read; one that is empty it would not take
        with pytest.MonkeyPatch.context() as environment:
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
        self._manifest.build_parent_and_child_maps()
        get_adapter(self._config).set_macro_context_generator(_once_in_a_thread(generate_runtime_macro_context))

    def forget_tables(self) -> None:
        """Look anew which tables there are: for when others than dbt have made or dropped some."""
        get_adapter(self._config).cache.clear()

    def build(self, *nodes: str, flags: Sequence[str] = ()) -> None:
        """Build these models and snapshots.

        Raises:
            AssertionError: One failed.
        """
        assert not flags, "the command line was read once"
        result = _BuildOf(self._build_flags, self._config, self._manifest, nodes).run()
        failures = [f"{node.node.name}: {node.message}" for node in result.results if node.status != "success"]
        assert not failures, "\n".join(failures)


def _once_in_a_thread(generate: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Make the context in which dbt's adapter runs a macro of its own once for each package; a run has new threads."""
    made = threading.local()

    def context(macro: Any, config: Any, manifest: Any, package: str | None) -> dict[str, Any]:
        contexts = made.__dict__.setdefault("contexts", {})
        key = (macro.package_name, package)
        if key not in contexts:
            contexts[key] = generate(macro, config, manifest, package)
        return dict(contexts[key])

    return context


class _BuildOf(BuildTask):
    """dbt's build of some nodes, whatever the command line said."""

    def __init__(self, flags: Any, config: Any, manifest: Any, nodes: tuple[str, ...]) -> None:
        super().__init__(flags, config, manifest)
        self._nodes = nodes

    @property
    def selection_arg(self) -> tuple[str, ...]:
        return self._nodes
