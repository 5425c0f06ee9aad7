"""Ages are written as a reader needs them and never more finely than their source; bands leave no gap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_model.ecg.age import (
    AGE_BANDS,
    Age,
    Precision,
    age_band,
    age_text,
    age_text_in,
    days_from_years,
    short_age_text,
)

days = st.integers(0, 40_000)


@pytest.mark.parametrize(("age_days", "precision", "text"), [
    (0, Precision.DAY, "0 days"), (1, Precision.DAY, "1 day"), (29, Precision.DAY, "29 days"),
    (30, Precision.DAY, "1 month"), (31, Precision.DAY, "1 month 1 day"), (111, Precision.DAY, "3 months 20 days"),
    (111, Precision.MONTH, "3 months"), (365, Precision.DAY, "12 months"), (2740, Precision.DAY, "7 years 6 months"),
    (1826, Precision.YEAR, "5 years"), (1826, Precision.DAY, "5 years"), (731, Precision.DAY, "2 years"),
    (366, Precision.YEAR, "1 year"),
])
def test_words(age_days: int, precision: Precision, text: str) -> None:
    assert age_text(Age(age_days, precision, "test")) == text


def test_unknown_is_not_a_number() -> None:
    assert age_text(None) == ""


def test_an_age_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Age(-1, Precision.DAY, "test")


@given(days)
def test_words_are_never_finer_than_the_source(age_days: int) -> None:
    assert "day" not in age_text(Age(age_days, Precision.MONTH, "test"))
    in_years = age_text(Age(age_days, Precision.YEAR, "test"))
    assert "month" not in in_years
    assert "day" not in in_years


@given(days)
def test_every_age_is_in_exactly_one_band(age_days: int) -> None:
    assert [band for band in AGE_BANDS if band.min_days <= age_days < band.max_days] == [age_band(age_days)]


@given(st.integers(1, 100))
def test_a_birthday_is_its_own_year(years: int) -> None:
    unit = "year" if years == 1 else "years"
    assert age_text(Age(days_from_years(years), Precision.YEAR, "test")) == f"{years} {unit}"


def doubled(_singular: str, plural: str, count: int) -> str:
    """A language of its own: every word of a unit is said twice."""
    return f"{plural} {plural.removeprefix('{n} ')}" if count else f"no {plural}"


@given(days, st.sampled_from(Precision), st.sampled_from([age_text, short_age_text]))
def test_a_kept_age_is_said_in_another_language_as_the_age_itself(age_days: int, precision: Precision, words) -> None:
    age = Age(age_days, precision, "test")
    assert age_text_in(words(age), doubled) == words(age, doubled)


def test_bands_are_contiguous() -> None:
    assert AGE_BANDS[0].min_days == 0
    for one, after in zip(AGE_BANDS, AGE_BANDS[1:], strict=False):
        assert one.max_days == after.min_days
    with pytest.raises(ValueError, match="expected"):
        age_band(10**6)
