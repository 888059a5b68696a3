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
