"""What is exported comes back: to the sample where the recorder's step is known, within one written step where not."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from recording_strategies import recorded, recordings

from peace_model.ecg.formats.csv_writer import write_csv
from peace_model.ecg.formats.dicom_writer import write_dicom
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import LeadRole, Recording, RoleKind


def same_person_and_time(one: Recording, other: Recording) -> None:
    assert (one.age, one.sex, one.recorded_at) == (other.age, other.sex, other.recorded_at)
    assert (one.patient_key, one.identity) == (other.patient_key, None)
    assert (one.source_statements, one.simulated) == (other.source_statements, other.simulated)


def derived(recording: Recording) -> tuple[LeadRole, ...]:
    return tuple(role for role in recording.roles if role.kind is RoleKind.DERIVED)


@settings(max_examples=15)
@given(recordings())
def test_a_dicom_export_comes_back(recording: Recording) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_dicom(recording, Path(folder, "out.dcm"), version="1.0")
        back = read_recording(path)
        dataset = pydicom.dcmread(path)
    steps = np.array(back.source.quantum_mv)[:, None]
    np.testing.assert_array_equal(np.isnan(back.signal_mv), np.isnan(recording.signal_mv))
    apart = np.nan_to_num(np.abs(back.signal_mv - recording.signal_mv))
    assert np.all(apart <= 0.5 * steps + 1e-6 * np.nan_to_num(np.abs(recording.signal_mv)))
    # pydicom alone sees the same numbers, the padding value as a number too.
    seen = dataset.waveform_array(0).T / 1000
    assert np.all(np.isnan(back.signal_mv) | (np.abs(seen - back.signal_mv) <= 1e-6 * np.abs(seen) + 1e-12))
    assert (back.leads, back.fs_hz, back.roles) == (recording.leads, recording.fs_hz, recording.roles)
    assert back.warnings == ()
    same_person_and_time(back, recording)


@settings(max_examples=15)
@given(recorded())
def test_samples_on_a_recorder_s_steps_survive_both_exports(recording: Recording) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept = (read_recording(write_dicom(recording, Path(folder, "out.dcm"))),
                read_recording(write_wfdb(recording, Path(folder), "out")))
    for back in kept:
        np.testing.assert_allclose(back.signal_mv[:8], recording.signal_mv[:8], rtol=1.5e-7, atol=1e-9)
        # Leads computed from float32 samples far off zero lie beside the recorder's steps.
        apart = np.nan_to_num(np.abs(back.signal_mv[8:] - recording.signal_mv[8:]))
        assert np.all(apart <= 0.6 * np.array(back.source.quantum_mv[8:])[:, None])
        assert back.source.quantum_mv[:8] == pytest.approx(recording.source.quantum_mv[:8], rel=1e-9)
        assert (back.leads, derived(back)) == (recording.leads, derived(recording))
        assert back.source.filters == recording.source.filters
        assert back.source.producer == recording.source.producer
        assert back.source.exported_from == f"made {'ab' * 32}"
        same_person_and_time(back, recording)


@settings(max_examples=15)
@given(recorded() | recordings().filter(lambda made: made.n_samples > 1))
def test_a_table_gives_back_every_sample(recording: Recording) -> None:
    with tempfile.TemporaryDirectory() as folder:
        back = read_recording(write_csv(recording, Path(folder, "out.csv")))
    np.testing.assert_array_equal(back.signal_mv, recording.signal_mv)
    assert (back.leads, derived(back)) == (recording.leads, derived(recording))
    assert abs(back.fs_hz - recording.fs_hz) <= 1e-9 * recording.fs_hz


@settings(max_examples=10)
@given(recordings())
def test_no_export_names_anybody(recording: Recording) -> None:
    telling = Identity("HOSP-4711", "Doe^Jane", None, ("Saint Elsewhere", "SN-998877"))
    named = replace(recording, identity=telling, patient_key="")
    with tempfile.TemporaryDirectory() as folder:
        write_dicom(named, Path(folder, "out.dcm"))
        write_wfdb(named, Path(folder), "out")
        write_csv(named, Path(folder, "out.csv"))
        written = b"".join(path.read_bytes() for path in Path(folder).iterdir())
    for value in (telling.patient_id, telling.name, *telling.others):
        assert value.encode() not in written


@settings(max_examples=5)
@given(recorded())
def test_the_same_recording_is_the_same_object(recording: Recording) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one = write_dicom(recording, Path(folder, "one.dcm")).read_bytes()
        two = write_dicom(recording, Path(folder, "two.dcm")).read_bytes()
    assert one == two
