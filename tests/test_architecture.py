"""The walls between the parts of the program, those of DESIGN: who imports whom, where SQL stands, what starts light.

Who imports whom is said in `pyproject.toml`, under `tool.importlinter`. The rest is read from the source here. An
exception is an entry of a list below, with its reason.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parents[1]
PACKAGE = CHECKOUT / "quickbooks_history"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

SQL = re.compile(
    r"\s*(select|insert into|delete from|merge into|truncate|alter|analyze|vacuum|copy|grant|revoke|discard|lock table"
    r"|update \S+ set|create (or replace |unique |temp |unlogged )*(table|view|index|schema|role|database)"
    r"|drop (table|view|index|schema|role|owned)|with \w+ as \()\b",
    re.DOTALL,
)
"""How a text begins that is a statement: in small letters, as all SQL here is written."""

SQL_OUTSIDE_THE_WAREHOUSE = {
    "singer/ledger.py": "a file's rows and its entry in the ledger are one transaction, the loader's",
    "singer/target.py": "the loader sets up its sessions, and analyzes what it has upserted",
    "kept_sessions.py": "runs within dbt, where it empties a session before the next node has it",
}
"""Modules that speak SQL although they are not of `warehouse`."""

WRITE = re.compile(
    r"\b(insert into|delete from|merge into|update|create (or replace |unlogged )*(table|view)( if not exists)?)"
    r"\s+(only )?(?P<table>\{\w*\}|[a-z_]+\.[a-z_{]+)".replace(" ", r"\s+"),
)
"""A statement that makes or changes a table, and which: with its schema, or composed when it runs."""

WRITES_COMPOSED_NAMES = {
    "warehouse/recomputation.py": "puts what dbt has made in the scratch schema in place of what is there, row by row",
    "warehouse/rollback.py": "the schema `rollback`, which is beside history, and the scratch schema that dbt reads",
    "warehouse/schema.py": "the tables of the log, which the contract names",
}
"""Modules whose statements write to tables that are named when they run, and why these are not for dbt to make."""


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text())


def texts(module: str) -> Iterator[tuple[int, str]]:
    """Every text of a module with its line, but for docstrings."""
    parsed = tree(module)
    documentation = {id(node.value) for node in ast.walk(parsed) if isinstance(node, ast.Expr)}
    for node in ast.walk(parsed):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def statements(module: str) -> list[str]:
    return [f"{module}:{line}: {text.strip()[:60]}" for line, text in texts(module) if SQL.match(text)]


def imported(module: str) -> set[str]:
    """Names of what a module imports, wherever it does."""
    names = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_imports_keep_to_the_contracts() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    told = run.stdout.partition("Contracts")[2]  # what comes before is the tool's banner
    assert run.returncode == 0, told + run.stderr
    assert " 0 broken" in told


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("defs/")])
def test_definitions_hold_no_sql_and_no_parsing(module: str) -> None:
    assert statements(module) == []
    assert not imported(module) & {"csv", "pandas", "pyarrow", "pyarrow.csv", "psycopg.sql", "sqlalchemy"}
    called = {
        node.func.attr
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"execute", "executemany", "fetchone", "fetchall"}, "ask a function of `warehouse`"


def test_sql_stands_in_the_warehouse() -> None:
    speaking = {module for module in MODULES if not module.startswith("warehouse/") and statements(module)}
    assert speaking == set(SQL_OUTSIDE_THE_WAREHOUSE)


def test_the_command_line_is_thin() -> None:
    """It says what there is to call and shows what came of it; no command is long enough to do the work itself."""
    assert not imported("cli.py") & {"csv", "psycopg.sql", "dagster", "sqlalchemy"}
    for node in tree("cli.py").body:
        if isinstance(node, ast.FunctionDef):
            body = [inner for statement in node.body for inner in ast.walk(statement) if isinstance(inner, ast.stmt)]
            assert len(body) <= 30, f"{node.name} has {len(body)} statements: move what it does elsewhere"


def test_what_dbt_makes_nobody_else_writes() -> None:
    """Python writes to ledger and log; staging, snapshots, marts and monitoring are made by dbt alone."""
    composed = set()
    for module in MODULES:
        for line, text in texts(module):
            for found in WRITE.finditer(text):
                if found["table"].startswith("{"):
                    composed.add(module)
                else:
                    schema = found["table"].partition(".")[0]
                    assert schema in {"meta", "raw"}, f"{module}:{line} writes to {found['table']}, which dbt makes"
    assert composed == set(WRITES_COMPOSED_NAMES)


HEAVY = {
    *("dagster", "dagster_dbt", "dagster_meltano", "dagster_webserver", "dbt", "grpc", "meltano", "numpy", "pandas"),
    *("pyarrow", "singer_sdk", "sqlalchemy", "target_postgres"),
}

SINGER = {"singer_sdk", "sqlalchemy", "target_postgres"}

STARTS = {
    "qbh --help": ("from quickbooks_history.cli import main\nsys.argv = ['qbh', '--help']\nmain()", set(), 730),
    "qbh-dbt": ("import quickbooks_history.standby", set(), 90),
    "tap-quickbooks-csv": ("import quickbooks_history.singer.tap", SINGER, 1030),
    "target-postgres-append": ("import quickbooks_history.singer.target", SINGER, 1400),
}
"""The console scripts: what starts, what heavy packages it may load, and how many modules in all, a fifth above now.

Modules are counted, for seconds depend on the machine.
"""


@pytest.mark.parametrize("script", STARTS)
def test_console_scripts_start_light(script: str) -> None:
    start, allowed, most = STARTS[script]
    program = (
        f"import json, sys\ntry:\n    {start.replace(chr(10), chr(10) + '    ')}\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = json.loads(run.stdout.splitlines()[-1])
    assert {name.partition(".")[0] for name in loaded} & HEAVY <= allowed
    assert len(loaded) <= most
