"""Studies in the library: what is fixed stays fixed, blind means blind, and a change past the application is found."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from library_cases import with_recordings
from study_cases import LABELS, NOW, drafted, locked, protocol, signed_after_reveal, surrounding

from peace_desktop.library.circumstances import circumstances_document, circumstances_from
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.adjudication import Adjudication
from peace_desktop.review.assignment import assign
from peace_desktop.review.blind_reading import reveal
from peace_desktop.review.circumstances import NOTHING_SHOWN, PersonThen, Visit
from peace_desktop.review.map_ratings import MapRating, Rating
from peace_desktop.review.reading import (
    amend,
    new_draft,
    sign,
    with_comment,
    with_map_rating,
    with_notes,
    with_statement,
)
from peace_desktop.review.statements import Presence, Statement
from peace_desktop.review.study import StudyRecording
from peace_desktop.review.time_notes import TimeNote
from peace_model.ecg.age import Age, Precision

P, A = Presence.PRESENT, Presence.ABSENT
BOTH = {"RVH": P, "LVH": A}
STUDY = protocol(readers=("Dr A", "Dr B"), readers_per_recording=2)


@pytest.fixture
def running(tmp_path):
    """A library with a blind study of two recordings and two readers."""
    library, sha256s = with_recordings(tmp_path, 2)
    room = StudyRoom(library)
    room.create(STUDY, [StudyRecording(sha256, "murmur") for sha256 in sha256s], assign(STUDY, sha256s))
    with library:
        yield library, room, sha256s


def locked_in(room: StudyRoom, sha256: str, reader: str, answers=BOTH):
    reading = locked(sha256, reader, answers, STUDY)
    return room.lock(reading, surrounding(reading))


def test_a_study_comes_back_as_it_was_made(running) -> None:
    library, room, sha256s = running
    study = room.study(STUDY.study_id)
    assert (study.protocol, study.closed_at) == (STUDY, None)
    assert [item.recording_sha256 for item in study.recordings] == list(sha256s)
    assert {item.indication for item in study.recordings} == {"murmur"}
    assert set(study.assignments) == set(assign(STUDY, sha256s))
    assert [item.position for item in room.assignments(STUDY.study_id, reader="Dr B")] == [1, 2]
    assert room.protocols() == (STUDY,)
    with pytest.raises(LibraryError, match="already"):
        room.create(STUDY, study.recordings, study.assignments)
    assert library.verify().problems == ()


def test_a_reading_is_blind_until_it_is_revealed_whatever_way_it_is_opened(running) -> None:
    library, room, (first, second) = running
    assert room.blinding(first, "Dr A") == (STUDY.study_id,)
    assert room.blinding(first, "Dr Elsewhere") == ()
    library.save_reading(drafted(first, "Dr A", {"RVH": P}, STUDY))
    assert room.blinding(first, "Dr A") == (STUDY.study_id,)
    reading = locked_in(room, second, "Dr A")
    assert room.blinding(second, "Dr A") == (STUDY.study_id,)
    room.reveal(reveal(reading, bundle_sha256=STUDY.bundle_sha256))
    assert room.blinding(second, "Dr A") == ()
    assert room.blinding(second, "Dr B") == (STUDY.study_id,)


def test_the_whole_way_of_a_blind_reading_is_kept(running) -> None:
    library, room, (first, _second) = running
    draft = drafted(first, "Dr A", BOTH, STUDY)
    library.save_reading(draft)
    reading = replace(locked(first, "Dr A", BOTH, STUDY), reading_id=draft.reading_id)
    room.lock(reading, surrounding(reading))
    shown = room.reveal(reveal(reading, bundle_sha256=STUDY.bundle_sha256))
    changed = with_statement(shown, Statement("RVH", A, bundle_sha256=STUDY.bundle_sha256, model_positive=False))
    rated = with_map_rating(changed, MapRating("RVH", "gradcam", Rating.IMPLAUSIBLE, "b" * 64))
    noted = with_notes(rated, [TimeNote(0.1, 0.3, "pause", "II")])
    assert library.save_reading(noted) == noted
    final = sign(noted, reader="Dr A", meaning="read", at=NOW)
    library.sign_reading(final, surrounding(final, "signed"))
    stored = library.reading(draft.reading_id)
    assert stored == final
    assert stored.locked.statement("RVH").presence is P
    assert [item.stage for item in room.circumstances(final.reading_id)] == ["locked", "signed"]
    assert room.circumstances(final.reading_id)[0] == surrounding(reading)
    assert library.verify().problems == ()


def test_the_time_of_a_reading_is_kept_until_it_is_signed(running) -> None:
    library, _room, (first, second) = running
    seen = Visit(12.5, replace(NOTHING_SHOWN, age=True, maps=("RVH/gradcam",)))
    library.keep_visit(first, seen, reader="Dr A", study_id=STUDY.study_id)
    library.keep_visit(first, seen, reader="Dr A")
    library.keep_visit(first, seen, reader="Dr C")
    assert library.visits(first, "Dr A") == {STUDY.study_id: seen}, "assigned, though nothing was said yet"
    assert library.visits(first, "Dr C") == {}, "whoever only looks at it is not timed"
    draft = library.save_reading(with_comment(new_draft(second, "Dr C"), "free"))
    for seconds in (3.0, 70.0):
        library.keep_visit(second, replace(seen, seconds=seconds), reader="Dr C")
    assert library.visits(second, "Dr C") == {"": replace(seen, seconds=70.0)}
    final = library.sign_reading(sign(draft, reader="Dr C", meaning="read", at=NOW))
    library.keep_visit(second, seen, reader="Dr C")
    assert library.visits(second, "Dr C") == {}
    library.save_reading(amend(final, reason="typo"))
    library.keep_visit(second, seen, reader="Dr C")
    assert library.visits(second, "Dr C") == {"": seen}
    assert library.verify().problems == ()


def test_circumstances_say_how_the_page_was_drawn_and_older_ones_keep_their_hash(running) -> None:
    earlier = surrounding(locked("a" * 64, "Dr A", BOTH, STUDY))
    document = circumstances_document(earlier)
    assert set(document["display"]) == {"layout", "speed_mm_per_s", "gain_mm_per_mv", "half_standard", "filter"}
    assert circumstances_from(document) == earlier
    drawn = replace(earlier, display=replace(
        earlier.display, layout="3x5+rhythm", drawn_layout="3x5+rhythm", drawn_leads=("I", "V3R", "V4R"),
        own_gains=(("V4R", 2.0),)))
    assert circumstances_from(json.loads(json.dumps(circumstances_document(drawn)))) == drawn


def test_circumstances_keep_what_held_of_the_person() -> None:
    earlier = surrounding(locked("a" * 64, "Dr A", BOTH, STUDY))
    assert "person" not in circumstances_document(earlier)
    for age in (None, Age(213, Precision.MONTH, "file header")):
        told = replace(earlier, person=PersonThen(age, "F", 31))
        assert circumstances_from(json.loads(json.dumps(circumstances_document(told)))) == told


def test_a_reader_may_read_the_same_recording_in_a_study_and_outside(running) -> None:
    library, room, (first, _second) = running
    free = library.save_reading(with_comment(new_draft(first, "Dr C"), "free"))
    locked_in(room, first, "Dr A")
    assert library.reading_for(first, "Dr C") == free
    assert library.reading_for(first, "Dr A") is None
    assert library.reading_for(first, "Dr A", study_id=STUDY.study_id).locked is not None


def test_locked_answers_do_not_change(running) -> None:
    library, room, (first, _second) = running
    reading = locked_in(room, first, "Dr A")
    other = replace(reading, locked=replace(reading.locked, comment="other"), revision=reading.revision + 1)
    with pytest.raises(LibraryError, match="never change"):
        room.lock(other, surrounding(other))
    back = replace(reading, state="draft", locked=None, revision=reading.revision + 1)
    with pytest.raises(LibraryError):
        library.save_reading(back)
    assert library.reading(reading.reading_id) == reading


@pytest.mark.parametrize("attack", [
    "UPDATE locked_statements SET presence = 'absent'", "DELETE FROM locked_statements",
    "INSERT INTO locked_statements SELECT reading_id, 'NEW', 9, 'present' FROM readings WHERE state = 'locked'",
    "INSERT OR REPLACE INTO locked_statements SELECT reading_id, 'RVH', 0, 'absent' FROM readings",
    "UPDATE readings SET locked_comment = 'other'", "UPDATE readings SET state = 'draft'",
    "UPDATE statements SET presence = 'absent'", "UPDATE studies SET protocol = '{}'", "DELETE FROM studies",
    "UPDATE study_recordings SET indication = 'other'", "UPDATE assignments SET position = 9",
    "DELETE FROM assignments", "UPDATE circumstances SET document = '{}'", "DELETE FROM adjudications",
    "UPDATE adjudications SET presence = 'absent'"])
def test_the_database_itself_refuses_to_alter_a_study(running, attack) -> None:
    library, room, (first, _second) = running
    locked_in(room, first, "Dr A")
    room.adjudicate(Adjudication("1", STUDY.study_id, first, "RVH", P, "Dr Chief", NOW))
    with closing(sqlite3.connect(library.file)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="change|deleted"):
            connection.execute(attack)
        connection.rollback()
    assert library.verify().problems == ()


@pytest.mark.parametrize(("command", "said"), [
    ("UPDATE locked_statements SET presence = 'absent'", "reading"),
    ("UPDATE readings SET locked_comment = 'other'", "reading"),
    ("UPDATE studies SET protocol = replace(protocol, 'RVH', 'LVX')", "study"),
    ("UPDATE study_recordings SET indication = 'other'", "study"),
    ("DELETE FROM assignments WHERE position = 2", "study"),
    ("UPDATE circumstances SET document = replace(document, '41.5', '1.5')", "surrounded"),
    ("DELETE FROM circumstances", "surrounded"),
    ("UPDATE adjudications SET presence = 'absent'", "decision"), ("DELETE FROM adjudications", "decision")])
def test_a_change_past_the_application_is_found(running, command, said) -> None:
    library, room, (first, _second) = running
    locked_in(room, first, "Dr A")
    room.adjudicate(Adjudication("1", STUDY.study_id, first, "RVH", P, "Dr Chief", NOW))
    with closing(sqlite3.connect(library.file)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(command)
        connection.commit()
    assert any(said in problem for problem in library.verify().problems)


def test_decisions_are_never_on_an_own_case_nor_in_a_closed_study(running) -> None:
    library, room, (first, second) = running
    decision = Adjudication("1", STUDY.study_id, first, "RVH", P, "Dr Chief", NOW)
    room.adjudicate(decision)
    room.adjudicate(decision)
    with pytest.raises(LibraryError, match="never decides"):
        room.adjudicate(replace(decision, adjudication_id="2", adjudicator="Dr A"))
    with pytest.raises(LibraryError, match="does not ask"):
        room.adjudicate(replace(decision, adjudication_id="2", label="WPW"))
    with pytest.raises(LibraryError, match="kept as it was"):
        room.adjudicate(replace(decision, presence=A))
    room.adjudicate(replace(decision, adjudication_id="3", presence=A))
    assert [item.presence for item in room.study(STUDY.study_id).adjudications] == [P, A]
    room.close(STUDY.study_id, actor="Dr Chief")
    with pytest.raises(LibraryError, match="closed"):
        room.adjudicate(replace(decision, adjudication_id="4"))
    with pytest.raises(LibraryError, match="closed already"):
        room.close(STUDY.study_id, actor="Dr Chief")
    assert room.blinding(second, "Dr B") == ()
    assert library.verify().problems == ()
    assert STUDY.labels == LABELS


def test_readings_of_a_study_are_found_with_all_their_parts(running) -> None:
    library, room, (first, second) = running
    one = signed_after_reveal(locked(first, "Dr A", BOTH, STUDY), Statement("RVH", A))
    library.sign_reading(one, surrounding(one, "signed"))
    two = locked_in(room, second, "Dr B", {"RVH": A, "LVH": A})
    assert room.study(STUDY.study_id).readings == (one, two)
