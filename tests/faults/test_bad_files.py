"""Bad files, by hand and at random: each is loaded or rejected with a reason, none in part, and good ones load.

`FUZZED_FILES=10000 uv run pytest tests/faults/test_bad_files.py` tries as many new ones; else 400, always the same.
"""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from deliveries import load, query
from mistakes import LOADED, MISTAKES, WHOLE_FILE, Sheet, mistakes
from whole_loads import half_loaded

from quickbooks_history.exports.contract import ENTITIES

FUZZED = int(os.environ.get("FUZZED_FILES", "0"))
SEED = int(os.environ.get("FUZZ_SEED", "0")) or (random.randrange(2**32) if FUZZED else 1)
USUALLY_FUZZED = 400


def file_name(entity, number: int) -> str:
    """A partial export's; each number has its own second of its own day."""
    day = date(2020, 1, 1) + timedelta(days=number)
    return f"{entity.partial_prefix}_{day:%m_%d_%Y}_2_00_{number % 60:02}.csv"


def test_there_are_enough_mistakes():
    assert len(list(mistakes())) >= 200


def test_each_mistake_by_hand(database, tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    made = {file_name(mistake.entity, number): mistake for number, mistake in enumerate(mistakes())}
    for name, mistake in made.items():
        (folder / name).write_bytes(mistake.content)
    good = {file_name(entity, 5000): entity for entity in ENTITIES.values()}
    for name, entity in good.items():
        (folder / name).write_text(Sheet(entity).text())

    load(database, folder)

    entries = {
        name: rest for name, *rest in query(database, "select file_name, status, reason, row_count from meta.loads")
    }
    assert entries.keys() == made.keys() | good.keys()
    assert {entries[name][0] for name in good} == {"loaded"}
    wrong = []
    for name, mistake in made.items():
        status, reason, rows = entries[name]
        told = f"{mistake.entity.name}: {mistake.what}: {status}, {rows} rows, {reason}"
        if mistake.reason == LOADED:
            wrong += [told] if status != "loaded" else []
        elif (
            status != "rejected"
            or rows
            or not any(words in reason for words in mistake.reason.split("|"))
            or "; " not in reason
        ):
            wrong.append(told)
        elif "line " not in reason and not any(words in reason for words in WHOLE_FILE):
            wrong.append(f"names no line: {told}")
    assert not wrong, "\n".join(wrong)
    assert not half_loaded(database)


class Fuzzer:
    """Spoils sound exports at random places, as transfers, editors and scripts do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.seeds = [
            *(Sheet(entity).text().encode() for entity in ENTITIES.values()),
            *(spoil for spoil in (mistake.content for mistake in mistakes()) if len(spoil) < 5000),
        ]

    def file(self) -> bytes:
        content = bytearray(self.random.choice(self.seeds))
        for _ in range(self.random.choice([1, 1, 2, 3, 8])):
            self.random.choice(
                [self._flip, self._insert, self._delete, self._double, self._swap, self._cut, self._join]
            )(content)
        return bytes(content)

    def _place(self, content: bytearray) -> int:
        return self.random.randrange(len(content) + 1)

    def _flip(self, content: bytearray) -> None:
        if content:
            content[self.random.randrange(len(content))] = self.random.randrange(256)

    def _insert(self, content: bytearray) -> None:
        telling = [
            b'"',
            b",",
            b"\r",
            b"\n",
            b"\r\n",
            b"\0",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\\",
            b"\t",
            b"'",
            b"\x1a",
            b"\x80",
            b'""',
            b"\\.\n",
            b"\xe2\x80",
        ]
        place = self._place(content)
        content[place:place] = self.random.choice([*telling, self.random.randbytes(self.random.randint(1, 9))])

    def _delete(self, content: bytearray) -> None:
        place = self._place(content)
        del content[place : place + self.random.choice([1, 1, 2, 10, 100])]

    def _double(self, content: bytearray) -> None:
        begin, end = sorted([self._place(content), self._place(content)])
        content[end:end] = content[begin:end][:2000]

    def _swap(self, content: bytearray) -> None:
        lines = bytes(content).splitlines(keepends=True)
        self.random.shuffle(lines)
        content[:] = b"".join(lines)

    def _cut(self, content: bytearray) -> None:
        del content[self._place(content) :]

    def _join(self, content: bytearray) -> None:
        place = self._place(content)
        content[place:] = self.random.choice(self.seeds)[place:]


@pytest.mark.parametrize("share", range(4))
def test_files_spoilt_at_random(database, tmp_path, share):
    """A batch at a time in one folder, good ones among them, as one run loads them."""
    number = 0
    fuzzer = Fuzzer(SEED * 4 + share)
    for _batch in range(max((FUZZED or USUALLY_FUZZED) // 400, 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        good = []
        for _ in range(100):
            number += 1
            entity = fuzzer.random.choice([*ENTITIES.values()])
            path = folder / file_name(entity, number)
            if number % 20 == 0:
                good.append(path.name)
                sheet = Sheet(entity)
                sheet.rows[0][0] = f"good {number}"
                path.write_text(sheet.text())
            else:
                path.write_bytes(fuzzer.file())
        load(database, folder)
        names = sorted(path.name for path in folder.iterdir())
        entries = query(database, "select file_name, status, reason, row_count from meta.loads")
        told = {name: (status, reason, rows) for name, status, reason, rows in entries if name in names}
        assert sorted(told) == names, f"seed {SEED}, share {share}: files that nothing became of"
        for name, (status, reason, rows) in told.items():
            assert status in ({"loaded"} if name in good else {"loaded", "rejected"}), (SEED, share, name)
            assert status == "loaded" or (reason and "; " in reason and rows == 0), (SEED, share, name, reason)
            assert status == "loaded" or "line " in reason or any(w in reason for w in WHOLE_FILE), (name, reason)
            assert "\n" not in (reason or ""), (SEED, share, name, reason)
    assert not half_loaded(database)


@pytest.mark.parametrize("what", ["one line", "a million columns", "a cell", "a row of many lines"])
def test_files_too_large_are_refused_with_little_memory(what, tmp_path):
    """In a process of its own, which may take so much memory and no more."""
    import subprocess
    import sys

    sheet = Sheet(ENTITIES["items"])
    path = tmp_path / "Item_04_04_2025_2_00_03.csv"
    with path.open("wb") as file:
        if what == "one line":
            for _ in range(200):
                file.write(b"x" * 2**20)  # sparse files would do as well, but are NUL bytes
        elif what == "a million columns":
            file.write(sheet.text().splitlines()[0].encode() + b",c" * 10**6 + b"\n")
        elif what == "a cell":
            file.write(sheet.text().encode() + b'"' + b"y" * 10**8 + b'"' + b",1" * (len(sheet.headers) - 1))
        else:
            file.write(sheet.text().encode())
            file.write((b'"' + b"y\n" * 2**22 + b'",') * 6)
    program = (
        "import pathlib, re\n"
        "from quickbooks_history.exports.contract import ITEMS\n"
        "from quickbooks_history.exports.reading import *\n"
        "def peak():  # not what getrusage tells, which is the peak of this process's parent, if that was greater\n"
        "    return int(re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text())[1])\n"
        "before = peak()\n"
        "try:\n"
        f"    content = read_file(pathlib.Path({str(path)!r}), pathlib.Path({str(tmp_path)!r}))\n"
        "    list(read_export(content, ITEMS).rows())\n"
        "except RejectedExportError as error:\n"
        "    print(error.reason)\n"
        "print(peak() - before)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    reason, grown = run.stdout.splitlines()
    assert "columns" in reason if what == "a million columns" else "more than" in reason
    assert "; " in reason
    assert int(grown) < 150 * 1024, f"{what}: {int(grown) // 1024} MB"
    assert [left for left in Path(tmp_path).iterdir() if left != path] == []


def test_the_mistakes_have_names_of_their_own():
    assert len({what.lower() for what in MISTAKES}) == len(MISTAKES)
