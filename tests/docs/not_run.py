"""Commands and queries of the pages that the test does not run, each with its reason.

Patterns are those of a shell; a page's name and a colon may stand before one.
"""

from __future__ import annotations

NOT_RUN = {
    "README.md: uv run qbh demo": "the tutorial begins with it, and shows what it prints",
    "pip install uv": "changes the reader's Python",
    "uv tool install *": "installs a release on the reader's machine; tests/packaging/test_wheel.py does it",
    "git pull *": "changes the checkout that the tests are of",
    "*qbh up*": "runs until Ctrl-C; tests/end_to_end/test_up.py starts it",
    "*pytest *": "runs the tests, of which this is one",
    "bash .ci/run": "runs the tests, of which this is one",
    "*python -m benchmarks*": "takes minutes to hours; tests/test_benchmarks.py runs every part, small",
    "*python benchmarks/*": "takes minutes; tests/test_benchmarks.py runs every part, small",
    "*zensical serve": "runs until Ctrl-C",
    "cp /path/to/*": "the reader's own files",
    "uv run qbh stop && rm -r .qbh": "the pages behind it go on with the demo",
    'pg_restore *--dbname "$DATABASE_URL"*': "needs a server of the reader's own; the restore on the same page is run",
    "docs/runbooks.md: export DATABASE_URL=*": "names a server of the reader's own",
    "pg_basebackup *": "needs a server of the reader's own; tests/end_to_end/test_backup.py does it",
    "docs/server.md: *": "needs a Docker engine; tests/server starts what docker-compose.yml states without one",
    "create role reporting *": "needs a server of the reader's own, and names of roles",
}

LONG = {
    "docs/runbooks.md: uv run qbh withdraw item_all_05_03_2025.csv": "a run of Dagster's; the tutorial withdraws",
    "docs/runbooks.md: uv run qbh history items --since 2025-05-03": "what the withdrawal before it leaves",
    "*qbh withdraw * --undo": "one more run of Dagster's; tests/end_to_end/test_load.py",
    "uv run qbh load .qbh/demo": "one more run of Dagster's",
    "QBH_HOME=$PWD/.qbh-replay *": "loads the demo once more",
    "rm -r .qbh-replay": "what the lines before it have made",
    "*qbh verify*": "makes all of history anew",
    "*qbh rebuild*": "makes all of history anew",
    "*qbh archive*": "a run of Dagster's; tests/end_to_end/test_retention.py",
    "*qbh restore*": "a run of Dagster's; tests/end_to_end/test_retention.py",
    "*qbh rollback*": "runs of Dagster's; tests/end_to_end/test_rollback.py",
    "*dbt build*": "all models and tests; tests/end_to_end/test_by_hand.py",
    "pg_restore *": "what follows verifies what was restored",
}
"""What runs only with `-m thorough`, together with everything else; other tests run the same every time."""
