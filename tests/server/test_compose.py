"""docker-compose.yml, Dockerfile and dagster.yaml: valid, pinned, unprivileged, without secrets, and of one mind."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from typing import Any

import pytest
import yaml
from dagster._config import process_config
from home import TOOLS

from quickbooks_history.instance import CONFIGURATION, _with_missing
from quickbooks_history.run_launchers import CeleryLauncher, DockerLauncher
from quickbooks_history.warehouse.embedded import _SERVER_SETTINGS
from tests.server.compose import FILE, PROJECT, MissingVariableError, as_written, composed, mounts

VARIABLES = {
    "POSTGRES_PASSWORD": "a",
    "QBH_DATABASE_PASSWORD": "b",
    "DAGSTER_POSTGRES_PASSWORD": "c",
    "QBH_INBOX_FOLDER": "/inbox",
    "QBH_ARCHIVE_FOLDER": "/archive",
    "DOCKER_GID": "999",
}
LAUNCHERS = {"docker": DockerLauncher, "celery": CeleryLauncher}


@pytest.fixture(scope="module")
def composition() -> dict[str, Any]:
    return composed(VARIABLES)


def _instance(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((PROJECT / "deploy" / name / "dagster.yaml").read_text())
    return content


def test_it_is_what_the_compose_specification_allows() -> None:
    check = subprocess.run(
        [TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", FILE], capture_output=True, check=False
    )
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("name", VARIABLES)
def test_it_asks_for_what_has_no_default(name: str) -> None:
    with pytest.raises(MissingVariableError, match=name):
        composed({other: value for other, value in VARIABLES.items() if other != name})


def test_the_example_names_what_it_asks_for_and_no_secret() -> None:
    lines = (PROJECT / "deploy" / "example.env").read_text().splitlines()
    stated = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert VARIABLES.keys() <= stated.keys()
    assert not [name for name in VARIABLES if stated[name]]


def test_only_who_launches_containers_sees_the_socket_of_docker_and_with_celery_nobody() -> None:
    """What is to be set for that stands on the page on servers, and in the example."""

    def see_it(variables: dict[str, str]) -> set[str]:
        services = composed(VARIABLES | variables)["services"]
        return {name for name, service in services.items() if "/var/run/docker.sock" in mounts(service).values()}

    assert see_it({}) == {"daemon", "webserver"}
    page = (PROJECT / "docs" / "server.md").read_text().partition("\n## Celery\n")[2]
    block = page.partition("```ini\n")[2].partition("```")[0]
    stated = dict(line.split("=", 1) for line in block.splitlines() if line and not line.startswith("#"))
    assert not see_it(stated)
    services = composed(VARIABLES | stated)["services"]
    for name in ("daemon", "webserver"):
        assert {*services[name]["group_add"]} <= {*services[name]["user"].split(":")}, name
    example = (PROJECT / "deploy" / "example.env").read_text()
    assert f"# QBH_DOCKER_SOCKET={stated['QBH_DOCKER_SOCKET']}\n" in example
    assert f" {stated['DOCKER_GID']}," in example


def test_who_moves_to_a_server_restores_before_a_sensor_looks(composition: dict[str, Any]) -> None:
    """Else it has made the tables already that the dump brings along."""
    steps = (PROJECT / "docs" / "server.md").read_text().partition("## From a laptop to a server")[2]
    first, _, then = steps.partition("pg_restore --no-owner")
    (named,) = re.findall(r"`docker compose up --detach ?([a-z ]*)`", first)
    started = set(named.split())
    while (
        more := {other for name in started for other in composition["services"][name].get("depends_on", ())} - started
    ):
        started |= more
    assert started == {"databases", "postgres", "certificate"}
    assert "`docker compose up --detach`" in then.partition("\n## ")[0]


def test_no_secret_is_written_down() -> None:
    for name, service in as_written()["services"].items():
        for variable, value in service.get("environment", {}).items():
            if "PASSWORD" in variable or variable.endswith("_AUTH"):
                assert re.fullmatch(r"\$\{\w+:(\?[^}]*|-)\}", value), f"{name}: {variable}"


def test_every_service_is_pinned_unprivileged_and_bounded(composition: dict[str, Any]) -> None:
    for name, service in composition["services"].items():
        assert re.fullmatch(r"[a-z-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", service["image"]), name
        assert int(service["user"].partition(":")[0]) > 0, name
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys(), name
        assert service["restart"] in {"unless-stopped", "no", "on-failure"}, name
        assert ("healthcheck" in service) == (service["restart"] == "unless-stopped"), name
        assert service["networks"] == ["qbh"], name


def test_only_this_machine_reaches_the_web_ui(composition: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in composition["services"].items() if "ports" in service}
    assert published == {"webserver": ["127.0.0.1:3000:3000"]}


def test_image_and_project_are_of_one_version(composition: dict[str, Any]) -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    built = {service["image"] for service in composition["services"].values() if "build" in service}
    assert built == {f"quickbooks-history:{version}"}
    for name in ("code", "code-globex"):
        assert f"--container-image=quickbooks-history:{version}" in composition["services"][name]["command"]
    stated = re.findall(r"quickbooks-history:(\d[\w.]*)", (PROJECT / "docs" / "server.md").read_text())
    assert set(stated) == {version}


def test_the_image_has_the_python_and_the_uv_of_the_lock() -> None:
    text = (PROJECT / "Dockerfile").read_text()
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    (uv,) = [pin for pin in project["tool"]["uv"]["constraint-dependencies"] if pin.startswith("uv==")]
    assert f"pip install --no-cache-dir {uv}" in text
    (python,) = re.findall(r"ARG PYTHON=(3\.\d+)\.\d+-", text)
    assert project["project"]["requires-python"] == f"=={python}.*"
    assert text.count("FROM python:${PYTHON}") == 2
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001:10001"]


@pytest.mark.parametrize("name", LAUNCHERS)
def test_an_instance_on_a_server_lacks_nothing_that_the_program_relies_on(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://")
    instance = _instance(name)
    ours = yaml.safe_load(CONFIGURATION)
    assert _with_missing(instance, ours) == instance
    both = [{key: part for key, part in _instance(other).items() if key != "run_launcher"} for other in LAUNCHERS]
    assert both[0] == both[1]
    launcher = instance["run_launcher"]
    assert (launcher["module"], launcher["class"]) == (LAUNCHERS[name].__module__, LAUNCHERS[name].__name__)
    checked = process_config(LAUNCHERS[name].config_type(), launcher["config"])
    assert checked.success, checked.errors


def test_the_container_of_a_run_is_like_that_of_the_code(composition: dict[str, Any]) -> None:
    code, launcher = composition["services"]["code"], _instance("docker")["run_launcher"]["config"]
    names = {name: volume["name"] for name, volume in composition["volumes"].items()}
    expected = [f"{names[volume.split(':')[0]]}:{volume.split(':', 1)[1]}" for volume in code["volumes"]]
    kwargs = launcher["container_kwargs"]
    assert kwargs["volumes"] == expected
    assert launcher["networks"] == [composition["networks"]["qbh"]["name"]]
    assert set(launcher["env_vars"]) == code["environment"].keys() - {"CELERY_BROKER_URL"}
    # Who launches it takes the values from its own environment.
    assert composition["services"]["daemon"]["environment"] == code["environment"]
    for name in ("user", "read_only", "cap_drop", "security_opt", "init"):
        assert kwargs[name] == code[name], name


def test_another_company_has_its_own_of_everything(composition: dict[str, Any]) -> None:
    first, other = (composition["services"][name] for name in ("code", "code-globex"))
    names = {name: volume["name"] for name, volume in composition["volumes"].items()}
    context = json.loads(other["environment"]["DAGSTER_CONTAINER_CONTEXT"])["docker"]
    of_runs = dict(variable.split("=", 1) for variable in context["env_vars"])
    own = {key: value for key, value in other["environment"].items() if first["environment"].get(key) != value}
    assert of_runs == {key: value for key, value in own.items() if key != "DAGSTER_CONTAINER_CONTEXT"}
    assert {"DATABASE_URL", "QBH_COMPANY", "QBH_HOME", "QBH_INBOX", "QBH_ARCHIVE"} == of_runs.keys()
    of_code = [f"{names[volume.split(':')[0]]}:{volume.split(':', 1)[1]}" for volume in other["volumes"]]
    assert context["container_kwargs"]["volumes"] == of_code
    assert not {"inbox", "archive"} & set(mounts(other).values())
    servers = yaml.safe_load((PROJECT / "deploy" / "companies" / "workspace.yaml").read_text())["load_from"]
    alone = yaml.safe_load((PROJECT / "deploy" / "workspace.yaml").read_text())["load_from"]
    assert [entry["grpc_server"] for entry in servers][:1] == [entry["grpc_server"] for entry in alone]
    for entry, name in zip(servers, ("code", "code-globex"), strict=True):
        server, command = entry["grpc_server"], composition["services"][name]["command"]
        assert server["host"] == name
        assert {f"--port={server['port']}", f"--location-name={server['location_name']}"} <= set(command)


def test_the_server_has_the_settings_that_the_embedded_one_needs(composition: dict[str, Any]) -> None:
    embedded = dict(line.split(" = ") for line in _SERVER_SETTINGS.splitlines() if " = " in line)
    here = dict(word.removeprefix("-c").split("=", 1) for word in composition["services"]["postgres"]["command"][1:])
    for name in ("max_locks_per_transaction", "jit", "work_mem", "maintenance_work_mem", "max_wal_size"):
        assert here[name] == embedded[name], name
    rules = [line.split() for line in (PROJECT / "deploy" / "postgres" / "pg_hba.conf").read_text().splitlines()]
    remote = [rule for rule in rules if rule[0].startswith("host")]
    assert [(rule[0], rule[-1]) for rule in remote] == [("hostssl", "scram-sha-256")]
