"""What belongs to a company bears its name, and nothing of another company is taken for its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetCheckKey, AssetKey, DagsterRun
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from home import Home
from pydantic import ValidationError

from quickbooks_history import company
from quickbooks_history.defs.jobs import JOBS
from quickbooks_history.settings import Settings

NAMES = """
import json
from quickbooks_history.definitions import defs
graph = defs.resolve_asset_graph()
repository = defs.get_repository_def()
jobs = [job for job in repository.get_all_jobs() if not job.name.startswith("__")]
print(json.dumps({
    "assets": sorted(key.to_user_string() for key in graph.get_all_asset_keys()),
    "checks": sorted({key.asset_key.to_user_string() for key in graph.asset_check_keys}),
    "partitions": sorted({node.partitions_def.name for node in graph.asset_nodes if node.partitions_def}),
    "pools": sorted({op.pool for job in jobs for op in job.graph.node_defs if getattr(op, "pool", None)}),
    "tags": sorted({job.tags.get("quickbooks_history/company", "") for job in jobs}),
}))
"""


def _names(tmp_path: Path, variables: dict[str, str]) -> dict[str, list[str]]:
    done = Home(tmp_path, variables).run(sys.executable, "-c", NAMES, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_all_that_an_instance_keeps_by_name_is_the_companys_own(tmp_path: Path) -> None:
    alone, globex = _names(tmp_path, {}), _names(tmp_path, {"QBH_COMPANY": "globex"})
    assert "marts/item_history" in alone["assets"]
    assert len(alone["assets"]) > 40
    for kind in ("assets", "checks"):
        assert globex[kind] == [f"globex/{name}" for name in alone[kind]]
    assert (alone["partitions"], globex["partitions"]) == (["export_date"], ["globex_export_date"])
    assert (alone["pools"], globex["pools"]) == (["warehouse"], ["globex_warehouse"])
    assert (alone["tags"], globex["tags"]) == ([""], ["globex"])


ASSET, OTHERS = AssetKey(["raw", "items"]), AssetKey(["globex", "raw", "items"])
TAGGED = {"quickbooks_history/company": "globex"}
NOBODYS = "nobody's"


def _of(module: str, job: str, **run: Any) -> DagsterRun:
    """A run that a code server's job became."""
    pointer = ModuleCodePointer(module, "defs", None)
    return DagsterRun(job, job_code_origin=JobPythonOrigin(job, RepositoryPythonOrigin("python", pointer)), **run)


OURS = "quickbooks_history.definitions"


@pytest.mark.parametrize(
    ("run", "owner"),
    [
        (DagsterRun("load_exports"), None),
        (DagsterRun("load_exports", tags=TAGGED), "globex"),
        (DagsterRun("load_exports", tags={"quickbooks_history/company": "initech"}), "initech"),
        (DagsterRun("__ASSET_JOB", asset_selection=frozenset({ASSET})), None),
        (DagsterRun("__ASSET_JOB", asset_selection=frozenset({OTHERS})), "globex"),
        (DagsterRun("__ASSET_JOB", asset_check_selection=frozenset({AssetCheckKey(OTHERS, "c")})), "globex"),
        (_of(OURS, "verify"), None),
        (_of(OURS, "verify", tags=TAGGED), "globex"),
        (_of(OURS, "__ASSET_JOB", asset_selection=frozenset({ASSET})), None),
        # Of other projects on the same instance.
        (DagsterRun("train_model"), NOBODYS),
        (DagsterRun("train_model", asset_selection=frozenset({ASSET})), NOBODYS),
        (DagsterRun("__ASSET_JOB", asset_selection=frozenset({AssetKey("model")})), NOBODYS),
        (DagsterRun("__ASSET_JOB", asset_selection=frozenset({AssetKey(["a", "b", "c", "d"])})), NOBODYS),
        (_of("others.definitions", "verify"), NOBODYS),
        (_of("others.definitions", "__ASSET_JOB"), NOBODYS),
        (_of("others.definitions", "__ASSET_JOB", asset_selection=frozenset({ASSET})), NOBODYS),
    ],
)
def test_a_run_is_one_companys(run: DagsterRun, owner: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (None, "globex", "initech"):
        monkeypatch.setattr(company, "COMPANY", name)
        assert company.is_ours(run) == (name == owner), name


def test_the_jobs_are_known_by_name() -> None:
    assert {job.name for job in JOBS} == company.JOBS


@pytest.mark.parametrize("name", ["Globex", "1st", "a-b", "a/b", "x" * 40])
def test_a_name_is_one_that_fits_everywhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBH_COMPANY", name)
    with pytest.raises(ValidationError):
        Settings()
