"""Files as they come from disks and shares: each gives a recording that says what is odd, or one clear line."""

import os
from pathlib import Path

import numpy as np
import pytest

from peace_desktop.jobs.case import analyse
from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.simulation import SimulationSpec, simulate

NAME = "Qwertyson"
HEART = np.rint(simulate(SimulationSpec(age_days=700, sex="F", seed=1, duration_s=4)).recording.signal_mv * 1000)


def record(folder: Path, digital: np.ndarray = HEART, *, gain: str = "1000(0)/mV", comments: tuple[str, ...] = (),
           mark: bytes = b"") -> Path:
    lines = [f"rec 12 500 {digital.shape[1]}"]
    lines += [f"rec.dat 16 {gain} 16 0 0 0 0 {lead}" for lead in STANDARD_12]
    lines += [f"# {comment}" for comment in comments]
    (folder / "rec.dat").write_bytes(digital.T.astype("<i2").tobytes())
    (folder / "rec.hea").write_bytes(mark + "\n".join([*lines, ""]).encode())
    return folder / "rec.hea"


def test_flat_lines_on_the_rail_have_no_heart_rate(tmp_path: Path) -> None:
    case = analyse(read_recording(record(tmp_path, np.full((12, 5000), 32767))), predictor=None)
    assert {"flat_lead", "saturated"} <= {finding.code for finding in case.findings}
    assert all(item.value is None for item in case.measurements)


@pytest.mark.parametrize("comment", [
    f"Age: Anna {NAME}", f"PatientName={NAME}", f"Surname: {NAME}", f"Pat. {NAME}", f"Child of {NAME}",
    f"Mother: {NAME}", f"Patient name {NAME}", f"Referring: {NAME}", f"Dr {NAME}"])
def test_a_persons_name_in_the_comments_goes_nowhere(tmp_path: Path, comment: str) -> None:
    recording = read_recording(record(tmp_path, comments=(comment,)))
    said = [*recording.source_statements, recording.patient_key]
    said += [finding.text for finding in analyse(recording, predictor=None).findings]
    assert NAME not in " ".join(said)


def test_a_negative_gain_is_read_and_said(tmp_path: Path) -> None:
    recording = read_recording(record(tmp_path, gain="-1000(0)/mV"))
    assert [finding.code for finding in recording.warnings] == ["negative_gain"]
    assert np.allclose(recording.signal_mv, -HEART / 1000, atol=1e-6)


@pytest.mark.parametrize(("gain", "field"), [("1e-300(0)/mV", "gain"), ("nan/mV", "gain of signal 1")])
def test_a_gain_no_recorder_has_is_refused(tmp_path: Path, gain: str, field: str) -> None:
    with pytest.raises(RecordingError) as caught:
        read_recording(record(tmp_path, gain=gain))
    assert caught.value.field == field


def test_a_byte_order_mark_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="byte order mark"):
        read_recording(record(tmp_path, mark=b"\xef\xbb\xbf"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["pipe.hea", "pipe.csv"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert find_recordings([tmp_path]) == ()
    with pytest.raises(RecordingError, match="no ordinary file"):
        read_recording(tmp_path / name)


def test_in_a_folder_an_empty_table_is_refused_and_a_lone_dat_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "notes.txt").write_bytes(b"")
    (tmp_path / "lone.dat").write_bytes(b"\0\0")
    (found,) = find_recordings([tmp_path])
    with pytest.raises(RecordingError, match="empty"):
        read_recording(found.path)


def test_more_samples_than_a_day_has_are_refused_before_they_are_read(tmp_path: Path) -> None:
    lines = ["rec 12 2000 100000000", *(f"rec.dat 16 1000(0)/mV 16 0 0 0 0 {lead}" for lead in STANDARD_12), ""]
    (tmp_path / "rec.hea").write_text("\n".join(lines))
    with pytest.raises(RecordingError, match="million samples"):
        read_recording(tmp_path / "rec.hea")
