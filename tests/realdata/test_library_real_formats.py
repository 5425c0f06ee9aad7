"""Real files of every format go into a library and come out of it equal, and nothing of an identity stays in it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
from library_cases import open_at

from peace_desktop.jobs.exporting import FileFormat, export_recordings
from peace_desktop.jobs.import_outcomes import Fate
from peace_desktop.jobs.importing import Import
from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.recording import Recording, RecordingError


def ignore(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def readable(folder: Path) -> dict[str, Recording]:
    """Every recording below a folder that can be read, by its hash."""
    found = {}
    for file in find_recordings([folder]):
        try:
            recording = read_recording(file.path)
        except RecordingError:
            continue
        found[recording.source.sha256] = recording
    return found


def everything_in(folder: Path) -> str:
    """All text and bytes of a library, without its samples."""
    parts = [path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*")
             if path.is_file() and path.suffix != ".npy"]
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        parts += connection.iterdump()
    return "\n".join(parts).casefold()


def stands_in(value: str, text: str) -> bool:
    """Whether a value is told; a number only as a word, since four digits turn up inside any list of hashes."""
    return re.search(rf"(?<![\w.]){value}(?![\w.])", text) is not None if value.isdigit() else value in text


def test_every_real_file_is_imported_or_refused_by_its_reader(data_dir: Path, tmp_path: Path) -> None:
    originals = readable(data_dir / "formats")
    assert len({recording.source.format for recording in originals.values()}) >= 5
    with open_at(tmp_path / "library") as library:
        work = Import(library, (data_dir / "formats",))
        work.run(progress=ignore)
        assert [outcome.said for outcome in work.outcomes if "to be removed" in outcome.said] == []
        assert {outcome.sha256 for outcome in work.outcomes if outcome.fate is Fate.IMPORTED} == set(originals)
        for sha256, original in originals.items():
            stored = library.load_recording(sha256)
            np.testing.assert_array_equal(stored.signal_mv, original.signal_mv)
            assert (stored.leads, stored.roles, stored.fs_hz, stored.age, stored.sex) == (
                original.leads, original.roles, original.fs_hz, original.age, original.sex)
            assert stored.identity is None
        assert library.verify().problems == ()
        done = export_recordings(library, list(originals), tmp_path / "out", FileFormat.WFDB, progress=ignore)
        assert [exported.said for exported in done if exported.said] == []
    text = everything_in(tmp_path / "library") + "\n".join(
        path.read_text("utf-8") for path in (tmp_path / "out").glob("*.hea")).casefold()
    telling = {value.casefold() for recording in originals.values() if recording.identity
               for value in (recording.identity.patient_id, recording.identity.name) if len(value) >= 4}
    assert [value for value in telling if stands_in(value, text)] == []
