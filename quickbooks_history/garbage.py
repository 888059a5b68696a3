"""Python's search for garbage, where there is none to be found.

What a program is made of stays until it ends. Python looks through all of it several times while it is imported, now
and then while the program works, and once more as it ends: of Dagster and dbt, 0.1 s each time.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def imported_to_stay(module: str) -> Iterator[None]:
    """Spare what is imported, and all that is there by then, every search: this one's and those to come.

    Args:
        module: What is imported. Where it has been before, nothing is spared: what is there by then may be garbage.
    """
    if module in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def end_at_once() -> None:
    """Spare this process the search when it ends: its memory goes back to the machine as it is."""
    import atexit

    atexit.register(gc.freeze)
