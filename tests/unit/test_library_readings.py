"""Readings in the library: saved on every change, signed once, guarded by the database itself."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from library_cases import BUNDLE, listed, open_at, with_recordings

from peace_desktop.library.errors import LibraryError
from peace_desktop.library.worklist import Worklist
from peace_desktop.review.reading import (
    Reading,
    ReadingState,
    amend,
    new_draft,
    sign,
    with_comment,
    with_confidence,
    with_statement,
    without_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree, disagree

NOW = datetime(2026, 11, 21, 9, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A library of two recordings."""
    library, _ = with_recordings(tmp_path_factory.mktemp("made"), 2)
    library.close()
    return library.folder


@pytest.fixture
def library(made, tmp_path):
    with open_at(shutil.copytree(made, tmp_path / "library")) as opened:
        yield opened


@pytest.fixture
def draft(library) -> Reading:
    return with_statement(new_draft(listed(library)[0].sha256, "Dr A", bundle_sha256=BUNDLE),
                          agree("RVH", True, BUNDLE))


def signed(reading: Reading) -> Reading:
    return sign(reading, reader="Dr A", meaning="read" if reading.amends is None else "amended", at=NOW)


def test_a_draft_comes_back_as_it_was_saved_at_every_step(library, draft) -> None:
    steps = [draft]
    for change in (lambda r: with_statement(r, disagree("LVH", True, BUNDLE)),
                   lambda r: with_statement(r, Statement("WPW", Presence.NOT_ASSESSABLE)),
                   lambda r: with_statement(r, Statement("RVH", Presence.UNCERTAIN)),
                   lambda r: without_statement(r, "LVH"), lambda r: with_comment(r, "Rechtstyp \N{EM DASH} 心电图\n2"),
                   lambda r: with_confidence(r, 3), lambda r: with_confidence(r, None)):
        steps.append(change(steps[-1]))
    for step in steps:
        assert library.save_reading(step) == step
        assert library.reading_for(draft.recording_sha256, "Dr A") == step
    assert library.verify().problems == ()


def test_saving_the_same_draft_again_writes_nothing(library, draft) -> None:
    library.save_reading(draft)
    head = library.audit_head()
    library.save_reading(draft)
    assert library.audit_head() == head


def test_an_older_draft_does_not_overwrite_a_newer_one(library, draft) -> None:
    newer = with_comment(draft, "newer")
    library.save_reading(newer)
    for stale in (draft, with_comment(draft, "other")):
        with pytest.raises(LibraryError, match="newer state"):
            library.save_reading(stale)
    assert library.reading(draft.reading_id) == newer


def test_a_signature_is_kept_exactly_and_signing_twice_changes_nothing(library, draft) -> None:
    library.save_reading(draft)
    final = signed(draft)
    assert library.sign_reading(final) == final
    head = library.audit_head()
    assert library.sign_reading(final) == final
    assert library.audit_head() == head
    assert library.readings(draft.recording_sha256) == (final,)


def test_a_signed_reading_refuses_a_later_draft_or_another_signature(library, draft) -> None:
    library.sign_reading(signed(draft))
    with pytest.raises(LibraryError, match="signed and does not change"):
        library.save_reading(with_comment(draft, "other"))
    with pytest.raises(LibraryError, match="signed and does not change"):
        library.sign_reading(signed(with_comment(with_comment(draft, "other"), "third")))


def test_drafts_and_signatures_do_not_take_each_others_way(library, draft) -> None:
    with pytest.raises(LibraryError, match="Only a draft"):
        library.save_reading(signed(draft))
    with pytest.raises(LibraryError, match="Only a signed"):
        library.sign_reading(draft)


def test_an_amendment_stands_beside_the_reading_it_amends(library, draft) -> None:
    first = library.sign_reading(signed(draft))
    correction = amend(first, reason="axis misread")
    library.save_reading(correction)
    assert library.reading_for(first.recording_sha256, "Dr A") == correction
    second = library.sign_reading(signed(with_statement(correction, disagree("RVH", True, BUNDLE))))
    assert library.readings(first.recording_sha256) == (first, second)
    third = amend(second, reason="once more")
    library.save_reading(third)
    assert library.verify().problems == ()


def test_a_reading_has_one_amendment_and_only_once_it_is_signed(library, draft) -> None:
    library.save_reading(draft)
    with pytest.raises(LibraryError, match="signed in this library"):
        library.save_reading(amend(signed(draft), reason="early"))
    first = library.sign_reading(signed(draft))
    library.save_reading(amend(first, reason="one"))
    with pytest.raises(LibraryError, match="already has an amendment"):
        library.save_reading(amend(first, reason="two"))


def test_an_amendment_cannot_move_to_another_recording(library, draft) -> None:
    first = library.sign_reading(signed(draft))
    other = listed(library)[1].sha256
    stray = Reading("x", other, "Dr A", amends=first.reading_id, amendment_reason="moved")
    with pytest.raises(LibraryError, match="stays with the reader and the recording"):
        library.save_reading(stray)


def test_a_reader_has_one_reading_of_a_recording(library, draft) -> None:
    library.save_reading(draft)
    with pytest.raises(LibraryError, match="already has a reading"):
        library.save_reading(new_draft(draft.recording_sha256, "Dr A"))
    library.save_reading(new_draft(draft.recording_sha256, "Dr B"))
    library.save_reading(new_draft(listed(library)[1].sha256, "Dr A"))


def test_a_saved_reading_cannot_change_its_recording(library, draft) -> None:
    library.save_reading(draft)
    moved = Reading(draft.reading_id, listed(library)[1].sha256, "Dr A", revision=9)
    with pytest.raises(LibraryError, match="keeps its recording"):
        library.save_reading(moved)


def test_an_amendment_in_work_can_be_discarded_and_started_again(library, draft) -> None:
    final = library.sign_reading(signed(draft))
    amendment = library.save_reading(amend(final, reason="second look"))
    library.save_reading(with_comment(amendment, "no"))
    library.discard_draft(amendment.reading_id, reader="Dr A")
    assert library.readings(draft.recording_sha256) == (final,)
    assert library.reading_for(draft.recording_sha256, "Dr A") == final
    assert Worklist(library).row(draft.recording_sha256, reader="Dr A").reading_state is ReadingState.FINAL
    assert library.verify().problems == ()
    again = library.save_reading(amend(final, reason="third look"))
    assert library.reading_for(draft.recording_sha256, "Dr A") == again
    assert library.verify().problems == ()


def test_a_first_draft_is_discarded_only_when_it_says_nothing(library, draft) -> None:
    said = library.save_reading(draft)
    with pytest.raises(LibraryError, match="says something"):
        library.discard_draft(said.reading_id, reader="Dr A")
    for statement in said.statements:
        said = without_statement(said, statement.label)
    said = library.save_reading(with_confidence(with_comment(said, ""), None))
    library.discard_draft(said.reading_id, reader="Dr A")
    assert library.readings(draft.recording_sha256) == ()
    library.save_reading(new_draft(draft.recording_sha256, "Dr A"))
    assert library.verify().problems == ()


def test_only_the_readers_own_draft_is_discarded(library, draft) -> None:
    library.save_reading(draft)
    amendment = library.save_reading(amend(library.sign_reading(signed(draft)), reason="second look"))
    head = library.audit_head()
    for reading_id, reader, sentence in (
            (draft.reading_id, "Dr A", "signed reading stays"), (amendment.reading_id, "Dr B", "who made"),
            ("nowhere", "Dr A", "not in the library"), (amendment.reading_id, " ", "reader's name")):
        with pytest.raises(LibraryError, match=sentence):
            library.discard_draft(reading_id, reader=reader)
    assert library.audit_head() == head


def test_a_draft_deleted_past_the_application_is_missed(library, draft) -> None:
    library.save_reading(draft)
    with closing(sqlite3.connect(library.file)) as connection:
        connection.execute("DELETE FROM statements")
        connection.execute("DELETE FROM readings")
        connection.commit()
    assert any("is missing" in problem for problem in library.verify().problems)


@pytest.mark.parametrize("attack", [
    "UPDATE readings SET comment = 'other'",
    "UPDATE readings SET state = 'draft', signed_at = NULL, meaning = NULL",
    "DELETE FROM readings",
    "INSERT OR REPLACE INTO readings SELECT reading_id, position, recording_sha256, reader, mode, state, 'other', "
    "confidence, meaning, signed_at, amends, amendment_reason, bundle_sha256, revision, created_at, saved_at, "
    "study_id, locked_at, locked_comment, locked_confidence FROM readings",
    "UPDATE statements SET presence = 'absent'",
    "DELETE FROM statements",
    "INSERT INTO statements SELECT reading_id, 'LVH', 9, 'present', 'direct', NULL, NULL FROM readings",
    "INSERT OR REPLACE INTO statements SELECT reading_id, 'RVH', 0, 'absent', 'direct', NULL, NULL FROM readings",
    "UPDATE audit SET payload = '{}'",
    "DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)",
    "INSERT OR REPLACE INTO audit SELECT sequence, at_utc, 'nobody', action, subject, payload, previous_sha256, sha256 "
    "FROM audit WHERE sequence = 1",
    "UPDATE person_corrections SET reason = 'other'",
    "DELETE FROM person_corrections"])
def test_the_database_itself_refuses_to_alter_what_is_signed_or_audited(library, draft, attack) -> None:
    library.sign_reading(signed(draft))
    library.correct_person(draft.recording_sha256, age=None, sex="F", reader="Dr A", reason="asked")
    with closing(sqlite3.connect(library.file)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="change|replaced|deleted|grows"):
            connection.execute(attack)
        connection.rollback()
    assert library.verify().problems == ()
