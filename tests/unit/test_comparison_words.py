"""Which recording came first, how far apart they are, and how a change is counted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from peace_desktop.jobs.comparison import Order, in_order, nearest
from peace_desktop.library.records import RecordingRow
from peace_desktop.ui.compare.differences import apart_words, change, recording_words
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.measurement import Measurement

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def row(name: str, *, at: str = "", days: int | None = None, precision: Precision = Precision.DAY,
        minute: int = 0) -> RecordingRow:
    return RecordingRow(
        minute, name, name, "wfdb", datetime.fromisoformat(at) if at else None, "P",
        Age(days, precision, "file header") if days is not None else None, "F", 10.0, 12, False, None, (),
        NOW.replace(minute=minute))


def test_order_by_date_then_age_then_import() -> None:
    dated = (row("b", at="2024-05-01", days=900), row("a", at="2023-05-01", days=1000))
    assert [item.title for item in in_order(dated)[0]] == ["a", "b"]
    assert in_order(dated)[1] is Order.DATE
    aged = (*dated, row("c", days=950))
    assert ([item.title for item in in_order(aged)[0]], in_order(aged)[1]) == (["b", "c", "a"], Order.AGE)
    mixed = (row("y", minute=2), row("x", days=3, minute=1))
    assert ([item.title for item in in_order(mixed)[0]], in_order(mixed)[1]) == (["x", "y"], Order.IMPORT)


def test_the_recording_before_is_offered_first_and_the_first_has_the_next() -> None:
    rows = (row("a"), row("b"), row("c"))
    assert [nearest(rows, name).title for name in "abc"] == ["b", "a", "b"]
    assert nearest(rows[:1], "a") is None


@pytest.mark.parametrize(("here", "there", "expected"), [
    (row("a", at="2026-05-01"), row("b", at="2024-05-01"), "2 years earlier"),
    (row("a", days=10), row("b", days=35), "25 days later"),
    (row("a", days=10), row("b", days=10), "same day"),
    (row("a", days=3653), row("b", days=1461, precision=Precision.YEAR), "6 years earlier"),
    (row("a", days=1600), row("b", days=1461, precision=Precision.YEAR), ""),
    (row("a", days=10), row("b"), ""),
])
def test_how_far_apart_is_never_finer_than_what_is_known(here, there, expected) -> None:
    assert apart_words(here, there) == expected


def test_unknown_date_and_age_are_said() -> None:
    assert recording_words(row("a")) == "a · date unknown · Age unknown"


@pytest.mark.parametrize(("here", "there", "expected"), [(-170.0, 170.0, 20.0), (170.0, -170.0, -20.0),
                                                         (90.0, -90.0, 180.0), (30.0, 60.0, -30.0)])
def test_axes_change_the_short_way_round(here, there, expected) -> None:
    axis = Measurement("qrs_axis_deg", here, "deg", "derived", "", None, None)
    assert change(axis, replace(axis, value=there)) == pytest.approx(expected)
    assert change(axis, replace(axis, value=None, origin="unavailable", reason="x")) is None


def test_a_change_is_that_of_the_values_shown() -> None:
    here = Measurement("qt_ms", 312.4, "ms", "detected", "", None, None)
    assert change(here, replace(here, value=400.6)) == 312 - 401
