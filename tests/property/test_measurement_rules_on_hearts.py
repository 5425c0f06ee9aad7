"""Rules on simulated hearts: what was drawn into them is found, and a healthy heart stays without a pattern."""

from dataclasses import replace

import pytest

from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.simulation import Disturbances, Pathology, SimulationSpec, simulate

CHILD_DAYS, ADULT_DAYS = 2400, 12_000
PATTERNS = {"rbbb_complete", "rbbb_incomplete", "lafb", "pre_excitation", "rvh_r_v1", "rvh_s_v6", "rvh_sokolow",
            "lvh_r_v6", "lvh_s_v1", "lvh_sokolow", "lvh_cornell", "low_voltage_limb", "low_voltage_chest", "rate_high",
            "rate_low", "first_degree_av_block", "qtc_bazett_480", "axis_left", "axis_right"}


def met(age_days: int, *pathologies: Pathology, seed: int = 1) -> set[str]:
    spec = SimulationSpec(age_days, "M", seed, duration_s=6, pathologies=frozenset(pathologies),
                          disturbances=Disturbances(muscle_noise_mv=0.005))
    recording = simulate(spec).recording
    return {item.code for item in apply_rules(recording, measure(recording)) if item.positive}


@pytest.mark.parametrize(("age_days", "pathology", "expected"), [
    (CHILD_DAYS, Pathology.RVH, {"rvh_r_v1", "rvh_s_v6", "axis_right"}),
    (ADULT_DAYS, Pathology.RVH, {"rvh_sokolow"}),
    (CHILD_DAYS, Pathology.LVH, {"lvh_r_v6", "lvh_s_v1"}),
    (ADULT_DAYS, Pathology.LVH, {"lvh_sokolow", "lvh_cornell"}),
    (CHILD_DAYS, Pathology.CRBBB, {"rbbb_complete", "qrs_wide"}),
    (CHILD_DAYS, Pathology.WPW, {"pre_excitation"}),
    (ADULT_DAYS, Pathology.LAFB, {"lafb", "axis_left"}),
    (CHILD_DAYS, Pathology.FIRST_DEGREE_AV_BLOCK, {"first_degree_av_block", "pr_long"}),
    (CHILD_DAYS, Pathology.LONG_QT, {"qtc_bazett_480", "qtc_bazett_high"}),
    (CHILD_DAYS, Pathology.LOW_VOLTAGE, {"low_voltage_limb", "low_voltage_chest"}),
    (CHILD_DAYS, Pathology.SVT, {"rate_high"})])
def test_what_was_drawn_is_found(age_days: int, pathology: Pathology, expected: set[str]) -> None:
    assert expected <= met(age_days, pathology)


@pytest.mark.parametrize("age_days", [40, 400, CHILD_DAYS, ADULT_DAYS])
def test_a_healthy_heart_shows_no_pattern(age_days: int) -> None:
    for seed in (2, 3):
        assert met(age_days, seed=seed) & PATTERNS == set()


def test_without_p_waves_nothing_is_said_of_pr() -> None:
    recording = simulate(SimulationSpec(ADULT_DAYS, "F", 2, pathologies=frozenset({Pathology.ATRIAL_FIBRILLATION}))
                         ).recording
    measured = {item.name: item for item in measure(recording)}
    results = {item.code: item for item in apply_rules(recording, measured.values())}
    assert measured["pr_ms"].value is None
    assert measured["rhythm_regularity"].value == 1
    for code in ("pr_long", "pr_short", "first_degree_av_block", "pre_excitation"):
        assert results[code].positive is None
        assert measured["pr_ms"].reason in results[code].reason


def test_contradicting_limb_leads_cast_doubt_on_every_voltage() -> None:
    heart = simulate(SimulationSpec(ADULT_DAYS, "F", 2, duration_s=6)).recording
    signal_mv = heart.signal_mv.copy()
    signal_mv[heart.leads.index("III")] *= 2
    wrong = replace(heart, signal_mv=signal_mv)
    results = {item.code: item for item in apply_rules(wrong, measure(wrong))}
    plain = {item.code: item for item in apply_rules(heart, measure(heart))}
    assert "gain_doubtful" in [note.code for note in results["low_voltage_chest"].notes]
    assert "gain_doubtful" not in [note.code for note in plain["low_voltage_chest"].notes]
