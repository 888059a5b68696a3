"""Whether files are loaded whole or not at all."""

from __future__ import annotations

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.warehouse.connection import connect


def half_loaded(url: str) -> list[str]:
    """Loads whose rows in `raw` are not those that the ledger states, and rows that it does not know."""
    with connect(url) as connection:
        if connection.execute("select to_regclass('meta.loads')").fetchone() == (None,):
            return []
        rows = " union all ".join(f"select _load_id as load_id from raw.{entity}" for entity in ENTITIES)
        found = connection.execute(f"""
            select load_id, file_name, row_count, count(rows.load_id)
            from meta.loads full join ({rows}) as rows using (load_id)
            group by load_id, file_name, row_count having row_count is distinct from count(rows.load_id)
        """)
        return [str(row) for row in found]
