"""The truth is exact, the algebra holds and the same specification gives the same samples, whatever is asked."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peace_model.ecg.simulation import Disturbances, Pathology, SimulationSpec, simulate
from peace_model.ecg.simulation.spec import check_combination

ANY_AGE = st.integers(0, 30_000)
SEXES = st.sampled_from(("F", "M"))
SEEDS = st.integers(0, 100_000)
RATES = st.sampled_from((100.0, 128.0, 250.0, 500.0, 977.0, 1000.0, 2000.0))
WITH_BASELINE = [p for p in Pathology if p not in (Pathology.STT_CHANGE, Pathology.ATRIAL_FIBRILLATION, Pathology.PVC)]
BASELINE_MV = 0.005


def possible(pathologies: frozenset[Pathology]) -> bool:
    try:
        check_combination(pathologies)
    except ValueError:
        return False
    return True


def outside_waves(simulated) -> np.ndarray:
    """True where no P, QRS or T wave is."""
    n_samples = simulated.recording.n_samples
    quiet = np.ones(n_samples, dtype=bool)
    for beat in simulated.truth.beats:
        for on, off in ((beat.p_on, beat.p_off), (beat.qrs_on, beat.qrs_off), (beat.t_on, beat.t_off)):
            if on is None or (on == -1 and off == -1):
                continue
            quiet[max(on, 0):(off if off != -1 else n_samples) + 1] = False
    return quiet


@settings(max_examples=60, deadline=None)
@given(age_days=ANY_AGE, sex=SEXES, seed=SEEDS, fs_hz=RATES, lead_set=st.sampled_from((9, 12, 15)),
       pathologies=st.frozensets(st.sampled_from(WITH_BASELINE), max_size=2).filter(possible))
def test_signal_is_at_baseline_wherever_the_truth_knows_no_wave(age_days, sex, seed, fs_hz, lead_set, pathologies):
    simulated = simulate(SimulationSpec(age_days=age_days, sex=sex, seed=seed, fs_hz=fs_hz, lead_set=lead_set,
                                        duration_s=5, pathologies=pathologies))
    quiet = simulated.recording.signal_mv[:, outside_waves(simulated)]
    assert quiet.size == 0 or np.abs(quiet).max() < BASELINE_MV


@settings(max_examples=60, deadline=None)
@given(age_days=ANY_AGE, sex=SEXES, seed=SEEDS,
       pathologies=st.frozensets(st.sampled_from(list(Pathology)), max_size=3).filter(possible))
def test_every_possible_combination_is_drawn_and_in_order(age_days, sex, seed, pathologies):
    simulated = simulate(SimulationSpec(age_days=age_days, sex=sex, seed=seed, pathologies=pathologies))
    recording = simulated.recording
    assert recording.source_statements == tuple(sorted(pathology.value for pathology in pathologies))
    assert np.isfinite(recording.signal_mv).all()
    assert np.abs(recording.signal_mv).max() < 12
    peaks = [beat.r_peak for beat in simulated.truth.beats if beat.r_peak != -1]
    assert len(peaks) >= 5
    assert (np.diff(peaks) > 0).all()
    for beat in simulated.truth.beats:
        inside = [mark for mark in (beat.p_on, beat.p_off, beat.qrs_on, beat.r_peak, beat.qrs_off, beat.t_on,
                                    beat.t_off) if mark not in (None, -1)]
        # Onsets are rounded down and offsets up, so waves that touch may share a sample.
        assert all(later >= mark - 1 for mark, later in pairwise(inside))


@settings(max_examples=30, deadline=None)
@given(age_days=ANY_AGE, seed=SEEDS, noise=st.sampled_from((0.0, 0.02)), swapped=st.booleans(),
       lead_set=st.sampled_from((9, 12, 15)))
def test_limb_leads_obey_einthoven_and_goldberger(age_days, seed, noise, swapped, lead_set):
    recording = simulate(SimulationSpec(
        age_days=age_days, sex="F", seed=seed, lead_set=lead_set, duration_s=3,
        disturbances=Disturbances(muscle_noise_mv=noise, wander_mv=5 * noise, mains_mv=noise, arms_swapped=swapped),
    )).recording
    one, two = recording.lead("I"), recording.lead("II")
    assert np.array_equal(recording.lead("III"), two - one)
    assert np.allclose(recording.lead("aVR"), -(one + two) / 2, atol=1e-6)
    assert np.allclose(recording.lead("aVL"), one - two / 2, atol=1e-6)
    assert np.allclose(recording.lead("aVF"), two - one / 2, atol=1e-6)


def test_same_specification_gives_the_same_samples_and_another_seed_gives_others():
    spec = SimulationSpec(age_days=400, sex="M", seed=3, disturbances=Disturbances(muscle_noise_mv=0.01))
    first, second = simulate(spec), simulate(spec)
    assert np.array_equal(first.recording.signal_mv, second.recording.signal_mv)
    assert first.truth == second.truth
    assert first.recording.source.sha256 == second.recording.source.sha256
    other = simulate(SimulationSpec(age_days=400, sex="M", seed=4))
    assert other.recording.source.sha256 != first.recording.source.sha256


@pytest.mark.parametrize("fs_hz", [100.0, 500.0, 2000.0])
def test_the_rate_changes_the_samples_and_not_the_heart(fs_hz):
    truth = simulate(SimulationSpec(age_days=2000, sex="F", seed=9, fs_hz=fs_hz)).truth
    reference = simulate(SimulationSpec(age_days=2000, sex="F", seed=9)).truth
    assert truth.qrs_ms == reference.qrs_ms
    assert truth.hr_bpm == pytest.approx(reference.hr_bpm)
    assert truth.beats[3].r_peak / fs_hz == pytest.approx(reference.beats[3].r_peak / 500, abs=1.1 / fs_hz + 0.002)
