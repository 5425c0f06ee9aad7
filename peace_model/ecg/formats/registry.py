"""The one list of formats: which file is a recording, and reading it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from peace_model.ecg.formats import csv_files, wfdb_files
from peace_model.ecg.formats.contract import Format, ReadOptions, check_regular
from peace_model.ecg.recording import Recording, RecordingError
from peace_model.ecg.signal.lead_truth import with_seen_roles

__all__ = ["FORMATS", "Format", "FoundFile", "ReadOptions", "find_recordings", "read_recording"]

FORMATS: tuple[Format, ...] = (wfdb_files.FORMAT, csv_files.FORMAT)
_SIGNAL_SUFFIXES = (".dat", ".mat", ".xyz")
_HEAD_BYTES = 8192


@dataclass(frozen=True)
class FoundFile:
    """One recording found.

    path: its main file. format: "" when no format claims it. relative: below the folder that was given.
    """

    path: Path
    format: str
    relative: Path


def read_recording(path: Path, *, options: ReadOptions = ReadOptions()) -> Recording:  # noqa: B008 - frozen
    """Read one recording; leads that repeat another one bear that role. Raises RecordingError."""
    return with_seen_roles(_read(Path(path), options))


def _read(path: Path, options: ReadOptions) -> Recording:
    suffix = path.suffix.casefold()
    if suffix in _SIGNAL_SUFFIXES:
        return wfdb_files.read(path, options)
    if not path.exists():
        raise RecordingError(path, "file", "the file does not exist", "check the name")
    if path.is_dir():
        raise RecordingError(path, "file", "this is a folder", "open the recordings inside it")
    check_regular(path)
    for form in FORMATS:
        if suffix in form.suffixes:
            return form.read(path, options)
    raise RecordingError(path, "format", f"files ending in '{suffix}' are not read",
                         "open a WFDB record (.hea) or a CSV table")


def find_recordings(paths: Iterable[Path]) -> tuple[FoundFile, ...]:
    """The recordings among files and folders, each once, folders walked in the order of their names.

    A file named directly is always listed, so that reading it can say what is wrong with it. In folders only files a
    format claims are taken; a record's .hea stands for the whole record, hidden folders are passed over.
    """
    found: dict[Path, FoundFile] = {}
    for given in map(Path, paths):
        entries = _in_folder(given) if given.is_dir() else [_named(given)]
        for entry in entries:
            found.setdefault(entry.path.absolute(), entry)
    return tuple(found.values())


def _named(path: Path) -> FoundFile:
    header = path.with_suffix(".hea")
    if path.suffix.casefold() in _SIGNAL_SUFFIXES and header.is_file():
        path = header
    name = next((form.name for form in FORMATS if path.suffix.casefold() in form.suffixes), "")
    return FoundFile(path, name, Path(path.name))


def _in_folder(folder: Path) -> Iterable[FoundFile]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(files):
            path = Path(parent, file)
            form = _claim(path)
            if form is not None:
                yield FoundFile(path, form.name, path.relative_to(folder))


def _claim(path: Path) -> Format | None:
    suffix = path.suffix.casefold()
    if path.exists() and not path.is_file():
        return None  # A pipe or device; looking into it could wait for ever.
    for form in FORMATS:
        if suffix in form.suffixes and form.sniff(path, _head(path)):
            return form
    return None


def _head(path: Path) -> bytes:
    """The first bytes; none where the file cannot be opened, which reading it will say."""
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except OSError:
        return b""
