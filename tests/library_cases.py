"""Recordings and libraries for the tests of the library: small files on disk, hashed as their reader would."""

import hashlib
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import insert

from peace_desktop.library import files, passphrases
from peace_desktop.library.at_rest import PLAIN
from peace_desktop.library.audit import append
from peace_desktop.library.engine import open_library
from peace_desktop.library.key_file import encrypt_new, with_passphrase
from peace_desktop.library.recordings import identity_sha256
from peace_desktop.library.records import RecordingRow
from peace_desktop.library.repository import Library
from peace_desktop.library.tables import RecordingFileRow, StoredRecordingRow
from peace_desktop.library.worklist import Worklist
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, Sex, Source, roles_of
from peace_model.inference.prediction import Prediction, PredictionResult

BUNDLE = "b" * 64
VERSION = "0.1.0"
LIBRARY_WORDS = "words of an encrypted library"


def make_recording(folder: Path, *, seed: int = 1, age: Age | None = Age(1261, Precision.DAY, "file header"),  # noqa: B008
                   sex: Sex | None = "M", patient_key: str = "P1", n_samples: int = 200) -> Recording:
    """A WFDB record of noise in `folder`, as its reader would return it."""
    folder.mkdir(parents=True, exist_ok=True)
    signal_mv = np.random.default_rng(seed).normal(0, 0.3, (12, n_samples)).astype(np.float32)
    nowhere = Source(folder / "none", "wfdb", "0" * 64, ())
    recording = Recording(signal_mv, 500.0, STANDARD_12, roles_of(STANDARD_12), age, sex, None, patient_key, nowhere)
    header = write_wfdb(recording, folder, f"R{seed:05d}")
    files = (header, header.with_suffix(".dat"))
    sha256 = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return Recording(signal_mv, 500.0, STANDARD_12, roles_of(STANDARD_12), age, sex, None, patient_key,
                     Source(header, "wfdb", sha256, files), ("sinus rhythm",))


@cache
def _empty_library() -> bytes:
    """The file of a new library: made once, because building one takes longer than most tests."""
    with TemporaryDirectory() as place:
        open_library(Path(place), application_version=VERSION).close()
        return (Path(place) / "library.sqlite").read_bytes()


def open_at(folder: Path) -> Library:
    """The library in a folder, a new one when there is none."""
    file = folder / "library.sqlite"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_empty_library())
    return open_library(folder, application_version=VERSION, unlock=with_passphrase(LIBRARY_WORDS))


def encrypted_at(folder: Path) -> Library:
    """The encrypted library in a folder, a new one when there is none, at a cost that tests can afford."""
    if not (folder / "library.key").exists():
        usual = passphrases.COST
        passphrases.COST = passphrases.Cost(1 << 4, 8, 1)
        try:
            encrypt_new(folder, LIBRARY_WORDS)
        finally:
            passphrases.COST = usual
    return open_library(folder, application_version=VERSION, unlock=with_passphrase(LIBRARY_WORDS))


def add_as_it_came(library: Library, recording: Recording) -> str:
    """Takes a recording as libraries did before schema 0003: its files copied, everything the file says in the row."""
    source, age = recording.source, recording.age
    kept = files.RecordingFiles(library.recordings_folder, PLAIN)
    with library.write("application") as (session, act):
        with kept.incoming() as building:
            copied = kept.copied(building, source.sha256, files.named_beside(source.path.parent, source.files))
            kept.put_in_place(building, source.sha256)
        values = {
            "sha256": source.sha256, "title": source.path.stem, "origin_name": source.path.name,
            "source_format": source.format, "main_file": source.path.name, "leads": " ".join(recording.leads),
            "n_leads": len(recording.leads), "fs_hz": recording.fs_hz, "duration_s": recording.duration_s,
            "recorded_at": recording.recorded_at, "patient_key": recording.patient_key,
            "file_age_days": age.days, "file_age_precision": age.precision.value, "file_age_origin": age.origin,
            "file_sex": recording.sex, "file_statements": json.dumps(recording.source_statements),
            "age_days": age.days, "age_precision": age.precision.value, "age_origin": age.origin, "sex": recording.sex,
            "gestational_age_weeks": None, "person_corrected": False, "simulated": False, "finding_codes": "",
            "read_fs_hz": None, "read_unit": None, "imported_at": act.at}
        session.execute(insert(StoredRecordingRow.__table__).values(values))
        session.execute(insert(RecordingFileRow), [
            {"recording_sha256": source.sha256, "position": place, "name": file.name, "sha256": file.sha256,
             "size_bytes": file.size_bytes} for place, file in enumerate(copied)])
        append(session, act, action="recording.added", subject=source.sha256,
               payload={"identity_sha256": identity_sha256(session, StoredRecordingRow(**values), copied)})
    return source.sha256


def with_recordings(folder: Path, count: int) -> tuple[Library, tuple[str, ...]]:
    """A library in `folder`/library with `count` recordings, and their hashes in the order of import."""
    library = open_at(folder / "library")
    hashes = []
    for seed in range(1, count + 1):
        recording = make_recording(folder / "source", seed=seed, patient_key=f"P{seed}")
        hashes.append(library.add_recording(recording, origin_path_name=recording.source.path.name).sha256)
    return library, tuple(hashes)


def listed(library: Library, *, reader: str = "") -> tuple[RecordingRow, ...]:
    """The whole worklist in the order of import, as a reader sees it."""
    worklist = Worklist(library)
    return worklist.rows(worklist.numbers(), reader=reader)


def make_result(**probabilities: float) -> PredictionResult:
    """A prediction with threshold 0.5 for every label given."""
    labels = tuple(Prediction(label, label, value, 0.5, value >= 0.5, ()) for label, value in probabilities.items())
    return PredictionResult(labels, (), (), "test", "1", BUNDLE, "1", "CPUExecutionProvider", ((0.0, 10.0),))
