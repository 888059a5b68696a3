"""`qbh verify` and `qbh rebuild` on the made-up company, as a person runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from conftest import Home

HISTORY_HASH = """
    select md5(string_agg(t::text, ',' order by t::text)) from {} as t
"""
TABLES = ("snapshots.items_snapshot", "snapshots.invoice_lines_snapshot", "marts.item_history", "meta.applied_loads")

TAMPER = """
    update snapshots.items_snapshot set sales_price = 999 where dbt_valid_to is null and item_name = 'CB-12X12 (W)';
    delete from snapshots.invoice_lines_snapshot
    where dbt_scd_id in (select dbt_scd_id from snapshots.invoice_lines_snapshot order by 1 limit 7);
    insert into marts.item_history select * from marts.item_history order by record_key limit 3;
"""


def _hashes(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return [connection.execute(HISTORY_HASH.format(table)).fetchone() for table in TABLES]


def test_history_that_was_tampered_with_is_found_and_rebuilt(copied: Home) -> None:
    before = _hashes(copied.url())
    with psycopg.connect(copied.url()) as connection:
        connection.execute(TAMPER)

    run = copied.qbh("verify", "--json")
    assert run.returncode == 1, run.stderr
    found = {finding["table"]: finding for finding in json.loads(run.stdout)}
    assert len(found) == 16
    differing = {table: finding["found"] for table, finding in found.items() if not finding["agrees"]}
    assert differing.keys() == {*TABLES[:3], "marts.products"}
    assert differing["snapshots.items_snapshot"].endswith("rows recomputed: 1 wrong")
    assert differing["snapshots.invoice_lines_snapshot"].endswith("rows recomputed: 7 missing")
    assert differing["marts.item_history"].endswith("rows recomputed: 3 surplus")
    assert differing["marts.products"].startswith("fails the test current_state_is_last_observation: ")
    (wrong,) = found["snapshots.items_snapshot"]["first"]
    assert wrong["there"]["sales_price"] == 999
    assert wrong["recomputed"]["sales_price"] != 999

    rebuilt = copied.qbh("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "snapshots.items_snapshot  replaced: differs" in rebuilt.stdout
    assert _hashes(copied.url()) == before

    verified = copied.qbh("verify")
    assert verified.returncode == 0, verified.stderr
    assert "history is what the log says" in verified.stdout
    with psycopg.connect(copied.url()) as connection:
        assert connection.execute("select to_regnamespace('quickbooks_history_scratch')").fetchone() == (None,)


def test_history_that_is_behind_is_not_called_wrong(copied: Home) -> None:
    """As when a load was killed before its history was made: it says what to run first."""
    with psycopg.connect(copied.url()) as connection:
        row = connection.execute(
            "update meta.loads set status = 'held' where load_id = (select max(load_id) from meta.loads"
            " where status = 'loaded') returning load_id, file_name"
        ).fetchone()
    assert row is not None
    load_id, file_name = row
    run = copied.qbh("verify")
    with psycopg.connect(copied.url()) as connection:
        connection.execute("update meta.loads set status = 'loaded' where load_id = %s", [load_id])
    assert run.returncode == 1
    words = " ".join(run.stdout.split())
    assert f"loads that history has yet to take up: 1 ({file_name})" in words
    assert "run qbh load" in words
