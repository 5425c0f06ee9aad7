"""Rate and axis against simulated hearts whose truth is known, from the first day to adulthood."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from peace_model.ecg.measurement import Measurement, measure
from peace_model.ecg.measurement.catalogue import catalogue
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.recording import Recording, roles_of
from peace_model.ecg.simulation import Disturbances, Pathology, SimulatedRecording, SimulationSpec, simulate

hearts = st.builds(
    SimulationSpec, age_days=st.integers(0, 12_000), sex=st.sampled_from(["F", "M"]), seed=st.integers(0, 10_000),
    fs_hz=st.sampled_from([100.0, 250.0, 500.0, 1000.0]), lead_set=st.sampled_from([9, 12, 15]),
    disturbances=st.builds(Disturbances, muscle_noise_mv=st.floats(0, 0.03), wander_mv=st.floats(0, 0.5)))


AXIS_TOLERANCE_DEG = 15.0
"""With muscle noise and a wandering baseline; 95 of 100 hearts are within 5 degrees."""
FIBRILLATION_TOLERANCE_DEG = 25.0
"""What the median of a few beats leaves of the fibrillation waves lies within the QRS too."""
RHYTHM_OR_ST = {Pathology.PVC, Pathology.STT_CHANGE}
"""Beats of two shapes, and a raised ST segment: neither has one plain end of QRS."""


def measured(recording: Recording) -> dict[str, Measurement]:
    return {item.name: item for item in measure(recording)}


@settings(max_examples=25)
@given(hearts)
def test_every_beat_of_a_healthy_heart_is_found_once(spec: SimulationSpec) -> None:
    made = simulate(spec)
    found = delineate(made.recording).r_samples
    margin = 0.2 * spec.fs_hz
    true = np.array([beat.r_peak for beat in made.truth.beats if beat.r_peak >= 0])
    inside = true[(true > margin) & (true < made.recording.n_samples - margin)]
    assert all(np.abs(found - beat).min() <= 0.06 * spec.fs_hz for beat in inside)
    inner = found[(found > margin) & (found < made.recording.n_samples - margin)]
    assert all(np.abs(true - beat).min() <= 0.06 * spec.fs_hz for beat in inner)
    rate = measured(made.recording)["heart_rate_bpm"].value
    assert rate is not None
    assert abs(rate - made.truth.hr_bpm) <= 0.08 * made.truth.hr_bpm


def axis_error_deg(made: SimulatedRecording) -> float:
    axis = measured(made.recording)["qrs_axis_deg"]
    if axis.value is None:
        assert axis.reason.startswith("indeterminate")
        return 0.0
    return abs((axis.value - made.truth.axis_deg + 180) % 360 - 180)


@settings(max_examples=15)
@given(hearts)
def test_the_axis_is_that_of_the_heart(spec: SimulationSpec) -> None:
    # Ten milliseconds a sample are too coarse for a newborn's QRS, which has six of them.
    spec = replace(spec, fs_hz=max(spec.fs_hz, 250.0))
    assert axis_error_deg(simulate(spec)) < AXIS_TOLERANCE_DEG


@settings(max_examples=15)
@given(hearts, st.sampled_from(sorted(set(Pathology) - RHYTHM_OR_ST)))
@example(SimulationSpec(2, "F", 4249, fs_hz=250.0), Pathology.LAE)
@example(SimulationSpec(126, "F", 8), Pathology.LAE)
def test_the_axis_is_that_of_a_sick_heart_too(spec: SimulationSpec, pathology: Pathology) -> None:
    # The P wave of a young infant is as tall as a QRS of low voltage, and ends where that begins.
    assume(not (pathology is Pathology.LOW_VOLTAGE and spec.age_days < 90))
    # Ten milliseconds a sample are too coarse for the end of a blocked bundle's slow tail.
    spec = replace(spec, fs_hz=max(spec.fs_hz, 250.0))
    tolerance = FIBRILLATION_TOLERANCE_DEG if pathology is Pathology.ATRIAL_FIBRILLATION else AXIS_TOLERANCE_DEG
    assert axis_error_deg(simulate(replace(spec, pathologies=frozenset({pathology})))) < tolerance


@settings(max_examples=15)
@given(hearts)
def test_every_measurement_says_where_it_comes_from(spec: SimulationSpec) -> None:
    for item in measure(simulate(spec).recording):
        assert (item.value is None) == (item.origin == "unavailable") == bool(item.reason)
        assert item.flag is None or (item.limit is not None and bool(item.limit.limits))
    names = [item.name for item in measure(simulate(spec).recording)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("pathology", [Pathology.SVT, Pathology.CRBBB, Pathology.WPW, Pathology.RVH,
                                       Pathology.LOW_VOLTAGE, Pathology.LONG_QT])
def test_unusual_beats_are_counted_once(pathology: Pathology) -> None:
    for seed in range(4):
        made = simulate(SimulationSpec(1500, "M", seed, pathologies=frozenset({pathology})))
        rate = measured(made.recording)["heart_rate_bpm"].value
        assert rate is not None
        assert abs(rate - made.truth.hr_bpm) < 0.05 * made.truth.hr_bpm


def test_a_fast_rate_is_flagged_with_its_source() -> None:
    made = simulate(SimulationSpec(1500, "M", 1, pathologies=frozenset({Pathology.SVT})))
    rate = measured(made.recording)["heart_rate_bpm"]
    assert rate.flag == "above"
    assert rate.limit is not None
    assert rate.limit.limits[0].name == "Rijnbeek 2001"


def test_an_unknown_age_flags_nothing() -> None:
    made = simulate(SimulationSpec(1500, "M", 1, pathologies=frozenset({Pathology.SVT})))
    items = measure(made.recording.with_person(age=None, sex="M"))
    assert all(item.flag is None for item in items)


def with_lead(recording: Recording, lead: str, samples: np.ndarray) -> Recording:
    signal = recording.signal_mv.copy()
    signal[recording.leads.index(lead)] = samples
    return replace(recording, signal_mv=signal)


def test_no_axis_from_limb_leads_that_cannot_be_trusted() -> None:
    plain = simulate(SimulationSpec(1500, "M", 1)).recording
    kept = tuple(lead for lead in plain.leads if lead != "II")
    lost = replace(plain, signal_mv=np.stack([plain.lead(lead) for lead in kept]), leads=kept, roles=roles_of(kept))
    for recording, reason in (
            (lost, "leads I and II are needed"),
            (with_lead(plain, "I", np.zeros(plain.n_samples)), "a limb lead is flat or repeats another one"),
            (with_lead(plain, "III", -plain.lead("III")), "the limb leads contradict each other"),
            (with_lead(plain, "aVL", plain.lead("aVL") * 60), "a limb lead is on the recorder's rail"),
            (replace(plain, signal_mv=plain.signal_mv[:, :600].copy()), "fewer than three beats were found")):
        axis = measured(recording)["qrs_axis_deg"]
        assert (axis.value, axis.reason) == (None, reason)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 10, 300, 3000]), st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=15)
def test_no_signal_breaks_the_measurements(seed: int, n_samples: int, missing: float) -> None:
    random = np.random.default_rng(seed)
    signal = random.normal(size=(12, n_samples)).astype(np.float32)
    signal[random.random(signal.shape) < missing] = np.nan
    recording = replace(simulate(SimulationSpec(900, "F", 1)).recording, signal_mv=signal)
    assert [item.name for item in measure(recording)] == [entry.name for entry in catalogue(recording.leads)]
