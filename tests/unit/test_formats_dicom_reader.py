"""DICOM ECG: voltages as coded, leads by code, the rhythm by what the file says of its groups; else refused."""

import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pydicom
import pytest
from dicom_cases import (
    BIG_ENDIAN,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    channel,
    code,
    ecg,
    group,
    item,
    ramp,
    write,
)

from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.recording import GroupKind, LeadRole, Recording, RecordingError, RoleKind


def read(folder: Path, *groups: pydicom.Dataset) -> Recording:
    return read_recording(write(ecg(list(groups)), folder))


def refusal(path: Path) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        read_recording(path)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN])
@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4"])
def test_every_width_and_byte_order_gives_the_same_millivolts(tmp_path: Path, syntax: str, dtype: str) -> None:
    digits = ramp(301, 3) + (50 if dtype[0] == "u" else 0)
    order = ">" if syntax == BIG_ENDIAN else "<"
    dataset = ecg([group([channel(lead) for lead in ("I", "V1", "V2")], digits, dtype=order + dtype)])
    path = write(dataset, tmp_path, syntax=syntax)
    if (dtype, syntax) == ("i4", BIG_ENDIAN):
        assert refusal(path).field == "byte order"
        return
    recording = read_recording(path)
    assert recording.leads == ("I", "V1", "V2")
    np.testing.assert_allclose(recording.signal_mv, digits.T * 0.005, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("unit", "factor"), [("uV", 1e-3), ("mV", 1.0), ("V", 1e3), ("nV", 1e-6)])
def test_sensitivity_correction_and_baseline_in_coded_units(tmp_path: Path, unit: str, factor: float) -> None:
    recording = read(tmp_path, group([channel(
        "I", sensitivity="2.5", unit=unit, ChannelSensitivityCorrectionFactor="1.2", ChannelBaseline="-40")], ramp()))
    np.testing.assert_allclose(recording.lead("I"), (ramp()[:, 0] * 3.0 - 40) * factor, rtol=1e-6)
    assert recording.source.quantum_mv == pytest.approx((3.0 * factor,))


def test_a_file_without_preamble_or_ending_is_told_by_its_content(tmp_path: Path) -> None:
    whole = write(ecg([group([channel("I")], ramp())]), tmp_path, syntax=IMPLICIT)
    bare = tmp_path / "IM000001"
    dataset = pydicom.dcmread(whole)
    with bare.open("wb") as stream:
        pydicom.filewriter.write_dataset(pydicom.filebase.DicomFileLike(stream), dataset)
    assert [found.format for found in find_recordings([tmp_path])] == ["dicom", "dicom"]
    np.testing.assert_array_equal(read_recording(bare).signal_mv, read_recording(whole).signal_mv)


def test_a_compressed_picture_s_syntax_changes_nothing_for_waveforms(tmp_path: Path) -> None:
    plain = write(ecg([group([channel("I")], ramp())]), tmp_path)
    of_jpeg = plain.read_bytes().replace(b"UI\x14\x001.2.840.10008.1.2.1\0", b"UI\x16\x001.2.840.10008.1.2.4.50")
    start = of_jpeg.index(b"UL\x04\x00") + 4
    length = int.from_bytes(of_jpeg[start:start + 4], "little") + 2
    jpeg = tmp_path / "jpeg.dcm"
    jpeg.write_bytes(of_jpeg[:start] + length.to_bytes(4, "little") + of_jpeg[start + 4:])
    assert pydicom.dcmread(jpeg).file_meta.TransferSyntaxUID.is_compressed
    np.testing.assert_array_equal(read_recording(jpeg).signal_mv, read_recording(plain).signal_mv)


def test_readers_in_several_threads_leave_the_warnings_as_they_were(tmp_path: Path) -> None:
    paths = [write(ecg([group([channel("I")], ramp())]), tmp_path, name=f"{place}.dcm") for place in range(8)]
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        assert {recording.n_samples for recording in pool.map(read_recording, paths)} == {1000}
    assert list(warnings.filters) == before


def test_the_padding_value_is_nothing_recorded(tmp_path: Path) -> None:
    digits = ramp()
    digits[17] = -32768
    recording = read(tmp_path, group([channel("I")], digits, WaveformPaddingValue=b"\x00\x80"))
    assert np.flatnonzero(np.isnan(recording.lead("I"))).tolist() == [17]


@pytest.mark.parametrize(("source", "lead"), [
    (code("5.6.3-9-62", "SCPECG"), "aVR"), (code("2:61", "MDC"), "III"), (code("131083", "MDC"), "V3R"),
    (code("MDC_ECG_LEAD_AVF", "MDC"), "aVF"), (code("2:16", "MDC", "Lead X"), "Vx"), (code("2:9", "MDC"), "V7"),
    (code("X1", "99MAKER", "Lead V4R"), "V4R"), (item(CodeMeaning="Lead I (Einthoven)"), "I"),
    (item(CodeMeaning="aVL, augmented voltage, left"), "aVL"), (code("2:0", "MDC", "Unspecified lead"), "MLII"),
])
def test_leads_by_code_then_by_words(tmp_path: Path, source: pydicom.Dataset, lead: str) -> None:
    recording = read(tmp_path, group([channel("", source=source, ChannelLabel=lead)], ramp()))
    assert recording.leads == (lead,)
    assert recording.warnings == ()


def test_a_code_and_words_that_differ_are_told(tmp_path: Path) -> None:
    recording = read(tmp_path, group([channel("", source=code("2:1", "MDC", "Lead II"))], ramp()))
    assert recording.leads == ("I",)
    assert [finding.code for finding in recording.warnings] == ["lead_names_contradict"]


def test_leads_the_recorder_computed_stay_derived(tmp_path: Path) -> None:
    recording = read(tmp_path, group([
        channel("I"), channel("II"), channel("", source=code("2:111", "MDC", "Derived Lead III")),
        channel("aVR", ChannelDerivationDescription="Derived from I, II")], ramp(1000, 4)))
    assert recording.roles[2] == LeadRole("III", RoleKind.DERIVED)
    assert recording.roles[3] == LeadRole("aVR", RoleKind.DERIVED, "I, II")
    assert recording.recorded_leads == ("I", "II")


def test_channels_that_are_no_lead_are_left_out_by_name(tmp_path: Path) -> None:
    recording = read(tmp_path, group([
        channel("Respiration", sensitivity=None), channel("V1"), channel("Pressure", unit="mm[Hg]")], ramp(1000, 3)))
    assert recording.leads == ("V1",)
    assert "Respiration, Pressure" in recording.warnings[0].text


TWELVE = [channel(lead) for lead in ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")]


def test_the_median_beat_is_never_chosen_wherever_it_stands(tmp_path: Path) -> None:
    median = group(TWELVE, ramp(600, 12), label="MEDIAN BEAT", originality="DERIVED")
    unnamed = group(TWELVE, ramp(600, 12), label="", originality="DERIVED")
    rhythm = group(TWELVE, ramp(5000, 12))
    for order in ([median, unnamed, rhythm], [rhythm, median, unnamed]):
        recording = read(tmp_path, *order)
        assert recording.n_samples == 5000
        told = {entry.kind: entry.chosen for entry in recording.source.groups}
        assert told == {GroupKind.MEDIAN: False, GroupKind.RHYTHM: True}
        assert len(recording.source.groups) == 3
    assert "median" in refusal(write(ecg([median, unnamed]), tmp_path)).problem


def test_original_stands_before_derived_and_twelve_leads_before_a_strip(tmp_path: Path) -> None:
    smooth = group(TWELVE, ramp(9000, 12), originality="DERIVED", label="FILTERED")
    strip = group([channel("II")], ramp(30_000, 1))
    twelve = group(TWELVE, ramp(5000, 12), label="")
    assert read(tmp_path, smooth, strip, twelve).n_samples == 5000
    alone = read(tmp_path, smooth)
    assert [finding.code for finding in alone.warnings] == ["signal_derived"]


def test_a_strip_chart_s_groups_are_joined_each_at_its_time(tmp_path: Path) -> None:
    leads = [("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6")]
    groups = [group([channel(lead) for lead in three], ramp(1250, 3), MultiplexGroupTimeOffset=str(2500 * place))
              for place, three in enumerate(leads)]
    recording = read(tmp_path, *groups, group([channel("II")], ramp(5000), MultiplexGroupTimeOffset="0"))
    assert recording.n_samples == 5000
    assert set(recording.leads) == {lead for three in leads for lead in three}
    recorded = np.isfinite(recording.lead("V1"))
    assert np.flatnonzero(recorded)[[0, -1]].tolist() == [2500, 3749]
    np.testing.assert_allclose(recording.lead("V1")[2500:3750], ramp(1250, 3)[:, 0] * 0.005, rtol=1e-6)
    assert [finding.code for finding in recording.warnings] == ["groups_joined"]
    assert all(entry.chosen for entry in recording.source.groups)


def test_groups_without_a_common_clock_are_not_joined(tmp_path: Path) -> None:
    first, second = group([channel("I")], ramp(2000)), group([channel("V1")], ramp(1000))
    recording = read(tmp_path, first, second)
    assert recording.leads == ("I",)
    assert [entry.chosen for entry in recording.source.groups] == [True, False]


def test_filters_producer_and_kind_are_told(tmp_path: Path) -> None:
    filtered = {"FilterLowFrequency": "0.05", "FilterHighFrequency": "150", "NotchFilterFrequency": "0"}
    dataset = ecg([group([channel("I", **filtered)], ramp())], Manufacturer="Maker", ManufacturerModelName="M 5",
                  SoftwareVersions=["1.2", "3.4"], DeviceSerialNumber="SER-99881")
    recording = read_recording(write(dataset, tmp_path))
    source = recording.source
    assert (source.filters.low_cut_hz, source.filters.high_cut_hz, source.filters.notch_hz) == (0.05, 150, None)
    assert (source.producer, source.version) == ("Maker M 5 1.2 3.4", "12-lead ECG")
    assert recording.identity is not None
    assert "SER-99881" in recording.identity.others


@pytest.mark.parametrize(("bent", "field"), [
    ({"sensitivity": None}, "Channel Sensitivity of lead I"), ({"sensitivity": "0"}, "Channel Sensitivity of lead I"),
    ({"ChannelSensitivityCorrectionFactor": "0"}, "Channel Sensitivity of lead I"),
    ({"unit": "mm[Hg]"}, "unit of lead I"), ({"unit": ""}, "unit of lead I"),
    ({"sensitivity": "1e300"}, "Channel Sensitivity of lead I"),
])
def test_a_voltage_is_never_guessed(tmp_path: Path, bent: dict[str, str], field: str) -> None:
    assert refusal(write(ecg([group([channel("I", **bent)], ramp())]), tmp_path)).field == field


@pytest.mark.parametrize(("bent", "field"), [
    ({"SamplingFrequency": "0"}, "Sampling Frequency"), ({"SamplingFrequency": None}, "Sampling Frequency"),
    ({"NumberOfWaveformSamples": 999}, "number of samples"), ({"NumberOfWaveformSamples": 1 << 31}, "duration"),
    ({"NumberOfWaveformChannels": 2}, "number of channels"), ({"WaveformBitsAllocated": 8}, "Waveform Sample"),
    ({"WaveformSampleInterpretation": "MB"}, "Waveform Sample"), ({"WaveformData": b""}, "number of samples"),
    ({"ChannelDefinitionSequence": []}, "leads"),
])
def test_what_does_not_fit_together_is_refused(tmp_path: Path, bent: dict[str, object], field: str) -> None:
    assert refusal(write(ecg([group([channel("I")], ramp(), **bent)]), tmp_path)).field.startswith(field)


def test_leads_named_twice_or_shifted_in_time_are_refused(tmp_path: Path) -> None:
    assert refusal(write(ecg([group([channel("I"), channel("I")], ramp(500, 2))]), tmp_path)).field == "lead I"
    shifted = [channel("I"), channel("II", ChannelSampleSkew="4")]
    assert refusal(write(ecg([group(shifted, ramp(500, 2))]), tmp_path)).field == "Channel Sample Skew"


@pytest.mark.parametrize(("kind", "more", "words"), [
    ("1.2.840.10008.5.1.4.1.1.7", {"Rows": 8}, "Secondary Capture Image Storage"),
    ("1.2.840.10008.5.1.4.1.1.104.1", {"EncapsulatedDocument": b"%PDF-1.4"}, "printed page"),
    ("1.2.840.10008.1.3.10", {}, "directory"),
    ("1.2.3.4", {}, "unknown kind"),
])
def test_other_objects_are_refused_with_what_they_are(
        tmp_path: Path, kind: str, more: dict[str, object], words: str) -> None:
    dataset = ecg([], kind=kind, **more)
    del dataset.WaveformSequence
    error = refusal(write(dataset, tmp_path))
    assert error.field == "kind of object"
    assert words in error.problem


def test_other_waveforms_are_no_surface_ecg(tmp_path: Path) -> None:
    dataset = ecg([group([channel("I")], ramp())], kind="1.2.840.10008.5.1.4.1.1.9.2.1")
    assert "Hemodynamic" in refusal(write(dataset, tmp_path)).problem


def test_cut_files_are_refused_at_every_length(tmp_path: Path) -> None:
    whole = write(ecg([group([channel("I"), channel("II")], ramp(300, 2))]), tmp_path).read_bytes()
    for length in range(0, len(whole) - 2, 61):
        cut = tmp_path / "cut.dcm"
        cut.write_bytes(whole[:length])
        refusal(cut)


def test_an_element_longer_than_the_file_is_refused_before_room_is_made(tmp_path: Path) -> None:
    path = write(ecg([group([channel("I")], ramp())]), tmp_path)
    path.write_bytes(path.read_bytes() + b"\x01\x60\x10\x00OB\0\0\xf0\xff\xff\xff" + bytes(100))
    assert refusal(path).field == "file"


def test_a_deflated_bomb_is_refused_unpacked_only_so_far(tmp_path: Path) -> None:
    path = write(ecg([group([channel("I")], ramp())]), tmp_path, syntax=DEFLATED)
    whole = path.read_bytes()
    meta = pydicom.filereader.read_file_meta_info(path)
    start = 128 + 4 + 12 + meta.FileMetaInformationGroupLength
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(80)) + packer.flush()
    path.write_bytes(whole[:start] + bomb)
    assert refusal(path).field == "file"


def test_more_items_or_elements_than_an_ecg_has_are_refused_at_once(tmp_path: Path) -> None:
    many = ecg([group([channel("I")], ramp())], RequestAttributesSequence=[pydicom.Dataset()] * 20_001)
    assert refusal(write(many, tmp_path)).field == "data set"
    wide = ecg([group([channel("I")], ramp())])
    block = wide.private_block(0x11, "TEST", create=True)
    for place in range(200):
        block.add_new(place, "LO", "ab")
    assert read_recording(write(wide, tmp_path)).n_samples == 1000
    path = write(wide, tmp_path)
    path.write_bytes(path.read_bytes() + b"".join(
        bytes((0x00, 0x60, place % 256, place // 256)) + b"LO\x02\x00ab" for place in range(6000)))
    assert refusal(path).field == "data set"
