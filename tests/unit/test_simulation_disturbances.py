"""Disturbances do to the recording what they do on the ward, and nothing else."""

import numpy as np
import pytest

from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.quality import input_findings
from peace_model.ecg.simulation import Disturbances, SimulationSpec, simulate


def drawn(lead_set: int = 12, **disturbances) -> Recording:
    return simulate(SimulationSpec(age_days=1200, sex="F", seed=4, lead_set=lead_set,
                                   disturbances=Disturbances(**disturbances))).recording


def added(**disturbances) -> np.ndarray:
    return drawn(**disturbances).signal_mv.astype(float) - drawn().signal_mv


def band_power(signal: np.ndarray, low_hz: float, high_hz: float) -> float:
    spectrum = np.abs(np.fft.rfft(signal - signal.mean())) ** 2
    hz = np.fft.rfftfreq(len(signal), 1 / 500)
    return float(spectrum[(hz >= low_hz) & (hz <= high_hz)].sum() / spectrum[1:].sum())


def test_nothing_is_disturbed_by_default():
    assert np.abs(added()).max() == 0


def test_muscle_noise_is_fast_and_as_large_as_asked():
    noise = added(muscle_noise_mv=0.02)
    assert 0.01 < noise[6].std() < 0.04
    assert band_power(noise[6], 20, 250) > 0.8


def test_wander_is_slow():
    drift = added(wander_mv=0.3)
    assert 0.05 < drift[1].std() < 0.6
    assert band_power(drift[1], 0, 1) > 0.95


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_mains_hums_at_its_frequency_in_every_chest_lead(mains_hz):
    hum = added(mains_mv=0.1, mains_hz=mains_hz)
    for row in hum[6:]:
        assert band_power(row, mains_hz - 0.5, mains_hz + 0.5) > 0.9


def test_a_railed_lead_stands_on_the_limit_and_the_others_do_not():
    recording = drawn(railed_leads=("V2",), rail_mv=3.0)
    railed = np.abs(recording.lead("V2")) == np.float32(3.0)
    assert railed.sum() > 200
    starts = np.flatnonzero(np.diff(railed.astype(int)) > 0)
    assert len(starts) >= 2
    assert [finding.leads for finding in input_findings(recording) if finding.code == "saturated"] == [("V2",)]
    assert np.abs(recording.lead("V2")).max() <= 3.0
    assert np.array_equal(recording.lead("V3"), drawn().lead("V3"))


def test_a_lead_off_is_not_recorded_or_flat():
    assert np.isnan(drawn(leads_off=("V4",)).lead("V4")).all()
    flat = drawn(leads_off=("V4",), lead_off_as="flat")
    assert not flat.lead("V4").any()
    assert np.isfinite(flat.signal_mv).all()


def test_swapped_arms_exchange_the_limb_leads_and_leave_the_chest_alone():
    right, wrong = drawn(), drawn(arms_swapped=True)
    pairs = {"I": ("I", -1), "II": ("III", 1), "III": ("II", 1),
             "aVR": ("aVL", 1), "aVL": ("aVR", 1), "aVF": ("aVF", 1)}
    for lead, (was, sign) in pairs.items():
        assert np.allclose(wrong.lead(lead), sign * right.lead(was), atol=1e-5)
    for lead in ("V1", "V6"):
        assert np.array_equal(wrong.lead(lead), right.lead(lead))
    assert "limb_leads_swapped" in {finding.code for finding in input_findings(wrong)}
    assert "limb_leads_swapped" not in {finding.code for finding in input_findings(right)}
