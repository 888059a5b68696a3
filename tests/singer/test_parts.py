"""A long export, which comes in several batch files: one load or none, whatever happens between them."""

from __future__ import annotations

import psycopg
import pytest
from deliveries import batch_files, deliver_at_once, ledger, listen, load, query, sync
from export_files import write_export

from quickbooks_history.singer import ledger as loader
from quickbooks_history.singer import streams
from quickbooks_history.singer.delivery import DeliveryError, DeliveryNote
from quickbooks_history.warehouse.connection import connect
from quickbooks_history.warehouse.schema import ensure_schema

FULL = "item_all_04_03_2025.csv"
NEXT = "item_all_04_04_2025.csv"
PARTIAL = "Item_04_04_2025_2_00_03.csv"


@pytest.fixture(autouse=True)
def _three_rows_a_part(monkeypatch):
    monkeypatch.setattr(streams, "ROWS_OF_A_PART", 3)


@pytest.fixture(params=[True, False], ids=["month is filled before its indexes", "row by row"])
def _either_road(request, monkeypatch):
    monkeypatch.setattr(loader, "LONG_FILE", 0 if request.param else 1 << 60)


def items(path, rows: int, *, last: bytes = b""):
    write_export(path, "items", *({"Item Name": f'item {n}, 5/8"\nlong'} for n in range(rows)))
    path.write_bytes(path.read_bytes() + last)


def notes(lines: str) -> list[tuple]:
    read = map(DeliveryNote.read, batch_files(lines))
    return [(note.part, note.is_last, note.row_count, note.status) for note in read]


def checksums(url: str) -> list[tuple]:
    return query(url, "select row_checksum from meta.loads order by load_id")


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        (2, [(1, True, 2, "loaded")]),
        (3, [(1, False, 3, "loaded"), (2, True, 3, "loaded")]),
        (7, [(1, False, 3, "loaded"), (2, False, 6, "loaded"), (3, True, 7, "loaded")]),
    ],
)
def test_the_notes_say_how_far_the_export_is(tmp_path, rows, parts):
    items(tmp_path / FULL, rows)
    assert notes(sync(tmp_path)) == parts


@pytest.mark.usefixtures("_either_road")
@pytest.mark.parametrize("rows", [2, 6, 7])
def test_all_parts_are_one_load(database, tmp_path, monkeypatch, rows):
    items(tmp_path / FULL, rows)
    items(tmp_path / NEXT, rows)
    load(database, tmp_path)
    assert ledger(database) == [(1, FULL, "loaded", rows), (2, NEXT, "loaded", rows)]
    found = query(database, 'select _load_id, _sdc_source_lineno, "Item Name" from raw.items order by 1, 2')
    assert found == [(load_id, 2 + 2 * n, f'item {n}, 5/8"\nlong') for load_id in (1, 2) for n in range(rows)]
    # To the ledger it is the same as if it had come in one piece.
    monkeypatch.setattr(streams, "ROWS_OF_A_PART", 100)
    (one,), (two,) = checksums(database)
    assert one == two
    with connect(database) as connection:
        connection.execute("delete from meta.loads")
    load(database, tmp_path)
    assert checksums(database) == [(one,), (two,)]


@pytest.mark.usefixtures("_either_road")
def test_a_months_partition_has_all_indexes_however_it_was_filled(database, tmp_path):
    items(tmp_path / FULL, 7)
    load(database, tmp_path)
    of_table, of_month = (
        query(database, f"select count(*) from pg_index where indrelid = 'raw.{table}'::regclass and indisvalid")
        for table in ("items_undated", "items_2025_04")
    )
    assert of_month == of_table == [(2,)]


@pytest.mark.usefixtures("_either_road")
def test_a_fault_in_a_later_part_rejects_all_of_it(database, tmp_path):
    items(tmp_path / FULL, 7, last=b"ragged,row\r\n")
    items(tmp_path / NEXT, 1)
    lines = sync(tmp_path)
    assert notes(lines)[:3] == [(1, False, 3, "loaded"), (2, False, 6, "loaded"), (3, True, 0, "rejected")]
    listen(database, lines)
    assert [row[1:] for row in ledger(database)] == [(FULL, "rejected", 0), (NEXT, "loaded", 1)]
    assert query(database, "select distinct _sdc_source_file from raw.items") == [(NEXT,)]
    (reason,) = query(database, "select reason from meta.loads where status = 'rejected'")[0]
    assert reason.startswith("line 16: 2 fields where the header has 5")


@pytest.mark.usefixtures("_either_road")
def test_a_part_that_the_server_refuses_takes_the_others_with_it_and_no_other_file(database, tmp_path):
    items(tmp_path / FULL, 10)
    items(tmp_path / NEXT, 2)
    with connect(database) as connection:
        ensure_schema(connection)
        connection.execute("""alter table raw.items add constraint mine check ("Item Name" not like 'item 4%')""")
    with pytest.raises(psycopg.errors.CheckViolation):
        load(database, tmp_path)
    assert [row[1:] for row in ledger(database)] == [(NEXT, "loaded", 2)]
    assert query(database, "select distinct _sdc_source_file from raw.items") == [(NEXT,)]


@pytest.mark.usefixtures("_either_road")
def test_an_export_that_breaks_off_leaves_nothing_and_is_told(database, tmp_path):
    items(tmp_path / FULL, 7)
    begun = sync(tmp_path).splitlines()
    last = max(n for n, line in enumerate(begun) if '"type":"BATCH"' in line)
    with pytest.raises(DeliveryError, match=f"{FULL}: broke off after 6 rows"):
        listen(database, "".join(f"{line}\n" for line in begun[:last]))
    assert ledger(database) == []
    assert query(database, "select count(*) from raw.items") == [(0,)]
    load(database, tmp_path)  # the next run finds nothing in its way
    assert [row[2:] for row in ledger(database)] == [("loaded", 7)]


@pytest.mark.usefixtures("_either_road")
def test_a_part_that_got_lost_leaves_nothing(database, tmp_path):
    items(tmp_path / FULL, 7)
    lines = sync(tmp_path).splitlines()
    second = [n for n, line in enumerate(lines) if '"type":"BATCH"' in line][1]
    del lines[second]
    with pytest.raises(DeliveryError, match=f"{FULL}: 4 rows arrived of 7"):
        listen(database, "".join(f"{line}\n" for line in lines))
    assert ledger(database) == []


def test_a_long_duplicate_is_one_entry(database, tmp_path):
    items(tmp_path / FULL, 7)
    load(database, tmp_path)
    lines = sync(tmp_path)
    listen(database, lines)
    assert [row[2:] for row in ledger(database)] == [("loaded", 7), ("duplicate", 0)]
    assert not any(path.exists() for path in batch_files(lines))


def test_two_loaders_at_once_open_a_month_once(database, tmp_path, monkeypatch):
    """One fills the month's table before it is a partition; the other waits for it, and finds it."""
    monkeypatch.setattr(loader, "LONG_FILE", 1 << 12)
    for folder, name, rows in (("long", FULL, 500), ("short", PARTIAL, 2)):
        (tmp_path / folder).mkdir()
        items(tmp_path / folder / name, rows)
    runs = [sync(tmp_path / folder) for folder in ("long", "short", "long")]
    assert deliver_at_once(database, runs) == []
    assert sorted(row[1:] for row in ledger(database)) == [
        (PARTIAL, "loaded", 2), (FULL, "duplicate", 0), (FULL, "loaded", 500),
    ]  # fmt: skip
    assert query(database, "select count(*) from raw.items_2025_04") == [(502,)]
