"""Premature beats, tachycardia and fibrillation come when and as they should."""

import numpy as np
import pytest

from peace_model.ecg.simulation import BeatKind, Pathology, SimulatedRecording, SimulationSpec, simulate

AGES = (4, 40, 300, 1500, 3000, 5000, 9000)


def drawn(age_days: int, *pathologies: Pathology, seed: int = 1) -> SimulatedRecording:
    return simulate(SimulationSpec(age_days=age_days, sex="F", seed=seed, pathologies=frozenset(pathologies)))


def onsets_and_kinds(simulated: SimulatedRecording) -> tuple[np.ndarray, list[BeatKind]]:
    beats = [beat for beat in simulated.truth.beats if beat.qrs_on != -1]
    return np.array([beat.qrs_on for beat in beats]) / simulated.recording.fs_hz, [beat.kind for beat in beats]


@pytest.mark.parametrize("age_days", AGES)
def test_pvc_is_early_wide_without_p_and_followed_by_a_compensatory_pause(age_days):
    simulated = drawn(age_days, Pathology.PVC)
    onsets, kinds = onsets_and_kinds(simulated)
    beats = [beat for beat in simulated.truth.beats if beat.qrs_on != -1]
    normal_rr = np.median(np.diff(onsets))
    found = [k for k in range(1, len(beats) - 1) if kinds[k] is BeatKind.VENTRICULAR_PREMATURE]
    assert found
    for k in found:
        assert onsets[k] - onsets[k - 1] < 0.85 * normal_rr
        assert onsets[k + 1] - onsets[k - 1] == pytest.approx(2 * normal_rr, rel=0.22)
        assert beats[k].p_on is None
        assert (beats[k].qrs_off - beats[k].qrs_on) * 2 > 1.5 * simulated.truth.qrs_ms
        for lead in ("II", "V1"):
            qrs = simulated.recording.lead(lead)[beats[k].qrs_on:beats[k].qrs_off]
            t = simulated.recording.lead(lead)[beats[k].t_on:beats[k].t_off]
            assert qrs[np.abs(qrs).argmax()] * t[np.abs(t).argmax()] < 0


@pytest.mark.parametrize("age_days", AGES)
def test_pac_is_early_and_narrow_with_a_p_wave_and_a_short_pause(age_days):
    simulated = drawn(age_days, Pathology.PAC)
    onsets, kinds = onsets_and_kinds(simulated)
    beats = [beat for beat in simulated.truth.beats if beat.qrs_on != -1]
    normal_rr = np.median(np.diff(onsets))
    found = [k for k in range(1, len(beats) - 1) if kinds[k] is BeatKind.ATRIAL_PREMATURE]
    assert found
    for k in found:
        assert onsets[k] - onsets[k - 1] < 0.9 * normal_rr
        assert onsets[k + 1] - onsets[k - 1] < 1.98 * normal_rr
        assert beats[k].p_on is not None
        assert abs((beats[k].qrs_off - beats[k].qrs_on) * 2 - simulated.truth.qrs_ms) < 6


@pytest.mark.parametrize(("age_days", "slowest", "fastest"), [(4, 230, 285), (40, 230, 285), (300, 225, 270),
                                                              (3000, 195, 245), (5000, 190, 230)])
def test_svt_is_regular_fast_and_narrow_without_p_waves(age_days, slowest, fastest):
    simulated = drawn(age_days, Pathology.SVT)
    onsets, kinds = onsets_and_kinds(simulated)
    intervals = np.diff(onsets)
    assert set(kinds) == {BeatKind.SUPRAVENTRICULAR}
    assert slowest < simulated.truth.hr_bpm < fastest
    assert intervals.std() / intervals.mean() < 0.02
    assert simulated.truth.pr_ms is None
    assert simulated.truth.qrs_ms < 100
    assert all(beat.p_on is None and beat.p_off is None for beat in simulated.truth.beats)


@pytest.mark.parametrize("age_days", AGES)
def test_atrial_fibrillation_is_irregular_with_f_waves_and_without_p_waves(age_days):
    simulated = drawn(age_days, Pathology.ATRIAL_FIBRILLATION)
    onsets, _ = onsets_and_kinds(simulated)
    intervals = np.diff(onsets)
    assert intervals.std() / intervals.mean() > 0.1
    assert all(beat.p_on is None for beat in simulated.truth.beats)
    assert simulated.truth.pr_ms is None
    fs = simulated.recording.fs_hz
    v1 = simulated.recording.lead("V1").astype(float).copy()
    for beat in simulated.truth.beats:
        v1[max(beat.qrs_on, 0):beat.t_off if beat.t_off != -1 else None] = np.nan
    quiet = v1[np.isfinite(v1)]
    if quiet.size > fs:
        assert 0.03 < quiet.std() < 0.2


def test_sinus_arrhythmia_is_deeper_in_a_schoolchild_than_in_a_newborn():
    def depth(age_days: int) -> float:
        depths = []
        for seed in range(6):
            onsets, _ = onsets_and_kinds(drawn(age_days, seed=seed))
            intervals = np.diff(onsets)
            depths.append(intervals.std() / intervals.mean())
        return float(np.mean(depths))

    assert depth(3000) > 2 * depth(10)


def test_beats_vary_a_little_from_one_to_the_next():
    simulated = drawn(2000)
    peaks = [simulated.recording.lead("II")[b.qrs_on:b.qrs_off].max() for b in simulated.truth.beats
             if -1 not in (b.qrs_on, b.qrs_off)]
    assert 0.003 < np.std(peaks) / np.mean(peaks) < 0.1


def test_the_retrograde_p_of_a_tachycardia_lies_after_the_qrs():
    with_p, without = drawn(100, Pathology.SVT), drawn(100)
    beat = next(b for b in with_p.truth.beats if b.qrs_on != -1 and b.t_off != -1)
    assert beat.qrs_off - 1 <= beat.t_on
    assert without.truth.pr_ms is not None
