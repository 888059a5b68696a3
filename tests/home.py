"""A home of the product, and its commands as processes, as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Home:
    """A `QBH_HOME`, and how to run commands in it as a person would, with variables of its own."""

    path: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        outside = ("QBH_", "DATABASE_URL", "PG", "TAP_", "TARGET_", "MELTANO_", "DAGSTER_", "DBT_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
        path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
        return kept | {"QBH_HOME": str(self.path), "COLUMNS": "100", "PATH": path} | self.variables

    def run(
        self, *command: str, cwd: Path | None = None, environment: dict[str, str] | None = None, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=cwd,
            env=self.environment | (environment or {}),
            input=text,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def qbh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("qbh", *arguments)

    def by_hand(
        self, *command: str, cwd: Path, environment: dict[str, str] | None = None, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run another program in a shell that asked `qbh url --env` before, with `environment` set after that."""
        after = [f"{name}={value}" for name, value in (environment or {}).items()]
        asked = 'eval "$(qbh url --env)" && exec env "$@"'
        return self.run("bash", "-c", asked, "bash", *after, *command, cwd=cwd, text=text)

    def url(self) -> str:
        return self.qbh("url").stdout.strip()
