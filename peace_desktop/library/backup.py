"""Backups in a folder of the user's choice.

A folder is one library's: what lies in it is encrypted with that library's key, or not encrypted at all. It holds one
checked copy of the database per run and the recordings' files, which never change and so are copied once.
"""

import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from peace_desktop.library.at_rest import PLAIN, AtRest, is_plain_database
from peace_desktop.library.contents import library_id_of, stored_files
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import CopiedFile, RecordingFiles, sync_file, sync_folder
from peace_desktop.library.key_file import KEY_FILE, WrappedKey, read_key, write_key
from peace_desktop.library.snapshot import snapshot
from peace_desktop.texts import _

STAMP = "%Y%m%dT%H%M%S.%fZ"
Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Backup:
    """file: the copy of the database. copied: recordings whose files were not in the backup before."""

    file: Path
    copied: int


def _refuse_other_library(file: Path, to: Path, at_rest: AtRest, key: WrappedKey | None) -> None:
    """Raises LibraryError for a folder with a backup of another library, or with another library itself.

    Side by side each would take the other's recordings for its own, and a key would stand for backups that have none.
    """
    there = read_key(to / KEY_FILE)
    own = None if at_rest.encrypted else library_id_of(file, at_rest)
    other_key = there is not None and (key is None or key.key_check != there.key_check)
    if other_key or any(is_plain_database(kept) and library_id_of(kept, PLAIN) not in (own, None)
                        for kept in to.glob("*.sqlite")):
        raise LibraryError(_("The folder \"{folder}\" holds backups of another library; choose another folder. Nothing "
                             "was copied.").format(folder=to.name))


def _torn(stored: Mapping[str, Sequence[CopiedFile]], source: RecordingFiles, target: RecordingFiles
          ) -> frozenset[str]:
    """Recordings that a backup holds in part while they are whole here."""
    return frozenset(sha256 for sha256, files in stored.items() if target.folder_of(sha256).exists()
                     and not target.are_as_large(sha256, files) and source.are_as_large(sha256, files))


def stamp(at: datetime | None = None) -> str:
    """A time in UTC as part of a file name; now where none is given."""
    return (at or datetime.now(UTC)).astimezone(UTC).strftime(STAMP)


def copy_missing(source: Path, target: Path, *, again: Collection[str] = (), progress: Report | None = None) -> int:
    """Copies recordings that target lacks, each whole or not at all; returns how many. again: also those it has.

    progress: told before each recording, and may raise to end it there.
    """
    missing = [folder for folder in sorted(source.glob("??/*"))
               if folder.name in again or not (target / folder.parent.name / folder.name).exists()]
    for copied, folder in enumerate(missing):
        if progress is not None:
            progress(copied, len(missing), "")
        place = target / folder.parent.name / folder.name
        building = target / f"incoming-{folder.name}"
        shutil.rmtree(building, ignore_errors=True)
        shutil.copytree(folder, building)
        for file in building.rglob("*"):
            if file.is_file():
                sync_file(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            shutil.rmtree(place)
        os.replace(building, place)
        sync_folder(place.parent)
    return len(missing)


def backup(file: Path, recordings: Path, to: Path, at_rest: AtRest, *, progress: Report | None = None) -> Backup:
    """Copies a library file and its recordings into the folder `to`, while it may be in use. Earlier backups are kept.

    Of an encrypted library everything stays encrypted, and its key file goes along: the backup opens with the
    passphrase of today. progress: told before each recording; where it raises there is no backup, and what was copied
    stays for the next one. Raises LibraryError for a folder with backups of another library, when the copy is not sound
    or when the disk refuses.
    """
    if to.resolve() == file.parent.resolve() or to.resolve().is_relative_to(recordings.resolve()):
        raise LibraryError(_("A backup in the library's own folder would be lost with it; choose another folder."))
    with plain_errors(), ExitStack() as undo:
        to.mkdir(parents=True, exist_ok=True)
        key = read_key(file.parent / KEY_FILE) if at_rest.encrypted else None
        _refuse_other_library(file, to, at_rest, key)
        copy = to / f"library-{stamp()}.sqlite"
        # The database first: every recording it lists already has its files in place.
        snapshot(file, copy, at_rest)
        undo.callback(copy.unlink)
        if key is not None:
            write_key(to / KEY_FILE, key)
        again = _torn(stored_files(copy, at_rest), RecordingFiles(recordings, at_rest),
                      RecordingFiles(to / "recordings", at_rest))
        made = Backup(copy, copy_missing(recordings, to / "recordings", again=again, progress=progress))
        undo.pop_all()
        return made
