"""A recording as the library keeps it: a folder with recording.json (all but identity and paths) and signal.npy."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.recording import (
    DeclaredFilters,
    Finding,
    GroupKind,
    LeadRole,
    Origin,
    Recording,
    RecordingError,
    RoleKind,
    Sex,
    SignalGroup,
    Source,
)

DOCUMENT = "recording.json"
SIGNAL = "signal.npy"
FORM = 1
Samples = NDArray[np.float32]
MAX_DOCUMENT_BYTES = 4 << 20
MAPPED_FROM_BYTES = 64 << 20
"""Signals of this size stay on the disk and are mapped; smaller ones are read, hashed and let go of the file."""


class ByteSink(Protocol):
    """What bytes are written into."""

    def write(self, data: bytes, /) -> int: ...


class ByteSource(Protocol):
    """What bytes are read from, in order."""

    def read(self, size: int = -1, /) -> bytes: ...
    def readinto(self, buffer: memoryview, /) -> int | None: ...


def write_signal(recording: Recording, stream: ByteSink) -> None:
    """Writes what signal.npy holds into an open stream. Raises ValueError for a recording with an identity."""
    if recording.identity:
        raise ValueError("a recording is stored without its identity")
    np.save(stream, recording.signal_mv, allow_pickle=False)


def document_text(recording: Recording, *, signal_sha256: str) -> str:
    """What recording.json holds: the same text for the same recording."""
    age, source = recording.age, recording.source
    document = {
        "form": FORM,
        "signal": {"file": SIGNAL, "sha256": signal_sha256, "shape": list(recording.signal_mv.shape)},
        "fs_hz": float(recording.fs_hz),
        "leads": list(recording.leads),
        "roles": [[role.lead, role.kind.value, role.of] for role in recording.roles],
        "age": None if age is None else [age.days, age.precision.value, age.origin],
        "sex": recording.sex,
        "recorded_at": None if recording.recorded_at is None else recording.recorded_at.isoformat(),
        "date_shifted": recording.date_shifted,
        "patient_key": recording.patient_key,
        "source": {
            "format": source.format, "sha256": source.sha256, "version": source.version, "producer": source.producer,
            "exported_from": source.exported_from,
            "rate_origin": source.rate_origin.value, "gain_origin": source.gain_origin.value,
            "quantum_mv": [None if quantum is None else float(quantum) for quantum in source.quantum_mv],
            "filters": [source.filters.low_cut_hz, source.filters.high_cut_hz, source.filters.notch_hz,
                        source.filters.other],
            "groups": [{"name": group.name, "kind": group.kind.value, "leads": list(group.leads),
                        "fs_hz": float(group.fs_hz), "n_samples": group.n_samples, "chosen": group.chosen}
                       for group in source.groups],
        },
        "source_statements": list(recording.source_statements),
        "simulated": recording.simulated,
        "warnings": [[finding.code, list(finding.leads), finding.template, [list(value) for value in finding.values]]
                     for finding in recording.warnings],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n"


def anybodys_text(recording: Recording, *, signal_sha256: str) -> str:
    """recording.json with every text of the original file left out: what would be written of anybody."""
    source = recording.source
    bare = replace(
        source, version="", producer="", exported_from="", filters=replace(source.filters, other=""),
        groups=tuple(replace(group, name="") for group in source.groups))
    return document_text(replace(
        recording, source=bare, source_statements=(),
        warnings=tuple(replace(finding, values=()) for finding in recording.warnings)), signal_sha256=signal_sha256)


def read_streams(folder: Path, document: ByteSource, signal: ByteSource) -> Recording:
    """The recording from streams of its two files, whole in memory; its source names the files of `folder`.

    Nothing is held against a hash: whoever opens the streams answers for their bytes. Raises RecordingError as
    `read_stored` does, and what the streams raise.
    """
    try:
        said = json.loads(document.read(MAX_DOCUMENT_BYTES))
        return _recording(folder, said, lambda form: _shaped(_array_of(signal), form))
    except (UnicodeDecodeError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise _damaged(folder / DOCUMENT) from error


def _array_of(stream: ByteSource) -> Samples:
    """An .npy stream read straight into its array: a day's recording has no room for a second copy."""
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise ValueError("version")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype != np.dtype("<f4"):
        raise ValueError("type")
    filling: Samples = np.empty(shape[::-1] if fortran else shape, np.float32)
    room = memoryview(filling.data).cast("B")
    filled = 0
    while filled < len(room):
        count = stream.readinto(room[filled:])
        if not count:
            raise ValueError("short")
        filled += count
    return filling.T if fortran else filling


def read_stored(folder: Path) -> Recording:
    """The recording in a folder; its source names these files. Raises RecordingError where they are not as written.

    A signal of less than MAPPED_FROM_BYTES is held against its hash; a larger one against its shape, and is mapped.
    """
    path = folder / DOCUMENT
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise _damaged(path)
        document = json.loads(path.read_bytes())
        return _recording(folder, document, lambda form: _signal(folder / SIGNAL, form))
    except (OSError, UnicodeDecodeError, ValueError, TypeError, KeyError, IndexError, AttributeError,
            RecursionError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> RecordingError:
    return RecordingError(path, "stored recording", "it is missing, or not what was written",
                          "bring it back from a backup, or import the original again")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _recording(folder: Path, document: dict[str, Any], signal: Callable[[dict[str, Any]], Samples]) -> Recording:
    if document["form"] != FORM or document["signal"]["file"] != SIGNAL:
        raise ValueError("form")
    age, sex, at = document["age"], document["sex"], document["recorded_at"]
    if sex not in ("F", "M", None):
        raise ValueError("sex")
    known_sex: Sex | None = sex
    return Recording(
        signal_mv=signal(document["signal"]), fs_hz=float(document["fs_hz"]),
        leads=tuple(map(str, document["leads"])),
        roles=tuple(LeadRole(lead, RoleKind(kind), of) for lead, kind, of in document["roles"]),
        age=None if age is None else Age(int(age[0]), Precision(age[1]), str(age[2])), sex=known_sex,
        recorded_at=None if at is None else datetime.fromisoformat(at), patient_key=str(document["patient_key"]),
        source=_source(folder, document["source"]), source_statements=tuple(map(str, document["source_statements"])),
        simulated=bool(document["simulated"]),
        warnings=tuple(Finding(code, tuple(leads), template, tuple((name, value) for name, value in values))
                       for code, leads, template, values in document["warnings"]),
        date_shifted=bool(document["date_shifted"]))


def _source(folder: Path, document: dict[str, Any]) -> Source:
    low, high, notch, other = document["filters"]
    return Source(
        path=folder / DOCUMENT, format=str(document["format"]), sha256=str(document["sha256"]),
        files=(folder / DOCUMENT, folder / SIGNAL), version=str(document["version"]),
        producer=str(document["producer"]), rate_origin=Origin(document["rate_origin"]),
        gain_origin=Origin(document["gain_origin"]), quantum_mv=tuple(document["quantum_mv"]),
        filters=DeclaredFilters(low, high, notch, str(other)),
        groups=tuple(SignalGroup(str(group["name"]), GroupKind(group["kind"]), tuple(group["leads"]),
                                 float(group["fs_hz"]), int(group["n_samples"]), bool(group["chosen"]))
                     for group in document["groups"]),
        exported_from=str(document["exported_from"]))


def _signal(path: Path, said: dict[str, Any]) -> Samples:
    mapped = path.stat().st_size >= MAPPED_FROM_BYTES
    if not mapped and _sha256(path) != said["sha256"]:
        raise ValueError("sha256")
    signal_mv: Samples = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    return _shaped(signal_mv, said)


def _shaped(signal_mv: Samples, said: dict[str, Any]) -> Samples:
    if list(signal_mv.shape) != said["shape"]:
        raise ValueError("shape")
    return signal_mv
