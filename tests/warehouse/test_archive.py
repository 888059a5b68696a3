"""Months of the log go into files and come back as they were; killed anywhere, they are in one of the two places."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg import sql

from quickbooks_history.warehouse import archive as module
from quickbooks_history.warehouse.appended import appended_loads, loads_ahead_of_history
from quickbooks_history.warehouse.archive import (
    MANIFEST,
    ArchiveError,
    archive,
    archived_months,
    damaged_files,
    put_away,
    restore,
    whole_log,
)
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.schema import ensure_partition, ensure_schema

ROWS = 50
"""Of each load: more than one batch of those that `small_batches` makes."""

TRICKY = [
    "",
    None,
    'a "quoted" one',
    "a,b\r\nc",
    "\\N",
    "\\.",
    "NULL",
    " x ",
    "né ⚒ \u202e",
    "'; drop table raw.items; --",
]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(module, "_ROWS", 8)


@pytest.fixture
def log(database):
    """A connection to a warehouse with three months of items and one of customers, and a column of its own."""
    with connect(database) as connection:
        ensure_schema(connection)
        connection.execute('alter table raw.items add column "100% of ""it""" text')
        for entity, moments in {
            "items": ["2024-01-05", "2024-01-20", "2024-02-29 23:59:59.999999", "2024-03-01"],
            "customers": ["2024-02-01"],
        }.items():
            for moment in moments:
                load(connection, entity, moment)
        yield connection


def load(connection, entity, moment, content=None):
    """Enter a load, as history that has taken it up sees it, and its rows."""
    (exported_at,) = connection.execute("select %s::timestamptz", [f"{moment}+00"]).fetchone()
    with connection.transaction():
        ensure_partition(connection, entity, exported_at)
        (load_id,) = connection.execute(
            "insert into meta.loads"
            " (entity, file_name, scope, exported_at, sha256, row_count, status, file_path, extracted_at)"
            " values (%s, %s, 'full', %s, %s, %s, 'loaded', 'x', now()) returning load_id",
            [entity, f"{entity} {moment}.csv", exported_at, content or moment, ROWS],
        ).fetchone()
        name = "Item Name" if entity == "items" else "Customer Name"
        extra = ', "Sales Description", "100% of ""it"""' if entity == "items" else ', "Notes", "Phone?"'
        if entity == "customers":
            connection.execute('alter table raw.customers add column if not exists "Phone?" text')
        for line in range(ROWS):
            connection.execute(
                f'insert into raw.{entity} ("{name}"{extra.replace("%", "%%")}, _sdc_source_lineno, _sdc_source_file,'
                " _sdc_extracted_at, _exported_at, _load_id) values (%s, %s, %s, %s, 'f', %s, %s, %s)",
                [
                    f"A{line}",
                    TRICKY[line % len(TRICKY)],
                    TRICKY[-line % len(TRICKY)],
                    line + 2,
                    exported_at,
                    exported_at,
                    load_id,
                ],
            )
        (checksum,) = (found.checksum_in_raw for found in appended_loads(connection, entity, [load_id]))
        connection.execute("update meta.loads set row_checksum = %s where load_id = %s", [checksum, load_id])
        snapshots = ["items_snapshot"] if entity == "items" else ["customers_snapshot"]
        for snapshot in snapshots:
            connection.execute("insert into meta.applied_loads values (%s, %s)", [snapshot, load_id])


def contents(connection):
    """Every byte of the log, and where it lies."""
    found = {}
    for entity in ("items", "customers"):
        with connection.cursor() as cursor:
            query = f"select *, tableoid::regclass from raw.{entity} order by _load_id, _sdc_source_lineno"
            with cursor.copy(f"copy ({query}) to stdout") as copy:
                found[entity] = b"".join(map(bytes, copy))
    return found


def partitions(connection):
    return {
        name
        for (name,) in connection.execute(
            "select inhrelid::regclass::text from pg_inherits where inhrelid::regclass::text like 'raw.%' and"
            " inhrelid in (select oid from pg_class where relkind = 'r')"
        )
        if not name.endswith("undated")
    }


def ignore(_words):
    pass


def test_there_and_back_bit_for_bit(log, tmp_path):
    before, there = contents(log), partitions(log)
    gone = archive(log, tmp_path / "archive", date(2024, 3, 1), ignore)
    assert [month.partition for month in gone] == ["items_2024_01", "items_2024_02", "customers_2024_02"]
    assert [month.row_count for month in gone] == [2 * ROWS, ROWS, ROWS]
    assert partitions(log) == {"raw.items_2024_03"}
    assert sorted(archived_months(log), key=str) == sorted(gone, key=str)
    restore(log, tmp_path / "archive", archived_months(log), ignore)
    assert contents(log) == before
    assert partitions(log) == there
    assert archived_months(log) == []
    # The months that came back are found by their indexes, like others.
    indexes = "select indexdef from pg_indexes where tablename = %s"
    assert len(log.execute(indexes, ["items_2024_01"]).fetchall()) == len(
        log.execute(indexes, ["items_2024_03"]).fetchall()
    )


def test_a_month_that_has_not_ended_stays(log, tmp_path):
    assert archive(log, tmp_path, date(2024, 1, 31), ignore) == []
    assert [month.partition for month in archive(log, tmp_path, date(2024, 2, 1), ignore)] == ["items_2024_01"]
    assert archive(log, tmp_path, date(2024, 2, 28), ignore) == []


def test_files_can_be_read_without_the_database(log, tmp_path):
    january, *_ = archive(log, tmp_path, date(2024, 3, 1), ignore)
    table = pq.read_table(tmp_path / january.file_name)
    assert table.num_rows == 2 * ROWS
    assert table["Sales Description"].to_pylist()[: len(TRICKY)] == TRICKY
    lines = [json.loads(line) for line in (tmp_path / MANIFEST).read_text().splitlines()]
    assert {line["file_name"] for line in lines} == {month.file_name for month in archived_months(log)}
    assert lines[0]["sha256"] == january.sha256
    assert [load["file_name"] for load in lines[0]["loads"]] == ["items 2024-01-05.csv", "items 2024-01-20.csv"]
    checked = subprocess.run(
        ["sha256sum", "-c"],
        input="".join(f"{line['sha256']}  {line['file_name']}\n" for line in lines),
        cwd=tmp_path,
        text=True,
        check=False,
    )
    assert checked.returncode == 0


def test_archived_again_a_month_has_the_same_file(log, tmp_path):
    first = archive(log, tmp_path, date(2024, 3, 1), ignore)
    restore(log, tmp_path, archived_months(log), ignore)
    again = archive(log, tmp_path, date(2024, 3, 1), ignore)
    assert [month.file_name for month in again] == [month.file_name for month in first]


def test_a_late_file_of_an_archived_month(log, tmp_path):
    archive(log, tmp_path, date(2024, 3, 1), ignore)
    load(log, "items", "2024-01-10")
    before = partitions(log)
    assert "raw.items_2024_01" in before
    late = archive(log, tmp_path, date(2024, 3, 1), ignore)
    assert [(month.partition, month.row_count) for month in late] == [("items_2024_01", ROWS)]
    january = [month for month in archived_months(log) if month.partition == "items_2024_01"]
    assert [month.row_count for month in january] == [2 * ROWS, ROWS]
    restore(log, tmp_path, january, ignore)
    assert log.execute("select count(*) from raw.items_2024_01").fetchone() == (3 * ROWS,)


def test_lent_for_as_long_as_all_is_looked_at(log, tmp_path):
    before, there = contents(log), partitions(log)
    archive(log, tmp_path, date(2024, 3, 1), ignore)
    with whole_log(log, tmp_path, ignore):
        assert contents(log) == before
        assert all(month.is_lent for month in archived_months(log))
        # As in a run that was killed within another.
        with whole_log(log, tmp_path, ignore):
            assert contents(log) == before
    assert partitions(log) == {"raw.items_2024_03"}
    assert not any(month.is_lent for month in archived_months(log))
    with pytest.raises(RuntimeError, match="killed"), whole_log(log, tmp_path, ignore):
        raise RuntimeError("killed")
    assert partitions(log) == {"raw.items_2024_03"}
    restore(log, tmp_path, archived_months(log), ignore)
    assert (contents(log), partitions(log)) == (before, there)


def test_a_lent_month_that_gets_more_rows_stays(log, tmp_path):
    archive(log, tmp_path, date(2024, 3, 1), ignore)
    with whole_log(log, tmp_path, ignore):
        load(log, "items", "2024-01-10")
    assert log.execute("select count(*) from raw.items_2024_01").fetchone() == (3 * ROWS,)
    assert "items_2024_01" not in [month.partition for month in archived_months(log)]
    assert partitions(log) == {"raw.items_2024_01", "raw.items_2024_03"}


@pytest.mark.parametrize("damage", ["gone", "cut", "other"])
def test_a_damaged_file_is_named_and_changes_nothing(log, tmp_path, damage):
    january, *_ = archive(log, tmp_path, date(2024, 3, 1), ignore)
    file = tmp_path / january.file_name
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    else:
        file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:])
    before = partitions(log), archived_months(log)
    with pytest.raises(ArchiveError, match=january.file_name):
        restore(log, tmp_path, [january], ignore)
    with pytest.raises(ArchiveError, match=january.file_name), whole_log(log, tmp_path, ignore):
        pass
    assert (partitions(log), archived_months(log)) == before
    assert len(damaged_files(log, tmp_path)) == 1


def test_rows_that_are_not_what_was_loaded_do_not_come_back(log, tmp_path):
    """A database restored from a backup of another time: its ledger and the files are not of one history."""
    archive(log, tmp_path, date(2024, 3, 1), ignore)
    log.execute("update meta.loads set row_checksum = row_checksum + 1 where file_name = 'items 2024-01-20.csv'")
    with pytest.raises(ArchiveError, match="are not those that were loaded"):
        restore(log, tmp_path, archived_months(log), ignore)
    assert "raw.items_2024_01" not in partitions(log)


def test_what_history_has_yet_to_take_up_does_not_go(log, tmp_path):
    log.execute("delete from meta.applied_loads where snapshot = 'items_snapshot'")
    with pytest.raises(ArchiveError, match="yet to take up items 2024-01-05"):
        archive(log, tmp_path, date(2024, 3, 1), ignore)
    assert not any(tmp_path.iterdir())


def test_what_was_written_wrong_does_not_go(log, tmp_path, monkeypatch):
    """As when a disk keeps other bytes than it was given."""
    write = module._write

    def write_others(connection, partition, file):
        count = write(connection, partition, file)
        table = pq.read_table(file)
        place = table.schema.get_field_index("Item Name")
        pq.write_table(table.set_column(place, "Item Name", [["x"] * count]), file, row_group_size=8)
        return count

    monkeypatch.setattr(module, "_write", write_others)
    before = contents(log)
    with pytest.raises(ArchiveError, match="not what is in raw"):
        archive(log, tmp_path, date(2024, 3, 1), ignore)
    assert contents(log) == before
    assert not any(tmp_path.iterdir())


_ARCHIVER = """
import os, signal, sys, psycopg
from datetime import date
from pathlib import Path
from quickbooks_history.warehouse import archive as module
from quickbooks_history.warehouse.connection import connect

module._ROWS = 8
what, url, folder, number = sys.argv[1:]
calls = 0
WHERE = ("archive.py", "psycopg/cursor.py", "psycopg/transaction.py")

def die_at(frame, event, argument):
    global calls
    if event == "call" and frame.f_code.co_filename.endswith(WHERE):
        calls += 1
        if calls == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

with connect(url) as connection:
    sys.setprofile(die_at)
    if what == "archive":
        module.archive(connection, Path(folder), date(2024, 3, 1), lambda _: None)
    elif what == "restore":
        module.restore(connection, Path(folder), module.archived_months(connection), lambda _: None)
    else:
        with module.whole_log(connection, Path(folder), lambda _: None):
            pass
    sys.setprofile(None)
print(calls)
"""


@pytest.mark.parametrize("what", ["archive", "restore", "lend"])
def test_killed_anywhere_no_row_is_lost_or_there_twice(log, tmp_path, what):
    """`ARCHIVE_KILLS` says at how many places; by default a few that are spread evenly."""
    url, folder = log.info.dsn, tmp_path / "archive"
    before = contents(log)

    def run(number):
        command = [sys.executable, "-c", _ARCHIVER, what, url, str(folder), str(number)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def reset():
        put_away(log)
        restore(log, folder, archived_months(log), ignore)
        assert contents(log) == before
        if what != "archive":
            archive(log, folder, date(2024, 3, 1), ignore)

    if what != "archive":
        archive(log, folder, date(2024, 3, 1), ignore)
    undisturbed = run(-1)
    assert undisturbed.returncode == 0, undisturbed.stderr
    calls = int(undisturbed.stdout)
    kills = min(int(os.environ.get("ARCHIVE_KILLS", "6")), calls)
    for place in range(kills):
        reset()
        number = 1 + (2 * place + 1) * calls // (2 * kills)
        killed = run(number)
        assert killed.returncode == -signal.SIGKILL, (number, killed.stderr)
        _wait_until_alone(log)
        # Wherever it died: what is in the database and what is in files is all of it, and no row is in both.
        held = {month.partition for month in archived_months(log) if not month.is_lent}
        assert not {f"raw.{partition}" for partition in held} & partitions(log), number
        assert damaged_files(log, folder) == [], number
    reset()


def _wait_until_alone(connection):
    """The server ends a dead client's transaction when it notices."""
    connection.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )


def test_readers_read_on_while_a_month_is_written(log, tmp_path, monkeypatch):
    seen = []

    def note(folder):
        with psycopg.connect(log.info.dsn, autocommit=True) as reader:
            reader.execute("set lock_timeout = '2s'")
            seen.append(reader.execute(sql.SQL("select count(*) from raw.items_2024_01")).fetchone())

    monkeypatch.setattr(module, "write_out", note)
    archive(log, tmp_path, date(2024, 2, 1), ignore)
    assert seen
    assert set(seen) == {(2 * ROWS,)}


def test_who_reads_for_long_keeps_the_rows(log, tmp_path):
    """Whoever waited for him would make everybody else wait."""
    before = contents(log)
    with psycopg.connect(log.info.dsn) as reader:
        reader.execute("select count(*) from raw.items")
        with pytest.raises(ArchiveError, match="somebody reads"):
            archive(log, tmp_path, date(2024, 2, 1), ignore)
        assert contents(log) == before
    archive(log, tmp_path, date(2024, 2, 1), ignore)
    with psycopg.connect(log.info.dsn) as reader:
        with whole_log(log, tmp_path, ignore):
            reader.execute("select count(*) from raw.items")
        assert [month.is_lent for month in archived_months(log)] == [True]
    put_away(log)
    assert [month.is_lent for month in archived_months(log)] == [False]


def test_rows_that_were_changed_do_not_go(log, tmp_path):
    log.execute("""update raw.items set "Item Name" = 'other' where _load_id = 2 and _sdc_source_lineno = 5""")
    before = contents(log)
    with pytest.raises(ArchiveError, match="items_2024_01 stays"):
        archive(log, tmp_path, date(2024, 3, 1), ignore)
    assert contents(log) == before


def test_where_restoring_breaks_off_the_newest_are_back(log, tmp_path, monkeypatch):
    archive(log, tmp_path, date(2024, 4, 1), ignore)
    bring_back, brought, room = module._bring_back, [], [2]

    def full_disk(connection, folder, month):
        if len(brought) == room[0]:
            raise psycopg.errors.DiskFull
        brought.append(month.partition)
        bring_back(connection, folder, month)

    monkeypatch.setattr(module, "_bring_back", full_disk)
    with pytest.raises(psycopg.errors.DiskFull):
        restore(log, tmp_path, archived_months(log), ignore)
    assert "items_2024_03" in brought
    assert "raw.items_2024_01" not in partitions(log)
    there = partitions(log)
    brought.clear()
    room[0] = 1
    with pytest.raises(psycopg.errors.DiskFull), whole_log(log, tmp_path, ignore):
        pass
    assert partitions(log) == there, "what was lent until then is put away"


def test_a_correction_of_an_archived_load_is_no_loss(log, tmp_path):
    """The load that was corrected is in force no more, and `loaded` for ever: nobody waits for its rows."""
    log.execute("delete from meta.applied_loads where load_id = 1")
    assert loads_ahead_of_history(log, "items", "run") == [1]
    load(log, "items", "2024-01-05", "corrected")
    log.execute("delete from meta.applied_loads where load_id = 1")
    archive(log, tmp_path, date(2024, 3, 1), ignore)
    assert loads_ahead_of_history(log, "items", "run") == []
