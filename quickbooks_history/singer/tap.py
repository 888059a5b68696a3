"""tap-quickbooks-csv: a Singer tap that sends QuickBooks CSV exports, as BATCH files or row by row."""

from __future__ import annotations

import json
import logging
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from singer_sdk import Stream, Tap
from singer_sdk import typing as th
from singer_sdk.exceptions import ConfigValidationError

from quickbooks_history.exports.contract import ENTITIES
from quickbooks_history.exports.inbox import Listing, list_inbox
from quickbooks_history.garbage import end_at_once
from quickbooks_history.settings import Settings
from quickbooks_history.singer.streams import CurrentStateStream, ExportStream
from quickbooks_history.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


class TapQuickBooksCsv(Tap):
    """Sends the QuickBooks exports of an inbox, one stream for each entity of the contract."""

    name = "tap-quickbooks-csv"
    package_name = "quickbooks-history"

    config_jsonschema = th.PropertiesList(
        th.Property(
            "paths",
            th.ArrayType(th.StringType),
            description="Export files, and folders of them. Default: the inbox.",
        ),
        th.Property(
            "files_from",
            th.StringType,
            description=(
                "JSON file that holds a list of paths, for more than an environment variable can hold. "
                "Wins over `paths`."
            ),
        ),
        th.Property(
            "timezone",
            th.StringType,
            description="Time zone in which the export tool names its files. Default: QBH_TIMEZONE or UTC.",
        ),
        th.Property(
            "spool",
            th.StringType,
            description="Folder for batch files when `batch_config` states none. Default: $QBH_HOME/spool.",
        ),
        th.Property(
            "batch_config",
            th.ObjectType(
                th.Property(
                    "encoding",
                    th.ObjectType(th.Property("format", th.StringType, allowed_values=["csv"], default="csv")),
                ),
                th.Property(
                    "storage",
                    th.ObjectType(th.Property("root", th.StringType), th.Property("prefix", th.StringType)),
                ),
            ),
            description="Set: BATCH messages, CSV files with delivery notes. Else RECORD messages.",
        ),
        th.Property(
            "current_state",
            th.BooleanType,
            default=False,
            description=(
                "Send RECORD messages with keys, records and lines in streams of their own, for a loader that upserts. "
                "Wins over `batch_config`."
            ),
        ),
    ).to_dict()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.metrics_logger.setLevel(logging.WARNING)  # METRIC lines would bury the one line for each file

    @cached_property
    def settings(self) -> Settings:
        """The project's settings, whose values stand where the tap's own are not set."""
        return Settings()

    @cached_property
    def listing(self) -> Listing:
        """What lies in the inbox; strangers are logged here, once.

        Looked up at the first stream's sync, so that discovery reads no folder.
        """
        zone = ZoneInfo(self.config["timezone"]) if self.config.get("timezone") else self.settings.zone
        if self.config.get("files_from"):
            listing = list_inbox(_paths_from(Path(self.config["files_from"])), zone)
            for path in listing.missing:
                self.logger.error("gone since it was listed: %s", visible(str(path)))
        elif self.config.get("paths"):
            listing = list_inbox(map(Path, self.config["paths"]), zone).require_all()
        else:
            listing = list_inbox([self.settings.inbox], zone)
            for path in listing.missing:
                self.logger.warning("nothing to load: there is no inbox %s yet", path)
        for stranger in listing.strangers:
            self.logger.warning("left alone %s: %s", visible(str(stranger.path)), stranger.reason)
        return listing

    def discover_streams(self) -> Sequence[Stream]:
        """Return one stream for each entity of the contract, or for each of its tables of current state."""
        if self.config.get("current_state"):
            return [CurrentStateStream(self, entity, level) for entity in ENTITIES.values() for level in entity.tables]
        return [ExportStream(self, entity) for entity in ENTITIES.values()]


def _paths_from(list_file: Path) -> list[Path]:
    try:
        paths = json.loads(list_file.read_text())
    except (OSError, ValueError) as error:
        message = f"files_from {list_file}: {error}; write a JSON list of paths there"
        raise ConfigValidationError(message, errors=[message]) from error
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        message = f"files_from {list_file}: not a JSON list of paths"
        raise ConfigValidationError(message, errors=[message])
    return [Path(path) for path in paths]


def main() -> None:
    """Run the tap's command line."""
    end_at_once()
    TapQuickBooksCsv.cli()
