"""A process that ends at once.

Python looks for garbage as it ends, in all that was imported: 0.6 s after Dagster and dbt, at every command.
"""

from __future__ import annotations


def end_at_once() -> None:
    """Spare this process the search, when it ends: its memory goes back to the machine as it is."""
    import atexit
    import gc

    atexit.register(gc.freeze)
