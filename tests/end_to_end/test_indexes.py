"""Every index is paid for at each load: each has a reader, and PostgreSQL chooses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from quickbooks_history.exports.contract import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.end_to_end.conftest import Home

_INDEXES = """
select
    relnamespace::regnamespace::text || '.' || relname as table_name,
    pg_get_indexdef(pg_index.indexrelid) as definition
from pg_index
inner join pg_class on pg_index.indrelid = pg_class.oid
where relnamespace::regnamespace::text in ('raw', 'meta', 'staging', 'snapshots', 'marts') and {which}
"""
_ALL = "not relispartition and not indisprimary"  # partitions have their table's
_BY_NAME = """
pg_index.indexrelid in (
    select coalesce(inhparent, pg_class.oid) from pg_class left join pg_inherits on inhrelid = pg_class.oid
    where relkind in ('i', 'I') and relname = any(%s)
)
"""


def _readers() -> dict[tuple[str, str], str]:
    """What reads each index, as (table, columns): a query that the product asks, or a person."""
    readers = {
        ("meta.loads", "entity, exported_at, scope, sha256"): (
            "select from meta.loads where entity = 'items' and exported_at = '2025-04-03 00:00+00' and scope = 'full'"
            " and sha256 = repeat('0', 64) and status in ('loaded', 'held', 'withdrawn')"
        ),
        ("meta.loads", "file_path, file_size, file_modified_at"): (
            "select file_size, file_modified_at from meta.loads where file_path = any('{/inbox/a.csv}')"
        ),
        ("staging.effective_loads", "load_id"): "select scope from staging.effective_loads where load_id = 7",
        ("staging.effective_loads", "entity, exported_at"): (
            "select load_id from staging.effective_loads where entity = 'items' and exported_at = '2025-04-03 00:00+00'"
        ),
    }
    for entity in ENTITIES.values():
        raw, history = f"raw.{entity.name}", f"marts.{entity.singular}_history"
        readers[raw, "_load_id"] = f"select from {raw} where _load_id = 7"
        readers[raw, "record key, _exported_at"] = (
            f"select from staging.stg_{entity.name} where record_key = 'A' and exported_at = '2025-04-03 00:00+00'"
        )
        readers[history, "record_key, changed_at"] = (
            f"select from {history} where record_key = 'A' and changed_at >= '2025-04-03 00:00+00'"
        )
        for snapshot in entity.snapshots:
            versions = f"snapshots.{snapshot}"
            readers[versions, "record_key, dbt_valid_from"] = (
                f"select from {versions} where record_key = 'A' and dbt_valid_from <= '2025-04-03 00:00+00'"
            )
            readers[versions, "dbt_valid_to"] = f"select from {versions} where dbt_valid_to = '2025-04-03 00:00+00'"
            readers[versions, "dbt_scd_id"] = f"select from {versions} where dbt_scd_id = 'x'"
        readers[f"snapshots.{entity.name}_snapshot", entity.number] = (
            f"select from snapshots.{entity.name}_snapshot where {entity.number} = 'A'"
        )
    return readers


READERS = _readers()


def _indexes(connection: psycopg.Connection, which: str, *parameters: object) -> set[tuple[str, str]]:
    """Indexes as (table, columns)."""
    found = set()
    for table, definition in connection.execute(_INDEXES.format(which=which), parameters or None):
        (columns,) = re.findall(r"USING btree \((.*?)\)(?: WHERE .*)?$", definition, re.DOTALL)
        found.add((table, re.sub(r"^COALESCE\(.*\), ", "record key, ", columns, flags=re.DOTALL)))
    return found


@pytest.fixture
def connection(loaded: Home) -> Iterator[psycopg.Connection]:
    with psycopg.connect(loaded.url()) as opened:
        yield opened


def test_every_index_has_a_reader(connection: psycopg.Connection) -> None:
    assert _indexes(connection, _ALL) == set(READERS)


def test_no_two_versions_can_have_one_id(connection: psycopg.Connection) -> None:
    """By it a replay takes versions back, and no check looks for two that have the same."""
    unique = _indexes(connection, "indisunique and indisvalid and relnamespace = 'snapshots'::regnamespace")
    assert unique == {(table, columns) for table, columns in READERS if columns == "dbt_scd_id"}


@pytest.mark.parametrize(("table", "columns"), READERS, ids=str)
def test_postgresql_chooses_the_index(connection: psycopg.Connection, table: str, columns: str) -> None:
    plan = connection.execute(f"explain (format json) {READERS[table, columns]}").fetchone()
    assert plan is not None
    used = _indexes(connection, _BY_NAME, list(_names(plan[0][0]["Plan"])))
    assert (table, columns) in used


def _names(node: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in node:
        yield node["Index Name"]
    for child in node.get("Plans", []):
        yield from _names(child)
