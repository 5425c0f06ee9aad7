"""Bringing a backup back: checked first, and what it replaces is kept."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import APPLICATION, append
from peace_desktop.library.backup import copy_missing, stamp
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import are_whole, copy_again, folder_of, sync_file, sync_folder
from peace_desktop.library.lock import WriterLock
from peace_desktop.library.recordings import files_of
from peace_desktop.library.schema import refuse_newer, revision_of
from peace_desktop.library.snapshot import integrity_problems, snapshot
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.texts import _


@dataclass(frozen=True)
class Restored:
    """replaced: where the library that was there before is kept, None when there was none.

    copied: recordings whose files were missing or damaged and now are those of the backup.
    """

    file: Path
    replaced: Path | None
    copied: int


def _check(file: Path) -> None:
    """Raises LibraryError unless the file is a sound library this application can open."""
    if not file.is_file():
        raise LibraryError(_("There is no file \"{file}\".").format(file=file.name))
    refuse_newer(revision_of(file))
    with plain_errors(), closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        problems = integrity_problems(connection)
    if problems:
        raise LibraryError(_("This backup is damaged ({problem}) and was not brought back. The library is as it was.")
                           .format(problem=problems[0]))


def _set_aside(file: Path, backups: Path) -> tuple[Path, str | None]:
    """Keeps the present library file, damaged or not; returns the copy and, when it is sound, its audit head."""
    kept = backups / f"replaced-{stamp()}.sqlite"
    try:
        snapshot(file, kept)
        return kept, _audit_head(kept)
    except LibraryError:
        # Too damaged for a sound copy: keep the bytes as they are, with whatever stands in its write-ahead log.
        shutil.copy2(file, kept)
        sync_file(kept)
        for suffix in ("-wal", "-shm"):
            beside = file.with_name(file.name + suffix)
            if beside.exists():
                shutil.copy2(beside, kept.with_name(kept.name + suffix))
    return kept, None


def _audit_head(file: Path) -> str | None:
    with plain_errors(), closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT sha256 FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def restore(folder: Path, backup_file: Path, *, application_version: str) -> Restored:
    """Puts a backup in the place of the library in `folder`; what was there is kept in `backups`.

    Raises LibraryError, leaving the library as it was, when the backup is damaged, newer than the application or no
    library, or when the library is open.
    """
    _check(backup_file)
    file = folder / "library.sqlite"
    replaced, replaced_head = None, None
    with plain_errors():
        folder.mkdir(parents=True, exist_ok=True)
        lock = WriterLock(folder / "library.lock")
        try:
            coming = folder / "library.sqlite.restoring"
            snapshot(backup_file, coming)
            copied = copy_missing(backup_file.parent / "recordings", folder / "recordings")
            if file.exists():
                (folder / "backups").mkdir(exist_ok=True)
                replaced, replaced_head = _set_aside(file, folder / "backups")
            _fold_log(file)
            os.replace(coming, file)
            sync_folder(folder)
        finally:
            lock.release()
    with (open_library(folder, application_version=application_version) as library,
          library.write(APPLICATION) as (session, act)):
        append(session, act, action="library.restored", subject="library", payload={"replaced_head": replaced_head})
        copied += _mend(session, backup_file.parent / "recordings", folder / "recordings")
    return Restored(file, replaced, copied)


def _mend(session: Session, source: Path, target: Path) -> int:
    """Puts whole copies of the backup in the place of recordings that were damaged here; returns how many."""
    mended = 0
    for sha256 in session.scalars(select(StoredRecordingRow.sha256)).all():
        stored, kept = files_of(session, sha256), folder_of(source, sha256)
        if not are_whole(folder_of(target, sha256), stored) and are_whole(kept, stored):
            copy_again(target, sha256, [(item.name, kept / item.name) for item in stored], stored,
                       changed=LibraryError(_("The backup changed while it was read; try again.")))
            mended += 1
    return mended


def _fold_log(file: Path) -> None:
    """Leaves no write-ahead log of the old file behind: SQLite would apply it to the new one."""
    if file.exists():
        # A damaged file cannot fold its log; both were kept in `backups`.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    for suffix in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
