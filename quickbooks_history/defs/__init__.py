"""The Dagster definitions, a file a subject."""

import sys
from importlib import import_module, metadata
from types import ModuleType

from dagster_shared.libraries import DagsterLibraryRegistry

_CLOUD = ("dagster_dbt.cloud", "dagster_dbt.cloud_v2", "dagster_dbt.cloud_v2.component")


class _LeftOut(ModuleType):
    """A module that is not imported, whatever is asked of it."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


def _import_dagster_dbt() -> None:
    """Import dagster-dbt as where dbt is a program and no Python package, as dbt Fusion is (docs/decisions.md, 54).

    It imports dbt for an adapter of its own, which we do not use, and dbt's classes take two to three seconds to make.
    Every process that loads the definitions would pay for them: each run, `qbh load`, the code server. What it has for
    dbt Cloud is left out as well: HTTP, gRPC, 250 modules.
    """
    if "dagster_dbt" in sys.modules or "dbt.version" in sys.modules:
        return
    sys.modules["dbt.version"] = None  # type: ignore[assignment]  # an import of it fails
    sys.modules.update({name: _LeftOut(name) for name in _CLOUD})
    try:
        dagster_dbt = import_module("dagster_dbt")
    finally:
        for name in ("dbt.version", *_CLOUD):
            del sys.modules[name]
    for name, value in [*vars(dagster_dbt).items()]:
        if isinstance(value, _LeftOut):
            delattr(dagster_dbt, name)
    # The web UI lists them: it is not dbt Fusion after all.
    DagsterLibraryRegistry._libraries.pop("dbt-fusion", None)
    DagsterLibraryRegistry.register("dbt-core", metadata.version("dbt-core"), is_dagster_package=False)


_import_dagster_dbt()
