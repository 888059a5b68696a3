"""Every setting of the project, typed, read from the environment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "project"

IS_INSTALLED = _IN_WHEEL.is_dir()
"""Whether the package comes from a wheel, which has the projects in it, and not from a checkout."""

PROJECT_ROOT = _IN_WHEEL if IS_INSTALLED else _PACKAGE.parent
"""Where dbt project, snapshots and Meltano project lie: in a checkout beside the package, installed inside it."""


def _default_home() -> Path:
    """Beside a checkout's sources; else where the user's programs keep data, whatever folder they are called in."""
    if not IS_INSTALLED:
        return PROJECT_ROOT / ".qbh"
    return user_data_path("quickbooks-history", appauthor=False)


class Settings(BaseSettings):
    """Settings, all optional; environment variables are `QBH_<NAME>`, and `DATABASE_URL`."""

    model_config = SettingsConfigDict(env_prefix="QBH_", populate_by_name=True, env_ignore_empty=True)

    home: Path = Field(
        default_factory=_default_home,
        description=(
            "State: embedded database, Dagster home, spool, logs. Default `.qbh` beside a checkout's sources; "
            "installed from a wheel, `quickbooks-history` where the user's programs keep data "
            "(`~/.local/share` on Linux)."
        ),
    )
    project: Path = Field(
        default=PROJECT_ROOT,
        description="Folder of the folders `dbt_project`, `snapshots` and `meltano`; default those that came along.",
    )
    company: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9_]{0,30}$",
        description="Name of the company, in small letters, where one Dagster instance serves several.",
    )
    dagster_home_folder: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("QBH_DAGSTER_HOME", "dagster_home_folder"),
        description=(
            "Folder of a `dagster.yaml` that is taken as it is, as on a server; default `$QBH_HOME/dagster`, "
            "whose `dagster.yaml` qbh writes. Where other projects share that instance, set `QBH_COMPANY` too: without "
            "a name, what somebody materializes of theirs under keys of two parts may be taken for ours."
        ),
    )
    inbox_folder: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("QBH_INBOX", "inbox_folder"),
        description="Folder that exports are dropped in; default `$QBH_HOME/inbox`.",
    )
    archive_folder: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("QBH_ARCHIVE", "archive_folder"),
        description=(
            "Folder, with folders in it, that exports are moved to out of the inbox; backfills look there too. "
            "Default `$QBH_HOME/archive`."
        ),
    )
    log_archive_folder: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("QBH_LOG_ARCHIVE", "log_archive_folder"),
        description="Folder of the months that `qbh archive` took out of the database; default `$QBH_HOME/log_archive`",
    )
    keep_months: int = Field(
        default=24, ge=1, description="Months of the log that the schedule `monthly_archive` leaves in the database."
    )
    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="libpq URL of a PostgreSQL server (16 or newer) to use instead of the embedded one.",
    )
    timezone: str = Field(default="UTC", description="Time zone in which the export tool names its files.")
    settle_seconds: float = Field(default=5, ge=0, description="How long a file must stand still, for the sensor.")
    max_deleted_share: float = Field(
        default=0.2, ge=0, le=1, description="Share of open records that a full export may close unasked."
    )
    sensor_seconds: int = Field(default=10, ge=1, description="Seconds between two looks of the arrival sensor.")
    freshness_hours: float = Field(
        default=36, gt=0, description="Hours without an export of an entity after which someone should look."
    )
    alert_webhook: str | None = Field(
        default=None, description="URL to which a failed run is told, as JSON with a `text`, as chat services take it."
    )
    host: str = Field(default="127.0.0.1", description="Address that the web UI listens on.")
    port: int = Field(default=3000, ge=0, le=65535, description="Port that the web UI listens on.")

    @field_validator("home", "project", "dagster_home_folder", "inbox_folder", "archive_folder", "log_archive_folder")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        """Child processes run in other folders, so every path is made absolute here."""
        return None if path is None else path.expanduser().absolute()

    @field_validator("project")
    @classmethod
    def _whole_project(cls, folder: Path) -> Path:
        for part in ("dbt_project/dbt_project.yml", "snapshots", "meltano/meltano.yml"):
            if not (folder / part).exists():
                raise ValueError(
                    f"QBH_PROJECT={str(folder)!r} has no {part}; name the folder that holds dbt_project, snapshots and "
                    "meltano, or unset it"
                )
        return folder

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"QBH_TIMEZONE={name!r} is no time zone; write one like 'America/Chicago'") from None
        return name

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which the export tool names its files."""
        return ZoneInfo(self.timezone)

    @property
    def inbox(self) -> Path:
        """The folder that exports are dropped in."""
        return self.inbox_folder or self.home / "inbox"

    @property
    def archive(self) -> Path:
        """The folder that exports are moved to when they are loaded, if they are."""
        return self.archive_folder or self.home / "archive"

    @property
    def log_archive(self) -> Path:
        """Where the months of the log lie that are not in the database."""
        return self.log_archive_folder or self.home / "log_archive"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance folder: runs, events, schedules."""
        return self.dagster_home_folder or self.home / "dagster"

    @property
    def paths(self) -> dict[str, str]:
        """The environment variables of its folders, for child processes: in theirs a relative path is another one."""
        folders = {
            "QBH_HOME": self.home,
            "QBH_INBOX": self.inbox,
            "QBH_ARCHIVE": self.archive,
            "QBH_LOG_ARCHIVE": self.log_archive,
            "QBH_PROJECT": self.project,
            "QBH_DAGSTER_HOME": self.dagster_home_folder,
        }
        return {name: str(folder) for name, folder in folders.items() if folder is not None}

    @property
    def spool(self) -> Path:
        """Where the tap lays batch files for the loader; safe to empty while nothing runs."""
        return self.home / "spool"

    @property
    def pgdata(self) -> Path:
        """Data folder of the embedded PostgreSQL server."""
        return self.home / "postgres"

    @property
    def meltano_project(self) -> Path:
        """Folder of meltano.yml."""
        return self.project / "meltano"

    @property
    def dbt_project(self) -> Path:
        """Folder of dbt_project.yml."""
        return self.project / "dbt_project"

    @property
    def snapshots(self) -> Path:
        """Folder of the dbt snapshots."""
        return self.project / "snapshots"

    @property
    def dbt_target(self) -> Path:
        """Where dbt puts the manifest that Dagster reads: in a checkout where dbt by hand puts it, else below the home.

        Nothing is written into a project that was installed, or that somebody has named.
        """
        in_checkout = not IS_INSTALLED and self.project == PROJECT_ROOT
        return self.dbt_project / "target" if in_checkout else self.home / "dbt_manifest"
