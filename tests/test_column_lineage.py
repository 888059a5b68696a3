"""What is read from a model's SQL is kept for the next run, for as long as it is the same SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from quickbooks_history import column_lineage
from quickbooks_history.column_lineage import column_origins

if TYPE_CHECKING:
    from pathlib import Path

MODEL, PARENT = "model.shop.prices", "model.shop.items"
MANIFEST: dict[str, Any] = {
    "sources": {},
    "nodes": {
        PARENT: {"schema": "staging", "name": "items", "columns": {"name": {}, "price": {}}},
        MODEL: {
            "resource_type": "model",
            "package_name": "shop",
            "original_file_path": "models/prices.sql",
            "depends_on": {"nodes": [PARENT]},
            "columns": {"item": {}, "price": {}},
        },
    },
}
ORIGINS = {"item": [(PARENT, "name")], "price": [(PARENT, "price")]}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    write(tmp_path, "select name as item, price from staging.items")
    return tmp_path


def write(target: Path, sql: str) -> None:
    compiled = target / "compiled" / "shop" / "models" / "prices.sql"
    compiled.parent.mkdir(parents=True, exist_ok=True)
    compiled.write_text(sql)


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The SQL that was read."""
    seen: list[str] = []
    of_select = column_lineage._of_select

    def counted(sql: str, *arguments: Any) -> column_lineage.Origins:
        seen.append(sql)
        return of_select(sql, *arguments)

    monkeypatch.setattr(column_lineage, "_of_select", counted)
    return seen


def test_the_same_sql_is_read_once(target: Path, read: list[str]) -> None:
    for _ in range(3):
        assert column_origins(MANIFEST, MODEL, target) == ORIGINS
    assert len(read) == 1


def test_other_sql_is_read_anew(target: Path, read: list[str]) -> None:
    column_origins(MANIFEST, MODEL, target)
    write(target, "select name as item, price * 2 + length(name) as price from staging.items")
    price = column_origins(MANIFEST, MODEL, target)["price"]
    assert sorted(price) == [(PARENT, "name"), (PARENT, "price")]
    assert len(read) == 2


@pytest.mark.parametrize("content", ["", "{}", '{"key": "another", "origins": {}}'])
def test_what_was_kept_wrong_is_read_anew(target: Path, read: list[str], content: str) -> None:
    column_origins(MANIFEST, MODEL, target)
    (kept,) = (target / "column_lineage").iterdir()
    kept.write_text(content)
    assert column_origins(MANIFEST, MODEL, target) == ORIGINS
    assert len(read) == 2


def test_a_model_that_was_not_compiled_has_none(tmp_path: Path) -> None:
    assert column_origins(MANIFEST, MODEL, tmp_path) == {}
