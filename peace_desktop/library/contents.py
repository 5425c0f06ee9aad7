"""What a library file holds, looked at without opening it as a library: to choose among backups, and to name what is
newer than one."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import CopiedFile
from peace_desktop.library.schema import refuse_newer, revision_of
from peace_desktop.library.snapshot import integrity_problems
from peace_desktop.texts import _


@dataclass(frozen=True)
class Contents:
    """Counts; signed: of the readings those that are final or amended."""

    recordings: int
    readings: int
    signed: int


@dataclass(frozen=True)
class NewerReading:
    """A reading that a backup does not have, or has in an earlier state. title: of its recording."""

    reader: str
    title: str
    state: str


@dataclass(frozen=True)
class Newer:
    """What stands in a library and not in a backup. readings: in the order they were started."""

    readings: tuple[NewerReading, ...]
    recordings: int


def refuse_unsound(file: Path, at_rest: AtRest) -> None:
    """Raises LibraryError unless the file is a sound library that this application can open."""
    refuse_newer(revision_of(file, at_rest))
    with plain_errors(), closing(at_rest.connect(file, "ro")) as connection:
        problems = integrity_problems(connection)
    if problems:
        raise LibraryError(_("This backup is damaged ({problem}) and was not brought back. The library is as it was.")
                           .format(problem=problems[0]))


def is_sound(file: Path, at_rest: AtRest) -> bool:
    """Whether a backup can be brought back."""
    try:
        refuse_unsound(file, at_rest)
    except LibraryError:
        return False
    return True


def contents_of(file: Path, at_rest: AtRest) -> Contents | None:
    """Counts of a library file, None where it cannot be read."""
    try:
        with plain_errors(), closing(at_rest.connect(file, "ro")) as connection:
            recordings, readings, signed = (int(connection.execute(query).fetchone()[0]) for query in (
                "SELECT count(*) FROM recordings", "SELECT count(*) FROM readings",
                "SELECT count(*) FROM readings WHERE state IN ('final', 'amended')"))
    except LibraryError:
        return None
    return Contents(recordings, readings, signed)


def library_id_of(file: Path, at_rest: AtRest) -> str | None:
    """Which library a file is of or was copied from, None where it cannot be read."""
    try:
        with plain_errors(), closing(at_rest.connect(file, "ro")) as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = 'library_id'").fetchone()
    except LibraryError:
        return None
    return None if row is None else str(row[0])


def stored_files(file: Path, at_rest: AtRest) -> dict[str, tuple[CopiedFile, ...]]:
    """Recording -> the files it was stored with. Raises LibraryError for a file that cannot be read."""
    found: dict[str, tuple[CopiedFile, ...]] = {}
    with plain_errors(), closing(at_rest.connect(file, "ro")) as connection:
        for recording, *stored in connection.execute(
                "SELECT recording_sha256, name, sha256, size_bytes FROM recording_files"):
            found[recording] = (*found.get(recording, ()), CopiedFile(*stored))
    return found


def newer_than(backup: Path, file: Path, at_rest: AtRest) -> Newer | None:
    """What a library file holds that a backup of it does not; None where the file cannot be read."""
    try:
        with (plain_errors(), closing(at_rest.connect(file, "ro")) as here,
              closing(at_rest.connect(backup, "ro")) as there):
            then = dict(there.execute("SELECT reading_id, revision FROM readings").fetchall())
            recordings_then = {row[0] for row in there.execute("SELECT sha256 FROM recordings")}
            readings = tuple(
                NewerReading(str(reader), str(title), str(state)) for reading_id, revision, reader, title, state in
                here.execute("SELECT reading_id, revision, reader, title, state FROM readings JOIN recordings "
                             "ON sha256 = recording_sha256 ORDER BY position")
                if then.get(reading_id, -1) < revision)
            recordings = sum(row[0] not in recordings_then for row in here.execute("SELECT sha256 FROM recordings"))
    except LibraryError:
        return None
    return Newer(readings, recordings)
