"""What a reading allows and what it refuses."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone

import pytest

from peace_desktop.review.agreement import agreement_of
from peace_desktop.review.blind_reading import lock, reveal
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.reading import (
    NEXT_STATE,
    Meaning,
    Reading,
    ReadingState,
    amend,
    new_draft,
    shown_state,
    sign,
    with_comment,
    with_confidence,
    with_statement,
    without_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree, disagree

RECORDING, BUNDLE = "a" * 64, "b" * 64
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def draft() -> Reading:
    return with_statement(new_draft(RECORDING, "Dr A", bundle_sha256=BUNDLE), agree("RVH", True, BUNDLE))


def final() -> Reading:
    return sign(draft(), reader="Dr A", meaning="read", at=NOW)


def amended() -> Reading:
    correction = with_statement(amend(final(), reason="axis misread"), disagree("RVH", True, BUNDLE))
    return sign(correction, reader="Dr A", meaning="amended", at=NOW)


@pytest.mark.parametrize(("make", "positive", "presence"), [
    (agree, True, Presence.PRESENT), (agree, False, Presence.ABSENT),
    (disagree, True, Presence.ABSENT), (disagree, False, Presence.PRESENT)])
def test_agree_and_disagree_store_the_presence_they_imply_and_the_bundle(make, positive, presence) -> None:
    statement = make("LVH", positive, BUNDLE)
    assert (statement.presence, statement.bundle_sha256, statement.model_positive) == (presence, BUNDLE, positive)
    assert agreement_of(statement, positive=positive) == ("agrees" if make is agree else "disagrees")


def test_a_statement_cannot_claim_to_agree_with_what_it_contradicts() -> None:
    with pytest.raises(ValueError, match="does not imply"):
        Statement("LVH", Presence.ABSENT, "agree", BUNDLE, True)
    with pytest.raises(ValueError, match="needs the bundle"):
        Statement("LVH", Presence.ABSENT, "disagree")
    with pytest.raises(ValueError, match="or neither"):
        Statement("LVH", Presence.ABSENT, bundle_sha256=BUNDLE)


@pytest.mark.parametrize("presence", [Presence.UNCERTAIN, Presence.NOT_ASSESSABLE])
def test_uncertain_and_not_assessable_neither_agree_nor_disagree(presence) -> None:
    assert agreement_of(Statement("LVH", presence), positive=True) == "none"
    assert agreement_of(None, positive=True) == "none"


def test_a_second_statement_on_a_label_takes_the_place_of_the_first() -> None:
    reading = with_statement(draft(), Statement("RVH", Presence.UNCERTAIN))
    assert reading.statements == (Statement("RVH", Presence.UNCERTAIN),)
    assert without_statement(reading, "RVH").statements == ()
    assert reading.statement("LVH") is None


def test_every_change_has_a_higher_revision() -> None:
    reading = draft()
    for change in (lambda r: with_comment(r, "seen"), lambda r: with_confidence(r, 4),
                   lambda r: without_statement(r, "RVH")):
        after = change(reading)
        assert after.revision == reading.revision + 1
        reading = after


def test_signing_keeps_name_meaning_and_time_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))
    signed = sign(draft(), reader="Dr A", meaning="read", at=NOW.astimezone(berlin))
    assert (signed.state, signed.reader, signed.meaning) == (ReadingState.FINAL, "Dr A", Meaning.READ)
    assert signed.signed_at == NOW
    assert signed.signed_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(("given", "sentence"), [
    ({"reader": ""}, "reader's name"), ({"reader": "Dr B"}, "Only the reader"),
    ({"meaning": "amended"}, "meaning"), ({"meaning": "glanced at"}, "meaning"),
    ({"at": datetime(2026, 11, 21)}, "time zone")])
def test_signing_refuses_in_a_plain_sentence(given, sentence) -> None:
    with pytest.raises(ReadingError, match=sentence):
        sign(draft(), **({"reader": "Dr A", "meaning": "read", "at": NOW} | given))


def test_a_reading_that_says_nothing_is_not_signed() -> None:
    empty = new_draft(RECORDING, "Dr A")
    with pytest.raises(ReadingError, match="Nothing has been said"):
        sign(empty, reader="Dr A", meaning="read", at=NOW)
    assert sign(with_comment(empty, "normal"), reader="Dr A", meaning="read", at=NOW).state is ReadingState.FINAL


@pytest.mark.parametrize("change", [
    lambda r: with_statement(r, agree("LVH", False, BUNDLE)), lambda r: without_statement(r, "RVH"),
    lambda r: with_comment(r, "other"), lambda r: with_confidence(r, 1),
    lambda r: sign(r, reader="Dr A", meaning="read", at=NOW)])
@pytest.mark.parametrize("signed", [final, amended])
def test_a_final_reading_refuses_every_change(signed, change) -> None:
    with pytest.raises(ReadingError):
        change(signed())


def test_a_final_reading_cannot_be_assigned_to() -> None:
    with pytest.raises(FrozenInstanceError):
        final().comment = "other"


def test_an_amendment_starts_from_the_final_reading_and_leaves_it_untouched() -> None:
    first = final()
    before = repr(first)
    correction = amend(first, reason=" axis misread ")
    assert correction.state is ReadingState.DRAFT
    assert correction.statements == first.statements
    assert (correction.amends, correction.amendment_reason) == (first.reading_id, "axis misread")
    assert correction.reading_id != first.reading_id
    assert repr(first) == before


def test_only_a_signed_amendment_makes_the_first_reading_amended() -> None:
    first = final()
    correction = amend(first, reason="axis misread")
    assert shown_state(first, [first, correction]) is ReadingState.FINAL
    second = sign(correction, reader="Dr A", meaning=Meaning.AMENDED, at=NOW)
    assert second.state is ReadingState.FINAL
    assert shown_state(first, [first, second]) is ReadingState.AMENDED
    assert shown_state(second, [first, second]) is ReadingState.FINAL


def test_amending_needs_a_final_reading_and_a_reason() -> None:
    with pytest.raises(ReadingError, match="Only a final"):
        amend(draft(), reason="axis misread")
    with pytest.raises(ReadingError, match="needs a reason"):
        amend(final(), reason="  ")


def test_a_blind_draft_is_not_signed_before_it_is_locked_and_revealed() -> None:
    blind = with_comment(new_draft(RECORDING, "Dr A", mode="blind", study_id="s"), "normal")
    with pytest.raises(ReadingError, match="cannot be signed yet"):
        sign(blind, reader="Dr A", meaning="read", at=NOW)
    locked = lock(blind, (), at=NOW)
    with pytest.raises(ReadingError, match="only a draft"):
        with_comment(locked, "abnormal")
    revealed = reveal(locked, bundle_sha256=BUNDLE)
    assert sign(revealed, reader="Dr A", meaning="read", at=NOW).state is ReadingState.FINAL


def test_states_follow_the_order_of_the_design() -> None:
    def walk(mode, state):
        while state is not None:
            yield state.value
            state = NEXT_STATE[mode].get(state)
    assert list(walk("open", ReadingState.DRAFT)) == ["draft", "final", "amended"]
    assert list(walk("blind", ReadingState.ASSIGNED)) == [
        "assigned", "draft", "locked", "revealed", "final", "amended"]


@pytest.mark.parametrize("fields", [
    {"reader": " "}, {"confidence": 0}, {"confidence": 6}, {"state": ReadingState.FINAL},
    {"meaning": Meaning.READ, "signed_at": NOW}, {"amends": "1"}, {"amendment_reason": "why"},
    {"statements": (Statement("A", Presence.PRESENT), Statement("A", Presence.ABSENT))},
    {"state": ReadingState.FINAL, "meaning": Meaning.READ, "signed_at": datetime(2026, 1, 1)}])
def test_a_reading_that_contradicts_itself_cannot_be_made(fields) -> None:
    with pytest.raises(ReadingError):
        Reading(**({"reading_id": "1", "recording_sha256": RECORDING, "reader": "Dr A"} | fields))
