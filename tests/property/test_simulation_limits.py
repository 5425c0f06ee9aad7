"""A healthy simulated child keeps to the published limits, measured from the samples and not from the parameters."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import frontal_angle_deg
from peace_model.ecg.norms import Limit, load_norms
from peace_model.ecg.simulation import SimulatedRecording, SimulationSpec, simulate

AGES = st.one_of(st.integers(11, 5843), st.integers(11, 200))
SEXES = st.sampled_from(("F", "M"))
SEEDS = st.integers(0, 100_000)


def rijnbeek(parameter: str, age_days: int, sex: str, lead: str | None = None) -> Limit:
    answer = load_norms().limits(parameter, lead=lead, age=Age(age_days, Precision.DAY, "test"), sex=sex,
                                 include_single_transcriptions=lead is not None)
    (limit,) = [row for row in answer.limits if row.source.startswith("Rijnbeek 2001")
                and row.age_min_days <= age_days < row.age_max_days]
    return limit


def measured(simulated: SimulatedRecording) -> dict[str, float]:
    """Rate, intervals and axis from the landmarks and the samples alone."""
    recording = simulated.recording
    ms = 1000 / recording.fs_hz
    whole = [beat for beat in simulated.truth.beats
             if -1 not in (beat.p_on, beat.qrs_on, beat.qrs_off, beat.t_off)]
    rr_ms = ms * float(np.diff([beat.qrs_on for beat in whole]).mean())
    qt_ms = ms * float(np.mean([beat.t_off - beat.qrs_on for beat in whole]))

    def area(lead: str) -> float:
        samples = recording.lead(lead)
        return float(sum(samples[beat.qrs_on:beat.qrs_off + 1].sum() for beat in whole))

    return {
        "heart_rate": 60_000 / rr_ms,
        "pr_interval": ms * float(np.mean([beat.qrs_on - beat.p_on for beat in whole if beat.p_on is not None])),
        "qrs_duration": ms * float(np.mean([beat.qrs_off - beat.qrs_on for beat in whole])),
        "qtc_bazett": qt_ms / np.sqrt(rr_ms / 1000),
        "qrs_axis": frontal_angle_deg(one=area("I"), avf=area("aVF")),
    }


@settings(max_examples=60, deadline=None)
@given(age_days=AGES, sex=SEXES, seed=SEEDS)
def test_rate_intervals_and_axis_are_inside_the_cross_checked_limits(age_days: int, sex: str, seed: int) -> None:
    found = measured(simulate(SimulationSpec(age_days=age_days, sex=sex, seed=seed)))
    for parameter, value in found.items():
        limit = rijnbeek(parameter, age_days, sex)
        assert limit.cross_checked
        assert limit.position(value) == "inside", f"{parameter} {value:.0f} not in {limit.p02}-{limit.p98}"


@settings(max_examples=40, deadline=None)
@given(age_days=AGES, sex=SEXES, seed=SEEDS)
def test_truth_says_what_the_samples_say(age_days: int, sex: str, seed: int) -> None:
    simulated = simulate(SimulationSpec(age_days=age_days, sex=sex, seed=seed))
    found, truth = measured(simulated), simulated.truth
    assert abs(found["heart_rate"] - truth.hr_bpm) < 4
    assert truth.pr_ms is not None
    assert abs(found["pr_interval"] - truth.pr_ms) < 2.5
    assert abs(found["qrs_duration"] - truth.qrs_ms) < 4.5
    assert abs(found["qtc_bazett"] - truth.qtc_ms) < 10
    assert abs(found["qrs_axis"] - truth.axis_deg) < 4


@settings(max_examples=40, deadline=None)
@given(age_days=AGES, sex=SEXES, seed=SEEDS)
def test_voltages_in_v1_and_v6_are_below_the_98th_percentile(age_days: int, sex: str, seed: int) -> None:
    recording = simulate(SimulationSpec(age_days=age_days, sex=sex, seed=seed)).recording
    for lead in ("V1", "V6"):
        for wave, height in (("r", recording.lead(lead).max()), ("s", -recording.lead(lead).min())):
            upper = rijnbeek(f"{wave}_amplitude", age_days, sex, lead).p98
            assert upper is not None
            assert 0.05 * upper < height <= upper


@settings(max_examples=40, deadline=None)
@given(age_days=AGES, sex=SEXES, seed=SEEDS)
def test_every_t_wave_ends_before_the_next_p_wave(age_days: int, sex: str, seed: int) -> None:
    beats = simulate(SimulationSpec(age_days=age_days, sex=sex, seed=seed)).truth.beats
    for beat, following in zip(beats[:-1], beats[1:], strict=True):
        if beat.t_off != -1 and following.p_on not in (None, -1):
            assert beat.t_off <= following.p_on
