"""Where an export comes from is written beside the samples and read back; other people's comments stay comments."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.formats.provenance import lines_of, read_lines
from peace_model.ecg.formats.quantise import digits, scale_of
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.recording import DeclaredFilters, LeadRole, Recording, RoleKind, Source, roles_of


def made(signal: object, *, quantum_mv: tuple[float | None, ...] = ()) -> Recording:
    rows = np.atleast_2d(np.asarray(signal, dtype=np.float32))
    leads = ("I", "V1")[:len(rows)]
    return Recording(rows, 500.0, leads, roles_of(leads), None, None, None, "",
                     Source(Path("x.xml"), "muse", "c0" * 32, (), quantum_mv=quantum_mv))


def test_the_lines_give_back_what_they_were_made_of() -> None:
    filters = DeclaredFilters(0.05, 150.0, 60.0, "third order; zero phase")
    recording = made([[0, 1], [1, 0]])
    recording = replace(
        recording, roles=(LeadRole("I", RoleKind.RECORDED), LeadRole("V1", RoleKind.DERIVED, "I, II")),
        source=replace(recording.source, filters=filters, producer="Maker M 1"))
    told, rest = read_lines(["Female 12", *lines_of(recording), "Normal ECG"])
    assert rest == ("Female 12", "Normal ECG")
    assert (told.filters, told.producer, told.exported_from) == (filters, "Maker M 1", f"muse {'c0' * 32}")
    assert told.derived == (("V1", "I, II"),)
    assert told.roles(roles_of(("I", "V1")))[:2] == recording.roles


def test_other_people_s_comments_are_left_alone() -> None:
    comments = ("Recorder: Dr. Hasty", "Filters: none", "Derived leads: III of I, II", "Exported from: the ward")
    told, rest = read_lines(comments)
    assert rest == comments
    assert (told.producer, told.derived, bool(told.filters)) == ("", (), False)


def test_no_line_reaches_the_statements(tmp_path: Path) -> None:
    recording = replace(made([[0, 0.005], [0.01, 0]], quantum_mv=(0.005, 0.005)), source_statements=("Normal ECG",))
    back = read_recording(write_wfdb(recording, tmp_path, "rec"))
    assert back.source_statements == ("Normal ECG",)
    assert back.source.exported_from == f"muse {'c0' * 32}"
    unhashed = replace(recording, source=replace(recording.source, sha256=""))
    assert read_recording(write_wfdb(unhashed, tmp_path, "rec")).source_statements == ("Normal ECG",)


@pytest.mark.parametrize(("step", "offset"), [(0.005, 0), (0.00488, 0), (1 / 33917.33949191686, 0), (0.001, 60_000)])
def test_the_step_of_the_source_is_kept(step: float, offset: int) -> None:
    whole = np.array([[0, 1, -300, 32_000, 7]]) + offset
    recording = made(whole * step, quantum_mv=(step,))
    scale = scale_of(recording)
    assert (scale.step_mv[0], scale.bits) == (step, 16)
    np.testing.assert_array_equal(digits(recording.signal_mv, scale) - scale.zero[:, None], whole)


def test_wide_samples_take_32_bits() -> None:
    whole = np.array([[-8_000_000, 0, 8_000_000, 1]])
    scale = scale_of(made(whole * 1e-4, quantum_mv=(1e-4,)))
    assert scale.bits == 32
    assert scale.step_mv[0] == 1e-4


def test_a_lead_of_unknown_step_takes_its_neighbours_or_a_fine_one() -> None:
    one, two = np.array([0, 1, 5, -3]) * 0.005, np.array([2, 1, 0, 4]) * 0.005
    scale = scale_of(made([one, (one + two) / 2], quantum_mv=(0.005, None)))
    assert scale.step_mv.tolist() == [0.005, 0.0025]
    fine = scale_of(made([one, np.array([0.1, 0.2345678, 1.1, np.nan])], quantum_mv=(0.005, None)))
    assert fine.step_mv[1] == pytest.approx(1.1 / 32767, rel=1e-3)
    assert digits(np.array([[0.0], [np.nan]], dtype=np.float32), fine)[1, 0] == fine.not_recorded


@pytest.mark.parametrize("signal", [np.zeros((1, 0)), [[0.0, np.inf]]])
def test_nothing_and_infinity_are_refused(signal: object) -> None:
    with pytest.raises(ValueError, match="signal is"):
        scale_of(made(signal))
