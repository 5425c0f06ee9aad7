"""Rules on given measurements: each with its limit, citation and reason, and none without its inputs."""

import pytest

from peace_model.ecg.age import Age, Precision, days_from_years
from peace_model.ecg.measurement import Measurement, RuleResult, apply_rules
from peace_model.ecg.measurement.catalogue import catalogue
from peace_model.ecg.measurement.conventions import load_conventions
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import Recording
from peace_model.ecg.simulation import SimulationSpec, simulate

HEART = simulate(SimulationSpec(2000, "F", 1, duration_s=2, fs_hz=100)).recording
PLAIN = {"heart_rate_bpm": 90.0, "pr_ms": 130.0, "pr_segment_ms": 40.0, "qrs_ms": 70.0, "qtc_bazett_ms": 410.0,
         "qrs_axis_deg": 60.0, "slow_onset_ms": 25.0, "r_peak_time_avl_ms": 30.0, "r_peak_time_v1_ms": 20.0,
         "r_peak_time_v5_ms": 40.0, "r_peak_time_v6_ms": 40.0, "r_duration_i_ms": 50.0, "s_duration_i_ms": 10.0,
         "r_duration_v6_ms": 50.0, "s_duration_v6_ms": 10.0,
         "second_r_v1_mv": 0.0, "second_r_v2_mv": 0.0, "beats_count": 15.0, "paced_beats_count": 0.0}
WITHOUT = "no P wave was found"


def person(age_days: int | None, sex: str | None, precision: Precision = Precision.DAY) -> Recording:
    age = Age(age_days, precision, "test") if age_days is not None else None
    return HEART.with_person(age=age, sex=sex)  # type: ignore[arg-type]


def rules(recording: Recording, **given: float | None) -> dict[str, RuleResult]:
    """The rules applied to PLAIN with some values replaced; None takes a value away. Lead amplitudes are 0.6 mV."""
    measured = []
    for entry in catalogue(recording.leads):
        value = {**PLAIN, **given}.get(entry.name, 0.6 if entry.unit == "mV" and entry.lead else None)
        limit = reference = None
        if entry.parameter:
            lead = entry.lead if entry.group == "leads" else None
            limit = load_norms().limits(entry.parameter, lead=lead, age=recording.age, sex=recording.sex)
            reference = load_norms().limits(entry.parameter, lead=lead, age=recording.age, sex=recording.sex,
                                            include_single_transcriptions=True)
        measured.append(Measurement(entry.name, value, entry.unit, "derived" if value is not None else "unavailable",
                                    "" if value is not None else WITHOUT, limit, None, entry.lead, reference))
    return {item.code: item for item in apply_rules(recording, measured)}


@pytest.mark.parametrize(("years", "limit_ms"), [
    (0.1, 90), (3.99, 90), (4.01, 100), (15.99, 100), (16.01, 110), (40, 110)])
def test_a_wide_qrs_by_age(years: float, limit_ms: float) -> None:
    child = person(days_from_years(years), "M")
    at, over = rules(child, qrs_ms=limit_ms)["qrs_wide"], rules(child, qrs_ms=limit_ms + 0.5)["qrs_wide"]
    assert (at.positive, over.positive, over.limit, over.unit) == (False, True, limit_ms, "ms")
    assert "Surawicz" in over.citation
    assert f"{limit_ms}" in over.criterion


def test_qtc_steps_are_conventions_and_belong_to_bazett() -> None:
    found = rules(person(2400, "F"), qtc_bazett_ms=480.0, qtc_fridericia_ms=600.0)
    assert [found[f"qtc_bazett_{step}"].positive for step in (460, 480, 500)] == [True, True, False]
    assert {found[f"qtc_bazett_{step}"].kind for step in (460, 480, 500)} == {"convention"}
    assert found["qtc_bazett_high"].positive
    assert found["qtc_fridericia_high"].positive is None
    assert found["qtc_fridericia_high"].reason == "no published limit at this age"


def test_newborns_have_limits_of_every_formula() -> None:
    found = rules(person(5, "F"), qtc_bazett_ms=470.0, qtc_fridericia_ms=420.0, qtc_hodges_ms=470.0,
                  qtc_framingham_ms=410.0)
    assert [found[f"qtc_{name}_high"].positive for name in ("bazett", "fridericia", "hodges", "framingham")] == [
        False, True, False, True]
    assert found["qtc_fridericia_high"].limit == 414
    assert found["rate_high"].reason == "no published limit at this age"


def test_every_result_has_its_limit_and_citation_or_its_reason() -> None:
    for recording in (person(2400, "F"), person(None, None), person(5, "M"), person(9000, None), person(6000, "F")):
        for item in rules(recording).values():
            assert (item.positive is None) == bool(item.reason)
            if item.positive is not None:
                assert item.limit is not None
                assert item.value is not None
                assert item.citation
                assert item.kind is not None
                assert "{" not in item.criterion
                assert "\N{EN DASH} " not in item.criterion


def test_no_rule_without_its_inputs() -> None:
    found = rules(person(2400, "F"), pr_ms=None, s_v1_mv=None, qrs_axis_deg=None, r_avr_mv=None)
    for code in ("pr_long", "pr_short", "first_degree_av_block", "pre_excitation", "lvh_s_v1", "axis_left",
                 "axis_right", "low_voltage_limb", "low_voltage_chest"):
        assert found[code].positive is None
        assert WITHOUT in found[code].reason
    assert found["lvh_s_v1"].reason == f"S amplitude in V1: {WITHOUT}"


def test_unknown_age_and_unknown_sex() -> None:
    unknown = rules(person(None, "F"), qtc_bazett_ms=510.0, heart_rate_bpm=250.0)
    assert (unknown["rate_high"].positive, unknown["rate_high"].reason) == (None, "the age is unknown")
    assert unknown["qtc_bazett_500"].positive
    # 2.4 mV is over Cornell's limit for women and under that for men.
    adult = {"r_avl_mv": 1.4, "s_v3_mv": 1.0}
    assert rules(person(9000, "F"), **adult)["lvh_cornell"].positive is True
    assert rules(person(9000, "M"), **adult)["lvh_cornell"].positive is False
    either = rules(person(9000, None), **adult)["lvh_cornell"]
    assert (either.positive, either.limit, [note.code for note in either.notes]) == (False, 2.8, ["limits_disagree"])


def test_a_coarse_age_is_positive_only_where_every_limit_is_passed() -> None:
    three = person(days_from_years(3), "M", Precision.YEAR)
    assert rules(three, qrs_ms=95)["qrs_wide"].positive is True
    fifteen = person(days_from_years(15), "M", Precision.YEAR)
    assert rules(fifteen, qrs_ms=105)["qrs_wide"].positive is True


def test_voltages_of_children_rest_on_two_transcriptions_and_say_so() -> None:
    found = rules(person(2400, "F"), r_v1_mv=1.25, s_v6_mv=0.2)
    assert (found["rvh_r_v1"].positive, found["rvh_r_v1"].limit) == (True, 1.24)
    assert found["rvh_r_v1"].kind == "two transcriptions"
    assert found["rvh_sokolow"].positive is None
    adult = rules(person(9000, "F"), r_v1_mv=1.25)
    assert adult["rvh_r_v1"].reason == "no published limit at this age"


def test_a_missing_second_lead_leaves_only_a_positive_sum_sure() -> None:
    adult = person(9000, "M")
    assert rules(adult, s_v1_mv=2.0, r_v6_mv=1.6, r_v5_mv=None)["lvh_sokolow"].positive is True
    open_ = rules(adult, s_v1_mv=1.0, r_v6_mv=1.6, r_v5_mv=None)["lvh_sokolow"]
    assert open_.positive is None
    assert "R amplitude" in open_.reason


@pytest.mark.parametrize(("axis_deg", "left", "right"), [(60, False, False), (-40, True, False), (150, False, True),
                                                         (-90, True, False), (170, False, True)])
def test_axis_deviation_goes_to_the_nearer_end_of_the_arc(axis_deg: float, left: bool, right: bool) -> None:
    found = rules(person(2400, "F"), qrs_axis_deg=axis_deg)
    assert (found["axis_left"].positive, found["axis_right"].positive) == (left, right)


def test_an_extreme_axis_is_called_so_whichever_end_is_nearer() -> None:
    for axis_deg, code in ((-95, "axis_left"), (-170, "axis_right"), (-80, "")):
        found = rules(person(2400, "F"), qrs_axis_deg=axis_deg)
        told = [name for name in ("axis_left", "axis_right")
                if "axis_extreme" in [note.code for note in found[name].notes]]
        assert told == ([code] if code else [])


@pytest.mark.parametrize("axis_deg", range(-175, -20, 5))
def test_between_two_age_groups_an_axis_outside_both_is_on_one_side(axis_deg: float) -> None:
    """Near the opposite of the arcs one group's nearer end is the left one, the other's the right one."""
    child = person(2972, "F")
    found = rules(child, qrs_axis_deg=axis_deg)
    assert found["axis_left"].positive is not found["axis_right"].positive
    answer = load_norms().limits("qrs_axis", age=child.age, sex=child.sex)
    assert len(answer.limits) == 2
    assert answer.position(axis_deg) == ("below" if found["axis_left"].positive else "above")


RIGHT_BLOCK = {"second_r_v1_mv": 0.3, "s_duration_i_ms": 50.0, "s_duration_v6_ms": 50.0}


@pytest.mark.parametrize(("second_mv", "qrs_ms", "complete", "incomplete"), [
    (0.3, 110, True, False), (0.3, 95, False, True), (0.3, 80, False, False), (0.0, 110, False, False)])
def test_right_bundle_patterns(second_mv: float, qrs_ms: float, complete: bool, incomplete: bool) -> None:
    found = rules(person(3000, "F"), **RIGHT_BLOCK | {"second_r_v1_mv": second_mv, "qrs_ms": qrs_ms})
    assert (found["rbbb_complete"].positive, found["rbbb_incomplete"].positive) == (complete, incomplete)


def test_a_right_bundle_branch_block_of_adults_from_120_ms_on() -> None:
    adult = person(9000, "F")
    assert [rules(adult, **RIGHT_BLOCK, qrs_ms=width)["rbbb_complete"].positive for width in (119, 120, 160)] == [
        False, True, True]
    assert [rules(adult, **RIGHT_BLOCK, qrs_ms=width)["rbbb_incomplete"].positive for width in (109, 115, 125)] == [
        False, True, False]


def test_a_pure_late_r_in_v1_stands_for_a_second_r() -> None:
    pure = RIGHT_BLOCK | {"second_r_v1_mv": 0.0, "qrs_ms": 140.0, "r_v1_mv": 0.9, "s_v1_mv": 0.0}
    adult = person(9000, "F")
    assert rules(adult, **pure, r_peak_time_v1_ms=70.0)["rbbb_complete"].positive is True
    assert rules(adult, **pure, r_peak_time_v1_ms=40.0)["rbbb_complete"].positive is False
    assert rules(adult, **pure | {"s_v1_mv": 1.5}, r_peak_time_v1_ms=70.0)["rbbb_complete"].positive is False


@pytest.mark.parametrize(("age_days", "s_ms", "r_ms", "expected"), [
    (9000, 41, 60, True), (9000, 30, 60, False), (9000, 35, 30, True), (3000, 20, 60, True), (3000, 15, 10, False)])
def test_how_long_the_terminal_s_must_be(age_days: int, s_ms: float, r_ms: float, expected: bool) -> None:
    lasting = {"s_duration_i_ms": s_ms, "s_duration_v6_ms": s_ms, "r_duration_i_ms": r_ms, "r_duration_v6_ms": r_ms}
    assert rules(person(age_days, "F"), **RIGHT_BLOCK | lasting, qrs_ms=130)["rbbb_complete"].positive is expected


def test_a_missing_lead_leaves_a_right_block_open_unless_another_sign_is_lacking() -> None:
    without_v6 = RIGHT_BLOCK | {"s_duration_v6_ms": None, "qrs_ms": 130.0}
    child = person(3000, "F")
    found = rules(child, **without_v6)["rbbb_complete"]
    assert (found.positive, found.reason) == (None, f"S duration in V6: {WITHOUT}")
    assert rules(child, **without_v6 | {"qrs_ms": 80.0})["rbbb_complete"].positive is False


LEFT_BLOCK = {"qrs_ms": 140.0, "r_v1_mv": 0.2, "s_v1_mv": 1.5, "q_i_mv": 0.0, "q_v5_mv": 0.0, "q_v6_mv": 0.0,
              "r_peak_time_v6_ms": 70.0}


def test_a_left_bundle_branch_block_needs_all_its_signs() -> None:
    adult = person(9000, "F")
    assert rules(adult, **LEFT_BLOCK)["lbbb"].positive is True
    for name, value in (("qrs_ms", 119.0), ("r_v1_mv", 2.0), ("q_v6_mv", 0.1), ("r_peak_time_v6_ms", 50.0)):
        assert rules(adult, **LEFT_BLOCK | {name: value})["lbbb"].positive is False
    assert rules(person(3000, "F"), **LEFT_BLOCK | {"qrs_ms": 105.0})["lbbb"].positive is True
    open_ = rules(adult, **LEFT_BLOCK | {"q_v6_mv": None})["lbbb"]
    assert (open_.positive, open_.reason) == (None, f"Q amplitude in V6: {WITHOUT}")


def test_voltages_are_not_judged_in_a_ventricle_whose_bundle_branch_is_blocked() -> None:
    right = RIGHT_BLOCK | {"qrs_ms": 140.0, "r_v1_mv": 2.5, "s_v6_mv": 2.0, "q_v6_mv": 0.0}
    for age_days, codes in ((3000, ("rvh_r_v1", "rvh_s_v6")), (9000, ("rvh_sokolow",))):
        found = rules(person(age_days, "F"), **right)
        assert found["rbbb_complete"].positive is True
        for code in codes:
            assert found[code].positive is None
            assert found[code].reason.startswith("beside a right bundle branch block pattern")
            assert rules(person(age_days, "F"), **right | {"qrs_ms": 70.0})[code].positive is True
    tall = LEFT_BLOCK | {"r_v6_mv": 4.0, "s_v1_mv": 4.0}
    for age_days, codes in ((3000, ("lvh_r_v6", "lvh_s_v1")), (9000, ("lvh_sokolow", "lvh_cornell"))):
        found = rules(person(age_days, "F"), **tall)
        for code in codes:
            assert found[code].reason.startswith("beside a left bundle branch block pattern")
        assert found["rbbb_complete"].positive is False
        assert rules(person(age_days, "F"), **tall | {"qrs_ms": 70.0})[codes[0]].positive is True


def test_a_fascicular_block_is_named_beside_a_right_bundle_branch_block() -> None:
    left = {"qrs_axis_deg": -60.0, "r_peak_time_avl_ms": 50.0, "q_avl_mv": 0.1, "r_avl_mv": 0.9}
    adult = person(9000, "F")
    assert rules(adult, **left)["lafb"].positive is True
    wide = left | {"qrs_ms": 140.0}
    assert rules(adult, **wide)["lafb"].positive is False
    beside = rules(adult, **wide | RIGHT_BLOCK)["lafb"]
    assert (beside.positive, [note.code for note in beside.notes]) == (True, ["beside_rbbb"])
    assert rules(adult, **wide | RIGHT_BLOCK | {"qrs_axis_deg": 10.0})["lafb"].positive is False


def test_pre_excitation_needs_all_three() -> None:
    child = person(3000, "F")
    whole = {"pr_ms": 80.0, "qrs_ms": 110.0, "slow_onset_ms": 60.0}
    assert rules(child, **whole)["pre_excitation"].positive is True
    assert rules(child, **whole | {"pr_ms": 120.0, "pr_segment_ms": 5.0})["pre_excitation"].positive is True
    for name, value in (("pr_ms", 120.0), ("qrs_ms", 80.0), ("slow_onset_ms", 20.0)):
        assert rules(child, **whole | {name: value})["pre_excitation"].positive is False


def test_paced_beats_stop_patterns_but_not_rates() -> None:
    found = rules(person(9000, "F"), paced_beats_count=15.0, heart_rate_bpm=50.0)
    assert found["rate_low"].positive is True
    for code in ("qrs_wide", "rbbb_complete", "lafb", "pre_excitation", "axis_left", "lvh_sokolow", "low_voltage_limb"):
        assert found[code].reason == "the beats are paced"


def test_near_a_boundary_both_groups_must_be_passed() -> None:
    """At 2.9 years the groups 1-2 and 3-4 years are both shown; 130 is over the older group's limit alone."""
    near = rules(person(days_from_years(2.9), "M"), heart_rate_bpm=130.0)["rate_high"]
    assert (near.positive, near.limit, [note.code for note in near.notes]) == (False, 155, ["limits_disagree"])
    assert rules(person(days_from_years(2.9), "M"), heart_rate_bpm=156.0)["rate_high"].positive is True


def test_conventions_are_cited_and_cover_no_age_twice() -> None:
    rows = load_conventions().rows
    assert all(row.citation and (row.low is not None or row.high is not None) for row in rows)
    for row in rows:
        others = [other for other in rows if other is not row and other.code == row.code and other.sex == row.sex]
        for other in others:
            assert row.age_max_days is not None or other.age_max_days is not None
            assert any((one.age_max_days or 10**6) <= two.age_min_days for one, two in ((row, other), (other, row)))


def test_a_table_for_display_only_is_no_limit_of_a_rule() -> None:
    newborn = rules(person(5, "F"), r_v1_mv=3.5)["rvh_r_v1"]
    assert (newborn.positive, newborn.reason) == (None, "no published limit at this age")
