"""Backups in a folder of the user's choice.

A backup holds one checked copy of the database per run and the recordings' files, which never change and so are copied
once.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import sync_file, sync_folder
from peace_desktop.library.snapshot import snapshot
from peace_desktop.texts import _


@dataclass(frozen=True)
class Backup:
    """file: the copy of the database. copied: recordings whose files were not in the backup before."""

    file: Path
    copied: int


def stamp() -> str:
    """The time in UTC as part of a file name."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


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


def backup(file: Path, recordings: Path, to: Path) -> Backup:
    """Copies a library file and its recordings into the folder `to`, while it may be in use. Earlier backups are kept.

    Raises LibraryError when the copy is not sound or the disk refuses.
    """
    if to.resolve() == file.parent.resolve() or to.resolve().is_relative_to(recordings.resolve()):
        raise LibraryError(_("A backup in the library's own folder would be lost with it; choose another folder."))
    with plain_errors():
        to.mkdir(parents=True, exist_ok=True)
        copy = to / f"library-{stamp()}.sqlite"
        # The database first: every recording it lists already has its files in place.
        snapshot(file, copy)
        return Backup(copy, copy_missing(recordings, to / "recordings"))
