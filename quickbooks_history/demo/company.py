"""A small made-up company's exports: thirty nights of a paving supplier, the same for the same seed."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from quickbooks_history.demo.books import Books
from quickbooks_history.demo.listing import list_records
from quickbooks_history.demo.schedule import (
    BACKUP_NIGHT,
    FIRST_DAY,
    NIGHTS,
    WINDOW,
    full_name,
    night_date,
    partial_name,
)
from quickbooks_history.demo.story import STORY, Event
from quickbooks_history.demo.writing import SPELLINGS, spell, write_if_changed
from quickbooks_history.exports.contract import ENTITIES, ITEMS, Entity

_ONE_DAY = timedelta(days=1)


def write_exports(folder: Path, *, seed: int = 7, nights: int = NIGHTS) -> list[Path]:
    """Write the company's exports into a folder.

    The first day has a full export of each entity, every night after it a partial one of each, and the last
    night's date a full one of each again; items have a full backup in between. The same arguments write
    the same bytes. A file that holds these bytes already is left as it is, its modification time included.

    Args:
        folder: Where the files go; made if it is not there. Other files in it are left alone.
        seed: Which random trade the company does. `STORY` is the same for every seed.
        nights: How many nightly exports follow the first full one.

    Returns:
        Every export of the run, oldest first, whether it was written now or there already.

    Raises:
        ValueError: `nights` is negative.
    """
    if nights < 0:
        raise ValueError(f"nights is {nights}: the company cannot export on fewer than no nights")
    folder.mkdir(parents=True, exist_ok=True)
    books = _open_books(seed)
    paths = [_write_full(folder, books, entity, 0) for entity in ENTITIES.values()]
    for night in range(1, nights + 1):
        books.today = night_date(night) - _ONE_DAY
        books.trade()
        _play(books, night)
        paths += _write_night(folder, books, night, last=night == nights)
    return paths


def _open_books(seed: int) -> Books:
    """The books on the eve of the first day: two months of trade, and what the story starts from."""
    rng = random.Random(seed)  # noqa: S311 - a demo must repeat itself, and guards no secret
    books = Books(FIRST_DAY - _ONE_DAY, rng)
    books.look_back(invoices=88, receipts=60, days=58)
    books.continue_numbers(invoice=4301, receipt=8201)
    _play(books, 0)
    return books


def _play(books: Books, night: int) -> None:
    for event in _events(night):
        if event.act is not None:
            event.act(books)


def _events(night: int) -> list[Event]:
    return [event for event in STORY if event.night == night]


def _write_night(folder: Path, books: Books, night: int, *, last: bool) -> list[Path]:
    """Write one night's files: full exports bear midnight in their name, so they come before the partials."""
    full: list[Entity] = list(ENTITIES.values()) if last else [ITEMS] if night == BACKUP_NIGHT else []
    paths = [_write_full(folder, books, entity, night) for entity in full]
    return paths + [_write_partial(folder, books, entity, night) for entity in ENTITIES.values()]


def _write_full(folder: Path, books: Books, entity: Entity, night: int) -> Path:
    return _write(folder / full_name(entity, night), books, entity, night, full=True)


def _write_partial(folder: Path, books: Books, entity: Entity, night: int) -> Path:
    return _write(folder / partial_name(entity, night), books, entity, night, full=False)


def _write(path: Path, books: Books, entity: Entity, night: int, *, full: bool) -> Path:
    table = list_records(books, entity, since=None if full else night_date(night) - WINDOW)
    for event in _events(night):
        if event.alter is not None and event.file_name == path.name:
            event.alter(table)
    # Each entity is a step further in the round, so that each is seen in every spelling.
    spelling = SPELLINGS[(night + list(ENTITIES).index(entity.name)) % len(SPELLINGS)]
    write_if_changed(path, spell(table, spelling))
    return path
