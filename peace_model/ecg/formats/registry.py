"""The one list of formats: which file is a recording, told by its content, and reading it."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from peace_model.ecg.formats import (
    aecg_files,
    cardiosoft_files,
    csv_files,
    dicom_files,
    edf_files,
    ishne_files,
    mat_files,
    mortara_files,
    muse_files,
    schiller_files,
    scp_files,
    sierra_files,
    wfdb_files,
)
from peace_model.ecg.formats.contract import (
    ASKED_FIELDS,
    HEAD_BYTES,
    LAYOUT_FIELDS,
    Format,
    ReadOptions,
    check_regular,
)
from peace_model.ecg.formats.csv_profile import CsvProfile
from peace_model.ecg.formats.limb_leads import with_derived_limb_leads
from peace_model.ecg.mapped import settle
from peace_model.ecg.recording import Recording, RecordingError
from peace_model.ecg.signal.lead_truth import with_seen_roles
from peace_model.words import in_a_row, worded

__all__ = ["FORMATS", "Format", "FoundFile", "ReadOptions", "find_recordings", "read_recording", "walk_recordings"]

FORMATS: tuple[Format, ...] = (
    wfdb_files.FORMAT, dicom_files.FORMAT, edf_files.FORMAT, scp_files.FORMAT, ishne_files.FORMAT, muse_files.FORMAT,
    sierra_files.FORMAT, aecg_files.FORMAT, cardiosoft_files.FORMAT, schiller_files.FORMAT, mortara_files.FORMAT,
    mat_files.FORMAT, csv_files.FORMAT)
"""In the order of asking: formats with a mark of their own before those told by their looks."""
TABLE_FORMATS = (mat_files.NAME, csv_files.NAME)
"""Those whose layout a person can tell by a profile."""
_SIGNAL_SUFFIXES = (".dat", ".mat", ".xyz")
"""Of WFDB signal files, whose header stands beside them."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One recording found.

    path: its main file, or a folder that could not be looked into. format: "" when no format claims it. relative: below
    the folder that was given.
    """

    path: Path
    format: str
    relative: Path


def read_recording(path: Path, *, options: ReadOptions = ReadOptions()) -> Recording:  # noqa: B008 - frozen
    """Read one recording. Raises RecordingError.

    Limb leads that follow from two recorded ones are derived; leads that repeat another one bear that role.
    """
    recording = with_seen_roles(with_derived_limb_leads(_read(Path(path), options)))
    settle(recording.signal_mv)
    return recording


def _read(path: Path, options: ReadOptions) -> Recording:
    if path.is_dir():
        raise _not_a_file(path)
    check_regular(path)
    if _header_beside(path) is not None:
        return wfdb_files.read(path, options)
    if not path.exists():
        raise RecordingError(path, "file", "the file does not exist", "check the name")
    form = _claim(path) or _by_suffix(path) or (csv_files.FORMAT if options.profile is not None else None)
    if form is None:
        raise RecordingError(path, "format", "the content is of no kind that is read", worded(
            "open the recording in one of these: {formats}", formats=in_a_row(one.title for one in FORMATS)))
    return form.read(path, options)


def can_be_told(error: RecordingError, form: str) -> bool:
    """Whether a person can tell what is missing: rate and unit of any silent file, the layout of a table."""
    return error.field in ASKED_FIELDS or (form in TABLE_FORMATS and error.field in LAYOUT_FIELDS)


def find_recordings(paths: Iterable[Path], *, profile: CsvProfile | None = None) -> tuple[FoundFile, ...]:
    """All recordings among files and folders, as `walk_recordings` finds them."""
    return tuple(found for found in walk_recordings(paths, profile=profile) if found is not None)


def walk_recordings(paths: Iterable[Path], *, profile: CsvProfile | None = None) -> Iterator[FoundFile | None]:
    """The recordings among files and folders, each once and as it is found, folders walked in the order of their names.

    None comes for every step that found nothing, so that a walk, however long, can be left between two steps and gone
    on with. A file named directly is always listed, so that reading it can say what is wrong with it, and so is a
    folder that cannot be looked into. In folders only files a format claims are taken, and tables that fit `profile`; a
    record's .hea stands for the whole record, hidden folders are passed over.
    """
    seen: set[str] = set()
    for given in map(Path, paths):
        for entry in _in_folder(given, profile) if given.is_dir() else [_named(given)]:
            place = "" if entry is None else os.path.abspath(entry.path)
            yield None if place in seen else entry
            if place:
                seen.add(place)


def _named(path: Path) -> FoundFile:
    path = _header_beside(path) or path
    form = (_claim(path) if path.is_file() else None) or _by_suffix(path)
    return FoundFile(path, form.name if form is not None else "", Path(path.name))


def _in_folder(folder: Path, profile: CsvProfile | None) -> Iterator[FoundFile | None]:
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        files: list[str] = []
        folders: list[str] = []
        try:
            with os.scandir(parent) as entries:
                for entry in entries:
                    yield None
                    if not entry.is_dir():
                        files.append(entry.name)
                    elif not entry.name.startswith(".") and not entry.is_symlink():
                        folders.append(entry.name)
        except OSError:
            yield FoundFile(parent, "", parent.relative_to(folder.parent))
        for name in sorted(files):
            yield _in_its_folder(Path(parent, name), folder, profile)
        waiting += [Path(parent, name) for name in sorted(folders, reverse=True)]


def _in_its_folder(path: Path, folder: Path, profile: CsvProfile | None) -> FoundFile | None:
    form = _claim(path) if _header_beside(path) is None else None
    if form is None and profile is not None and _is_such_table(path, profile):
        form = csv_files.FORMAT
    return FoundFile(path, form.name, path.relative_to(folder)) if form is not None else None


def _not_a_file(folder: Path) -> RecordingError:
    try:
        os.scandir(folder).close()
    except OSError as error:
        return RecordingError(
            folder, "folder", worded("it cannot be looked into ({strerror})", strerror=error.strerror),
            "get the right to read it, then open it again")
    return RecordingError(folder, "file", "this is a folder", "open the recordings inside it")


def _header_beside(path: Path) -> Path | None:
    """The header of a WFDB signal file."""
    header = path.with_suffix(".hea")
    # In a folder that may be listed but not entered, pathlib's own questions would raise.
    return header if path.suffix.casefold() in _SIGNAL_SUFFIXES and os.path.isfile(header) else None


def _claim(path: Path) -> Format | None:
    if os.path.exists(path) and not os.path.isfile(path):
        return None  # A pipe or device; looking into it could wait for ever.
    head = _head(path)
    return next((form for form in FORMATS if form.claims(path, head)), None)


def _is_such_table(path: Path, profile: CsvProfile) -> bool:
    return path.suffix.casefold() in csv_files.SUFFIXES and path.is_file() and csv_files.fits(_head(path), profile)


def _by_suffix(path: Path) -> Format | None:
    """The format a file's name promises, whose reader can say what is wrong with its content."""
    return next((form for form in FORMATS if path.suffix.casefold() in form.suffixes), None)


def _head(path: Path) -> bytes:
    """The first bytes; none where the file cannot be opened, which reading it will say."""
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""
