"""Write what the documentation has from the code: `uv run python -m documentation`; tests/docs fails when it is old."""

from __future__ import annotations

from documentation.pages import pages
from quickbooks_history.settings import PROJECT_ROOT

for path, text in pages().items():
    file = PROJECT_ROOT / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    print(path)
