"""What a percentile strip draws: the age's own group, its neighbours, an approximate z."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.measurement import Measurement, percentile_strips
from peace_model.ecg.norms import Limit, load_norms


def measurement(parameter: str, value: float | None, age_days: int, sex: str | None, lead: str | None = None
                ) -> Measurement:
    age = Age(age_days, Precision.DAY, "test")
    limit = load_norms().limits(parameter, lead=lead, age=age, sex=sex)  # type: ignore[arg-type]
    reference = load_norms().limits(parameter, lead=lead, age=age, sex=sex,  # type: ignore[arg-type]
                                    include_single_transcriptions=True)
    return Measurement("x", value, "ms", "derived" if value is not None else "unavailable", "", limit, None, lead,
                       None if limit.limits else reference)


def test_a_strip_holds_the_group_and_its_neighbours() -> None:
    strip, = percentile_strips(measurement("pr_interval", 150.0, 1400, "M"))
    assert (strip.own.p02, strip.own.p98) == (98, 152)
    assert strip.younger is not None
    assert strip.older is not None
    assert (strip.younger.p98, strip.older.p98) == (151, 160)
    assert strip.may_flag
    assert strip.approximate_z == pytest.approx((150 - 121) / ((152 - 121) / 2.054))


def test_the_ends_of_the_table_have_one_neighbour() -> None:
    first, = percentile_strips(measurement("heart_rate", 150.0, 15, "F"))
    last, = percentile_strips(measurement("heart_rate", 80.0, 5800, "F"))
    assert first.younger is None
    assert last.older is None


def test_an_unknown_sex_spans_both_in_every_band() -> None:
    strip, = percentile_strips(measurement("heart_rate", 120.0, 1400, None))
    assert strip.approximate_z is None
    assert strip.younger is not None
    assert (strip.own.p02, strip.own.p98) == (73, 124)
    assert (strip.younger.p02, strip.younger.p98) == (95, 178)


def test_newborns_have_a_strip_a_source() -> None:
    sources = [strip.own.name for strip in percentile_strips(measurement("qtc_bazett", 420.0, 20, "M"))]
    assert sources == ["Rijnbeek 2001", "Pærregaard 2021"]


def test_limits_for_reading_only_are_told_apart() -> None:
    strips = percentile_strips(measurement("r_amplitude", 1.0, 2400, "F", "V1"))
    assert strips
    assert not any(strip.may_flag for strip in strips)
    assert strips[0].own.transcriptions[2] == 2


def test_no_value_no_strip() -> None:
    assert percentile_strips(measurement("pr_interval", None, 1400, "M")) == ()


@given(st.floats(0, 1000), st.floats(10, 50), st.floats(60, 90), st.floats(100, 200))
def test_z_is_two_at_the_percentiles_and_never_beyond_four(value: float, p02: float, p50: float, p98: float) -> None:
    limit = Limit("x", None, "F", 0, 10, p02, p50, p98, "ms", "s", cross_checked=True)
    z = limit.approximate_z(value)
    assert z is not None
    assert -4 <= z <= 4
    assert limit.approximate_z(p98) == pytest.approx(2.054)
    assert limit.approximate_z(p02) == pytest.approx(-2.054)
    assert limit.approximate_z(p50) == 0
    assert (z > 0) == (value > p50) or z == 0


def test_an_axis_has_no_z() -> None:
    assert Limit("x", None, "F", 0, 10, 0, 50, 100, "deg", "s", cross_checked=True).approximate_z(70) is None
