"""Bringing files into the library, one piece of work a file, so that a reader can go on in between."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from peace_desktop.library.records import StoredRecording
from peace_desktop.library.repository import Library
from peace_model.ecg.formats.registry import FoundFile, ReadOptions, find_recordings, read_recording
from peace_model.ecg.recording import Recording, RecordingError

ASKABLE_FIELDS = ("sampling rate", "unit")
"""What a person may know where a file is silent."""


class Fate(StrEnum):
    """What became of one file."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    ASKS = "asks"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """One file's fate. said: for ASKS and REFUSED one line with problem and remedy; field: what is asked for."""

    found: FoundFile
    fate: Fate
    sha256: str = ""
    said: str = ""
    field: str = ""


def look_for(paths: tuple[Path, ...]) -> tuple[FoundFile, ...]:
    """The recordings among files and folders."""
    return find_recordings(paths)


def read_found(found: FoundFile, options: ReadOptions) -> Recording:
    """One recording. Raises RecordingError."""
    return read_recording(found.path, options=options)


def refused(found: FoundFile, error: RecordingError) -> Outcome:
    """The fate of a file that could not be read."""
    fate = Fate.ASKS if error.field in ASKABLE_FIELDS else Fate.REFUSED
    return Outcome(found, fate, said=str(error), field=error.field)


def keep(library: Library, found: FoundFile, recording: Recording, options: ReadOptions) -> Outcome:
    """Copy a recording into the library. Raises LibraryError."""
    stored: StoredRecording = library.add_recording(
        recording, origin_path_name=found.path.name, read_options=options)
    return Outcome(found, Fate.DUPLICATE if stored.duplicate else Fate.IMPORTED, sha256=stored.sha256)
