"""Write what the documentation has from the code: `uv run python -m reference`; tests/docs fails when it is stale."""

from __future__ import annotations

from quickbooks_history.settings import PROJECT_ROOT
from reference.pages import pages

for path, text in pages().items():
    file = PROJECT_ROOT / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    print(path)
