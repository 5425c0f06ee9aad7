"""What the writer writes the reader reads; what nobody wrote gives a recording or a RecordingError, nothing else."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from recording_strategies import recordings

from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.recording import Recording, RecordingError


@settings(max_examples=30)
@given(recordings())
def test_a_written_recording_comes_back(recording: Recording) -> None:
    with tempfile.TemporaryDirectory() as folder:
        header = write_wfdb(recording, Path(folder), "rec_1")
        gains = [float(line.split()[2].split("(")[0]) for line in header.read_text().splitlines()[1:]
                 if not line.startswith("#")]
        back = read_recording(header)
    lsb = 1 / np.array(gains)[:, None]
    tolerance = 0.5 * lsb + 1e-6 * np.nan_to_num(np.abs(recording.signal_mv))
    np.testing.assert_array_equal(np.isnan(back.signal_mv), np.isnan(recording.signal_mv))
    assert np.all(np.nan_to_num(np.abs(back.signal_mv - recording.signal_mv)) <= tolerance)
    assert (back.leads, back.fs_hz, back.simulated) == (recording.leads, recording.fs_hz, recording.simulated)
    assert (back.age, back.sex, back.recorded_at) == (recording.age, recording.sex, recording.recorded_at)
    assert (back.patient_key, back.source_statements) == (recording.patient_key, recording.source_statements)
    assert back.roles == recording.roles
    assert back.warnings == ()


@settings(max_examples=10)
@given(recordings())
def test_the_hash_names_the_bytes(recording: Recording) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one = read_recording(write_wfdb(recording, Path(folder), "a")).source.sha256
        again = read_recording(Path(folder) / "a.hea").source.sha256
        signals = Path(folder) / "a.dat"
        changed = bytearray(signals.read_bytes())
        changed[0] ^= 1
        signals.write_bytes(changed)
        other = read_recording(Path(folder) / "a.hea").source.sha256
    assert one == again != other


header_words = st.lists(st.sampled_from([
    "rec", "rec/2", "3", "1", "0", "-1", "500", "0.5", "1e400", "10", "rec.dat", "~", "16", "212", "16+24", "16x2",
    "61:3", "1000/mV", "0/mV", "200(5)/uV", "1e-320/V", "(3)/mV", "I", "II", "V1", "#", "# Age: 5", "\n", "Female 3",
    "99999999999999999999"]), max_size=40)
bytes_or_words = st.binary(max_size=300) | header_words.map(lambda words: " ".join(words).encode())
plausible = st.tuples(
    st.sampled_from(["rec 1 500 10", "rec 1 500/1(2) 10 1:2:3 1/1/2020", "rec 1 360 10"]),
    st.sampled_from(["16", "212", "80", "24", "32", "310", "311", "61", "160", "16+4", "8"]),
    st.sampled_from(["100/mV", "3(-7)/uV", "1e-30/V", "-5/mV"]),
).map(lambda parts: f"{parts[0]}\nrec.dat {parts[1]} {parts[2]} 16 0 0 0 0 I\n".encode())


def reads_or_refuses(path: Path, options: ReadOptions) -> None:
    try:
        recording = read_recording(path, options=options)
    except RecordingError as refused:
        said = str(refused)
    else:
        said = ""
        assert not np.isinf(recording.signal_mv).any()
    assert "\n" not in said


@settings(max_examples=300)
@given(bytes_or_words | plausible, st.binary(max_size=64))
def test_no_header_breaks_the_reader(header: bytes, signals: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "rec.hea").write_bytes(header)
        Path(folder, "rec.dat").write_bytes(signals)
        reads_or_refuses(Path(folder, "rec.hea"), ReadOptions(fs_hz=500, unit="mV"))


csv_texts = st.lists(st.lists(st.sampled_from(
    ["I", "II", "V1 (mV)", "time", "t [ms]", "1", "0,5", "-2.5", "", "nan", "inf", "x", '"', "1e999"]),
    min_size=1, max_size=4), max_size=6)


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.tuples(csv_texts, st.sampled_from([",", ";", "\t"])).map(
    lambda made: "\n".join(made[1].join(row) for row in made[0]).encode()))
def test_no_table_breaks_the_reader(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes(content)
        reads_or_refuses(path, ReadOptions(fs_hz=500, unit="mV"))
