"""What a blind reading keeps, what it refuses, and what a change of mind is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_cases import BUNDLE, NOW, drafted, locked, protocol, signed_after_reveal

from peace_desktop.review.blind_reading import changes_of_mind, lock, reveal, unanswered
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.history import History
from peace_desktop.review.map_ratings import MapRating, Rating
from peace_desktop.review.reading import (
    Reading,
    ReadingState,
    amend,
    may_follow,
    new_draft,
    sign,
    with_comment,
    with_confidence,
    with_map_rating,
    with_notes,
    with_statement,
    without_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree
from peace_desktop.review.time_notes import TimeNote

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNCERTAIN
SHA256 = "a" * 64
STUDY = protocol()
BOTH = {"RVH": P, "LVH": A}


def test_every_label_asked_for_is_answered_before_the_lock() -> None:
    draft = drafted(SHA256, "Dr A", {"RVH": P}, STUDY)
    assert unanswered(draft, STUDY.labels) == ("LVH",)
    with pytest.raises(ReadingError, match="LVH"):
        lock(draft, STUDY.labels, at=NOW)


def test_locked_answers_stay_through_reveal_change_of_mind_and_signature() -> None:
    reading = locked(SHA256, "Dr A", BOTH, STUDY)
    kept = reading.locked
    final = signed_after_reveal(reading, Statement("RVH", A))
    assert final.locked == kept
    assert (final.locked.statement("RVH").presence, final.statement("RVH").presence) == (P, A)
    assert (final.state, final.mode, final.study_id, final.bundle_sha256) == (
        ReadingState.FINAL, "blind", STUDY.study_id, BUNDLE)


def test_a_blind_reader_has_no_model_to_answer_and_no_map_to_rate() -> None:
    draft = drafted(SHA256, "Dr A", {}, STUDY)
    with pytest.raises(ReadingError, match="no model"):
        with_statement(draft, agree("RVH", True, BUNDLE))
    rating = MapRating("RVH", "gradcam", Rating.IMPLAUSIBLE, BUNDLE)
    with pytest.raises(ReadingError, match="no map"):
        with_map_rating(draft, rating)
    shown = with_map_rating(reveal(locked(SHA256, "Dr A", BOTH, STUDY), bundle_sha256=BUNDLE), rating)
    again = with_map_rating(shown, replace(rating, rating=Rating.PLAUSIBLE))
    assert [item.rating for item in again.map_ratings] == [Rating.PLAUSIBLE]


def test_an_open_reading_is_not_locked_and_a_locked_one_not_written_in() -> None:
    with pytest.raises(ReadingError, match="Only a blind draft"):
        lock(new_draft(SHA256, "Dr A"), (), at=NOW)
    reading = locked(SHA256, "Dr A", BOTH, STUDY)
    for change in (lambda r: with_comment(r, "x"), lambda r: with_confidence(r, 3),
                   lambda r: without_statement(r, "RVH"), lambda r: with_notes(r, ())):
        with pytest.raises(ReadingError):
            change(reading)
    with pytest.raises(ReadingError, match="Only a locked"):
        reveal(drafted(SHA256, "Dr A", BOTH, STUDY), bundle_sha256=BUNDLE)


def test_an_amendment_of_a_blind_reading_is_open_and_stays_in_the_study() -> None:
    amendment = amend(signed_after_reveal(locked(SHA256, "Dr A", BOTH, STUDY)), reason="axis misread")
    assert (amendment.mode, amendment.study_id, amendment.locked) == ("open", STUDY.study_id, None)


@pytest.mark.parametrize(("before", "after", "model", "direction"), [
    (P, A, False, "toward"), (A, P, True, "toward"), (P, A, True, "away"), (A, P, False, "away"),
    (U, P, True, "toward"), (U, P, False, "neither"), (P, U, True, "away"), (P, U, False, "neither"),
    (P, A, None, "neither")])
def test_the_direction_of_a_change_of_mind(before, after, model, direction) -> None:
    study = protocol(labels=("RVH",))
    final = signed_after_reveal(locked(SHA256, "Dr A", {"RVH": before}, study), Statement("RVH", after))
    (change,) = changes_of_mind(final, {} if model is None else {"RVH": model})
    assert (change.before, change.after, change.direction) == (before, after, direction)


def test_a_mind_not_changed_is_no_change() -> None:
    assert changes_of_mind(signed_after_reveal(locked(SHA256, "Dr A", BOTH, STUDY)), {"RVH": True}) == ()


def test_states_are_followed_forward_only() -> None:
    draft = drafted(SHA256, "Dr A", BOTH, STUDY)
    closed = locked(SHA256, "Dr A", BOTH, STUDY)
    assert may_follow(draft, closed)
    assert may_follow(draft, signed_after_reveal(closed)), "a whole reading may come from another library"
    assert not may_follow(closed, draft)
    assert not may_follow(signed_after_reveal(closed), closed)


@pytest.mark.parametrize("note", [(-1.0, 2.0, "x"), (3.0, 2.0, "x"), (0.0, float("nan"), "x"), (0.0, 1.0, "  ")])
def test_a_note_lies_in_the_recording_and_says_something(note) -> None:
    with pytest.raises(ReadingError):
        TimeNote(*note)


_STEPS = st.lists(st.sampled_from([
    lambda r: with_statement(r, Statement("RVH", P)), lambda r: with_statement(r, Statement("RVH", A)),
    lambda r: with_comment(r, r.comment + "x"), lambda r: with_confidence(r, 4),
    lambda r: with_notes(r, (*r.notes, TimeNote(0.5, 1.0, "pause", "II"))),
]), max_size=8)


def _said(reading: Reading) -> tuple[object, ...]:
    return (reading.statements, reading.comment, reading.confidence, reading.map_ratings, reading.notes)


@given(steps=_STEPS)
def test_undo_goes_back_through_every_value_and_redo_forward_again(steps) -> None:
    history, values = History(new_draft(SHA256, "Dr A")), []
    for step in steps:
        values.append(history.now)
        history = history.changed(step(history.now))
    last = history.now
    for value in reversed(values):
        before = history.now.revision
        history = history.undone()
        assert _said(history.now) == _said(value)
        assert history.now.revision > before, "an undo is a change like any other"
    assert not history.can_undo
    for _step in steps:
        history = history.redone()
    assert _said(history.now) == _said(last)
    assert not history.can_redo


def test_what_was_undone_is_gone_after_another_change_and_a_signed_reading_is_not_undone() -> None:
    history = History(new_draft(SHA256, "Dr A"))
    history = history.changed(with_comment(history.now, "a")).undone()
    assert not history.changed(with_comment(history.now, "b")).can_redo
    written = History(new_draft(SHA256, "Dr A"))
    written = written.changed(with_comment(written.now, "a"))
    written = written.changed(sign(written.now, reader="Dr A", meaning="read", at=NOW))
    with pytest.raises(ReadingError):
        written.undone()
