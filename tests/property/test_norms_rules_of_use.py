"""The rules of use hold for every age, sex and parameter."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.norms import Limit, LimitAnswer, load_norms

CHECKED = sorted({row.parameter for row in load_norms().rows if row.cross_checked})
days = st.integers(0, 20_000) | st.sampled_from([10, 11, 28, 29, 30, 90, 91, 182, 183, 364, 365, 1095, 1096, 4383, 5843,
                                                 5844])
sexes = st.sampled_from(["F", "M", None])


def ask(parameter: str, age_days: int, sex: str | None, precision: Precision = Precision.DAY) -> LimitAnswer:
    return load_norms().limits(parameter, age=Age(age_days, precision, "test"), sex=sex)


@given(st.sampled_from(CHECKED), days, sexes)
def test_an_answer_holds_the_age_or_says_why_not(parameter: str, age_days: int, sex: str | None) -> None:
    answer = ask(parameter, age_days, sex)
    assert bool(answer.limits) != (answer.reason is not None)
    assert all(limit.cross_checked and limit.parameter == parameter for limit in answer.limits)
    own = [limit for limit in answer.limits if limit.age_min_days <= age_days < limit.age_max_days]
    neighbours = [limit for limit in answer.limits if limit not in own]
    assert bool(own) == bool(answer.limits)
    assert len({limit.source for limit in own}) == len(own)
    assert answer.near_boundary == bool(neighbours)
    for limit in neighbours:
        boundary = limit.age_min_days if limit.age_min_days > age_days else limit.age_max_days
        assert abs(boundary - age_days) <= 0.1 * boundary
        assert limit.source in {mine.source for mine in own}


@given(st.sampled_from(CHECKED), days)
def test_an_unknown_sex_spans_both(parameter: str, age_days: int) -> None:
    girl, boy, unknown = (ask(parameter, age_days, sex) for sex in ("F", "M", None))
    assert len(unknown.limits) == len(girl.limits) == len(boy.limits)
    for one, other, both in zip(girl.limits, boy.limits, unknown.limits, strict=True):
        assert both.p02 == min(one.p02, other.p02)
        assert both.p98 == max(one.p98, other.p98)
        if one.sex != "B":
            assert both.sex == "union"
            assert both.p50 is None


@given(st.sampled_from(CHECKED), sexes)
def test_an_unknown_age_has_no_limits(parameter: str, sex: str | None) -> None:
    answer = load_norms().limits(parameter, age=None, sex=sex)
    assert answer.limits == ()
    assert answer.reason is not None
    assert answer.reason.code == "age_unknown"


@given(st.sampled_from(["heart_rate", "pr_interval", "qrs_duration", "qrs_axis"]), sexes,
       st.integers(0, 10) | st.integers(5844, 30_000))
def test_outside_the_table_the_nearest_group_is_never_used(parameter: str, sex: str | None, age_days: int) -> None:
    answer = ask(parameter, age_days, sex)
    assert answer.limits == ()
    assert answer.reason is not None
    assert answer.reason.text.startswith("no published limit (age ")


def test_the_reason_names_the_age() -> None:
    reason = ask("heart_rate", 6, "F").reason
    assert reason is not None
    assert reason.text == "no published limit (age 6 d)"


def test_between_11_and_28_days_both_sources_stand_side_by_side() -> None:
    for age_days in range(11, 27):
        names = [limit.name for limit in ask("qtc_bazett", age_days, "M").limits]
        assert names == ["Rijnbeek 2001", "Pærregaard 2021"]


def test_parameters_without_cross_checked_rows_give_no_limit() -> None:
    age = Age(2000, Precision.DAY, "test")
    assert load_norms().limits("r_amplitude", lead="V1", age=age, sex="F").limits == ()
    shown = load_norms().limits("r_amplitude", lead="V1", age=age, sex="F", include_single_transcriptions=True)
    assert not any(limit.cross_checked for limit in shown.limits)
    assert shown.position(99.0) is None


@given(st.integers(0, 15))
def test_an_age_in_years_is_not_taken_for_a_birthday(years: int) -> None:
    answer = ask("heart_rate", round(years * 365.25), "F", Precision.YEAR)
    if years == 0:
        assert answer.reason is not None
        assert answer.reason.code == "age_too_coarse"
    else:
        assert any(limit.age_min_days <= years * 365.25 + 180 < limit.age_max_days for limit in answer.limits)


def limit(p02: float | None, p98: float | None, unit: str = "bpm") -> Limit:
    return Limit("x", None, "F", 0, 100, p02, None, p98, unit, "source", cross_checked=True)


@given(st.floats(-720, 720), st.floats(-180, 180), st.floats(1, 200))
def test_the_axis_is_judged_on_its_arc(value_deg: float, low_deg: float, width_deg: float) -> None:
    arc = limit(low_deg, low_deg + width_deg, "deg")
    position = arc.position(value_deg)
    # Rounding decides within a hair of either end.
    offset = (value_deg - low_deg) % 360
    if min(abs(offset - width_deg), offset, 360 - offset) > 1e-6:
        assert (position == "inside") == (offset < width_deg)
        assert position == arc.position(value_deg + 360)
    inside = math.degrees(math.atan2(math.sin(math.radians(low_deg + width_deg / 2)),
                                     math.cos(math.radians(low_deg + width_deg / 2))))
    assert arc.position(inside) == "inside"


def test_an_extreme_axis_counts_for_the_nearer_end() -> None:
    newborn = limit(75, 140, "deg")
    assert newborn.position(-170) == "above"
    assert newborn.position(-30) == "below"
    assert newborn.position(-250) == "inside"


@given(st.floats(0, 300))
def test_missing_percentiles_never_flag(value: float) -> None:
    assert limit(None, None).position(value) is None
    assert limit(None, 100).position(value) == ("above" if value > 100 else None)
    assert limit(50, None).position(value) == ("below" if value < 50 else None)


@pytest.mark.parametrize(("value", "expected"), [(200, "above"), (190, "inside"), (100, "below")])
def test_limits_that_disagree_do_not_flag(value: float, expected: str) -> None:
    answer = LimitAnswer((limit(129, 192), limit(126, 187)), None, near_boundary=True)
    assert answer.position(value) == expected
