"""The library's own form of a recording: everything but the identity, read back as it was, damage found."""

import hashlib
import io
import json
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats import stored_form
from peace_model.ecg.formats.stored_form import anybodys_text, document_text, read_stored, write_signal
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import (
    DeclaredFilters,
    Finding,
    GroupKind,
    LeadRole,
    Origin,
    Recording,
    RecordingError,
    RoleKind,
    SignalGroup,
    Source,
)


def full_recording() -> Recording:
    """A recording with something in every field."""
    signal_mv = np.random.default_rng(1).normal(0, 1, (2, 50)).astype(np.float32)
    signal_mv[1, 3] = np.nan
    source = Source(
        Path("x"), "dicom", "ab" * 32, (), "1.2", "maker, model", Origin.FORMAT, Origin.HAND, (0.005, None),
        DeclaredFilters(0.05, 150.0, 50.0, "Butterworth"),
        (SignalGroup("RHYTHM", GroupKind.RHYTHM, ("I", "II"), 500.0, 50, True),), "scp " + "cd" * 32)
    return Recording(
        signal_mv, 499.5, ("I", "V3R"),
        (LeadRole("I", RoleKind.RECORDED), LeadRole("V3R", RoleKind.DUPLICATE, "I"), LeadRole("II", RoleKind.ABSENT)),
        Age(3, Precision.DAY, "birth date"), "F", datetime(2016, 2, 29, 23, 59, 1, 5), "k", source,
        ("Sinusrhythmus \N{EN DASH} 窦性心律",), True, (Finding("a", ("I",), "{x}", (("x", "1"),)),), None, True)


def write_stored(recording: Recording, folder: Path) -> Path:
    """The two files as the library writes them: the signal first, its hash into the document, which is returned."""
    signal, document = folder / "signal.npy", folder / "recording.json"
    with signal.open("xb") as stream:
        write_signal(recording, stream)
    sha256 = hashlib.sha256(signal.read_bytes()).hexdigest()
    document.write_text(document_text(recording, signal_sha256=sha256), "utf-8")
    return document


def test_everything_is_read_back_as_it_was(tmp_path) -> None:
    recording = full_recording()
    write_stored(recording, tmp_path)
    again = read_stored(tmp_path)
    for field in fields(Recording):
        if field.name not in ("signal_mv", "source"):
            assert getattr(again, field.name) == getattr(recording, field.name), field.name
    files = (tmp_path / "recording.json", tmp_path / "signal.npy")
    assert again.source == replace(recording.source, path=files[0], files=files)
    np.testing.assert_array_equal(again.signal_mv, recording.signal_mv)


def test_the_same_recording_gives_the_same_bytes(tmp_path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        write_stored(full_recording(), tmp_path / name)
    for file in ("recording.json", "signal.npy"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_an_identity_and_a_path_are_never_written() -> None:
    known, stream = replace(full_recording(), identity=Identity("4711-08")), io.BytesIO()
    with pytest.raises(ValueError, match="without its identity"):
        write_signal(known, stream)
    assert stream.getvalue() == b""
    assert document_text(known, signal_sha256="0") == document_text(full_recording(), signal_sha256="0")


def test_what_would_be_written_of_anybody_holds_no_text_of_the_file() -> None:
    text = anybodys_text(full_recording(), signal_sha256="ef" * 32)
    for told in ("Sinus", "maker", "RHYTHM\"", "Butterworth", "scp ", "1.2\""):
        assert told in document_text(full_recording(), signal_sha256="ef" * 32)
        assert told not in text


def test_a_long_signal_is_mapped_and_not_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(stored_form, "MAPPED_FROM_BYTES", 100)
    recording = full_recording()
    write_stored(recording, tmp_path)
    again = read_stored(tmp_path)
    assert isinstance(again.signal_mv, np.memmap)
    np.testing.assert_array_equal(again.signal_mv, recording.signal_mv)


def _change(document: dict, *path: str | int, to: object) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = to


@pytest.mark.parametrize(("path", "value"), [
    (("form",), 2), (("fs_hz",), "fast"), (("leads",), ["I"]), (("roles",), [["I"]]), (("age",), ["old", "day", ""]),
    (("age",), [-1, "day", ""]), (("sex",), "X"), (("recorded_at",), "yesterday"), (("source",), {}),
    (("signal", "sha256"), "0" * 64), (("signal", "shape"), [2, 51]), (("warnings",), [1]),
    (("source", "groups"), [{"name": "x"}]), (("source", "filters"), [1])])
def test_a_changed_document_is_refused(tmp_path, path, value) -> None:
    document = write_stored(full_recording(), tmp_path)
    content = json.loads(document.read_bytes())
    _change(content, *path, to=value)
    document.write_text(json.dumps(content), "utf-8")
    with pytest.raises(RecordingError, match="not what was written"):
        read_stored(tmp_path)


@pytest.mark.parametrize("harm", [
    lambda folder: (folder / "signal.npy").unlink(), lambda folder: (folder / "recording.json").unlink(),
    lambda folder: (folder / "recording.json").write_bytes(b"\xff{"),
    lambda folder: (folder / "recording.json").write_bytes(b"[" * 100_000),
    lambda folder: (folder / "signal.npy").write_bytes(b"\x93NUMPY"),
    lambda folder: (folder / "recording.json").write_bytes(b" " * (5 << 20))])
def test_a_damaged_file_is_refused(tmp_path, harm) -> None:
    write_stored(full_recording(), tmp_path)
    harm(tmp_path)
    with pytest.raises(RecordingError, match="bring it back from a backup"):
        read_stored(tmp_path)
