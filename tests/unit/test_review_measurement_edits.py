"""Which edit of the measurements holds: the reader's own, else the newest; a signed reading keeps its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from peace_desktop.review.errors import ReadingError
from peace_desktop.review.measurement_edits import edit_in, edit_in_force, measured_with
from peace_desktop.review.reading import new_draft, sign, with_comment
from peace_model.ecg.boundaries import Boundaries

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AUTOMATIC = Boundaries(-150.0, -70.0, -36.0, 40.0, 120.0, 300.0)
EARLY = replace(AUTOMATIC, p_on=-160.0)
A, B = (with_comment(new_draft("a" * 64, f"Dr {name}"), "normal") for name in "AB")


def edit(draft, minute, boundaries=EARLY):
    return edit_in(draft, boundaries, automatic=AUTOMATIC, at=NOW + timedelta(minutes=minute))


def in_force(edits, *, reading=None, reader="Dr A", signed_with=None):
    return edit_in_force(edits, reading=reading, reader=reader, signed_with=signed_with or {})


def test_the_readers_own_edit_comes_first_and_then_the_newest_of_others() -> None:
    mine, theirs, newer = edit(A, 0), edit(B, 1), edit(B, 2, replace(EARLY, p_on=-170.0))
    assert in_force((mine, theirs, newer)) == mine
    assert in_force((theirs, newer)) == newer
    assert in_force(()) is None


def test_back_to_automatic_holds_against_earlier_edits_and_others() -> None:
    assert in_force((edit(B, 0), edit(A, 1), edit(A, 2, None))) is None
    assert in_force((edit(A, 0, None), mine := edit(A, 1))) == mine


def test_a_signed_reading_goes_on_showing_what_stood_when_it_was_signed() -> None:
    final = sign(A, reader="Dr A", meaning="read", at=NOW + timedelta(minutes=5))
    before, after = edit(B, 4), edit(B, 6, replace(EARLY, p_on=-170.0))
    assert in_force((before, after), reading=final) == before
    assert in_force((after,), reading=final) is None
    assert in_force((before, after), reading=A) == after


def test_the_order_of_edits_is_that_of_their_making_not_of_their_coming() -> None:
    older, newer = edit(A, 0), edit(A, 1, replace(EARLY, p_on=-170.0))
    assert in_force((newer, older)) == newer


def test_what_a_signature_stood_on_holds_against_edits_that_come_later_from_elsewhere() -> None:
    final = sign(A, reader="Dr A", meaning="read", at=NOW + timedelta(minutes=5))
    seen, elsewhere = edit(B, 1), edit(A, 2, replace(EARLY, p_on=-170.0))
    for edits, shown in (((seen,), seen), ((), None)):
        signed_with = {final.reading_id: measured_with(in_force(edits))}
        assert in_force((*edits, elsewhere), reading=final, signed_with=signed_with) == shown
        assert in_force((*edits, elsewhere), reading=A) == elsewhere


def test_only_a_draft_is_edited() -> None:
    final = sign(A, reader="Dr A", meaning="read", at=NOW)
    with pytest.raises(ReadingError, match="edited in a draft"):
        edit(final, 1)


@pytest.mark.parametrize("ends", [{"p_on": None}, {"p_on": -60.0}, {"t_off": float("nan")}, {"qrs_on": 50.0},
                                  {"t_off": 1e6}])
def test_impossible_boundaries_are_refused(ends) -> None:
    with pytest.raises(ValueError, match="ms|together"):
        replace(AUTOMATIC, **ends)
