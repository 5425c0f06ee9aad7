"""Four formulas, each its own: equal at one second, apart elsewhere, as their authors wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_model.ecg.measurement.intervals import corrected
from peace_model.ecg.measurement.qtc import FORMULAS
from peace_model.ecg.measurement.value import Found, missing


@given(st.floats(200, 700))
def test_at_sixty_a_minute_nothing_is_corrected(qt_ms: float) -> None:
    assert [formula(qt_ms, 1000.0) for formula in FORMULAS.values()] == pytest.approx([qt_ms] * 4)


@pytest.mark.parametrize(("name", "expected_ms"), [
    ("qtc_bazett_ms", 400.0), ("qtc_fridericia_ms", 363.4), ("qtc_hodges_ms", 381.7), ("qtc_framingham_ms", 367.4)])
def test_a_childs_interval_by_hand(name: str, expected_ms: float) -> None:
    """QT 300 ms at an RR of 562.5 ms (106.67 a minute): roots 0.75 and 0.8255; 1.75 * 46.67 and 154 * 0.4375 ms."""
    assert FORMULAS[name](300.0, 562.5) == pytest.approx(expected_ms, abs=0.05)


def test_every_corrected_interval_says_the_rr_it_used() -> None:
    found = corrected(Found(300.0, "detected", confidence=0.8), 500.0)
    assert set(found) == set(FORMULAS)
    assert all("500 ms" in item.notes[0].text and item.confidence == 0.8 for item in found.values())
    assert [note.code for note in found["qtc_bazett_ms"].notes] == ["rr_used", "bazett_fast"]


def test_without_qt_or_rate_there_is_none_and_the_reason() -> None:
    assert {item.reason for item in corrected(missing("no T wave was found"), 500.0).values()} == {
        "no T wave was found"}
    assert {item.reason for item in corrected(Found(300.0), None).values()} == {"the heart rate is not known"}
