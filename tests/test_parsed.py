"""What runs keep of the parsed project, and what is gone through before a run needs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quickbooks_history.parsed import OF_RUNS, PARSED, begin_parsed, keep_for_runs

PROJECT = Path(__file__).parents[1] / "dbt_project"
DATABASE = {"PGDATABASE": "history"}
OTHER_DATABASE = {"PGDATABASE": "other"}

REHEARSAL = """
import sys
from pathlib import Path

from dbt.parser.manifest import ManifestLoader

from quickbooks_history.parsed import rehearse

def told(name):
    method = getattr(ManifestLoader, name)
    setattr(ManifestLoader, name, lambda self, *rest: (print(name), method(self, *rest))[1])

told("load_and_parse_macros")
told("track_project_load")
rehearse(*map(Path, sys.argv[1:4]), room=sys.argv[4])
"""


def dbt(target: Path, *command: str) -> None:
    subprocess.run(
        [
            *(Path(sys.executable).with_name("qbh-dbt"), "--quiet", *command, *OF_RUNS),
            *("--target-path", target, "--log-path", target, "--profiles-dir", PROJECT),
        ],
        cwd=PROJECT,
        check=True,
        env={**os.environ, **DATABASE},
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A target folder in which the project was parsed for runs."""
    target = tmp_path_factory.mktemp("prepared")
    dbt(target, "parse")
    keep_for_runs(target)
    return target


def rehearsed(prepared: Path, target: Path, database: dict[str, str] = DATABASE) -> list[str]:
    """Return which of two steps of dbt were reached: it parses files, and it has the whole project."""
    lines = subprocess.run(
        [sys.executable, "-c", REHEARSAL, PROJECT, prepared, target, target.parent],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, **database},
    ).stdout.splitlines()
    return [line for line in lines if line in {"load_and_parse_macros", "track_project_load"}]


def test_a_rehearsal_has_the_whole_project_and_leaves_nothing(prepared: Path, tmp_path: Path) -> None:
    target = tmp_path / "of_runs"
    assert rehearsed(prepared, target) == ["track_project_load"]
    begin_parsed(prepared, target)
    held = {path: path.stat().st_mtime_ns for path in target.iterdir()}
    assert rehearsed(tmp_path, target) == ["track_project_load"]
    assert {path: path.stat().st_mtime_ns for path in target.iterdir()} == held
    assert list(tmp_path.iterdir()) == [target]


def test_a_rehearsal_parses_nothing(prepared: Path, tmp_path: Path) -> None:
    target = tmp_path / "of_runs"
    target.mkdir()
    assert not rehearsed(tmp_path, target), "nothing is parsed"
    begin_parsed(prepared, target)
    assert not rehearsed(prepared, target, OTHER_DATABASE), "it is parsed for another database"
    (target / PARSED).write_bytes(b"half")
    assert not rehearsed(prepared, target)


def test_a_manifest_is_written_by_those_who_parse(prepared: Path, tmp_path: Path) -> None:
    """Also where nothing is to be parsed: what is there may be what a parse that was cut off has left."""
    begin_parsed(prepared, tmp_path)
    for run in ("build", "test"):
        dbt(tmp_path, run, "--select", "nothing_of_this_name")
        assert not (tmp_path / "manifest.json").exists()
    (tmp_path / "manifest.json").write_text('{"half')
    dbt(tmp_path, "parse")
    assert json.loads((tmp_path / "manifest.json").read_text())["nodes"]


def test_what_is_parsed_holds_for_another_server_and_not_for_another_database(tmp_path: Path) -> None:
    def parses(**variables: str) -> bool:
        command = [
            Path(sys.executable).with_name("qbh-dbt"),
            "parse",
            "--target-path",
            tmp_path,
            "--log-path",
            tmp_path,
            "--log-level",
            "debug",
        ]
        run = subprocess.run(
            [*command, "--profiles-dir", PROJECT],
            cwd=PROJECT,
            env=os.environ | variables,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout
        return "Unable to do partial parsing" in run.stdout

    assert parses(PGHOST="one.test", PGDATABASE="history")
    assert not parses(PGHOST="another.test", PGPORT="1", PGUSER="somebody", PGDATABASE="history")
    assert parses(PGHOST="another.test", PGDATABASE="other")
