"""MATLAB files: what names and shapes tell is used, what they leave open is asked for, everything else is refused."""

import contextlib
import io
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st

from peace_model.ecg.formats import mat_contents, mat_elements
from peace_model.ecg.formats.csv_profile import CsvProfile
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Origin, Recording, RecordingError

RANDOM = np.random.default_rng(2)
SIGNAL_MV = RANDOM.normal(size=(12, 1000))
LEADS = np.array(STANDARD_12, dtype=object)
TOLD: dict[str, Any] = {"ecg": SIGNAL_MV, "fs": 500, "leads": LEADS, "unit": "mV"}


def write(folder: Path, *, compress: bool = False, **variables: Any) -> Path:
    path = folder / "case.mat"
    scipy.io.savemat(path, variables, do_compression=compress)
    return path


def refusal(path: Path, options: ReadOptions = ReadOptions()) -> RecordingError:  # noqa: B008 - frozen
    with pytest.raises(RecordingError) as caught:
        read_recording(path, options=options)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("variables", [
    TOLD, {**TOLD, "ecg": SIGNAL_MV.T}, {"record": {**TOLD}}, {"a": {"b": TOLD, "note": np.arange(7)}},
    {"data": SIGNAL_MV, "SamplingRate": 500.0, "labels": ",".join(STANDARD_12), "units": "mV"},
    {"val": SIGNAL_MV * 1000, "sample_rate": np.uint16(500), "lead_names": np.array(STANDARD_12), "Units": "uV"},
    {"val": SIGNAL_MV * 1000, "fs": 500, "leads": LEADS, "units": np.array(["uV"] * 12, dtype=object)},
    {"val": SIGNAL_MV * 200, "Fs": 500, "leads": LEADS, "adu_per_mV": 200},
    {"val": SIGNAL_MV * 200, "Fs": 500, "leads": LEADS, "uV_per_LSB": np.full(12, 5.0), "units": "adu"},
])
@pytest.mark.parametrize("compress", [False, True])
def test_fields_tell_rate_leads_and_unit(tmp_path: Path, variables: dict[str, Any], compress: bool) -> None:
    recording = read_recording(write(tmp_path, compress=compress, **variables))
    assert (recording.leads, recording.fs_hz) == (STANDARD_12, 500)
    np.testing.assert_allclose(recording.signal_mv, SIGNAL_MV, rtol=1e-5)
    assert (recording.source.rate_origin, recording.source.gain_origin) == (Origin.FILE, Origin.FILE)
    assert recording.warnings == ()
    assert [found.format for found in find_recordings([tmp_path])] == ["mat"]


def test_what_the_file_does_not_say_is_asked_and_can_be_told_by_a_profile(tmp_path: Path) -> None:
    def without(*names: str) -> Path:
        return write(tmp_path, **{name: value for name, value in TOLD.items() if name not in names})

    assert refusal(without("leads")).field == "leads"
    assert refusal(without("unit")).field == "unit"
    assert refusal(without("fs")).field == "sampling rate"
    assert read_recording(without("fs", "unit"), options=ReadOptions(fs_hz=250, unit="mV")).fs_hz == 250
    profile = CsvProfile(name="lab", columns=STANDARD_12, unit="uV", fs_hz=250)
    recording = read_recording(without("leads", "unit", "fs"), options=ReadOptions(profile=profile))
    np.testing.assert_allclose(recording.signal_mv, SIGNAL_MV / 1000, rtol=1e-5)
    assert recording.source.gain_origin is Origin.PROFILE
    assert refusal(without("leads", "unit"), ReadOptions(profile=profile)).field == "sampling rate", "500 was told"
    assert refusal(without("fs"), ReadOptions(profile=profile)).field == "profile", "millivolts were told"


def test_a_gain_of_unknown_meaning_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, **TOLD, gain=200)
    assert refusal(path).field == "unit"
    assert refusal(path, ReadOptions(unit="mV")).field == "unit"
    counts = CsvProfile(name="lab", columns=STANDARD_12, unit="counts", counts_per_mv=200)
    np.testing.assert_allclose(read_recording(path, options=ReadOptions(profile=counts)).signal_mv, SIGNAL_MV / 200,
                               rtol=1e-5)
    assert read_recording(write(tmp_path, **TOLD, gain=1.0)).warnings == ()


def test_time_columns_of_a_profile_give_the_rate(tmp_path: Path) -> None:
    table = np.column_stack([np.arange(1000) * 4.0, SIGNAL_MV[0], SIGNAL_MV[1]])
    profile = CsvProfile(name="lab", columns=("time", "I", "II"), unit="mV", time_unit="ms")
    recording = read_recording(write(tmp_path, x=table), options=ReadOptions(profile=profile))
    assert (recording.fs_hz, recording.recorded_leads) == (250, ("I", "II"))


def test_who_it_is_of_stays_in_the_identity(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, rec={
        **TOLD, "patient_id": 47110815, "Name": "Muster, Max", "sex": "male", "age_days": 400, "ward": "Ward 7"}))
    assert recording.identity is not None
    assert recording.identity.patient_id == "47110815"
    assert "Ward 7" in recording.identity.others
    assert "Muster" in recording.identity.name
    assert recording.sex == "M"
    assert recording.age is not None
    assert recording.age.days == 400
    assert recording.patient_key == ""


@pytest.mark.parametrize(("variables", "field"), [
    ({"a": SIGNAL_MV[:, :50]}, "samples"), ({"a": SIGNAL_MV, "b": SIGNAL_MV}, "samples"),
    ({"a": np.zeros((12, 1000, 3))}, "samples"), ({"a": np.ones((200, 200))}, "samples"), ({"a": "text"}, "samples"),
    ({"a": SIGNAL_MV + 1j}, "contents"), ({**TOLD, "leads": LEADS[:9]}, "lead names"),
    ({**TOLD, "leads": np.array(["V1"] * 12, dtype=object)}, "lead V1"), ({**TOLD, "unit": "mmHg"}, "unit of lead I"),
    ({**TOLD, "Fs": 250}, "sampling rate"), ({**TOLD, "fs": 1e9}, "sampling rate"),
    ({**TOLD, "fs": -1}, "sampling rate"), ({**TOLD, "uv_per_lsb": 0}, "gain"),
    ({**TOLD, "ecg": SIGNAL_MV * np.inf}, "samples"),
    ({**TOLD, "leads": np.array([f"ch{n}" for n in range(12)], dtype=object)}, "header row")])
def test_what_is_no_recording_is_refused(tmp_path: Path, variables: dict[str, Any], field: str) -> None:
    assert refusal(write(tmp_path, **variables)).field == field


def test_sparse_arrays_functions_and_other_versions_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, a=scipy.sparse.csc_array(np.eye(9)))
    assert "sparse" in str(refusal(path))
    raw = bytearray(write(tmp_path, a=SIGNAL_MV).read_bytes())
    raw[144] = 16
    path.write_bytes(raw)
    assert "a function" in str(refusal(path))
    path.write_bytes(b"MATLAB 7.3 MAT-file, Platform".ljust(512) + b"\x89HDF\r\n\x1a\n")
    assert "-v7" in refusal(path).remedy
    path.write_bytes(b"\0" * 600)
    assert refusal(path).field == "version"
    path.write_bytes(b"")
    assert refusal(path).field == "version"


def test_what_unpacks_to_too_much_is_refused_before_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mat_elements, "MAX_UNPACKED_BYTES", 50_000)
    path = write(tmp_path, compress=True, a=np.zeros((12, 100_000)))
    assert path.stat().st_size < 50_000
    assert "unpacks to more" in str(refusal(path))
    buffer = io.BytesIO()
    scipy.io.savemat(buffer, {"a": 1})
    packed = zlib.compress(b"\0" * 16)
    path.write_bytes(buffer.getvalue()[:128] + struct.pack("<II", 15, len(packed)) + packed)
    assert refusal(path).field == "contents"


def test_more_samples_than_can_be_scaled_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mat_contents, "MAX_SAMPLES", 11_999)
    assert refusal(write(tmp_path, **TOLD)).field == "number of samples"


@settings(max_examples=60)
@given(st.booleans(), st.lists(st.tuples(st.integers(100, 900), st.binary(min_size=1, max_size=4)), max_size=4),
       st.integers(0, 3))
def test_no_damage_breaks_the_reader(compress: bool, changes: list[tuple[int, bytes]], cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = {"leads": LEADS, "fs": 500, "unit": "mV", "s": {"x": "y", "c": LEADS[:2]}, "ecg": SIGNAL_MV[:, :100]}
        path = write(Path(folder), compress=compress, **told)
        raw = bytearray(path.read_bytes())
        for at, piece in changes:
            raw[at:at + len(piece)] = piece
        path.write_bytes(raw[:len(raw) - cut * 150])
        with contextlib.suppress(RecordingError):
            recording: Recording = read_recording(path)
            assert not np.isinf(recording.signal_mv).any()
