"""The backups a library keeps of itself: a copy of the database when it is closed, thinned out with age.

They lie in the library's folder `backups`. Recordings never change and are not copied: against the loss of the whole
disk only a backup into another folder helps (`backup.backup`).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from peace_desktop.library.backup import STAMP, stamp
from peace_desktop.library.errors import plain_errors
from peace_desktop.library.key_file import BACKUPS
from peace_desktop.library.repository import Library
from peace_desktop.library.snapshot import snapshot

LEAST_APART = timedelta(minutes=10)
_DAYS, _WEEKS, _MONTHS = 7, 5, 12
_NAME = re.compile(r"(?P<kind>library|replaced|before)-(?:.*-)?"
                   r"(?P<at>\d{8}T\d{6}(?:\.\d{6})?Z)(?:-(?P<head>\d+))?\.sqlite")


@dataclass(frozen=True)
class Kept:
    """A database file among the backups. kind: "library" of the ladder or a full backup, "before" a migration,
    "replaced" by a restore. head: place in the audit trail, None where the name does not say it."""

    file: Path
    kind: str
    at: datetime
    head: int | None


def kept_in(folder: Path) -> tuple[Kept, ...]:
    """The backups that lie in a folder, newest first."""
    found = []
    for file in folder.glob("*.sqlite"):
        if (match := _NAME.fullmatch(file.name)) is not None:
            text = match["at"]
            at = datetime.strptime(text, STAMP if "." in text else STAMP.replace(".%f", "")).replace(tzinfo=UTC)
            found.append(Kept(file, match["kind"], at, int(match["head"]) if match["head"] else None))
    return tuple(sorted(found, key=lambda kept: (kept.at, kept.file.name), reverse=True))


def kept_backups(folder: Path) -> tuple[Kept, ...]:
    """The backups of the library in a folder, newest first."""
    return kept_in(folder / BACKUPS)


def keep_backup(library: Library) -> Path | None:
    """Keeps a copy of an open library when something was written since the newest one; returns it.

    Raises LibraryError when the copy is not sound or the disk refuses; the library is as it was.
    """
    rungs = [kept for kept in kept_backups(library.folder) if kept.head is not None]
    now, head = library.now(), library.audit_head().sequence
    newest = rungs[0] if rungs else None
    # A copy dated after now was made before the clock was set back: it says nothing of the time since.
    if newest is not None and (newest.head == head or timedelta() <= now - newest.at < LEAST_APART):
        return None
    with plain_errors():
        folder = library.folder / BACKUPS
        folder.mkdir(exist_ok=True)
        file = folder / f"library-{stamp(now)}-{head}.sqlite"
        snapshot(library.file, file, library.at_rest)
        staying = staying_of([kept.at for kept in rungs] + [now], now)
        for kept in rungs:
            if kept.at not in staying:
                kept.file.unlink(missing_ok=True)
    return file


def staying_of(times: Collection[datetime], now: datetime) -> frozenset[datetime]:
    """Which copies stay: those of the last day, then the newest of each of the last 7 days, 5 weeks and 12 months that
    have one. Copies dated after now, from before a clock was set back, stay."""
    newest_first = sorted(times, reverse=True)
    staying = {at for at in newest_first if at > now - timedelta(days=1)}
    for steps, rung in ((_DAYS, "%Y-%j"), (_WEEKS, "%G-%V"), (_MONTHS, "%Y-%m")):
        seen: dict[str, datetime] = {}
        for at in newest_first:
            seen.setdefault(at.strftime(rung), at)
        staying |= set(list(seen.values())[:steps])
    return frozenset(staying)

