"""target-postgres-append: load methods as they are called, and a file with its ledger entry or neither."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stdout
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy
from deliveries import batch_files, deliver_at_once, ledger, listen, load, query, sync
from export_files import write_export
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.testing import get_target_test_class

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.singer.delivery import DeliveryError, note_path
from quickbooks_history.singer.target import TargetPostgresAppend
from quickbooks_history.warehouse.connection import connect, sqlalchemy_url
from quickbooks_history.warehouse.schema import ensure_schema

PARTIAL = "Item_04_04_2025_2_00_03.csv"
FULL = "item_all_04_03_2025.csv"

_SUITE_CONFIG: dict = {"default_target_schema": "suite"}  # the URL is put in before each test


class TestSdkSuite(get_target_test_class(TargetPostgresAppend, config=_SUITE_CONFIG)):
    """The Singer SDK's own tests of a target."""

    @pytest.fixture(autouse=True)
    def _suite_database(self, database):
        _SUITE_CONFIG["sqlalchemy_url"] = sqlalchemy_url(database)

    def test_target_encoded_string_data(self, config, resource, runner):
        """PostgreSQL's text and jsonb hold no NUL; upstream leaves this test out for the same reason."""
        # A text and a jsonb are refused in other words, and either may be the first.
        with pytest.raises(sqlalchemy.exc.DataError, match=r"NUL|0x00|\\u0000"):
            super().test_target_encoded_string_data(config, resource, runner)


# --- records of any tap ---------------------------------------------------------------------------------


def records(*batches: list[tuple[int, str]], keys: tuple[str, ...] = ("id",)) -> str:
    """A stream `pets`; between two batches the loader is made to write what it has."""
    schema = {"properties": {"id": {"type": "integer"}, "name": {"type": ["null", "string"]}}}
    lines = []
    for number, batch in enumerate(batches):
        properties = {**schema["properties"], **({"later": {"type": ["null", "string"]}} if number else {})}
        lines.append({"type": "SCHEMA", "stream": "pets", "schema": {"properties": properties}, "key_properties": keys})
        lines += [{"type": "RECORD", "stream": "pets", "record": {"id": id_, "name": name}} for id_, name in batch]
    return "".join(json.dumps(line) + "\n" for line in lines)


def pets(url: str) -> list[tuple]:
    return query(url, "select id, name from zoo.pets order by id, name")


@pytest.mark.parametrize("use_copy", [False, True])
def test_append_only_appends_although_the_stream_has_keys(database, use_copy):
    for name in ("Rex", "Max"):
        lines = records([(1, name), (1, name)])
        listen(database, lines, default_target_schema="zoo", load_method="append-only", use_copy=use_copy)
    assert pets(database) == [(1, "Max"), (1, "Max"), (1, "Rex"), (1, "Rex")]


def test_append_only_is_the_default(database):
    for _ in range(2):
        listen(database, records([(1, "Rex")]), default_target_schema="zoo")
    assert pets(database) == [(1, "Rex"), (1, "Rex")]


def test_upsert_merges_by_key(database):
    for batch in ([(1, "Rex"), (2, "Ada")], [(1, "Max"), (3, "Eve")]):
        listen(database, records(batch), default_target_schema="zoo", load_method="upsert")
    assert pets(database) == [(1, "Max"), (2, "Ada"), (3, "Eve")]


def test_of_two_schemas_the_later_record_stands(database):
    """Upstream keeps what came under the older one until the end, and writes a batch of the newer when it is full."""
    lines = records([(1, "old")], [(1, "new"), (2, "new"), (3, "new")])
    listen(database, lines, default_target_schema="zoo", load_method="upsert", batch_size_rows=2)
    assert pets(database) == [(1, "new"), (2, "new"), (3, "new")]


def test_upsert_without_keys_is_a_clear_error(database):
    with pytest.raises(ConfigValidationError, match="pets has no key properties"):
        listen(database, records([(1, "Rex")], keys=()), default_target_schema="zoo", load_method="upsert")


def test_overwrite_replaces_once_in_a_run_and_then_appends(database):
    config = {"default_target_schema": "zoo", "load_method": "overwrite"}
    listen(database, records([(1, "Rex"), (2, "Ada")]), **config)
    # The second schema message makes a second sink: the run is the same, so nothing is emptied again.
    listen(database, records([(7, "Eve")], [(8, "Bob")]), **config)
    assert pets(database) == [(7, "Eve"), (8, "Bob")]


def test_overwrite_within_one_schema_appends_its_later_batches(database):
    config = {"default_target_schema": "zoo", "load_method": "overwrite", "batch_size_rows": 2}
    listen(database, records([(1, "old")]), **config)
    listen(database, records([(n, "new") for n in range(5)]), **config)
    assert pets(database) == [(n, "new") for n in range(5)]


def test_an_overwrite_that_fails_leaves_the_old_rows(database):
    config = {"default_target_schema": "zoo", "load_method": "overwrite"}
    listen(database, records([(1, "Rex")]), **config)
    with connect(database) as connection:
        connection.execute("alter table zoo.pets add check (name <> 'bad')")
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="pets_name_check"):
        listen(database, records([(2, "good"), (3, "bad")]), **config)
    assert pets(database) == [(1, "Rex")]


def test_an_unknown_load_method_is_refused(database):
    with pytest.raises(ConfigValidationError) as caught:
        listen(database, records([(1, "Rex")]), load_method="merge")
    assert any("'merge' is not one of" in error for error in caught.value.errors)


def test_records_of_an_entity_land_among_the_undated(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    listen(database, sync(tmp_path, batches=False))
    assert query(database, 'select "Item Name", _load_id, _exported_at from raw.items_undated') == [("A", None, None)]


def test_records_and_then_batches_share_a_table(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    for batches in (False, True):
        listen(database, sync(tmp_path, batches=batches))
    assert query(database, 'select "Item Name", _load_id from raw.items order by _load_id') == [
        ("A", 1),
        ("A", None),
    ]


def test_without_settings_the_projects_own_warehouse_is_loaded(database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database)
    with redirect_stdout(io.StringIO()):
        TargetPostgresAppend(config={"default_target_schema": "zoo"}).listen(io.StringIO(records([(1, "Rex")])))
    assert pets(database) == [(1, "Rex")]


# --- batches of tap-quickbooks-csv ----------------------------------------------------------------------


def test_a_load_is_rows_with_their_source_and_a_ledger_entry(database, tmp_path, monkeypatch):
    monkeypatch.setenv("QBH_RUN_ID", "run-7")
    path = write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"}, {"Item Name": "B"})
    before = datetime.now(UTC)
    load(database, tmp_path)
    moment = datetime(2025, 4, 4, 2, 0, 3, tzinfo=UTC)
    assert query(
        database,
        'select "Item Name", _sdc_source_file, _sdc_source_lineno, _exported_at, _load_id from raw.items order by 1',
    ) == [("A", PARTIAL, 2, moment, 1), ("B", PARTIAL, 3, moment, 1)]
    ((extracted, batched, partition),) = query(
        database,
        "select distinct _sdc_extracted_at, _sdc_batched_at, tableoid::regclass::text from raw.items",
    )
    assert before <= extracted <= batched <= datetime.now(UTC)
    assert partition == "raw.items_2025_04"
    (entry,) = query(
        database,
        "select entity, scope, exported_at, row_count, status, reason, encoding, file_path, file_size,"
        " run_id, observed_columns, unknown_columns, loaded_at >= extracted_at from meta.loads",
    )
    observed = ["item_name", "purchase_cost", "sales_price", "quantity_on_hand", "status"]
    assert entry == (
        "items", "partial", moment, 2, "loaded", None, "utf-8", str(path), path.stat().st_size, "run-7",
        observed, [], True,
    )  # fmt: skip


def test_a_blank_cell_is_empty_text_and_an_absent_column_is_null(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    load(database, tmp_path)
    assert query(database, 'select "Item Name", "Sales Price", "UPC" from raw.items') == [("A", "", None)]


def test_text_arrives_verbatim(database, tmp_path):
    texts = [
        '5/8" bolt',
        "a,b",
        "two\r\nlines",
        "  blanks  ",
        "\\N",
        "\\.",
        "NULL",
        "tab\there",
        "Café €",
        "'",
        "null",
        "x\n\\.\ny",
    ]
    write_export(tmp_path / PARTIAL, "items", *({"Item Name": text} for text in texts))
    load(database, tmp_path)
    assert query(database, 'select "Item Name" from raw.items order by _sdc_source_lineno') == [(t,) for t in texts]


def test_every_entity_and_every_column_arrives(database, tmp_path):
    for entity in ENTITIES.values():
        row = {header: f"<{header}>" for header in entity.headers}
        write_export(tmp_path / f"{entity.full_prefixes[0]}_04_03_2025.csv", entity.name, row)
    load(database, tmp_path)
    for entity in ENTITIES.values():
        columns = ", ".join(f'"{header}"' for header in entity.headers)
        assert query(database, f"select {columns} from raw.{entity.name}") == [tuple(f"<{h}>" for h in entity.headers)]


def test_an_export_of_nothing_is_a_load_of_no_rows(database, tmp_path):
    write_export(tmp_path / FULL, "items")
    load(database, tmp_path)
    assert ledger(database) == [(1, FULL, "loaded", 0)]


def test_a_folder_loaded_again_adds_duplicates_and_no_rows(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    for _ in range(3):
        load(database, tmp_path)
    assert ledger(database) == [
        (1, PARTIAL, "loaded", 1),
        (2, PARTIAL, "duplicate", 0),
        (3, PARTIAL, "duplicate", 0),
    ]
    assert query(database, "select reason from meta.loads where load_id = 2") == [
        (f"same content as load 1 ({PARTIAL})",)
    ]
    assert query(database, "select count(*) from raw.items") == [(1,)]


@pytest.mark.parametrize("status", ["held", "withdrawn"])
def test_a_duplicate_of_a_load_that_is_not_effective_is_a_duplicate(database, tmp_path, status):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    load(database, tmp_path)
    with connect(database) as connection:
        connection.execute("update meta.loads set status = %s", [status])
    load(database, tmp_path)
    assert [row[2] for row in ledger(database)] == [status, "duplicate"]


def test_the_same_content_in_another_slot_is_no_duplicate(database, tmp_path):
    for name in (PARTIAL, "Item_04_05_2025_2_00_03.csv", "item_all_04_04_2025.csv"):
        write_export(tmp_path / name, "items", {"Item Name": "A"})
    load(database, tmp_path)
    assert {row[2] for row in ledger(database)} == {"loaded"}


def test_other_content_in_a_slot_is_a_correction_and_going_back_is_a_duplicate(database, tmp_path):
    for name in ("A", "B", "A"):
        write_export(tmp_path / PARTIAL, "items", {"Item Name": name})
        load(database, tmp_path)
    assert query(database, "select status, reason from meta.loads order by load_id") == [
        ("loaded", None),
        ("loaded", f"correction of load 1 ({PARTIAL})"),
        ("duplicate", f"same content as load 1 ({PARTIAL})"),
    ]


def test_unknown_columns_are_kept_in_raw_and_named(database, tmp_path):
    headers = ("Colour", 'a "b" %s {}', "_load_id")
    row = {"Item Name": "A", **dict.fromkeys(headers, "x")}
    write_export(tmp_path / PARTIAL, "items", row, extra=headers)
    load(database, tmp_path)
    columns = '"Colour", "a ""b"" %s {}", "_load_id (export)", _load_id'
    assert query(database, f"select {columns} from raw.items") == [("x", "x", "x", 1)]
    assert query(database, "select reason from meta.loads") == [
        ('columns not in the contract, kept in raw: Colour, a "b" %s {}, _load_id (export)',)
    ]


def test_a_rejected_file_is_noted_once_and_the_others_load(database, tmp_path):
    (tmp_path / PARTIAL).write_bytes(b"")
    write_export(tmp_path / "Item_04_05_2025_2_00_03.csv", "items", {"Item Name": "B"})
    for _ in range(2):
        load(database, tmp_path)
    assert [row[1:] for row in ledger(database)] == [
        (PARTIAL, "rejected", 0),
        ("Item_04_05_2025_2_00_03.csv", "loaded", 1),
        ("Item_04_05_2025_2_00_03.csv", "duplicate", 0),
    ]
    assert "empty" in query(database, "select reason from meta.loads where status = 'rejected'")[0][0]


def test_an_unreadable_file_is_noted_once(database, tmp_path):
    (tmp_path / PARTIAL).mkdir()
    for _ in range(2):
        load(database, tmp_path)
    entered = "select status, sha256, file_size is not null, file_modified_at is not null from meta.loads"
    assert query(database, entered) == [("rejected", None, True, True)], "known, so that it is not tried for ever"


def test_a_rejected_file_that_is_copied_again_is_known_by_its_new_date(database, tmp_path):
    path = tmp_path / PARTIAL
    path.write_bytes(b"")
    load(database, tmp_path)
    os.utime(path, (0, 0))
    load(database, tmp_path)
    assert query(database, "select extract(epoch from file_modified_at)::int from meta.loads") == [(0,)]


def test_a_file_rejected_for_another_reason_is_noted_again(database, tmp_path):
    for content in (b"", b"a\0"):
        (tmp_path / PARTIAL).write_bytes(content)
        load(database, tmp_path)
    assert [row[2] for row in ledger(database)] == ["rejected", "rejected"]


def test_a_rejected_file_that_is_mended_loads(database, tmp_path):
    (tmp_path / PARTIAL).write_bytes(b"")
    load(database, tmp_path)
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    load(database, tmp_path)
    assert [row[2:] for row in ledger(database)] == [("rejected", 0), ("loaded", 1)]


def test_a_file_that_the_server_refuses_does_not_keep_the_others_out(database, tmp_path):
    names = [f"Item_04_0{day}_2025_2_00_03.csv" for day in (4, 5, 6)]
    for name, item in zip(names, ("A", "refused", "C"), strict=True):
        write_export(tmp_path / name, "items", {"Item Name": item})
    with connect(database) as connection:
        ensure_schema(connection)
        connection.execute("""alter table raw.items add constraint mine check ("Item Name" <> 'refused')""")
    with pytest.raises(psycopg.errors.CheckViolation):
        load(database, tmp_path)
    assert [row[1:] for row in ledger(database)] == [(names[0], "loaded", 1), (names[2], "loaded", 1)]


def test_batch_files_and_notes_are_gone_after_the_commit(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    (tmp_path / FULL).write_bytes(b"")
    lines = sync(tmp_path)
    files = batch_files(lines)
    assert all(path.exists() and note_path(path).exists() for path in files)
    listen(database, lines)
    assert not any(path.exists() or note_path(path).exists() for path in files)


def test_a_copy_that_breaks_halfway_leaves_neither_rows_nor_entry(database, tmp_path):
    rows = [{"Item Name": f"item {n}"} for n in range(50_000)]  # several blocks of the stream
    write_export(tmp_path / FULL, "items", {"Item Name": "first"})
    write_export(tmp_path / PARTIAL, "items", *rows)
    lines = sync(tmp_path)
    broken = batch_files(lines)[1]
    broken.write_bytes(broken.read_bytes() + b"one,cell,too,few\n")
    with pytest.raises(psycopg.errors.BadCopyFileFormat):
        listen(database, lines)
    assert ledger(database) == [(1, FULL, "loaded", 1)]
    assert query(database, 'select "Item Name" from raw.items') == [("first",)]
    assert broken.exists()
    load(database, tmp_path)  # the next run finds nothing in its way
    assert query(database, "select count(*), count(distinct _load_id) from raw.items") == [(50_001, 2)]


def test_rows_that_got_lost_on_the_way_leave_neither_rows_nor_entry(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"}, {"Item Name": "B"})
    lines = sync(tmp_path)
    (path,) = batch_files(lines)
    path.write_bytes(path.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
    with pytest.raises(DeliveryError, match=f"{PARTIAL}: 1 rows arrived of 2"):
        listen(database, lines)
    assert ledger(database) == []
    assert query(database, "select count(*) from raw.items") == [(0,)]


def test_a_batch_without_its_note_is_a_clear_error(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    lines = sync(tmp_path)
    note_path(batch_files(lines)[0]).unlink()
    with pytest.raises(DeliveryError, match="no delivery note"):
        listen(database, lines)


def test_a_note_that_is_none_is_a_clear_error(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    lines = sync(tmp_path)
    note_path(batch_files(lines)[0]).write_text("{}")
    with pytest.raises(DeliveryError, match="not a delivery note"):
        listen(database, lines)


def test_csv_batches_of_other_streams_are_a_clear_error(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    lines = sync(tmp_path).replace('"stream":"items"', '"stream":"pets"')
    with pytest.raises(DeliveryError, match="stream pets"):
        listen(database, lines)


def test_a_note_of_another_entity_is_a_clear_error(database, tmp_path):
    write_export(tmp_path / PARTIAL, "items", {"Item Name": "A"})
    lines = sync(tmp_path)
    note = note_path(batch_files(lines)[0])
    note.write_text(note.read_text().replace('"items"', '"customers"'))
    with pytest.raises(DeliveryError, match="says customers"):
        listen(database, lines)


@pytest.mark.parametrize("name", ["item_all_01_01_0001.csv", "item_all_12_31_9999.csv", "item_all_12_01_2025.csv"])
def test_no_file_is_refused_for_its_date(database, tmp_path, name):
    write_export(tmp_path / name, "items", {"Item Name": "A"})
    load(database, tmp_path)
    assert ledger(database) == [(1, name, "loaded", 1)]
    assert query(database, "select count(*) from raw.items_undated") == [(0,)]


def test_the_settings_of_one_load_do_not_reach_the_next(database, tmp_path):
    for month in ("03", "04", "05"):
        write_export(tmp_path / f"item_all_{month}_03_2025.csv", "items", {"Item Name": month})
    load(database, tmp_path)
    assert query(
        database,
        """select "Item Name", _sdc_source_file, to_char(_exported_at, 'MM'), _load_id
        from raw.items order by 1""",
    ) == [(m, f"item_all_{m}_03_2025.csv", m, n) for n, m in enumerate(("03", "04", "05"), start=1)]


def test_two_loaders_at_once_take_one_file_once(database, tmp_path):
    """Both hold the same file; whoever comes second waits for the slot and finds a duplicate."""
    write_export(tmp_path / PARTIAL, "items", *({"Item Name": f"item {n}"} for n in range(20_000)))
    runs = [sync(tmp_path) for _ in range(4)]
    assert deliver_at_once(database, runs) == []
    assert sorted(row[2] for row in ledger(database)) == ["duplicate", "duplicate", "duplicate", "loaded"]
    assert query(database, "select count(*) from raw.items") == [(20_000,)]
