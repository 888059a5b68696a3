"""dbt's own tests for snapshots pass in a project that has our macros.

Every class that the suite offers an adapter for them is here, those that tell most in every run, the others in thorough
ones. Of its other tests that have a snapshot among their
files, those of hooks are here too; those of `dbt clone` and `dbt docs generate` are not: the one runs a snapshot for
the first time and clones it, as it clones any table, the other never runs one.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import dbt.tests.adapter
import pytest
from dbt.tests.adapter.basic.test_snapshot_check_cols import BaseSnapshotCheckCols
from dbt.tests.adapter.basic.test_snapshot_timestamp import BaseSnapshotTimestamp
from dbt.tests.adapter.grants.test_snapshot_grants import BaseSnapshotGrants
from dbt.tests.adapter.hooks.test_model_hooks import (
    BasePrePostModelHooksOnSnapshots,
    BasePrePostSnapshotHooksInConfigKwargs,
)
from dbt.tests.adapter.simple_snapshot.new_record_check_mode import BaseSnapshotNewRecordCheckMode
from dbt.tests.adapter.simple_snapshot.new_record_dbt_valid_to_current import BaseSnapshotNewRecordDbtValidToCurrent
from dbt.tests.adapter.simple_snapshot.new_record_timestamp_mode import BaseSnapshotNewRecordTimestampMode
from dbt.tests.adapter.simple_snapshot.test_ephemeral_snapshot_hard_deletes import (
    BaseSnapshotEphemeralHardDeletes,
    BaseSnapshotNewColumnSpecificCheckCols,
    BaseSnapshotNewColumnTimestampStrategy,
    BaseSnapshotNewColumnWithDeletes,
)
from dbt.tests.adapter.simple_snapshot.test_snapshot import BaseSimpleSnapshot, BaseSnapshotCheck
from dbt.tests.adapter.simple_snapshot.test_various_configs import (
    BaseSnapshotColumnNames,
    BaseSnapshotColumnNamesFromDbtProject,
    BaseSnapshotDbtValidToCurrent,
    BaseSnapshotInvalidColumnNames,
    BaseSnapshotMultiUniqueKey,
)
from dbt.tests.util import run_dbt, run_dbt_and_capture

# The suite's fixtures have the scope of a class and are instance methods, as pytest 10 will not have them.
pytestmark = pytest.mark.filterwarnings("ignore:Class-scoped fixtures:pytest.PytestRemovedIn10Warning")

DISPATCHED = ("build_snapshot_table", "snapshot_staging_table", "snapshot_merge_sql")
"""What dbt's snapshot materialization leaves to the adapter, and our macros take over."""


class TestSnapshotCheckCols(BaseSnapshotCheckCols):
    pass


class TestSnapshotTimestamp(BaseSnapshotTimestamp):
    pass


class TestSimpleSnapshot(BaseSimpleSnapshot):
    pass


@pytest.mark.thorough
class TestSnapshotCheck(BaseSnapshotCheck):
    pass


class TestSnapshotNewRecordTimestampMode(BaseSnapshotNewRecordTimestampMode):
    pass


@pytest.mark.thorough
class TestSnapshotNewRecordCheckMode(BaseSnapshotNewRecordCheckMode):
    pass


@pytest.mark.thorough
class TestSnapshotNewRecordDbtValidToCurrent(BaseSnapshotNewRecordDbtValidToCurrent):
    pass


@pytest.mark.thorough
class TestSnapshotEphemeralHardDeletes(BaseSnapshotEphemeralHardDeletes):
    pass


@pytest.mark.thorough
class TestSnapshotNewColumnTimestampStrategy(BaseSnapshotNewColumnTimestampStrategy):
    pass


@pytest.mark.thorough
class TestSnapshotNewColumnSpecificCheckCols(BaseSnapshotNewColumnSpecificCheckCols):
    pass


@pytest.mark.thorough
class TestSnapshotNewColumnWithDeletes(BaseSnapshotNewColumnWithDeletes):
    pass


@pytest.mark.thorough
class TestSnapshotColumnNames(BaseSnapshotColumnNames):
    pass


@pytest.mark.thorough
class TestSnapshotColumnNamesFromDbtProject(BaseSnapshotColumnNamesFromDbtProject):
    pass


@pytest.mark.thorough
class TestSnapshotInvalidColumnNames(BaseSnapshotInvalidColumnNames):
    pass


@pytest.mark.thorough
class TestSnapshotDbtValidToCurrent(BaseSnapshotDbtValidToCurrent):
    pass


class TestSnapshotMultiUniqueKey(BaseSnapshotMultiUniqueKey):
    pass


@pytest.mark.thorough
class TestPrePostModelHooksOnSnapshots(BasePrePostModelHooksOnSnapshots):
    pass


class TestPrePostSnapshotHooksInConfigKwargs(BasePrePostSnapshotHooksInConfigKwargs):
    pass


@pytest.mark.thorough
class TestSnapshotGrants(BaseSnapshotGrants):
    pass


def test_no_class_is_left_out() -> None:
    """A newer suite may have more of them."""
    suite = Path(next(iter(dbt.tests.adapter.__path__)))
    modules = [
        importlib.import_module(".".join(("dbt.tests.adapter", *path.relative_to(suite).with_suffix("").parts)))
        for path in sorted(suite.rglob("*.py"))
        if "snapshot" in str(path.relative_to(suite))
    ]
    offered = {
        name
        for module in modules
        for name, value in vars(module).items()
        if name.startswith("Base") and any(attribute.startswith("test_") for attribute in dir(value))
    }
    run = {base.__name__ for name, value in globals().items() if name.startswith("Test") for base in value.__bases__}

    assert offered
    assert offered <= run


def test_dbt_takes_our_macros(project) -> None:
    macros = run_dbt(["parse"]).macros

    for name in DISPATCHED:
        assert macros[f"macro.dbt.{name}"].depends_on.macros == [f"macro.test.postgres__{name}"]
        assert macros[f"macro.test.postgres__{name}"].original_file_path == "macros/append_log_snapshot.sql"


class TestTimeDataTypes:
    """The suite has no test for a warning of dbt's that our macros keep from append-log snapshots."""

    @pytest.fixture(scope="class")
    def snapshots(self):
        return {
            "stock.sql": """
                {% snapshot stock %}
                {{ config(strategy='timestamp', unique_key='id', updated_at='changed_at') }}
                select 1 as id, timestamptz '2025-01-01' as changed_at
                {% endsnapshot %}
            """
        }

    def test_dbt_warns_of_times_that_are_not_of_its_clocks_type(self, project) -> None:
        _, log = run_dbt_and_capture(["snapshot"])

        assert "Data type of snapshot table timestamp columns (DATETIME) doesn't match" in log
