"""EDF, EDF+ and BDF: what edfio writes is read back, what a header leaves open or contradicts is refused."""

import contextlib
import tempfile
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from peace_model.ecg.age import Precision
from peace_model.ecg.formats import edf_files
from peace_model.ecg.formats.edf_files import lead_of_label
from peace_model.ecg.formats.edf_filters import declared_filters
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import GroupKind, Origin, RecordingError, RoleKind

edfio = pytest.importorskip("edfio")
RANDOM = np.random.default_rng(1)
RANGE_MV = (-5.0, 5.0)


def signal(label: str, data: NDArray[np.float64], *, fs_hz: float = 500, unit: str = "mV", bdf: bool = False,
           physical_range: tuple[float, float] = RANGE_MV, prefilter: str = "HP:0.05Hz LP:150Hz") -> object:
    kind, digital = (edfio.BdfSignal, (-8388608, 8388607)) if bdf else (edfio.EdfSignal, (-32768, 32767))
    return kind(data, fs_hz, label=label, physical_dimension=unit, physical_range=physical_range,
                digital_range=digital, prefiltering=prefilter)


def beats(n_leads: int = 12, n_samples: int = 5000) -> NDArray[np.float64]:
    return RANDOM.normal(scale=0.5, size=(n_leads, n_samples)).clip(-4.9, 4.9)


def twelve(folder: Path, *, bdf: bool = False, **facts: object) -> tuple[Path, NDArray[np.float64]]:
    data = beats()
    signals = [signal(f"ECG {lead}", row, bdf=bdf) for lead, row in zip(STANDARD_12, data, strict=True)]
    path = folder / ("night.bdf" if bdf else "night.edf")
    (edfio.Bdf if bdf else edfio.Edf)(signals, **facts).write(path)
    return path, data


def refusal(path: Path, options: ReadOptions = ReadOptions()) -> RecordingError:  # noqa: B008 - frozen
    with pytest.raises(RecordingError) as caught:
        read_recording(path, options=options)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("bdf", [False, True])
def test_what_was_written_comes_back(tmp_path: Path, bdf: bool) -> None:
    path, data = twelve(tmp_path, bdf=bdf)
    recording = read_recording(path)
    step_mv = 10 / (2**24 if bdf else 2**16)
    assert recording.leads == STANDARD_12
    assert (recording.fs_hz, recording.duration_s) == (500, 10)
    np.testing.assert_allclose(recording.signal_mv, data, atol=0.51 * step_mv + 1e-6)
    assert recording.source.quantum_mv == pytest.approx((step_mv,) * 12, rel=1e-3)
    assert recording.source.version == ("BDF" if bdf else "EDF")
    assert (recording.source.filters.low_cut_hz, recording.source.filters.high_cut_hz) == (0.05, 150)
    assert [found.format for found in find_recordings([tmp_path])] == ["edf"]
    assert recording.identity is None
    assert recording.age is recording.sex is recording.recorded_at is None


def test_blocks_and_a_temporary_file_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _data = twelve(tmp_path, annotations=[edfio.EdfAnnotation(1, None, "Sinus rhythm")])
    whole = read_recording(path)
    monkeypatch.setattr(edf_files, "_BLOCK_BYTES", 30_000)
    monkeypatch.setattr("peace_model.ecg.formats.large.IN_MEMORY_VALUES", 10)
    parts = read_recording(path)
    np.testing.assert_array_equal(whole.signal_mv, parts.signal_mv)
    assert whole.source.sha256 == parts.source.sha256
    assert whole.source_statements == parts.source_statements


def test_person_goes_into_the_identity_and_statements_are_scrubbed(tmp_path: Path) -> None:
    path, _data = twelve(
        tmp_path, starttime=time(14, 30, 5),
        patient=edfio.Patient(code="MCH-0234567", sex="F", birthdate=date(2020, 5, 2), name="Haagse_Harriet"),
        recording=edfio.Recording(startdate=date(2024, 5, 3), hospital_administration_code="PSG-1234/2024",
                                  investigator_technician_code="NN_Smith", equipment_code="Telemetry03"),
        annotations=[edfio.EdfAnnotation(1, None, "Sinus rhythm"), edfio.EdfAnnotation(2, 1, "Sinus rhythm"),
                     edfio.EdfAnnotation(3, None, "seen by Dr. Smith")])
    recording = read_recording(path)
    assert recording.identity is not None
    assert recording.identity.patient_id == "MCH-0234567"
    assert recording.identity.name == "Haagse Harriet"
    assert recording.identity.birth_date == date(2020, 5, 2)
    assert set(recording.identity.others) == {"PSG-1234/2024", "NN Smith", "Telemetry03", "seen by Dr. Smith"}
    assert recording.source_statements == ("Sinus rhythm",)
    assert recording.recorded_at == datetime(2024, 5, 3, 14, 30, 5)
    assert recording.age is not None
    assert (recording.age.days, recording.age.precision) == (1462, Precision.DAY)
    assert (recording.sex, recording.patient_key, recording.source.producer) == ("F", "", "")


def test_plain_identification_of_any_shape_stays_in_the_identity(tmp_path: Path) -> None:
    path, _data = twelve(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[8:88] = b"Muster Max 12.03.1971".ljust(80)
    raw[88:168] = b"Ward 7 Dr House".ljust(80)
    raw[168:184] = b"07.11.2411.20.00"
    path.write_bytes(raw)
    recording = read_recording(path)
    assert recording.identity is not None
    assert recording.identity.patient_id == "Muster Max 12.03.1971"
    assert recording.identity.others == ("Ward 7 Dr House",)
    assert recording.recorded_at == datetime(2024, 11, 7, 11, 20)


def test_contradicting_dates_leave_the_time_unknown(tmp_path: Path) -> None:
    path, _data = twelve(tmp_path, recording=edfio.Recording(startdate=date(2024, 5, 3)))
    raw = bytearray(path.read_bytes())
    raw[168:176] = b"04.05.24"
    path.write_bytes(raw)
    recording = read_recording(path)
    assert recording.recorded_at is None
    assert "time_contradicted" in [finding.code for finding in recording.warnings]


def test_rates_are_kept_apart_and_the_larger_group_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "sleep.edf"
    data = beats(3)
    edfio.Edf([
        signal("EEG C3-A2", beats(1, 2560)[0] * 10, fs_hz=256, unit="uV", physical_range=(-100, 100)),
        signal("ECG I", data[0]), signal("EKG Lead II", data[1] * 1000, unit="uV", physical_range=(-5000, 5000)),
        signal("V1", data[2]), signal("ECG II", beats(1, 1000)[0], fs_hz=100)]).write(path)
    recording = read_recording(path)
    assert recording.recorded_leads == ("I", "II", "V1")
    np.testing.assert_allclose(recording.lead("II"), data[1], atol=1e-3)
    told = [(group.name, group.kind, group.leads, group.chosen) for group in recording.source.groups]
    assert told == [
        ("256 Hz", GroupKind.OTHER, ("EEG C3-A2",), False),
        ("500 Hz", GroupKind.RHYTHM, ("ECG I", "EKG Lead II", "V1"), True),
        ("100 Hz", GroupKind.RHYTHM, ("ECG II",), False)]
    assert [finding.text for finding in recording.warnings if finding.code == "channels_left_out"] == [
        "Channels that are no known ECG lead were left out: EEG C3-A2, ECG II."]
    assert {role.lead for role in recording.roles if role.kind is RoleKind.DERIVED} == {"III", "aVR", "aVL", "aVF"}


def test_gaps_of_a_discontinuous_file_hold_nothing(tmp_path: Path) -> None:
    path, data = twelve(tmp_path, annotations=[], data_record_duration=2)
    raw = path.read_bytes().replace(b"EDF+C", b"EDF+D", 1)
    raw = raw.replace(b"+6\x14\x14", b"+7\x14\x14").replace(b"+8\x14\x14", b"+9\x14\x14")
    path.write_bytes(raw)
    recording = read_recording(path)
    assert recording.duration_s == 11
    gap = np.isnan(recording.signal_mv)
    assert gap[:, 3000:3500].all()
    assert gap.sum() == 12 * 500
    np.testing.assert_allclose(recording.signal_mv[:, 3500:], data[:, 3000:], atol=1e-3)
    for kind in (b"EDF+C", b"EDF+X", b"     "):
        path.write_bytes(raw.replace(b"EDF+D", kind, 1))
        assert refusal(path).field == "times of the data records"
    path.write_bytes(raw.replace(b"+7\x14\x14", b"+5\x14\x14"))
    assert refusal(path).field == "times of the data records"
    path.write_bytes(raw.replace(b"+7\x14\x14", b"_7\x14\x14"))
    assert refusal(path).field == "data record 4"


def patched(path: Path, at: int, text: str, width: int = 8) -> Path:
    raw = bytearray(path.read_bytes())
    raw[at:at + width] = text.encode("latin-1").ljust(width)
    path.write_bytes(raw)
    return path


def field_at(offset_of_signal_fields: int, signal_number: int = 0, width: int = 8, n_signals: int = 12) -> int:
    return 256 + offset_of_signal_fields * n_signals + signal_number * width


@pytest.mark.parametrize(("at", "text", "field"), [
    (252, "0   ", "number of signals"), (184, "99", "bytes in header"), (236, "7", "length"),
    (236, "0", "number of data records"), (236, "many", "number of data records"),
    (244, "0", "duration of a data record"), (244, "-1", "duration of a data record"),
    (244, "nan", "duration of a data record"), (244, "1e9", "sampling rate"),
    (field_at(96), "", "unit"), (field_at(96), "mmHg", "unit of lead I"),
    (field_at(104), "5", "physical range of signal ECG I"), (field_at(112), "", "physical range of signal ECG I"),
    (field_at(120), "40000", "digital range of signal ECG I"),
    (field_at(128), "-32768", "digital range of signal ECG I"), (field_at(216), "0", "samples of signal 1"),
    (field_at(112), "1e30", "physical range of signal ECG I"),
])
def test_a_header_that_leaves_something_open_is_refused(tmp_path: Path, at: int, text: str, field: str) -> None:
    path, _data = twelve(tmp_path)
    assert refusal(patched(path, at, text, 4 if at == 252 else 8)).field == field


def test_cut_and_foreign_files_are_refused(tmp_path: Path) -> None:
    path, _data = twelve(tmp_path)
    raw = path.read_bytes()
    for length, field in ((0, "version"), (5, "version"), (100, "header"), (2000, "header"), (len(raw) - 2, "length"),
                          (256 * 13, "length")):
        path.write_bytes(raw[:length])
        assert refusal(path).field == field
    path.write_bytes(raw + b"\0\0")
    assert refusal(path).field == "length"
    edfio.Edf([signal("ECG", beats(1)[0]), signal("SpO2", beats(1)[0])]).write(path)
    assert refusal(path).field == "leads"
    edfio.Edf([signal("ECG I", beats(1)[0]), signal("I", beats(1)[0])]).write(path)
    assert refusal(path).field == "lead I"


def test_a_file_never_closed_gives_its_whole_records(tmp_path: Path) -> None:
    path, data = twelve(tmp_path)
    patched(path, 236, "-1")
    path.write_bytes(path.read_bytes()[:-100])
    recording = read_recording(path)
    assert recording.duration_s == 9
    np.testing.assert_allclose(recording.signal_mv, data[:, :4500], atol=1e-3)
    assert "recording_not_closed" in [finding.code for finding in recording.warnings]


def test_a_silent_unit_is_asked_for_and_said(tmp_path: Path) -> None:
    path, data = twelve(tmp_path)
    for lead in range(12):
        patched(path, field_at(96, lead), "")
    recording = read_recording(path, options=ReadOptions(unit="uV"))
    np.testing.assert_allclose(recording.signal_mv, data / 1000, atol=1e-6)
    assert recording.source.gain_origin is Origin.HAND
    assert "unit_given_by_user" in [finding.code for finding in recording.warnings]


def test_the_micro_sign_of_latin_1_and_a_falling_range(tmp_path: Path) -> None:
    path, data = twelve(tmp_path)
    patched(path, field_at(96), "\u00b5V")
    patched(patched(path, field_at(104, 1), "5"), field_at(112, 1), "-5")
    recording = read_recording(path)
    np.testing.assert_allclose(recording.lead("I"), data[0] / 1000, atol=1e-6)
    np.testing.assert_allclose(recording.lead("II"), -data[1], atol=1e-3)
    assert [finding.leads for finding in recording.warnings if finding.code == "negative_gain"] == [("II",)]


@pytest.mark.parametrize(("label", "lead"), [
    ("ECG I", "I"), ("EKG V1", "V1"), ("II", "II"), ("ECG aVR", "aVR"), ("ecg-AVF", "aVF"), ("ECG Lead III", "III"),
    ("ECGV6", "V6"), ("ECG", None), ("ECG 1", None), ("ECG V1-Ref", None), ("EEG I", None), ("ECG I-II", None)])
def test_labels(label: str, lead: str | None) -> None:
    assert lead_of_label(label) == lead


def test_prefilter_texts() -> None:
    filters = declared_filters({"I": "HP:0.05Hz LP:150Hz N:50Hz", "II": "HP:0.05Hz LP:150Hz N:50Hz"})
    assert (filters.low_cut_hz, filters.high_cut_hz, filters.notch_hz, filters.other) == (0.05, 150, 50, "")
    assert declared_filters({"I": "HP: .5 Hz; LP 40"}).low_cut_hz == 0.5
    assert declared_filters({"I": "Butterworth"}).other == "Butterworth"
    assert declared_filters({"I": "LP:40Hz", "II": "LP:150Hz"}).other == "I: LP:40Hz; II: LP:150Hz"
    assert not declared_filters({"I": "None"})


def test_ecgdatakit_reads_the_same_millivolts(tmp_path: Path) -> None:
    """A second witness for the decoding."""
    parser = pytest.importorskip("ecgdatakit.parsing.parsers.edf").EDFParser()
    path, _data = twelve(tmp_path, annotations=[edfio.EdfAnnotation(1, None, "Sinus rhythm")])
    recording, other = read_recording(path), parser.parse(path)
    assert [lead.label for lead in other.leads] == list(recording.leads)
    for lead, row in zip(other.leads, recording.signal_mv, strict=True):
        np.testing.assert_allclose(lead.samples * lead.resolution + lead.offset, row, atol=1e-6)
        assert lead.resolution_unit == "mV"


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 256 * 14 + 60), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4),
       st.integers(0, 20_000), st.booleans())
def test_no_damage_breaks_the_reader(changes: list[tuple[int, bytes]], length: int, bdf: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        signals = [signal(lead, beats(1, 200)[0], fs_hz=100, bdf=bdf) for lead in STANDARD_12]
        path = Path(folder, "a.edf")
        (edfio.Bdf if bdf else edfio.Edf)(signals, annotations=[]).write(path)
        raw = bytearray(path.read_bytes())
        for at, piece in changes:
            raw[at:at + len(piece)] = piece
        path.write_bytes(raw[:len(raw) - max(0, length - 18_000)])
        with contextlib.suppress(RecordingError):
            assert not np.isinf(read_recording(path, options=ReadOptions(unit="mV")).signal_mv).any()
