"""What is told of the warehouse's tables."""

from __future__ import annotations

import psycopg
import pytest

from quickbooks_history.warehouse import history


def test_a_relation_is_counted_while_that_is_cheap(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table numbers as select generate_series(1, 1000) as number")
        connection.execute("create view evens as select number from numbers where number % 2 = 0")
        assert history.count_rows(connection, "public", "numbers") == 1000
        assert history.count_rows(connection, "public", "evens") == 500

        monkeypatch.setattr(history, "MOST_COUNT_COST", 1)
        assert history.count_rows(connection, "public", "evens") is None, "nobody has counted a view"
        connection.execute("analyze numbers")
        connection.execute("delete from numbers where number > 990")
        assert history.count_rows(connection, "public", "numbers") == 1000, "as the statistics say"


def test_a_view_of_a_long_log_is_not_even_planned(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create schema raw; create schema staging")
        connection.execute("create table raw.items as select generate_series(1, 1000) as number")
        connection.execute("create view staging.stg_items as select 1 as number")
        connection.execute("create table staging.effective_loads as select 1 as load_id")
        connection.execute("analyze raw.items; analyze staging.effective_loads")
        assert history.exact_rows(connection, "staging", "stg_items") == 1

        monkeypatch.setattr(history, "MOST_LOG_PAGES", 3)
        assert history.exact_rows(connection, "staging", "stg_items") is None
        assert history.exact_rows(connection, "staging", "effective_loads") == 1, "a table has rows of its own"
