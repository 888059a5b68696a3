"""A fifth entity: what `docs/extending.md` says it needs, written into a copy of the product, and nothing else."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest
from home import TOOLS, Home

from quickbooks_history.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRODUCT = ("quickbooks_history", "dbt_project", "snapshots", "meltano", "workspace.yaml", "pyproject.toml")

CONTRACT = """

VENDORS = Entity(
    name="vendors",
    singular="vendor",
    partial_prefix="Vendor",
    full_prefixes=("vendor_all",),
    number="vendor_name",
    columns=(
        Column("Vendor Name", "vendor_name", required=True, history=True),
        Column("Terms", "terms", history=True),
        Column("Credit Limit", "credit_limit", _NUMERIC, history=True),
        Column("Vendor Since", "vendor_since", _DATE),
        Column(QUICKBOOKS_ID, "quickbooks_id"),
    ),
)

ENTITIES[VENDORS.name] = VENDORS
"""

SQL = {
    "dbt_project/models/staging/base/base_vendors.yml": """
sources:
  - name: raw
    tables:
      - name: vendors
        description: One row per CSV row per load of vendor exports, as it stands in the file.
""",
    "dbt_project/models/staging/base/base_vendors.sql": """
{%- set columns = [
    ['Vendor Name', 'vendor_name', 'text'],
    ['Terms', 'terms', 'text'],
    ['Credit Limit', 'credit_limit', 'numeric'],
    ['Vendor Since', 'vendor_since', 'date'],
    ['QuickBooks Internal Id', 'quickbooks_id', 'text'],
] -%}

{{ staged_rows('vendors', columns, record_key='coalesce(quickbooks_id, vendor_name)') }}
""",
    "dbt_project/models/staging/stg_vendors.sql": """
select distinct on (record_key, exported_at, load_id)
    record_key,
    quickbooks_id,
    vendor_name,
    terms,
    credit_limit,
    vendor_since,
    load_id,
    line_no,
    file_name,
    exported_at,
    scope,
    _sdc_extracted_at,
    _sdc_batched_at
from {{ ref('base_vendors') }}
where record_key is not null
order by record_key asc, exported_at asc, load_id asc, line_no desc
""",
    "snapshots/vendors_snapshot.sql": """
{% snapshot vendors_snapshot %}

{%- set observed = {'entity': 'vendors', 'number': 'Vendor Name', 'records': 'stg_vendors'} %}

{{ append_log(unique_key='record_key', observed=observed) }}

{{ append_log_observations(observed) }}

{% endsnapshot %}
""",
    "dbt_project/models/marts/history/vendor_history.sql": """
{%- set history_columns = ['vendor_name', 'terms', 'credit_limit'] -%}

{{ config(meta={'entity': 'vendors', 'history_columns': history_columns}) }}

{{ history(
    entity='vendors',
    snapshot='vendors_snapshot',
    identity=['record_key', 'quickbooks_id', 'vendor_name'],
    columns=history_columns
) }}
""",
    "dbt_project/models/marts/vendors.sql": """
select
    record_key,
    quickbooks_id,
    vendor_name,
    terms,
    credit_limit,
    vendor_since,
    dbt_valid_from as valid_from
from {{ ref('vendors_snapshot') }}
where dbt_valid_to is null
""",
}

FILES = {
    "Vendor_04_03_2025_2_00_03.csv": """\
Vendor Name,Terms,Credit Limit,Vendor Since,QuickBooks Internal Id
Bolt Works,Net 30,"1,000.00",01-31-2020,V-1
Chain & Co,,500,,V-2
""",
    "vendor_all_04_10_2025.csv": """\
Vendor Name,Terms,Credit Limit,Vendor Since,QuickBooks Internal Id
Bolt Works,Net 15,1000,01-31-2020,V-1
""",
}


@pytest.fixture
def extended(tmp_path: Path) -> Iterator[Home]:
    """A home of a copy of the product that knows the entity."""
    product = tmp_path / "product"
    product.mkdir()
    for name in PRODUCT:
        source = PROJECT_ROOT / name
        if source.is_dir():
            leftovers = shutil.ignore_patterns("__pycache__", "target", "logs", ".meltano")
            shutil.copytree(source, product / name, ignore=leftovers)
        else:
            shutil.copy2(source, product / name)
    with (product / "quickbooks_history/exports/contract.py").open("a") as contract:
        contract.write(CONTRACT)
    for name, text in SQL.items():
        path = product / name
        assert not path.exists()
        path.write_text(text.lstrip())
    # What this environment runs imports the copy before the checkout that is installed. Meltano takes that setting
    # from its plugins, so they get it back.
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    meltano = product / "meltano/meltano.yml"
    for name in ("tap-quickbooks-csv", "target-postgres-append"):
        plugin = plugins / name
        plugin.write_text(f'#!/bin/sh\nPYTHONPATH={product} exec {TOOLS / name} "$@"\n')
        plugin.chmod(0o755)
        meltano.write_text(meltano.read_text().replace(f"executable: {name}\n", f"executable: {plugin}\n"))
    home = Home(tmp_path / "home", {"PYTHONPATH": str(product)})
    yield home
    home.qbh("stop")


@pytest.mark.thorough
def test_an_entity_needs_its_contract_and_its_sql(extended: Home, tmp_path: Path) -> None:
    """Loaded by Meltano, Dagster and dbt, and asked for by the command line, as the four others are."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, text in FILES.items():
        (inbox / name).write_text(text)

    load = extended.qbh("load", "--json", str(inbox))
    assert load.returncode == 0, load.stderr
    entries = [(entry["file_name"], entry["scope"], entry["status"]) for entry in json.loads(load.stdout)["entries"]]
    assert entries == [
        ("Vendor_04_03_2025_2_00_03.csv", "partial", "loaded"),
        ("vendor_all_04_10_2025.csv", "full", "loaded"),
    ]

    with psycopg.connect(extended.url()) as connection:
        versions = connection.execute(
            "select vendor_name, terms, credit_limit::text, vendor_since::text,"
            " to_char(dbt_valid_from at time zone 'UTC', 'MM-DD'), to_char(dbt_valid_to at time zone 'UTC', 'MM-DD')"
            " from snapshots.vendors_snapshot order by vendor_name, dbt_valid_from"
        ).fetchall()
        current = connection.execute("select vendor_name, terms from marts.vendors").fetchall()
    assert versions == [
        ("Bolt Works", "Net 30", "1000", "2020-01-31", "04-03", "04-10"),
        ("Bolt Works", "Net 15", "1000", "2020-01-31", "04-10", None),
        ("Chain & Co", None, "500", None, "04-03", "04-10"),
    ]
    assert current == [("Bolt Works", "Net 15")]

    history = extended.qbh("history", "vendors", "--json", "--since", "2025-04-04")
    assert history.returncode == 0, history.stderr
    told = ("vendor_name", "column_name", "old_value", "new_value", "change_type", "file_name")
    assert [tuple(change[name] for name in told) for change in json.loads(history.stdout)] == [
        ("Bolt Works", "terms", "Net 30", "Net 15", "changed", "vendor_all_04_10_2025.csv"),
        ("Chain & Co", "_record", "active", None, "deleted", "vendor_all_04_10_2025.csv"),
    ]

    as_of = extended.qbh("as-of", "vendors", "2025-04-05", "--key", "Bolt Works", "--json")
    assert as_of.returncode == 0, as_of.stderr
    (then,) = json.loads(as_of.stdout)
    assert (then["terms"], then["quickbooks_id"]) == ("Net 30", "V-1")

    status = extended.qbh("status", "--json")
    assert status.returncode == 0, status.stderr
    sizes = {size["entity"]: size for size in json.loads(status.stdout)["entities"]}
    assert len(sizes) == 5
    counted = ("files", "rows", "versions", "open_records")
    assert tuple(sizes["vendors"][name] for name in counted) == (2, 3, 3, 1)
