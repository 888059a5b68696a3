"""The Dagster instance's configuration: whole whatever is there before."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import yaml

from quickbooks_history.instance import CONFIGURATION, UnusableInstanceError, dagster_instance, prepare_dagster_home
from quickbooks_history.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

OURS = yaml.safe_load(CONFIGURATION)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")
    return Settings(home=tmp_path)


def _prepared(settings: Settings, before: str | None) -> str:
    file = settings.dagster_home / "dagster.yaml"
    if before is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_text(before)
    prepare_dagster_home(settings)
    return file.read_text()


@pytest.mark.parametrize(
    "before",
    [
        *(None, "", "telem", CONFIGURATION, "telemetry:\n  enab", "telemetry:\n", "concurrency: [\n  poo"),
        *(
            "storage:\n  cus",
            "storage:\n  custom:\n",
            "storage:\n  custom:\n    module: quickbooks_history.event_log\n",
        ),
    ],
)
def test_what_is_missing_is_added(settings: Settings, before: str | None) -> None:
    assert yaml.safe_load(_prepared(settings, before)) == OURS


def test_what_somebody_has_set_stays(settings: Settings) -> None:
    theirs = "concurrency: {pools: {default_limit: 3}}\npython_logs: {python_log_level: INFO}\n"
    written = yaml.safe_load(_prepared(settings, theirs))
    assert written.pop("python_logs") == {"python_log_level": "INFO"}
    assert written.pop("concurrency") == {"pools": {"default_limit": 3, "granularity": "run"}}
    assert written == {name: value for name, value in OURS.items() if name != "concurrency"}
    complete = _prepared(settings, None)
    assert complete == _prepared(settings, None)  # and once complete it is left alone


@pytest.mark.parametrize(
    "storage",
    [
        {"sqlite": {"base_dir": "/elsewhere"}},
        {"custom": {"module": "theirs", "class": "Storage", "config": {}}},
    ],
)
def test_another_storage_is_not_mixed_with_ours(settings: Settings, storage: dict[str, object]) -> None:
    written = yaml.safe_load(_prepared(settings, yaml.safe_dump({"storage": storage})))
    assert written == OURS | {"storage": storage}


def test_what_is_no_yaml_is_kept_beside(settings: Settings) -> None:
    _prepared(settings, "concurrency: [\n  poo")
    assert (settings.dagster_home / "dagster.yaml.unreadable").read_text() == "concurrency: [\n  poo"


def test_a_wrong_value_is_named(settings: Settings) -> None:
    _prepared(settings, "concurrency: {pools: {granularity: ru}}")
    with pytest.raises(UnusableInstanceError, match=r"dagster\.yaml is not as Dagster wants it: .*granularity"):
        dagster_instance(settings)


def test_a_configuration_of_a_server_is_taken_as_it_is(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    theirs = settings.model_copy(update={"dagster_home_folder": folder})
    with pytest.raises(UnusableInstanceError, match=f"QBH_DAGSTER_HOME .*{folder}"):
        prepare_dagster_home(theirs)
    (folder / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    prepare_dagster_home(theirs)
    assert (folder / "dagster.yaml").read_text() == "telemetry: {enabled: false}\n"
    assert os.environ["DAGSTER_HOME"] == str(folder)
    assert not settings.dagster_home.exists()
