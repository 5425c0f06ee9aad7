"""A WFDB record that does not say enough is refused with file, field and remedy; wfdb's defaults never show."""

from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.formats.wfdb_header import RATE_FIELD
from peace_model.ecg.recording import RecordingError

LEADS = ("I", "II", "V1")


def write(folder: Path, record: str = "rec 3 500 1000", *, scale: str = "1000(0)/mV", n_samples: int = 1000,
          names: tuple[str, ...] = LEADS, comments: str = "", storage: str = "16") -> Path:
    lines = [record] + [f"rec.dat {storage} {scale} 16 0 0 0 0 {name}" for name in names]
    header = folder / "rec.hea"
    header.write_text("\n".join(lines) + "\n" + comments)
    samples = np.arange(n_samples * len(names), dtype="<i2") % 1000
    (folder / "rec.dat").write_bytes(samples.tobytes())
    return header


def refusal(header: Path, options: ReadOptions | None = None) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        read_recording(header, options=options or ReadOptions())
    text = str(caught.value)
    assert header.stem in text
    assert "\n" not in text
    assert caught.value.remedy
    return caught.value


def test_a_complete_record_opens(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path))
    assert recording.recorded_leads == LEADS
    assert recording.fs_hz == 500
    np.testing.assert_allclose(recording.lead("I")[:3], [0.0, 0.003, 0.006], atol=1e-7)


@pytest.mark.parametrize(("scale", "field"), [
    ("0", "gain of signal I"), ("0/mV", "gain of signal I"), ("0(5)/mV", "gain of signal I"), ("-0.0/mV", "gain"),
    ("1000", "unit"), ("1000(7)", "unit"), ("abc/mV", "gain of signal 1"), ("nan/mV", "gain of signal 1"),
    ("1000(0)/mmHg", "unit of signal I"), ("1e999/mV", "gain of signal 1"),
])
def test_gain_and_unit_are_never_filled_in(tmp_path: Path, scale: str, field: str) -> None:
    assert refusal(write(tmp_path, scale=scale)).field.startswith(field)


def test_a_missing_gain_is_refused(tmp_path: Path) -> None:
    header = write(tmp_path)
    header.write_text("rec 1 500 3000\nrec.dat 16\n")
    assert refusal(header).field.startswith("gain")


def test_a_unit_given_by_hand_is_used_and_said(tmp_path: Path) -> None:
    header = write(tmp_path, scale="2000")
    microvolts = read_recording(header, options=ReadOptions(unit="uV"))
    millivolts = read_recording(header, options=ReadOptions(unit="mV"))
    np.testing.assert_allclose(microvolts.signal_mv * 1000, millivolts.signal_mv, rtol=1e-6, atol=1e-6)
    assert [finding.code for finding in microvolts.warnings] == ["unit_given_by_user"]


def test_a_unit_in_the_file_is_never_overridden(tmp_path: Path) -> None:
    header = write(tmp_path)
    plain, told = read_recording(header), read_recording(header, options=ReadOptions(unit="uV", fs_hz=100))
    np.testing.assert_array_equal(plain.signal_mv, told.signal_mv)
    assert told.fs_hz == 500


@pytest.mark.parametrize(("unit", "factor"), [("mV", 1), ("uV", 1e-3), ("µV", 1e-3), ("μV", 1e-3), ("nV", 1e-6),
                                              ("V", 1e3)])
def test_every_unit_of_voltage_becomes_millivolts(tmp_path: Path, unit: str, factor: float) -> None:
    header = write(tmp_path, scale=f"10(0)/{unit}")
    assert read_recording(header).lead("I")[1] == pytest.approx(0.3 * factor, rel=1e-6)


@pytest.mark.parametrize("record", ["rec 3 0 1000", "rec 3 -250 1000", "rec 3 x 1000", "rec 3 5 1000"])
def test_an_impossible_rate_is_refused(tmp_path: Path, record: str) -> None:
    assert refusal(write(tmp_path, record)).field == RATE_FIELD


def test_a_missing_rate_is_asked_for(tmp_path: Path) -> None:
    header = write(tmp_path, "rec 3")
    assert refusal(header).field == "sampling rate"


def test_a_cut_signal_file_is_refused_with_both_numbers(tmp_path: Path) -> None:
    header = write(tmp_path, n_samples=437)
    error = refusal(header)
    assert error.field == "number of samples"
    assert "1000" in str(error)
    assert "437" in str(error)


def test_a_signal_file_longer_than_its_header_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "rec 3 500 900")).field == "number of samples"


def test_a_header_without_length_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "rec 3 500")).field == "number of samples"


def test_a_wrong_number_of_signals_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "rec 4 500 1000")).field == "number of signals"
    assert refusal(write(tmp_path, "rec 2 500 1000")).field == "number of signals"


def test_a_missing_signal_file_is_named(tmp_path: Path) -> None:
    header = write(tmp_path)
    (tmp_path / "rec.dat").unlink()
    assert "rec.dat is missing" in str(refusal(header))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"Dear colleague,\nplease find the tracing attached.\n",
                                     b"# only a comment\n", bytes(range(256)), b"PK\x03\x04\x00\x00"])
def test_text_and_empty_files_named_hea_are_refused(tmp_path: Path, content: bytes) -> None:
    header = tmp_path / "rec.hea"
    header.write_bytes(content)
    assert refusal(header).field == "header"


def test_a_signal_file_without_header_is_refused(tmp_path: Path) -> None:
    header = write(tmp_path)
    header.unlink()
    assert refusal(tmp_path / "rec.dat").field == "header"


def test_multi_segment_records_are_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "rec/2 3 500 1000")).field == "segments"


def test_a_lead_named_twice_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, names=("I", "II", "i"))).field == "lead I"


def test_unknown_channels_are_left_out_by_name(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, names=("I", "Resp", "V1")))
    assert recording.leads == ("I", "V1")
    assert "Resp" in recording.warnings[0].text


def test_a_record_without_any_ecg_lead_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, names=("ABP", "Resp", "CVP"))).field == "leads"


@pytest.mark.parametrize("storage", ["16x2", "16:5", "516", "99999999999"])
def test_frames_skews_and_unknown_formats_are_refused(tmp_path: Path, storage: str) -> None:
    assert refusal(write(tmp_path, storage=storage)).field == "storage format"


def test_signal_files_outside_the_folder_are_refused(tmp_path: Path) -> None:
    header = write(tmp_path)
    for name in ("../rec.dat", "/etc/passwd", "http://host/rec.dat", "a::rec.dat", "~/rec.dat"):
        header.write_text(f"rec 1 500 10\n{name} 16 1000/mV 16 0 0 0 0 I\n")
        assert refusal(header).field == "signal files"


def test_a_link_is_followed_inside_the_folder_only(tmp_path: Path) -> None:
    header = write(tmp_path)
    outside = tmp_path.with_name(f"{tmp_path.name}-elsewhere.dat")
    (tmp_path / "rec.dat").rename(outside)
    try:
        (tmp_path / "rec.dat").symlink_to(outside)
    except OSError:
        pytest.skip("this system does not let us make links")
    assert refusal(header).field == "signal files"
    outside.rename(tmp_path / "stored.dat")
    (tmp_path / "rec.dat").unlink()
    (tmp_path / "rec.dat").symlink_to("stored.dat")
    assert read_recording(header).n_samples > 0


def test_more_than_a_day_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "rec 3 500 45400000")).field == "duration"


def test_the_mark_for_nothing_recorded_becomes_nan(tmp_path: Path) -> None:
    header = write(tmp_path)
    samples = np.full(3000, 100, dtype="<i2")
    samples[3] = -32768
    (tmp_path / "rec.dat").write_bytes(samples.tobytes())
    recording = read_recording(header)
    assert np.isnan(recording.lead("I")[1])
    assert np.isfinite(recording.signal_mv[:3]).sum() == 2999


def test_samples_unlike_the_header_are_kept_and_said(tmp_path: Path) -> None:
    header = write(tmp_path)
    samples = np.fromfile(tmp_path / "rec.dat", dtype="<i2").reshape(1000, 3).astype(int)
    lines = [f"rec.dat 16 1000(0)/mV 16 0 0 {total % 65536} 0 {name}"
             for name, total in zip(LEADS, samples.sum(axis=0), strict=True)]
    header.write_text("\n".join(["rec 3 500 1000", *lines, ""]))
    assert read_recording(header).warnings == ()
    samples[17, 1] += 5
    (tmp_path / "rec.dat").write_bytes(samples.astype("<i2").tobytes())
    assert [(finding.code, finding.leads) for finding in read_recording(header).warnings] == [
        ("checksum_differs", ("II",))]


@pytest.mark.parametrize("name", ["rec.HEA", "rec.one.hea"])
def test_names_the_decoder_cannot_find_are_refused_with_the_remedy(tmp_path: Path, name: str) -> None:
    header = write(tmp_path).rename(tmp_path / name)
    error = refusal(header)
    assert error.field == "file name"
    assert "rename" in error.remedy


def test_names_with_spaces_and_accents_open(tmp_path: Path) -> None:
    header = write(tmp_path).rename(tmp_path / "rec \u00e9t\u00e9.hea")
    assert read_recording(header).recorded_leads == LEADS
