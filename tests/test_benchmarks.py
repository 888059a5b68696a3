"""What the benchmarks make of their figures."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from benchmarks.picture import PROGRAMS, Followed, drawn
from benchmarks.table import Row, Table


@pytest.mark.parametrize(
    ("row", "full", "small"),
    [
        (Row("night", "seconds", 15.0, "s", at_most=15), "ok", "-"),
        (Row("night", "seconds", 15.1, "s", at_most=15), "MISSED", "-"),
        (Row("night", "ratio", 1.3, "times", at_most=1.2), "MISSED", "ok"),
        (Row("night", "ratio", 2.5, "times", at_most=1.2), "MISSED", "MISSED"),
        (Row("raw", "rate", 19.0, "times", at_least=20), "MISSED", "ok"),
        (Row("raw", "rate", 9.9, "times", at_least=20), "MISSED", "MISSED"),
        (Row("raw", "seconds", 99.0, "s"), "-", "-"),
    ],
)
def test_a_small_run_judges_ratios_alone_and_gives_them_room(row, full, small):
    assert row.verdict(small=False) == full
    assert row.verdict(small=True) == small


def test_a_part_that_did_not_do_its_work_is_wrong_whatever_it_took():
    table = Table(small=False)
    table.add("raw", "seconds", 1.0, "s", at_most=2)
    table.add("big", "seconds", 1.0, "s", at_most=2)
    assert table.holds
    table.wrong["raw"] = "raw.items has 1 rows, the file 2"
    assert [table.verdict(row) for row in table.rows] == ["WRONG", "ok"]
    assert not table.holds
    assert table.lines()[-1].split("  ")[0].strip() == "raw"
    assert table.lines()[-1].endswith("WRONG")


def test_a_picture_has_a_lane_for_each_program_and_says_what_it_took():
    steps = [{}, {"qbh": 0.1}, {"qbh": 0.1, "postgres": 0.1}, {"dbt": 0.1, "postgres": 0.2}]
    picture = ET.fromstring(drawn(Followed(0.4, [(0.1, "first & last")], steps), "a night"))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    names, taken = texts[0:14:2], texts[1:14:2]
    assert names == [*(name for name, _ in PROGRAMS.values()), "all together"]
    assert [words.split()[0] for words in taken] == ["0.2", "0.0", "0.0", "0.0", "0.1", "0.3", "0.6"]
    assert texts[14:] == ["first & last", "0 s"]
