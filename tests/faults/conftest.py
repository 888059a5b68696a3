"""Faults are followed by a comparison with the reference that the tests of history have."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "history"))
