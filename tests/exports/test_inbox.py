"""What a folder is made of: exports in order, strangers with a reason, and what is not there."""

import os
from pathlib import Path

import pytest

from quickbooks_history.exports.inbox import MissingPathError, list_inbox

PARTIAL = "Item_04_04_2025_2_00_03.csv"
FULL = "item_all_04_03_2025.csv"


def touch(*paths: Path) -> None:
    for path in paths:
        path.write_text("x")


def names(listing) -> list[str]:
    return [export.name.file_name for export in listing.exports]


def test_exports_come_in_the_order_of_history(tmp_path):
    touch(*(tmp_path / name for name in (PARTIAL, "item_all_04_04_2025.csv", "Item_04_04_2025_0_00_00.csv", FULL)))
    assert names(list_inbox([tmp_path])) == [
        FULL, "Item_04_04_2025_0_00_00.csv", "item_all_04_04_2025.csv", PARTIAL,
    ]  # fmt: skip


def test_of_two_files_of_one_name_the_one_written_later_comes_later(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    a.mkdir()
    b.mkdir()
    touch(a / FULL, b / FULL)
    os.utime(a / FULL, (2000, 2000))
    os.utime(b / FULL, (1000, 1000))
    assert [export.path for export in list_inbox([a, b]).exports] == [b / FULL, a / FULL]


def test_an_export_is_listed_with_size_and_time(tmp_path):
    touch(tmp_path / FULL)
    os.utime(tmp_path / FULL, (1000, 1000))
    (export,) = list_inbox([tmp_path]).exports
    assert (export.size, export.modified_at.timestamp()) == (1, 1000)


@pytest.mark.parametrize(
    ("file_name", "reason"),
    [
        ("Item_04_04_2025_2_00_03 (1).csv", "copy that a sync folder made"),
        ("Item_04_04_2025_2_00_03 - Copy.csv", "copy that a sync folder made"),
        ("Item_04_04_2025_2_00_03 (Ann's conflicted copy 2025-04-05).csv", "conflicted copy"),
        ("~$prices.xlsx", "temporary name"),
        ("Item_04_04_2025_2_00_03.csv.part", "temporary name"),
        ("Item_04_04_2025_2_00_03.csv.tmp", "temporary name"),
        (".~lock.Item_04_04_2025_2_00_03.csv#", "temporary name"),
        (".DS_Store", "hidden file"),
        ("item_all_02_30_2025.csv", "moment that does not exist"),
        ("prices.csv", "not the name of an export"),
    ],
)
def test_strangers_are_reported_and_stop_nobody(tmp_path, file_name, reason):
    touch(tmp_path / file_name, tmp_path / FULL)
    listing = list_inbox([tmp_path])
    assert names(listing) == [FULL]
    (stranger,) = listing.strangers
    assert stranger.path == tmp_path / file_name
    assert reason in stranger.reason
    assert file_name not in stranger.reason


def test_folders_within_are_strangers_and_not_looked_into(tmp_path):
    (tmp_path / "archive").mkdir()
    touch(tmp_path / "archive" / FULL)
    listing = list_inbox([tmp_path])
    assert listing.exports == ()
    assert [(stranger.path.name, stranger.reason) for stranger in listing.strangers] == [("archive", "a folder")]


def test_a_folder_with_an_exports_name_is_an_export_that_reading_will_reject(tmp_path):
    (tmp_path / FULL).mkdir()
    assert names(list_inbox([tmp_path])) == [FULL]
    assert names(list_inbox([tmp_path / FULL])) == [FULL]


def test_a_link_to_nothing_is_a_stranger(tmp_path):
    (tmp_path / FULL).symlink_to(tmp_path / "gone")
    (stranger,) = list_inbox([tmp_path]).strangers
    assert "link" in stranger.reason


def test_what_is_named_twice_is_listed_once(tmp_path):
    touch(tmp_path / FULL)
    assert names(list_inbox([tmp_path / FULL, tmp_path, tmp_path])) == [FULL]


def test_known_files_of_a_folder_are_counted_and_not_listed(tmp_path):
    known, grown, new, link = (
        tmp_path / name for name in (FULL, PARTIAL, "Item_04_05_2025.csv", "item_all_04_06_2025.csv")
    )
    touch(known, grown, new)
    link.symlink_to(known)
    for path in (known, grown):
        os.utime(path, ns=(0, 1_743_645_600_123_456_789))
    state = (1, 1_743_645_600_123_457)
    states = {(str(known), *state), (str(grown), 0, state[1]), (str(link), *state)}

    listing = list_inbox([tmp_path], known=states)
    assert (names(listing), listing.known_files) == ([PARTIAL, link.name], 1), "a link is looked after"
    assert [stranger.path for stranger in listing.strangers] == [new]
    listing = list_inbox([tmp_path, known], known=states)
    assert (names(listing), listing.known_files) == ([FULL, PARTIAL, link.name], 0), "who names a file is told of it"


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path):
    listing = list_inbox([tmp_path, tmp_path / FULL])
    assert listing.missing == (tmp_path / FULL,)
    with pytest.raises(MissingPathError, match=FULL):
        listing.require_all()
    assert list_inbox([tmp_path]).require_all().missing == ()


def test_of_one_slot_the_file_written_last_comes_last(tmp_path: Path) -> None:
    for seconds, name in enumerate(("item_all_04_03_2025.csv", "01_BACKUP_Item_04_03_2025.csv")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (seconds, seconds))
    found = [export.path.name for export in list_inbox([tmp_path]).exports]
    assert found == ["item_all_04_03_2025.csv", "01_BACKUP_Item_04_03_2025.csv"]


def test_a_link_that_leads_out_of_its_folder_is_a_stranger(tmp_path):
    """Whoever may write to the inbox may not have other files of this machine read."""
    inbox, secrets = tmp_path / "inbox", tmp_path / "secrets"
    for folder in (inbox, secrets, inbox / "within"):
        folder.mkdir()
    (secrets / "passwords").write_text("hunter2")
    (inbox / "within" / "real.csv").write_text("x")
    leads_out = inbox / "Item_04_04_2025_2_00_03.csv"
    leads_out.symlink_to(secrets / "passwords")
    device = inbox / "Item_04_05_2025_2_00_03.csv"
    device.symlink_to("/dev/zero")
    stays = inbox / "Item_04_06_2025_2_00_03.csv"
    stays.symlink_to(inbox / "within" / "real.csv")
    around = inbox / "Item_04_07_2025_2_00_03.csv"
    around.symlink_to("within/../../secrets/passwords")
    folder = inbox / "Item_04_08_2025_2_00_03.csv"
    folder.symlink_to(secrets)
    listing = list_inbox([inbox])
    assert [export.path for export in listing.exports] == [stays]
    strangers = {stranger.path: stranger.reason for stranger in listing.strangers}
    assert strangers.keys() == {leads_out, device, around, folder, inbox / "within"}
    assert all("outside the folder" in strangers[link] for link in (leads_out, device, around, folder))
    circle = inbox / "Item_04_09_2025_2_00_03.csv"
    circle.symlink_to(circle)
    (stranger,) = (found for found in list_inbox([inbox]).strangers if found.path == circle)
    assert "link" in stranger.reason
    # Who names a link means what it leads to, and an inbox may be a link itself.
    assert [export.path for export in list_inbox([leads_out]).exports] == [leads_out]
    (tmp_path / "link").symlink_to(inbox)
    assert len(list_inbox([tmp_path / "link"]).exports) == 1
