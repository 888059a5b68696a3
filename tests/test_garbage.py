"""What a program is made of is not searched for garbage; what it makes after that is."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc

from quickbooks_history.garbage import end_at_once, imported_to_stay

searches = []
gc.callbacks.append(lambda phase, info: searches.append(phase))
try:
    with imported_to_stay("not_there"):
        stays = [[] for _ in range(10_000)]
        raise ImportError
except ImportError:
    pass
assert not searches, "while it is imported"
kept = gc.get_freeze_count()
assert kept > 10_000 and len(gc.get_objects()) < 1_000
made = [[] for _ in range(10_000)]
assert searches and gc.get_freeze_count() == kept
with imported_to_stay("gc"):
    assert gc.isenabled(), "it was there before"
gc.disable()
with imported_to_stay("not_there"):
    pass
assert not gc.isenabled(), "nobody is to search"
gc.enable()
assert gc.get_freeze_count() == kept
end_at_once()
gc.collect()
searches.clear()
gc.callbacks.append(lambda phase, info: print(f"{gc.get_freeze_count() > kept + 10_000}"))
"""


def test_what_is_imported_stays_and_what_is_made_does_not() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert set(ended.stdout.split()) == {"True"}, "a search at the end, before all is kept"
