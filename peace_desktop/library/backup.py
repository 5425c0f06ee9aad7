"""Backups in a folder of the user's choice.

A backup holds one checked copy of the database per run and the recordings' files, which never change and so are copied
once.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import sync_file, sync_folder
from peace_desktop.library.key_file import KEY_FILE, WrappedKey, read_key, write_key
from peace_desktop.library.snapshot import snapshot
from peace_desktop.texts import _

STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class Backup:
    """file: the copy of the database. copied: recordings whose files were not in the backup before."""

    file: Path
    copied: int


def _key_for(folder: Path, to: Path) -> WrappedKey | None:
    """The key that goes along. Raises LibraryError for a folder with backups of another library."""
    key, there = read_key(folder / KEY_FILE), read_key(to / KEY_FILE)
    if key is not None and there is not None and key.key_check != there.key_check:
        raise LibraryError(_("This folder holds backups of another encrypted library; choose another folder."))
    return key


def stamp(at: datetime | None = None) -> str:
    """A time in UTC as part of a file name; now where none is given."""
    return (at or datetime.now(UTC)).astimezone(UTC).strftime(STAMP)


def copy_missing(source: Path, target: Path) -> int:
    """Copies recordings that target lacks, each whole or not at all; returns how many."""
    copied = 0
    for folder in sorted(source.glob("??/*")):
        place = target / folder.parent.name / folder.name
        if place.exists():
            continue
        building = target / f"incoming-{folder.name}"
        shutil.rmtree(building, ignore_errors=True)
        shutil.copytree(folder, building)
        for file in building.rglob("*"):
            if file.is_file():
                sync_file(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(building, place)
        sync_folder(place.parent)
        copied += 1
    return copied


def backup(file: Path, recordings: Path, to: Path, at_rest: AtRest) -> Backup:
    """Copies a library file and its recordings into the folder `to`, while it may be in use. Earlier backups are kept.

    Of an encrypted library everything stays encrypted, and its key file goes along: the backup opens with the
    passphrase of today. Raises LibraryError when the copy is not sound or the disk refuses.
    """
    if to.resolve() == file.parent.resolve() or to.resolve().is_relative_to(recordings.resolve()):
        raise LibraryError(_("A backup in the library's own folder would be lost with it; choose another folder."))
    with plain_errors():
        to.mkdir(parents=True, exist_ok=True)
        key = _key_for(file.parent, to) if at_rest.encrypted else None
        copy = to / f"library-{stamp()}.sqlite"
        # The database first: every recording it lists already has its files in place.
        snapshot(file, copy, at_rest)
        if key is not None:
            write_key(to / KEY_FILE, key)
        return Backup(copy, copy_missing(recordings, to / "recordings"))
