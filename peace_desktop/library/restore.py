"""Bringing a backup back: checked first, and what it replaces is kept."""

import os
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library.at_rest import PLAIN, AtRest, is_plain_database
from peace_desktop.library.audit import APPLICATION, append
from peace_desktop.library.backup import copy_missing, stamp
from peace_desktop.library.contents import Newer, newer_than, refuse_unsound
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError, database_errors, plain_errors
from peace_desktop.library.files import RecordingFiles, sync_file, sync_folder
from peace_desktop.library.key_file import (
    KEY_FILE,
    DamagedKey,
    Unlock,
    WrappedKey,
    keep_key,
    needs_passphrase,
    read_key,
    require_extra,
)
from peace_desktop.library.lock import WriterLock
from peace_desktop.library.recordings import files_of
from peace_desktop.library.snapshot import snapshot
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.texts import _


@dataclass(frozen=True)
class Restored:
    """replaced: where the library that was there before is kept, None when there was none.

    copied: recordings whose files were missing or damaged and now are those of the backup. newer: what the replaced
    library held and the backup did not, None where it could not be read.
    """

    file: Path
    replaced: Path | None
    copied: int
    newer: Newer | None


def _set_aside(file: Path, backups: Path, at_rest: AtRest) -> tuple[Path, str | None]:
    """Keeps the present library file, damaged or not; returns the copy and, when it is sound, its audit head."""
    kept = backups / f"replaced-{stamp()}.sqlite"
    try:
        snapshot(file, kept, at_rest)
        return kept, _audit_head(kept, at_rest)
    except LibraryError:
        # Too damaged for a sound copy: keep the bytes as they are, with whatever stands in its write-ahead log.
        shutil.copy2(file, kept)
        sync_file(kept)
        for suffix in ("-wal", "-shm"):
            beside = file.with_name(file.name + suffix)
            if beside.exists():
                shutil.copy2(beside, kept.with_name(kept.name + suffix))
    return kept, None


def _audit_head(file: Path, at_rest: AtRest) -> str | None:
    with plain_errors(), closing(at_rest.connect(file, "ro")) as connection:
        row = connection.execute("SELECT sha256 FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def restore(folder: Path, backup_file: Path, *, application_version: str,
            unlock: Unlock = needs_passphrase) -> Restored:
    """Puts a backup in the place of the library in `folder`; what was there is kept in `backups`.

    Raises LibraryError, leaving the library as it was, when the backup is damaged, newer than the application or no
    library, or when the library is open; also when one of both is encrypted and the other is not, or not alike.
    """
    at_rest, missing_key = _how_it_lies(folder, backup_file, unlock)
    refuse_unsound(backup_file, at_rest)
    file = folder / "library.sqlite"
    replaced, replaced_head, newer = None, None, None
    with plain_errors():
        folder.mkdir(parents=True, exist_ok=True)
        lock = WriterLock(folder / "library.lock")
        try:
            coming = folder / "library.sqlite.restoring"
            snapshot(backup_file, coming, at_rest)
            if missing_key is not None:
                keep_key(folder, missing_key)
            copied = copy_missing(backup_file.parent / "recordings", folder / "recordings")
            if file.exists():
                (folder / "backups").mkdir(exist_ok=True)
                newer = newer_than(coming, file, at_rest)
                replaced, replaced_head = _set_aside(file, folder / "backups", at_rest)
            _fold_log(file, at_rest)
            os.replace(coming, file)
            sync_folder(folder)
        finally:
            lock.release()
    with (open_library(folder, application_version=application_version, unlock=lambda _key: at_rest) as library,
          library.write(APPLICATION) as (session, act)):
        append(session, act, action="library.restored", subject="library", payload={"replaced_head": replaced_head})
        copied += _mend(session, RecordingFiles(backup_file.parent / "recordings", at_rest),
                        RecordingFiles(folder / "recordings", at_rest))
    return Restored(file, replaced, copied, newer)


def _how_it_lies(folder: Path, backup_file: Path, unlock: Unlock) -> tuple[AtRest, WrappedKey | None]:
    """How a backup is read, and the key that is to be put into the library's folder because it has none."""
    if not backup_file.is_file():
        raise LibraryError(_("There is no file \"{file}\".").format(file=backup_file.name))
    theirs = None if is_plain_database(backup_file) else read_key(backup_file.parent / KEY_FILE)
    try:
        ours, ours_lost = read_key(folder / KEY_FILE), False
    except DamagedKey:
        ours, ours_lost = None, True
    if theirs is None:
        if ours is not None or ours_lost:
            raise LibraryError(_("This backup is not encrypted, and the library in this folder is. Bring it back into "
                                 "a folder of its own. Nothing was changed."))
        return PLAIN, None
    if ours is None and not ours_lost and is_plain_database(folder / "library.sqlite"):
        raise LibraryError(_("This backup is encrypted, and the library in this folder is not. Bring it back into a "
                             "folder of its own. Nothing was changed."))
    if ours is not None and ours.key_check != theirs.key_check:
        raise LibraryError(_("This is a backup of another encrypted library. Bring it back into a folder of its own. "
                             "Nothing was changed."))
    require_extra()
    return unlock(ours or theirs), None if ours is not None else theirs


def _mend(session: Session, source: RecordingFiles, target: RecordingFiles) -> int:
    """Puts whole copies of the backup in the place of recordings that were damaged here; returns how many."""
    mended = 0
    for sha256 in session.scalars(select(StoredRecordingRow.sha256)).all():
        stored = files_of(session, sha256)
        if not target.are_whole(sha256, stored) and source.are_whole(sha256, stored):
            target.copy_again(sha256, [source.named(sha256, item.name) for item in stored], stored,
                              changed=LibraryError(_("The backup changed while it was read; try again.")))
            mended += 1
    return mended


def _fold_log(file: Path, at_rest: AtRest) -> None:
    """Leaves no write-ahead log of the old file behind: SQLite would apply it to the new one."""
    if file.exists():
        # A damaged file cannot fold its log; both were kept in `backups`.
        with suppress(*database_errors()), closing(at_rest.connect(file, "rw")) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    for suffix in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
