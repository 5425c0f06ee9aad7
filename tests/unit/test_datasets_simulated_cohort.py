"""Edits of known size: what was asked is what happens, the limb leads stay a triangle, no edit changes nothing."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peace_model.datasets.simulated_cohort import ShiftError, shift_towards
from peace_model.datasets.simulated_edit import TOUCHED, Beats, NotEditable, Shift, edit, find_beats
from peace_model.ecg.leads import LIMB_FROM_I_AND_II, STANDARD_12, frontal_angle_deg
from peace_model.ecg.signal.heartbeats import find_r_peaks
from peace_model.ecg.simulation.simulate import SimulatedRecording, simulate
from peace_model.ecg.simulation.spec import SimulationSpec

FS_HZ = 100.0


def adult(seed: int) -> SimulatedRecording:
    return simulate(SimulationSpec(age_days=40 * 365, sex="F", seed=seed, fs_hz=FS_HZ))


def true_beats(simulated: SimulatedRecording) -> Beats:
    """The beats as they were drawn, so that these tests do not hang on a delineation."""
    beats = [beat for beat in simulated.truth.beats if min(
        beat.r_peak, beat.p_on or 0, beat.qrs_on, beat.qrs_off, beat.t_off) >= 0]
    away = [np.median([getattr(beat, name) - beat.r_peak for beat in beats])
            for name in ("p_on", "qrs_on", "qrs_off", "t_off")]
    r = np.array([beat.r_peak for beat in simulated.truth.beats if beat.r_peak >= 0], float)
    return Beats(r, *map(float, away))


SHIFTS = st.builds(
    Shift, rr=st.floats(0.75, 1.3), pr=st.floats(0.7, 1.1), qrs=st.floats(0.7, 1.2), qt=st.floats(0.7, 1.05),
    rotation_deg=st.floats(-90, 90), right_precordial=st.floats(0, 1), t_inversion=st.floats(0, 1),
    voltage=st.floats(0.5, 2))


@settings(max_examples=30)
@given(seed=st.integers(0, 50), shift=SHIFTS)
def test_the_limb_leads_stay_one_triangle_whatever_is_edited(seed: int, shift: Shift) -> None:
    simulated = adult(seed)
    try:
        edited = edit(simulated.recording.signal_mv, FS_HZ, true_beats(simulated), shift).signal_mv
    except NotEditable:
        assume(False)
    for name, (of_one, of_two) in LIMB_FROM_I_AND_II.items():
        np.testing.assert_allclose(edited[STANDARD_12.index(name)], of_one * edited[0] + of_two * edited[1], atol=1e-5)
    assert np.isfinite(edited).all()


@settings(max_examples=10)
@given(seed=st.integers(0, 50))
def test_no_edit_gives_the_very_samples_back(seed: int) -> None:
    simulated = adult(seed)
    edited = edit(simulated.recording.signal_mv, FS_HZ, true_beats(simulated), Shift())
    np.testing.assert_array_equal(edited.signal_mv, simulated.recording.signal_mv)


@settings(max_examples=20)
@given(seed=st.integers(0, 50), rr=st.floats(0.8, 1.2), pr=st.floats(0.8, 1.05), qrs=st.floats(0.8, 1.1),
       qt=st.floats(0.75, 1.0))
def test_every_interval_changes_by_the_factor_asked_for(seed: int, rr: float, pr: float, qrs: float, qt: float) -> None:
    simulated = adult(seed)
    beats = true_beats(simulated)
    try:
        edited = edit(simulated.recording.signal_mv, FS_HZ, beats, Shift(rr=rr, pr=pr, qrs=qrs, qt=qt))
    except NotEditable:
        assume(False)
    p_on, qrs_on, qrs_off, t_off = edited.boundaries.T
    np.testing.assert_allclose(np.diff(qrs_on), rr * np.diff(beats.r), rtol=1e-9)
    np.testing.assert_allclose(qrs_on - p_on, pr * (beats.qrs_on - beats.p_on), rtol=1e-9)
    np.testing.assert_allclose(qrs_off - qrs_on, qrs * (beats.qrs_off - beats.qrs_on), rtol=1e-9)
    np.testing.assert_allclose(t_off - qrs_on, qt * (beats.t_off - beats.qrs_on), rtol=1e-9)
    assert edited.signal_mv.shape[1] == pytest.approx(rr * 1000, abs=0.15 * 1000)
    seen = find_r_peaks(edited.signal_mv, FS_HZ)
    before = find_r_peaks(simulated.recording.signal_mv, FS_HZ)
    assert np.median(np.diff(seen)) == pytest.approx(rr * np.median(np.diff(before)), abs=1.5)


@pytest.mark.parametrize("turn_deg", [-40, 25, 70])
def test_the_axis_turns_by_the_angle_asked_for(turn_deg: float) -> None:
    simulated = adult(7)
    beats = true_beats(simulated)
    angles = []
    for shift in (Shift(), Shift(rotation_deg=turn_deg)):
        signal = edit(simulated.recording.signal_mv, FS_HZ, beats, shift).signal_mv
        qrs = [np.arange(round(r + beats.qrs_on), round(r + beats.qrs_off) + 1) for r in beats.r[1:-1]]
        net = {lead: sum(float(signal[STANDARD_12.index(lead), at].sum()) for at in qrs) for lead in ("I", "aVF")}
        angles.append(frontal_angle_deg(one=net["I"], avf=net["aVF"]))
    assert (angles[1] - angles[0] + 180) % 360 - 180 == pytest.approx(turn_deg, abs=0.5)


def test_waves_outside_the_edit_stay_as_they_were() -> None:
    simulated = adult(3)
    beats, signal = true_beats(simulated), simulated.recording.signal_mv
    turned = edit(signal, FS_HZ, beats, Shift(rotation_deg=60, right_precordial=0.5)).signal_mv
    upside_down = edit(signal, FS_HZ, beats, Shift(t_inversion=1.0)).signal_mv
    for r in beats.r[1:-1]:
        in_p = slice(round(r + beats.p_on), round(r + beats.qrs_on) - 5)
        np.testing.assert_array_equal(turned[:, in_p], signal[:, in_p])
        in_qrs = slice(round(r + beats.qrs_on), round(r + beats.qrs_off) - 1)
        np.testing.assert_array_equal(upside_down[:, in_qrs], signal[:, in_qrs])
    others = [lead for lead, name in enumerate(STANDARD_12) if name not in ("V1", "V2", "V3")]
    np.testing.assert_array_equal(upside_down[others], signal[others])


def test_full_inversion_turns_t_over_and_full_dominance_mirrors_the_precordial_qrs() -> None:
    simulated = adult(3)
    beats, signal = true_beats(simulated), simulated.recording.signal_mv
    v2 = STANDARD_12.index("V2")
    peak = round(beats.r[3] + beats.qrs_off + 0.64 * (beats.t_off - beats.qrs_off))
    level = signal[v2, round(beats.r[3] + beats.qrs_on)]
    turned = edit(signal, FS_HZ, beats, Shift(t_inversion=1.0)).signal_mv
    assert turned[v2, peak] - level == pytest.approx(-(signal[v2, peak] - level), abs=1e-5)
    mirrored = edit(signal, FS_HZ, beats, Shift(right_precordial=1.0)).signal_mv
    at = slice(round(beats.r[3] + beats.qrs_on), round(beats.r[3] + beats.qrs_off))
    np.testing.assert_allclose(mirrored[6:, at], signal[:5:-1, at], atol=1e-6)


def test_an_edit_that_would_cut_waves_is_refused() -> None:
    simulated = adult(3)
    with pytest.raises(NotEditable, match="run into the next P wave"):
        edit(simulated.recording.signal_mv, FS_HZ, true_beats(simulated), Shift(rr=0.5))
    with pytest.raises(NotEditable, match="between QRS and the end of T"):
        edit(simulated.recording.signal_mv, FS_HZ, true_beats(simulated), Shift(qt=0.3))
    with pytest.raises(ValueError, match="above 0"):
        Shift(rr=0)


def test_labels_that_an_edit_touches_are_named() -> None:
    assert set(TOUCHED) == set(Shift.__dataclass_fields__)
    assert Shift(rotation_deg=10).touched_labels >= {"LAFB", "RVH"}
    assert Shift(voltage=1.2).touched_labels >= {"LVH", "RVH", "LVOLT"}
    assert Shift().touched_labels == frozenset()


def test_the_shift_towards_a_band_is_that_of_the_cited_medians() -> None:
    age_days, infant = shift_towards("30-90d")
    assert 30 <= age_days < 91
    older = shift_towards("12-15y")[1]
    assert infant.rr < older.rr < 1
    assert infant.pr < older.pr < 1.05
    assert infant.qrs < older.qrs < 1.05
    assert infant.rotation_deg > older.rotation_deg
    with pytest.raises(ShiftError, match="no simulated shift is declared"):
        shift_towards("18y+")


def test_beats_are_found_where_they_were_drawn_and_nowhere_in_noise() -> None:
    simulated = adult(5)
    found, drawn = find_beats(simulated.recording.signal_mv, FS_HZ), true_beats(simulated)
    assert all(np.abs(found.r - r).min() <= 2 for r in drawn.r[1:-1])
    for name in ("p_on", "qrs_on", "qrs_off", "t_off"):
        assert getattr(found, name) == pytest.approx(getattr(drawn, name), abs=5)
    with pytest.raises(NotEditable):
        find_beats(np.zeros((12, 1000), np.float32), FS_HZ)
