"""Faults are followed by comparisons, for which the tests of history and of the loader have the means."""

from __future__ import annotations

import sys
from pathlib import Path

for name in ("history", "singer"):
    sys.path.append(str(Path(__file__).parents[1] / name))
