"""Every pathology does what its name says, measured in the samples."""

import numpy as np
import pytest

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.norms import Limit, load_norms
from peace_model.ecg.simulation import BeatKind, Pathology, SimulatedRecording, SimulationSpec, TrueBeat, simulate

CHILDREN = (12, 75, 200, 800, 1800, 3300, 5300)
EVERYBODY = (3, *CHILDREN, 6200, 14_000)
HEARTS = [(age, sex, seed) for age in CHILDREN for sex, seed in (("F", 1), ("M", 2), ("F", 3))]
ALL_HEARTS = [(age, sex, seed) for age in EVERYBODY for sex, seed in (("F", 1), ("M", 2), ("F", 3))]
children = pytest.mark.parametrize(("age_days", "sex", "seed"), HEARTS)
everybody = pytest.mark.parametrize(("age_days", "sex", "seed"), ALL_HEARTS)


def drawn(age_days: int, sex: str, seed: int, *pathologies: Pathology) -> SimulatedRecording:
    return simulate(SimulationSpec(age_days=age_days, sex=sex, seed=seed, pathologies=frozenset(pathologies)))


def limit(parameter: str, age_days: int, sex: str, lead: str | None = None) -> Limit:
    answer = load_norms().limits(parameter, lead=lead, age=Age(age_days, Precision.DAY, "test"), sex=sex,
                                 include_single_transcriptions=True)
    return next(row for row in answer.limits if row.source.startswith("Rijnbeek 2001")
                and row.age_min_days <= age_days < row.age_max_days)


def whole_beats(simulated: SimulatedRecording, kind: BeatKind = BeatKind.SINUS) -> list[TrueBeat]:
    return [beat for beat in simulated.truth.beats if beat.kind is kind
            and -1 not in (beat.p_on, beat.qrs_on, beat.qrs_off, beat.t_off, beat.r_peak)]


def qrs(simulated: SimulatedRecording, lead: str) -> np.ndarray:
    beat = whole_beats(simulated)[1]
    return simulated.recording.lead(lead)[beat.qrs_on:beat.qrs_off + 1].astype(float)


def t_peak(simulated: SimulatedRecording, lead: str) -> float:
    beat = whole_beats(simulated)[1]
    wave = simulated.recording.lead(lead)[beat.t_on:beat.t_off + 1]
    return float(wave[np.abs(wave).argmax()])


def turns(signal: np.ndarray, *, least_mv: float) -> list[float]:
    """Peaks and troughs in order, small wiggles left out."""
    found: list[float] = []
    for before, here, after in zip(signal[:-2], signal[1:-1], signal[2:], strict=True):
        if (here - before) * (after - here) < 0 or (here != before and after == here):
            if found and (here > 0) == (found[-1] > 0):
                found[-1] = max(found[-1], here, key=abs)
            elif abs(here) >= least_mv:
                found.append(float(here))
    return found


def block_limit_ms(age_days: int) -> float:
    return 90 if age_days < 1461 else 100 if age_days < 5844 else 110


@children
def test_rvh_r_in_v1_is_above_the_98th_percentile_and_s_in_v6_is_deep(age_days, sex, seed):
    ill, well = drawn(age_days, sex, seed, Pathology.RVH), drawn(age_days, sex, seed)
    assert qrs(ill, "V1").max() > limit("r_amplitude", age_days, sex, "V1").p98
    assert -qrs(ill, "V6").min() > -qrs(well, "V6").min()
    assert ill.truth.axis_deg > min(limit("qrs_axis", age_days, sex).p98, 130)
    assert t_peak(ill, "V1") > 0


@children
def test_lvh_r_in_v6_and_s_in_v1_are_above_the_98th_percentile(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.LVH)
    assert qrs(ill, "V6").max() > limit("r_amplitude", age_days, sex, "V6").p98
    assert -qrs(ill, "V1").min() > limit("s_amplitude", age_days, sex, "V1").p98


def p_wave(simulated: SimulatedRecording, lead: str) -> np.ndarray:
    beat = whole_beats(simulated)[1]
    return simulated.recording.lead(lead)[beat.p_on:beat.p_off + 1].astype(float)


@everybody
def test_rae_p_in_ii_is_tall(age_days, sex, seed):
    assert p_wave(drawn(age_days, sex, seed, Pathology.RAE), "II").max() > 0.25
    assert p_wave(drawn(age_days, sex, seed), "II").max() < 0.25


@everybody
def test_lae_p_is_wide_and_notched_and_ends_negative_in_v1(age_days, sex, seed):
    ill, well = drawn(age_days, sex, seed, Pathology.LAE), drawn(age_days, sex, seed)
    upper_ms = limit("p_duration", age_days, sex).p98 if 11 <= age_days < 5844 else len(p_wave(well, "II")) * 2
    assert (len(p_wave(ill, "II")) - 1) * 2 > upper_ms
    assert p_wave(ill, "V1").min() < -0.05
    peaks = np.diff(np.sign(np.diff(p_wave(ill, "II"))))
    assert (peaks < 0).sum() >= 2


@everybody
def test_crbbb_is_wider_than_the_limit_with_rsr_in_v1_and_late_s_in_i_and_v6(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.CRBBB)
    v1 = qrs(ill, "V1")
    assert ill.truth.qrs_ms > block_limit_ms(age_days)
    early, late = turns(v1, least_mv=0.03), v1[int(0.55 * len(v1)):].max()
    assert early[0] > 0
    assert any(turn < 0 for turn in early) or v1[int(0.25 * len(v1)):int(0.6 * len(v1))].min() < 0.6 * early[0]
    assert late > v1[:int(0.4 * len(v1))].max()
    for lead in ("I", "V6"):
        assert qrs(ill, lead)[int(0.55 * len(v1)):].min() < -0.15


@everybody
def test_irbbb_has_a_second_r_in_v1_and_stays_within_the_limit(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.IRBBB)
    v1 = qrs(ill, "V1")
    assert ill.truth.qrs_ms <= block_limit_ms(age_days)
    first, dip, second = int(0.45 * len(v1)), slice(int(0.3 * len(v1)), int(0.8 * len(v1))), int(0.72 * len(v1))
    assert v1[second:].max() > 0.15
    assert v1[dip].min() < min(v1[:first].max(), v1[second:].max()) - 0.1


@everybody
def test_lafb_turns_the_axis_up_with_rs_inferiorly_and_qr_in_avl(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.LAFB)
    assert -90 < ill.truth.axis_deg < -30
    assert ill.truth.qrs_ms <= block_limit_ms(age_days) * 1.02
    for lead in ("II", "III", "aVF"):
        wave = qrs(ill, lead)
        r, s = int(wave[:len(wave) // 2].argmax()), int(wave.argmin())
        assert wave[r] > 0.05
        assert wave[s] < -1.2 * wave[r]
        assert r < s
    assert qrs(ill, "aVL").max() > 0.3
    assert qrs(ill, "aVL")[:len(qrs(ill, "aVL")) // 3].min() < -0.02


@everybody
def test_wpw_has_a_short_pr_a_delta_wave_and_a_wider_qrs(age_days, sex, seed):
    ill, well = drawn(age_days, sex, seed, Pathology.WPW), drawn(age_days, sex, seed)
    if 11 <= age_days < 5844:
        assert ill.truth.pr_ms < limit("pr_interval", age_days, sex).p02
    assert ill.truth.pr_ms < well.truth.pr_ms - 25
    assert ill.truth.qrs_ms > well.truth.qrs_ms + 15
    # The slope of the first third of V4 is a slur: much flatter than the steepest part, and positive.
    v4 = qrs(ill, "V4")
    third = len(v4) // 4
    assert 0.03 < v4[third] < 0.6 * v4.max()
    assert np.abs(np.diff(v4[:third])).max() < 0.6 * np.abs(np.diff(v4)).max()


@everybody
def test_long_qt_is_above_480_ms_by_bazett(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.LONG_QT)
    assert ill.truth.qtc_ms > 480
    beats = whole_beats(ill)
    rr_s = np.diff([beat.qrs_on for beat in beats]).mean() / 500
    assert np.mean([beat.t_off - beat.qrs_on for beat in beats]) * 2 / np.sqrt(rr_s) > 480


@everybody
def test_low_voltage_is_below_half_a_millivolt_in_limb_leads_and_one_in_precordial_leads(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.LOW_VOLTAGE)
    for lead in ill.recording.leads:
        assert np.ptp(qrs(ill, lead)) < (1.0 if lead.startswith("V") else 0.5)


@everybody
def test_st_t_change_depresses_st_and_inverts_t_to_the_left(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.STT_CHANGE)
    for lead in ("V5", "V6", "II"):
        assert t_peak(ill, lead) < -0.1
        beat = whole_beats(ill)[1]
        assert ill.recording.lead(lead)[beat.qrs_off] < -0.05


@everybody
def test_first_degree_block_lengthens_pr_beyond_the_limit(age_days, sex, seed):
    ill = drawn(age_days, sex, seed, Pathology.FIRST_DEGREE_AV_BLOCK)
    upper = limit("pr_interval", age_days, sex).p98 if 11 <= age_days < 5844 else 120 if age_days < 11 else 180
    assert ill.truth.pr_ms > upper
    for beat in whole_beats(ill):
        assert (beat.qrs_on - beat.p_on) * 2 > upper - 2


@pytest.mark.parametrize("age_days", [10, 20, 100, 1000, 2500, 5000, 12_000])
def test_children_have_the_t_wave_of_their_age_in_v1(age_days):
    for seed in range(4):
        well = drawn(age_days, "M", seed)
        if age_days < 5000:
            assert t_peak(well, "V1") < -0.03
        assert t_peak(well, "V6") > 0.05
    assert t_peak(drawn(1, "F", 0), "V1") > 0.05
    assert t_peak(drawn(2000, "F", 0), "V2") < 0
    assert t_peak(drawn(12_000, "F", 0), "V2") > 0.1


def test_the_right_ventricle_dominates_in_the_newborn_and_the_left_later():
    def r_to_s(age_days: int) -> float:
        v1 = qrs(drawn(age_days, "M", 5), "V1")
        return v1.max() / -v1.min()

    assert r_to_s(3) > r_to_s(200) > r_to_s(3300) > 0
    assert r_to_s(3) > 1.3
    assert r_to_s(3300) < 0.7
    assert drawn(3, "M", 5).truth.axis_deg > 90 > drawn(14_000, "M", 5).truth.axis_deg
