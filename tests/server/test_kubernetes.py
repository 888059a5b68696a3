"""deploy/kubernetes/values.yaml: what of it can be held against something without a cluster."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml
from dagster._config import process_config
from dagster_k8s import K8sRunLauncher
from dagster_k8s.container_context import K8sContainerContext

from tests.server.compose import PROJECT, composed, mounts
from tests.server.test_compose import VARIABLES

SECTIONS = {
    *("global", "generatePostgresqlPasswordSecret", "postgresql", "telemetry", "dagsterWebserver", "dagsterDaemon"),
    *("concurrency", "retention", "dagster-user-deployments", "runLauncher"),
}
"""Sections of the official chart that are used here."""


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((PROJECT / "deploy" / "kubernetes" / "values.yaml").read_text())
    return content


def _snake(value: Any) -> Any:
    """As the chart hands settings on to dagster-k8s: the names in its own manner, what is Kubernetes' own as it is."""
    return {re.sub("([A-Z])", lambda upper: f"_{upper[1].lower()}", name): part for name, part in value.items()}


def test_it_uses_sections_of_the_chart_and_one_image(values: dict[str, Any]) -> None:
    assert values.keys() == SECTIONS
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    image = {"repository": "quickbooks-history", "tag": project["version"], "pullPolicy": "IfNotPresent"}
    (deployment,) = values["dagster-user-deployments"]["deployments"]
    for part in (values["dagsterWebserver"], values["dagsterDaemon"], deployment):
        assert part["image"] == image
        assert part["podSecurityContext"]["runAsNonRoot"]
        assert part["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} == part["resources"].keys()
    assert f"--version {_dagster(project)}" in (PROJECT / "deploy" / "kubernetes" / "values.yaml").read_text()
    assert not [line for line in yaml.safe_dump(values).splitlines() if "assword: " in line]


def _dagster(project: dict[str, Any]) -> str:
    (pin,) = [pin for pin in project["dependencies"] if pin.startswith("dagster==")]
    return pin.removeprefix("dagster==")


def test_the_code_finds_what_it_finds_in_docker(values: dict[str, Any]) -> None:
    (deployment,) = values["dagster-user-deployments"]["deployments"]
    code = composed(VARIABLES)["services"]["code"]
    here = {variable["name"]: variable["value"] for variable in deployment["env"]}
    there = {name: value for name, value in code["environment"].items() if name in here}
    own = {"QBH_DAGSTER_HOME": "/opt/dagster/dagster_home"}
    assert here == there | own
    assert {mount["mountPath"] for mount in deployment["volumeMounts"]} == set(mounts(code))
    assert {mount["name"] for mount in deployment["volumeMounts"]} == {
        volume["name"] for volume in deployment["volumes"]
    }
    assert f"--port={deployment['port']}" in code["command"]
    assert all(argument in " ".join(code["command"]).replace("=", " ") for argument in deployment["dagsterApiGrpcArgs"])


def test_runs_are_pods_that_dagster_k8s_can_make(values: dict[str, Any]) -> None:
    assert values["runLauncher"]["type"] == "K8sRunLauncher"
    launcher = _snake(values["runLauncher"]["config"]["k8sRunLauncher"])
    launcher["run_k8s_config"] = _snake(launcher["run_k8s_config"])
    chart = {
        "service_account_name": "dagster",
        "instance_config_map": "dagster-instance",
        "dagster_home": "/opt/dagster",
    }
    checked = process_config(K8sRunLauncher.config_type(), {**launcher, **chart})
    assert checked.success, checked.errors
    (deployment,) = values["dagster-user-deployments"]["deployments"]
    assert deployment["includeConfigInLaunchedRuns"]["enabled"]
    context = K8sContainerContext.create_from_config(
        {
            "k8s": {
                "env_vars": [f"{variable['name']}={variable['value']}" for variable in deployment["env"]],
                "env_secrets": [secret["name"] for secret in deployment["envSecrets"]],
                "volumes": deployment["volumes"],
                "volume_mounts": deployment["volumeMounts"],
                "resources": deployment["resources"],
                "security_context": deployment["securityContext"],
            }
        }
    )
    mounted = context.run_k8s_config.container_config["volume_mounts"]
    assert [mount["mount_path"] for mount in mounted] == ["/var/lib/qbh", "/inbox", "/archive", "/tls"]


def test_one_run_at_a_time_writes(values: dict[str, Any]) -> None:
    assert values["concurrency"] == {"enabled": True, "pools": {"defaultLimit": 1, "granularity": "run"}}
