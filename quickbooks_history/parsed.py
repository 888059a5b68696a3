"""The dbt project as runs have it parsed: kept from run to run, and gone through once before a run needs it."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from quickbooks_history.lean_dbt import in_its_place

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_RUNS = ["--vars", json.dumps({"only_unchecked": True})]
"""The variables of a run's dbt: data tests look at the records whose history was rewritten (`macros/unchecked.sql`)."""

PARSED = "partial_parse.msgpack"
"""What dbt has parsed, as dbt calls it."""

_PARSED_FOR_RUNS = "parsed_for_runs.msgpack"  # dbt by hand does not put its own in this one's place


def keep_for_runs(target: Path) -> None:
    """Keep what dbt has just parsed with the variables of runs.

    Args:
        target: dbt's target folder, in which it was parsed.
    """
    shutil.copyfile(target / PARSED, target / _PARSED_FOR_RUNS)


def begin_parsed(prepared: Path, target: Path) -> None:
    """Have dbt find the project parsed in a folder of runs that has seen none.

    It takes that for what it is: where database, variables or files are others, it parses them itself.

    Args:
        prepared: The target folder in which the project was parsed for runs.
        target: The folder of runs.
    """
    if (prepared / _PARSED_FOR_RUNS).exists() and not (target / PARSED).exists():
        target.mkdir(parents=True, exist_ok=True)
        making = target / f"{PARSED}.begun"
        shutil.copyfile(prepared / _PARSED_FOR_RUNS, making)
        making.replace(target / PARSED)


def rehearse(project: Path, prepared: Path, target: Path, room: str) -> None:
    """Go through the start of a run, in this process and in a folder of its own, so that the run's own start is short.

    dbt makes its readers, writers and validators at their first use, which takes longer than all they then do. Nothing
    is parsed, nothing is asked of a database, and what goes wrong is for the run itself to say.

    Args:
        project: The dbt project.
        prepared: The target folder in which the project was parsed for runs.
        target: The folder of runs.
        room: A folder in which it may make its own.
    """
    from dbt.cli.main import cli
    from dbt.deprecations import buffered_deprecations, reset_deprecations

    with suppress(Exception), TemporaryDirectory(dir=room) as folder, parsed_for_any_server(), _nothing_parsed():
        parsed = target / PARSED
        shutil.copyfile(parsed if parsed.exists() else prepared / _PARSED_FOR_RUNS, Path(folder, PARSED))
        cli(
            [
                *("--quiet", "--no-write-json", "--log-level-file", "none", "--no-send-anonymous-usage-stats"),
                *("parse", *OF_RUNS, "--project-dir", str(project), "--profiles-dir", str(project)),
                *("--target-path", folder, "--log-path", folder),
            ],
            standalone_mode=False,
        )
    # What is deprecated dbt says once, and that is the run's to hear.
    reset_deprecations()  # type: ignore[no-untyped-call]
    buffered_deprecations.clear()


@contextmanager
def parsed_for_any_server() -> Iterator[None]:
    """Let what dbt has parsed hold for each server, port and user, as long as database and schema are the same.

    Of a connection, names of tables have those two in them; this project's SQL asks for no more of it. A project that
    is parsed anew for another server takes longer than all else of the first run there.
    """
    from dbt.parser.manifest import ManifestLoader

    state_check: Any = ManifestLoader.build_manifest_state_check

    def state_check_of_names(self: Any) -> Any:  # noqa: ANN401 - dbt's own
        state = state_check(self)
        credentials = self.root_project.credentials
        state.profile_hash = type(state.profile_hash).from_contents(f"{credentials.database}\0{credentials.schema}")
        return state

    with in_its_place((ManifestLoader, "build_manifest_state_check", state_check_of_names)):
        yield


@contextmanager
def manifest_for_those_who_parse() -> Iterator[None]:
    """Have `dbt build` and `dbt test` write no `manifest.json`: twice in each run, for 0.4 s each time.

    Nobody reads it; Dagster reads the one that `dbt parse` writes.
    """
    from dbt.flags import get_flags
    from dbt.parser import manifest as parsing
    from dbt.task import runnable

    write: Any = parsing.write_manifest

    def write_unless_run(*arguments: Any) -> None:  # noqa: ANN401 - dbt's own
        flags: Any = get_flags()  # type: ignore[no-untyped-call]
        if flags.WHICH not in {"build", "test"}:
            write(*arguments)

    with in_its_place(
        (parsing, "write_manifest", write_unless_run),
        (runnable, "write_manifest", write_unless_run),
    ):
        yield


class _NotParsedError(Exception):
    """The project is not parsed as it is now; to parse it takes seconds, which are the run's."""


@contextmanager
def _nothing_parsed() -> Iterator[None]:
    """Have dbt give up where it would parse a file."""
    from dbt.parser.manifest import ManifestLoader

    find_changed: Any = ManifestLoader.safe_update_project_parser_files_partially

    def require_unchanged(self: Any, files: Any) -> Any:  # noqa: ANN401 - dbt's own
        changed = find_changed(self, files)
        if not self.skip_parsing:
            raise _NotParsedError
        return changed

    with in_its_place((ManifestLoader, "safe_update_project_parser_files_partially", require_unchanged)):
        yield
