"""Real recordings of every data set open with the age, sex and leads their sources give."""

from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.age import Precision
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.leads import FRANK, STANDARD_12
from peace_model.ecg.recording import RecordingError


def test_children_of_zzu(data_dir: Path) -> None:
    found = find_recordings([data_dir / "zzu_pecg"])
    assert len(found) == 11
    ages = {}
    for entry in found:
        recording = read_recording(entry.path)
        assert recording.age is not None
        assert recording.age.precision is Precision.DAY
        assert recording.leads == STANDARD_12
        assert recording.fs_hz == 500
        assert recording.warnings == ()
        assert recording.patient_key == entry.path.stem[:6]
        assert recording.sex in ("F", "M")
        ages[entry.path.stem] = recording.age.days
    assert ages["P00073_E02"] == 2740
    assert ages["P02222_E01"] == 111


def test_challenge_records_are_matlab_files_with_ages_in_years(data_dir: Path) -> None:
    recordings = {entry.path.stem: read_recording(entry.path) for entry in find_recordings([data_dir / "cinc2021"])}
    assert len(recordings) == 9
    child = recordings["JS20008"]
    assert child.age is not None
    assert (child.age.days, child.age.precision, child.sex) == (1826, Precision.YEAR, "M")
    assert child.source_statements == ("Dx: 284470004,427393009",)
    assert all(recording.source.files[1].suffix == ".mat" for recording in recordings.values())


def test_a_header_without_unit_asks_and_then_opens_fifteen_leads(data_dir: Path) -> None:
    path = data_dir / "formats" / "wfdb" / "s0010_re.hea"
    with pytest.raises(RecordingError) as caught:
        read_recording(path)
    assert caught.value.field == "unit"
    recording = read_recording(path, options=ReadOptions(unit="mV"))
    assert recording.leads == STANDARD_12 + FRANK
    assert recording.fs_hz == 1000
    assert recording.age is not None
    assert (recording.age.days // 365, recording.sex) == (81, "F")
    assert [finding.code for finding in recording.warnings] == ["unit_given_by_user"]
    assert len(recording.source.files) == 3


def test_a_holter_excerpt_opens_with_its_two_leads(data_dir: Path) -> None:
    recording = read_recording(data_dir / "formats" / "wfdb" / "208.hea", options=ReadOptions(unit="mV"))
    assert recording.leads == ("MLII", "V1")
    assert "II" in recording.absent_leads
    assert recording.duration_s == pytest.approx(1805.6, abs=0.1)
    assert np.isfinite(recording.signal_mv).all()


def test_the_tables_of_the_data_sets_are_no_recordings(data_dir: Path) -> None:
    names = [entry.path.name for entry in find_recordings([data_dir])]
    assert not [name for name in names if name.casefold().endswith((".csv", ".md", ".py", ".zip", ".npy"))]
