"""What a check must find: each fault in a loaded warehouse fails the checks that are there for it, and says where.

The checks run as Dagster runs them. Their SQL, which they show to people, is then run again for each fault alone, in a
transaction that is rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from timeline import DBT_PROJECT, History, files, warehouse

from quickbooks_history.warehouse.connection import connect, tool_environment
from quickbooks_history.warehouse.schema import ensure_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

COMPANY = """
    item_all_04_03_2025.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 10          | 5
        B         | 3           | 1
        C         | 7           | 2

    Item_04_04_2025_2_00_03.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 11          | 5
        B         | 3           | 2

    item_all_04_10_2025.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 11          | 4
        B         | 3           | 2

    Item_04_11_2025_2_00_03.csv
        Item Name | Sales Price | Quantity On Hand
        A         | 12          | 4
        B         | 3           | 2

    customer_all_04_03_2025.csv
        Customer Name | Current Balance
        Ada           | 0
        Bo            | 1
        Cy            | 2

    customer_all_04_05_2025.csv
        Customer Name | Current Balance
        Ada           | 5
        Bo            | 1

    invoice_all_04_03_2025.csv
        Invoice No | Customer | Product/Service | Product/Service Quantity | Total Amount
        1001       | Ada      | A               | 2                        | 23
        1001       | Ada      | B               | 1                        | 23

    Invoice_04_04_2025_2_00_03.csv
        Invoice No | Customer | Product/Service | Product/Service Quantity | Total Amount
        1001       | Ada      | A               | 3                        | 33

    sales_receipt_all_04_03_2025.csv
        Sales Receipt No | Customer | Product/Service | Product/Service Quantity | Total Amount
        7                | Ada      | A               | 1                        | 10
"""
"""Two files change items, one full export deletes one; an invoice loses a line. The newest export changes A alone.

The newest of customers is a full one that can be compared with the one before: it changes one, repeats one, and lacks one.
"""


@dataclass(frozen=True)
class Fault:
    """What has gone wrong, and the checks that must find it.

    Attributes:
        what: The same in words.
        statement: SQL that does it.
        errors: Checks that fail, and block what comes after.
        warnings: Checks that warn.
    """

    what: str
    statement: str
    errors: set[str] = field(default_factory=set)
    warnings: set[str] = field(default_factory=set)


OF_VIEWS = {"item_history_view_shows_every_change_once", "order_lines_are_all_lines", "orders_are_all_transactions"}
"""Tests of views over the tables of history: no row can be put into these that is not in those."""

TOGETHER = {"a key has two open versions", "the newest change went unnoticed", "a full export waits"}
"""Faults that are in the warehouse at once when Dagster is asked."""

VERSIONS = "half_open_versions_items_snapshot_record_key"

FAULTS = [
    Fault(
        "a version ends after the next began",
        "update snapshots.items_snapshot set dbt_valid_to = '2025-04-11 02:00:03'"
        " where record_key = 'A' and sales_price = 10",
        {VERSIONS},
    ),
    Fault(
        "a key has two open versions",
        "update snapshots.items_snapshot set dbt_valid_to = null where record_key = 'A' and sales_price = 10",
        {VERSIONS, "unique_products_record_key"},
    ),
    Fault(
        "a key has two versions from one moment",
        """
        create temp table twice as select * from snapshots.items_snapshot where record_key = 'C';
        update twice set dbt_scd_id = 'another';
        insert into snapshots.items_snapshot select * from twice
        """,
        {VERSIONS},
    ),
    Fault(
        "a version has no key",
        "update snapshots.items_snapshot set record_key = null where record_key = 'C'",
        {VERSIONS},
    ),
    Fault(
        "a version lasts for no time",
        "update snapshots.items_snapshot set dbt_valid_to = dbt_valid_from where record_key = 'C'",
        {VERSIONS},
    ),
    Fault(
        "a version ends before the next begins",
        "update snapshots.items_snapshot set dbt_valid_to = '2025-04-05' where record_key = 'B' and dbt_valid_to < '2025-04-10'",
        {"deletions_are_dated_by_full_exports", "versions_begin_and_end_at_exports"},
    ),
    Fault(
        "two neighbouring versions are alike",
        "update snapshots.items_snapshot set quantity_on_hand = 2 where record_key = 'B'",
        {"neighbouring_versions_differ"},
    ),
    Fault(
        "a line ends without its invoice being seen",
        "update snapshots.invoice_lines_snapshot set dbt_valid_to = '2025-05-01' where dbt_valid_to is null",
        {"versions_begin_and_end_at_exports", "current_state_is_last_observation"},
    ),
    Fault(
        "a line outlives its invoice",
        "delete from snapshots.invoices_snapshot where dbt_valid_to is null",
        {"lines_live_within_their_record"},
    ),
    Fault(
        "the newest change went unnoticed",
        """
        delete from snapshots.items_snapshot where sales_price = 12;
        update snapshots.items_snapshot set dbt_valid_to = null where dbt_valid_to = '2025-04-11 02:00:03';
        delete from marts.item_history where changed_at = '2025-04-11 02:00:03'
        """,
        {"newest_exports_are_told", "histories_follow_from_observations", "current_state_is_last_observation"},
    ),
    *(
        Fault(
            f"the newest change is told with another {column}",
            f"update marts.item_history set {column} = '{value}' where changed_at = '2025-04-11 02:00:03'",
            {"newest_exports_are_told", "histories_follow_from_observations"},
        )
        for column, value in {
            "old_value": "10",
            "new_value": "13",
            "change_type": "created",
            "column_name": "purchase_cost",
        }.items()
    ),
    *(
        Fault(f"of a full export {what}", statement, {"newest_exports_are_told", "histories_follow_from_observations"})
        for what, statement in {
            "a change is told wrong": """
                update marts.customer_history set new_value = '6' where record_key = 'Ada' and change_type = 'changed'
            """,
            "a change is not told": """
                delete from marts.customer_history where record_key = 'Ada' and change_type = 'changed'
            """,
            "a deletion is not told": """
                delete from marts.customer_history where record_key = 'Cy' and change_type = 'deleted'
            """,
            "a change is told where it repeats": """
                insert into marts.customer_history
                    (record_key, customer_name, column_name, old_value, new_value, changed_at, change_type, file_name)
                values ('Bo', 'Bo', 'current_balance', '1', '2', '2025-04-05', 'changed', 'customer_all_04_05_2025.csv')
            """,
        }.items()
    ),
    Fault(
        "an older change is told wrong",
        "update marts.item_history set old_value = '9' where new_value = '11'",
        {"histories_follow_from_observations"},
    ),
    Fault(
        "a change is told that was none",
        """
        insert into marts.item_history
            (record_key, item_name, column_name, old_value, new_value, changed_at, change_type, file_name)
        values ('B', 'B', 'sales_price', '3', '4', '2025-04-11 02:00:03', 'changed', 'Item_04_11_2025_2_00_03.csv')
        """,
        {
            "newest_exports_are_told",
            "histories_follow_from_observations",
            "history_adds_up_item_history_ref_products___item_history",
        },
    ),
    Fault(
        "a change is told twice",
        "insert into marts.item_history select * from marts.item_history where new_value = '11'",
        {"histories_follow_from_observations", "history_adds_up_item_history_ref_products___item_history"},
    ),
    Fault(
        "all that is told of an item is told twice",
        "insert into marts.item_history select * from marts.item_history where record_key = 'B'",
        {"histories_follow_from_observations", "history_adds_up_item_history_ref_products___item_history"},
    ),
    Fault(
        "a change is told of no moment",
        "update marts.item_history set changed_at = null where record_key = 'B' and column_name = 'sales_price'",
        {
            "changes_are_dated_by_exports",
            "histories_follow_from_observations",
            "history_adds_up_item_history_ref_products___item_history",
        },
    ),
    Fault(
        "a change is told of no item",
        "update marts.item_history set record_key = null where new_value = '11'",
        {"histories_follow_from_observations", "history_adds_up_item_history_ref_products___item_history"},
    ),
    Fault(
        "a deletion is not told",
        "delete from marts.item_history where change_type = 'deleted'",
        {"histories_follow_from_observations", "histories_and_snapshots_agree_on_deletions"},
    ),
    Fault(
        "a change is dated by a clock",
        "update marts.item_history set changed_at = now() where new_value = '12'",
        {"changes_are_dated_by_exports", "newest_exports_are_told", "histories_follow_from_observations"},
    ),
    Fault(
        "a current value is not what was exported",
        "update snapshots.items_snapshot set upc = '1', sales_price = 999 where record_key = 'B' and dbt_valid_to is null",
        {
            "current_state_is_last_observation",
            "history_adds_up_item_history_ref_products___item_history",
        },
    ),
    Fault(
        "a current line is not what was exported",
        "update snapshots.invoice_lines_snapshot set quantity = 99 where dbt_valid_to is null",
        {"current_state_is_last_observation"},
    ),
    Fault(
        "a deleted record is still there",
        "update snapshots.items_snapshot set dbt_valid_to = null where record_key = 'C'",
        {"current_state_is_last_observation", "histories_and_snapshots_agree_on_deletions"},
    ),
    Fault(
        "a full export waits",
        "update meta.loads set status = 'held' where file_name = 'customer_all_04_03_2025.csv'",
        warnings={"no_load_is_held"},
    ),
    Fault(
        "the newest export has a value that cannot be typed",
        "update raw.items set \"Sales Price\" = 'a dozen' where _exported_at = '2025-04-11 02:00:03'",
        warnings={"newest_exports_can_be_read"},
    ),
]


@dataclass(frozen=True)
class Checked:
    """A warehouse whose checks have all passed.

    Attributes:
        url: Its database.
        environment: What Dagster finds it by.
        queries: Of each check that dbt made, the SQL of its failing rows.
    """

    url: str
    environment: dict[str, str]
    queries: dict[str, str]


@pytest.fixture(scope="module")
def checked(
    history_server: psycopg.Connection, history_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Checked]:
    """The company, loaded and made history of as Dagster does."""
    home = tmp_path_factory.mktemp("home")
    environment = {**tool_environment(history_url), "QBH_HOME": str(home), "QBH_FRESHNESS_HOURS": "1000000"}
    with warehouse(history_server, "template0"):
        with connect(history_url) as connection:
            ensure_schema(connection)
        History(history_url, None, tmp_path_factory.mktemp("inbox")).load(files(COMPANY))
        for job in ("refresh_history", "checks"):
            results = _run(job, environment)
            assert {name for name, result in results.items() if not result.passed} == set()
            assert results
        yield Checked(history_url, environment, _compiled(home / "dbt"))


def _run(job: str, environment: dict[str, str]) -> dict[str, dg.AssetCheckEvaluation]:
    """Run a job; the results of its checks, by name, a failed one before one of another table that passed."""
    from quickbooks_history.definitions import defs
    from quickbooks_history.defs.transform import dbt_build

    checks = dg.define_asset_job("checks", selection=dg.AssetSelection.checks(*dbt_build.check_keys))
    with pytest.MonkeyPatch.context() as monkeypatch, dg.DagsterInstance.ephemeral() as instance:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        result = (
            dg.Definitions.merge(defs, dg.Definitions(jobs=[checks]))
            .resolve_job_def(job)
            .execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        )
    return {
        found.check_name: found
        for found in sorted(result.get_asset_check_evaluations(), key=lambda found: not found.passed)
    }


def _compiled(target: Path) -> dict[str, str]:
    from quickbooks_history.defs.project import manifest

    compiled = {}
    for node in manifest()["nodes"].values():
        path = target / "compiled" / node["package_name"] / node["original_file_path"]
        path = path if path.suffix == ".sql" else path / node["path"]
        if node["resource_type"] == "test" and path.exists():
            compiled[node["name"]] = path.read_text()
    return compiled


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_fails_the_checks_that_are_there_for_it(checked: Checked, fault: Fault) -> None:
    with connect(checked.url) as connection, connection.transaction(force_rollback=True):
        connection.execute(fault.statement)
        failed = {name for name, query in checked.queries.items() if connection.execute(query).fetchone()}
    print(fault.what, failed)
    assert failed >= fault.errors | fault.warnings


def test_every_test_of_history_is_shown_failing() -> None:
    written = {
        path.stem for folder in ("integrity", "consistency") for path in (DBT_PROJECT / "tests" / folder).iterdir()
    }
    shown = set().union(*(fault.errors | fault.warnings for fault in FAULTS))
    assert written - shown == OF_VIEWS


def test_dagster_says_what_failed_and_where(checked: Checked) -> None:
    """Severity, number, first rows, and SQL that finds them all."""
    faults = [fault for fault in FAULTS if fault.what in TOGETHER]
    with connect(checked.url) as connection:
        for fault in faults:
            connection.execute(fault.statement)
    results = _run("checks", checked.environment)
    with connect(checked.url) as connection:
        for fault in faults:
            for name in fault.errors | fault.warnings:
                result = results[name]
                assert not result.passed, name
                assert (result.severity is dg.AssetCheckSeverity.WARN) == (name in fault.warnings), name
                query = str(result.metadata["sql"].value).removeprefix("```sql").removesuffix("```")
                failing = connection.execute(query).fetchall()
                assert result.metadata["dagster_dbt/failed_row_count"].value == len(failing) > 0, name
                assert len(str(result.metadata["first"].value).splitlines()) == 2 + min(len(failing), 10), name
    assert "sales_price | 11 | 12" in str(results["newest_exports_are_told"].metadata["first"].value)
