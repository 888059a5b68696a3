"""The Dagster definitions, a file a subject."""

import sys
from importlib import import_module, metadata

from dagster_shared.libraries import DagsterLibraryRegistry


def _import_dagster_dbt() -> None:
    """Import dagster-dbt as where dbt is a program and no Python package, as dbt Fusion is (docs/decisions.md, 54).

    It imports dbt for an adapter of its own, which we do not use, and dbt's classes take two to three seconds to make.
    Every process that loads the definitions would pay for them: each run, `qbh load`, the code server.
    """
    if "dagster_dbt" in sys.modules or "dbt.version" in sys.modules:
        return
    sys.modules["dbt.version"] = None  # type: ignore[assignment]  # an import of it fails
    try:
        import_module("dagster_dbt")
    finally:
        del sys.modules["dbt.version"]
    # The web UI lists them: it is not dbt Fusion after all.
    DagsterLibraryRegistry._libraries.pop("dbt-fusion", None)
    DagsterLibraryRegistry.register("dbt-core", metadata.version("dbt-core"), is_dagster_package=False)


_import_dagster_dbt()
