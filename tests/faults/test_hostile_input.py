"""Names, headers and cells that try to be more than text: nothing runs, nothing else is read, no line is forged."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from export_files import write_export
from home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "pwned-by-a-file"

HOSTILE = [
    f"$(touch {MARK})",
    f"`touch {MARK}`",
    f"; touch {MARK} #",
    f"| touch {MARK}",
    f"\n touch {MARK}\n",
    "'; drop schema raw cascade; --",
    '"; drop schema raw cascade; --',
    "\\'; copy (select 1) to program 'touch " + MARK + "'; --",
    "{{ env_var('DATABASE_URL') }}",
    "{% set x = run_query('drop schema raw cascade') %}",
    "${DATABASE_URL}",
    "%(qbh)s %s {0} {x!r}",
    f'=cmd|"/c touch {MARK}"!A1',
    "@SUM(1+1)*cmd",
    "+1+1",
    "\x1b]0;owned\x07\x1b[2J\x1b[31m",
    "x\r\nERROR forged: everything is fine",
    "\u202efdp.xls",
    "../../../../etc/passwd",
    "[bold red]not markup[/bold red] [/]",
    "a\u2028b",
]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    made.qbh("stop")


def test_hostile_names_headers_and_cells(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "{{ 7*7 }} $(touch x) ' \" \x1b[2J"
    folder.mkdir()
    cells = [{"Item Name": text, "Sales Price": text, "Status": text, text.strip(): text} for text in HOSTILE]
    write_export(folder / "item_all_04_03_2025.csv", "items", *cells, extra=tuple(text.strip() for text in HOSTILE))
    (folder / "Customer_04_03_2025_2_00_00.csv").write_text(",".join(HOSTILE))  # rejected, and its header is told
    secret = tmp_path / "secret"
    secret.write_text("the-secret,of another folder\n1,2\n")
    (folder / "Item_04_04_2025_2_00_00.csv").symlink_to(secret)
    os.mkfifo(folder / "Item_04_05_2025_2_00_00.csv")
    with suppress(PermissionError):
        os.mknod(folder / "Item_04_06_2025_2_00_00.csv", 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
    with socket.socket(socket.AF_UNIX) as listening:
        place = os.open(folder, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{place}/Item_04_07_2025_2_00_00.csv")
        os.close(place)
    for number, text in enumerate(HOSTILE):
        (folder / f"{number} {text.replace('/', '_')}.csv").write_text("x")

    runs = [home.run("qbh", "load", str(folder), cwd=tmp_path)]
    name = HOSTILE[0]
    runs += [
        home.qbh("history", "items"),
        home.qbh("as-of", "items", "2025-04-04"),
        home.qbh("as-of", "items", "2025-04-04", "--key", name),
        home.qbh("explain", "items", "--key", name),
        home.qbh("explain", "items", "--key", HOSTILE[15], "--column", "item_name"),
        home.qbh("status"),
        home.qbh("verify"),
    ]
    assert runs[0].returncode == 3, runs[0].stdout + runs[0].stderr
    assert [run.returncode for run in runs[1:]] == [0] * 7, [run.stderr for run in runs]

    # Nothing ran.
    places = [tmp_path, Path.cwd(), home.path, Path(__file__).parents[2], Path.home()]
    assert not [place for place in places if (place / MARK).exists() or (place / "x").exists()]
    with psycopg.connect(home.url()) as connection:
        names = {text for (text,) in connection.execute("select item_name from marts.products")}
        assert names == {text.strip(" \t\r\n\u00a0") for text in HOSTILE}, "cells are what they were"
        raw = {text for (text,) in connection.execute('select "Item Name" from raw.items')}
        assert raw == set(HOSTILE)
        reasons = [reason or "" for (reason,) in connection.execute("select reason from meta.loads")]
    # Nothing outside was read, and what is no file was not waited for.
    assert not [reason for reason in reasons if "the-secret" in reason]
    assert "the-secret" not in runs[0].stdout + runs[0].stderr

    # Nobody's terminal or log is told what to do.
    for run in runs:
        for stream in (run.stdout, run.stderr):
            assert not {
                code for code in stream if (ord(code) < 32 and code not in "\n\t") or code in "\u202e\u2028\x7f"
            }, run.args
    assert not [reason for reason in reasons if set(reason) & {"\n", "\r", "\x1b", "\u202e", "\u2028"}]
    for log in (home.path / "logs").glob("*.log"):
        lines = log.read_text(errors="replace").split("\n")
        assert not [line for line in lines if line.startswith(("ERROR forged", " touch"))], log
        assert "\x1b]0;owned" not in log.read_text(errors="replace"), log
