"""Recordings out of the library as files of a common format, without anything that tells whose they are."""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from peace_desktop import __version__
from peace_desktop.jobs.blindness import blindness_of
from peace_desktop.jobs.operation import Report
from peace_desktop.library.errors import LibraryError, folder_sentence, takes_nothing
from peace_desktop.library.repository import Library
from peace_desktop.texts import _, error_words, listed
from peace_model.ecg.deidentification import NOBODY, neutral_title
from peace_model.ecg.formats.csv_writer import write_csv
from peace_model.ecg.formats.dicom_writer import write_dicom
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Recording
from peace_model.ecg.traces import Traces


class FileFormat(StrEnum):
    """What a recording can be written as."""

    WFDB = "wfdb"
    DICOM = "dicom"
    CSV = "csv"


@dataclass(frozen=True)
class Exported:
    """One recording's files, the main one first; none where it was not written, and then why.

    ended: nothing more can be written there, and the recordings after this one were not tried.
    """

    sha256: str
    files: tuple[Path, ...]
    said: str = ""
    ended: bool = False


_WRITERS: Mapping[FileFormat, Callable[[Recording, Path, str], object]] = {
    FileFormat.WFDB: write_wfdb,
    FileFormat.DICOM: lambda recording, folder, name: write_dicom(recording, folder / f"{name}.dcm",
                                                                  version=__version__),
    FileFormat.CSV: lambda recording, folder, name: write_csv(recording, folder / f"{name}.csv"),
}
_LOOK_BYTES = 1 << 16
_NUMBERS = re.compile(rb"[-+\d.,\s]+(?:e[-+]?\d+)?[,\s]*")
_MAIN_FIRST = (".hea", ".dcm", ".csv")
_ENDINGS = (*_MAIN_FIRST, ".dat")


def never() -> bool:
    """Nobody stops it."""
    return False


def export_recordings(library: Library, sha256s: Sequence[str], folder: Path, file_format: FileFormat, *,
                      progress: Report, stopped: Callable[[], bool] = never, reader: str = "",
                      true_dates: bool = False) -> tuple[Exported, ...]:
    """Writes recordings into a folder, each whole or not at all, under names that nobody else bears there.

    Names and numbers of patients are never written; the true date, which an identified import kept, only where it is
    asked for. Every written file is looked through for what the library knows of the patient before it is put in place.
    A recording that cannot be written says why, and the others go on, but not where the disk is full or the folder
    takes nothing. stopped: asked before each recording; those from there on are not in the answer.
    """
    done: list[Exported] = []
    taken: set[str] = set()
    for sha256 in sha256s:
        if stopped() or (done and done[-1].ended):
            break
        progress(len(done), len(sha256s), "")
        try:
            if not taken:
                folder.mkdir(parents=True, exist_ok=True)
                taken = {path.stem.casefold() for path in folder.iterdir()}
            done.append(Exported(sha256, _export(library, sha256, folder, file_format, taken, reader=reader,
                                                 true_dates=true_dates)))
        except (LibraryError, ValueError) as error:
            done.append(Exported(sha256, (), error_words(error)))
        except OSError as error:
            done.append(Exported(sha256, (), folder_sentence(error), ended=takes_nothing(error)))
    progress(len(done), len(sha256s), "")
    return tuple(done)


def _export(library: Library, sha256: str, folder: Path, file_format: FileFormat, taken: set[str], *, reader: str,
            true_dates: bool) -> tuple[Path, ...]:
    stored = blindness_of(library, sha256, reader).recording(library.load_recording(sha256))
    clean = stored if true_dates else library.deidentified(stored)
    with _aside(folder) as building:
        name = _free_name(folder, library.shown_name(sha256) or neutral_title(clean), taken)
        _WRITERS[file_format](clean, building, name)
        _refuse_traces(library, stored, clean, building, name, file_format)
        written = sorted(building.iterdir(), key=lambda file: file.suffix not in _MAIN_FIRST)
        _put(reversed(written), folder)
        taken.add(name.casefold())
        return tuple(folder / file.name for file in written)


def _put(files: Iterable[Path], folder: Path) -> None:
    """Moves files into the folder: all of them, or none where one cannot be."""
    put: list[Path] = []
    try:
        for file in files:
            os.replace(file, folder / file.name)
            put.append(folder / file.name)
    except OSError:
        for place in put:
            place.unlink(missing_ok=True)
        raise


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    building = folder / f".export-{uuid4().hex}"
    building.mkdir()
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _free_name(folder: Path, words: str, taken: set[str]) -> str:
    """The words as a file name of letters, digits, "_" and "-", with a number where it is taken, any case.

    taken: what was there at the beginning and came by this export; what else came meanwhile is seen too.
    """
    wanted = re.sub(r"[^A-Za-z0-9_-]+", "_", words.replace("-", "").replace(":", "")).strip("_") or "recording"
    name, number = wanted, 2
    while name.casefold() in taken or any(os.path.lexists(folder / f"{name}{ending}") for ending in _ENDINGS):
        name, number = f"{wanted}_{number}", number + 1
    return name


def _refuse_traces(library: Library, stored: Recording, clean: Recording, building: Path, name: str,
                   file_format: FileFormat) -> None:
    """Looks through every written file for the patient's name and birth date and the true date. Raises LibraryError."""
    known = Identity(name=library.person_name(stored.patient_key), birth_date=library.birth_date(stored.patient_key))
    hidden_day = stored.recorded_at if clean.recorded_at != stored.recorded_at else None
    if not known and hidden_day is None:
        return
    traces = Traces(known or NOBODY, hidden_day=hidden_day)
    with _aside(building) as anybodys:
        source = replace(clean.source, producer="", version="", filters=replace(clean.source.filters, other=""))
        _WRITERS[file_format](replace(clean, source=source, source_statements=()), anybodys, name)
        kinds = [kind for file in building.iterdir() if file.is_file()
                 for kind in (*traces.kinds_in(_words_of(file), innocent=_text(_words_of(anybodys / file.name))),
                              *traces.kinds_in(file.name))]
    if kinds:
        raise LibraryError(_("This recording was not exported: something that was to be removed ({kinds}) was still in "
                             "the written file.").format(kinds=listed(dict.fromkeys(kinds))))


def _words_of(file: Path) -> bytes:
    """What of a written file is not samples: a table's first row and whatever is no number in the others, both ends of
    an object, nothing of a signal file; a day's samples would take longer to look through than to write."""
    if file.suffix == ".dat":
        return b""
    with file.open("rb") as stream:
        if file.suffix == ".csv":
            rows = iter(lambda: b"".join(stream.readlines(_LOOK_BYTES)), b"")
            return stream.readline() + b"".join(_NUMBERS.sub(b"", part) for part in rows)
        head = stream.read(_LOOK_BYTES)
        stream.seek(max(stream.tell(), file.stat().st_size - _LOOK_BYTES))
        return head + stream.read()


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
