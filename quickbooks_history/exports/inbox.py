"""What lies in the inbox: exports in the order of history, and strangers, reported and not guessed at."""

from __future__ import annotations

import math
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from quickbooks_history.exports.names import ExportName, NotAnExportError, Scope, parse_export_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import tzinfo

# Why a name is no export's, most telling first. Sync folders and browsers make these beside the real file.
_STRANGE_NAMES = (
    (re.compile(r"\.~lock\..*|~.*|.*~|.*\.(tmp|part|partial|crdownload|download)", re.I), "a temporary name"),
    (re.compile(r".*(conflicted copy|sync-conflict).*", re.I), "a sync folder's conflicted copy"),
    (
        re.compile(r".* \(\d+\)\.csv|.* - copy( \(\d+\))?\.csv|copy of .*", re.I),
        "a copy that a sync folder made, or a second download; if it is the right one, give it the export's name",
    ),
    (re.compile(r"\..*"), "a hidden file"),
)


class MissingPathError(FileNotFoundError):
    """A file or folder that was named does not exist."""


@dataclass(frozen=True)
class FoundExport:
    """A file whose name is an export's.

    Attributes:
        path: Absolute path.
        name: What its name states.
        size: Length in bytes when it was listed.
        modified_at: Modification time when it was listed, UTC.
        changed_at: When its content, name or rights were last touched, by the clock of the machine that holds it, UTC:
            a copy that keeps the original's modification time has one of its own.
    """

    path: Path
    name: ExportName
    size: int
    modified_at: datetime
    changed_at: datetime

    def has_stood_still(self, seconds: float, now: datetime) -> bool:
        """Whether nobody has touched the file for as long.

        A time further ahead than that says that the clocks disagree, not that somebody writes: such a file is taken
        rather than waited for.
        """
        return abs(now - self.changed_at) >= timedelta(seconds=seconds)


@dataclass(frozen=True)
class Stranger:
    """A file or folder in the inbox that is no export; `reason` says why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Listing:
    """What was found.

    Attributes:
        exports: By moment, partial before full. Of several for one slot the one written last comes last, for the
            load accepted last is the one that counts.
        strangers: By path.
        missing: Paths that were named and do not exist.
        known_files: How many files beside these were known, and not looked at.
    """

    exports: tuple[FoundExport, ...]
    strangers: tuple[Stranger, ...]
    missing: tuple[Path, ...]
    known_files: int

    def require_all(self) -> Listing:
        """Return this listing, if every path that was named exists.

        Raises:
            MissingPathError: Some do not; the message names them.
        """
        _complain_of(self.missing)
        return self


def require_there(paths: Iterable[Path]) -> None:
    """See that paths which were named exist, before anything is done with them.

    Raises:
        MissingPathError: Some do not; the message names them.
    """
    _complain_of([path for path in paths if not _is_there(path)])


def _complain_of(missing: Sequence[Path]) -> None:
    if missing:
        names = ", ".join(map(str, missing))
        raise MissingPathError(f"no such file or folder: {names}; see whether the path is written right")


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()  # also a link to nothing, of which the listing says what it is


FileState: TypeAlias = "tuple[str, int, int]"
"""A file's path, size in bytes and modification time in microseconds since 1970."""


def list_inbox(paths: Iterable[Path], zone: tzinfo = UTC, known: Container[FileState] = ()) -> Listing:
    """List files, and the files of folders (not of folders within them).

    A folder whose name is an export's counts as an export: reading it tells what is wrong with it.

    Args:
        paths: Files and folders, in any order; one named twice is listed once.
        zone: Time zone in which the export tool names its files.
        known: Files that need not be listed when a folder has them: in one of ten years that is all but a night's.

    Returns:
        Exports, strangers and missing paths.

    Raises:
        OSError: A folder may not be read.
    """
    exports: dict[Path, FoundExport] = {}
    strangers: dict[Path, Stranger] = {}
    missing: dict[Path, None] = {}
    known_files: set[str] = set()
    for named in paths:
        path = named.absolute()
        if path.is_dir() and not _is_export_name(path.name, zone):
            members = []
            with os.scandir(path) as entries:
                for entry in entries:
                    # The listing itself says which are links; to ask of each file anew takes as long as all else.
                    is_link = entry.is_symlink()
                    if known and not is_link and _state(entry) in known:
                        known_files.add(entry.path)
                    else:
                        members.append((path / entry.name, is_link))
        elif _is_there(path):
            members = [(path, False)]
        else:
            missing[path] = None
            continue
        for member, is_link in members:
            found = (is_link and _leads_out(member)) or _classify(member, zone)
            if isinstance(found, FoundExport):
                exports[member] = found
            elif found is not None:
                strangers[member] = found
    return Listing(
        exports=tuple(sorted(exports.values(), key=_order_of_delivery)),
        strangers=tuple(sorted(strangers.values(), key=lambda stranger: stranger.path)),
        missing=tuple(missing),
        known_files=len(known_files.difference(map(str, exports))),
    )


def _state(entry: os.DirEntry[str]) -> FileState | None:
    try:
        status = entry.stat()
    except OSError:  # gone since the folder was listed, or not to be looked at
        return None
    fraction, seconds = math.modf(status.st_mtime)  # as `datetime.fromtimestamp` rounds it
    return entry.path, status.st_size, int(seconds) * 1_000_000 + round(fraction * 1_000_000)


def folders_within(folder: Path) -> list[Path]:
    """Return a folder and all folders below it, in order; none, if it is not there. Links are not followed."""
    return sorted(Path(path) for path, _, _ in os.walk(folder))


def _order_of_delivery(export: FoundExport) -> tuple[datetime, bool, datetime, Path]:
    return export.name.exported_at, export.name.scope is Scope.FULL, export.modified_at, export.path


def _is_export_name(file_name: str, zone: tzinfo) -> bool:
    try:
        parse_export_name(file_name, zone)
    except NotAnExportError:
        return False
    return True


def _leads_out(member: Path) -> Stranger | None:
    """Whether a link in a folder leads to what lies outside: who may write there may not read all else."""
    try:
        target = member.resolve()
        if not target.exists() or target.is_relative_to(member.parent.resolve()):
            return None
    except (OSError, RuntimeError):  # in a circle, or into a folder that is closed to us
        return Stranger(member, "a link that cannot be followed")
    return Stranger(member, "a link to a file outside the folder; put the file itself here")


def _classify(path: Path, zone: tzinfo) -> FoundExport | Stranger | None:
    """Say what one member of a folder is; None if it is gone since the folder was listed."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return Stranger(path, "a link to a file that is not there") if path.is_symlink() else None
    except OSError as error:
        return Stranger(path, f"cannot be looked at ({error.strerror})")
    try:
        name = parse_export_name(path.name, zone)
    except NotAnExportError as error:
        reason = "a folder" if stat.S_ISDIR(status.st_mode) else _why_strange(path.name, error)
        return Stranger(path, reason)
    modified_at, changed_at = (datetime.fromtimestamp(at, UTC) for at in (status.st_mtime, status.st_ctime))
    return FoundExport(path, name, status.st_size, modified_at, changed_at)


def _why_strange(file_name: str, error: NotAnExportError) -> str:
    for pattern, reason in _STRANGE_NAMES:
        if pattern.fullmatch(file_name):
            return reason
    return str(error).removeprefix(f"{file_name}: ")
