"""Readers with passphrases: who may do what, what a wrong passphrase costs, and what the audit trail remembers."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from access_cases import CHIEF, CHIEF_WORDS, JUDGE, JUDGE_WORDS, READER, READER_WORDS, cheap_scrypt, with_three_readers
from library_cases import VERSION, open_at, with_recordings
from study_cases import drafted, protocol

from peace_desktop.library import audit
from peace_desktop.library.access import Access, SignInRefused
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.passphrases import matches, record_of
from peace_desktop.library.repository import Library
from peace_desktop.library.rights import NotAllowed
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.access import Reader, Role, still_to_wait, wait_after
from peace_desktop.review.adjudication import Adjudication
from peace_desktop.review.assignment import assign
from peace_desktop.review.reading import new_draft, with_comment
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import StudyRecording

__all__ = ["cheap_scrypt"]
pytestmark = pytest.mark.usefixtures("cheap_scrypt")


class Clock:
    """A computer's clock that can be set, and one that cannot."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
        self.since_start_s = 0.0

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)
        self.since_start_s += timedelta(**time).total_seconds()


def trail(library: Library) -> list[tuple[str, str, str]]:
    with library.read() as session:
        return [(row.actor, row.action, row.subject) for row in audit.entries(session)]


def test_a_library_without_passphrases_asks_nobody(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        assert not Access(library).guarded
        library.save_reading(new_draft(sha256, "anybody"))
        make_study(library, (sha256,), by="somebody")
        with pytest.raises(LibraryError, match="Set the first one"):
            Access(library).add("Dr A", Role.READER, READER_WORDS, by="anybody")


def make_study(library: Library, hashes: tuple[str, ...], *, by: str) -> None:
    study = protocol(created_by=by, readers=(READER, "Dr B"), readers_per_recording=2)
    StudyRoom(library).create(study, [StudyRecording(sha256) for sha256 in hashes], assign(study, hashes))


def test_who_sets_the_first_passphrase_is_administrator_and_others_are_asked_for_theirs(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        access = with_three_readers(library)
        assert access.readers() == (
            Reader(READER, Role.READER, True, True), Reader(CHIEF, Role.ADMINISTRATOR, True, True),
            Reader(JUDGE, Role.ADJUDICATOR, True, True))
        with pytest.raises(NotAllowed, match="passphrases already"):
            access.begin("Dr B", "my own administrator")
        draft = with_comment(new_draft(sha256, READER), "mine")
        with pytest.raises(NotAllowed, match="not signed in under this name"):
            library.save_reading(draft)
        access.sign_in(READER, READER_WORDS)
        assert library.save_reading(draft) == draft
        with pytest.raises(NotAllowed, match="not signed in"):
            library.correct_person(sha256, age=None, sex="F", reader=CHIEF, reason="in another's name")
    with open_library(library.folder, application_version=VERSION) as again:
        assert Access(again).guarded
        with pytest.raises(NotAllowed):
            again.save_reading(with_comment(draft, "not signed in after a start"))
        assert again.verify().problems == ()


def test_studies_decisions_and_readers_are_for_their_roles(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        access = with_three_readers(library)
        decision = Adjudication("d" * 32, "s" * 32, sha256, "RVH", Presence.PRESENT, JUDGE, library.now(), "")
        access.sign_in(READER, READER_WORDS)
        with pytest.raises(NotAllowed, match="for administrators"):
            make_study(library, (sha256,), by=READER)
        with pytest.raises(NotAllowed, match="for administrators"):
            access.add("Dr B", Role.ADMINISTRATOR, "let me in please", by=READER)
        with pytest.raises(NotAllowed, match="not signed in"):
            access.set_role(READER, Role.ADMINISTRATOR, by=CHIEF)
        access.sign_in(CHIEF, CHIEF_WORDS)
        make_study(library, (sha256,), by=CHIEF)
        access.sign_in(JUDGE, JUDGE_WORDS)
        StudyRoom(library).adjudicate(decision)
        with pytest.raises(NotAllowed, match="for administrators"):
            StudyRoom(library).close("s" * 32, actor=JUDGE)
        access.sign_in(READER, READER_WORDS)
        library.save_reading(drafted(sha256, READER, {"RVH": Presence.ABSENT}, protocol()))
        with pytest.raises(NotAllowed, match="for adjudicators"):
            StudyRoom(library).adjudicate(Adjudication(
                "e" * 32, "s" * 32, sha256, "RVH", Presence.ABSENT, READER, library.now(), ""))
        assert [item.adjudicator for item in StudyRoom(library).study("s" * 32).adjudications] == [JUDGE]
        assert library.verify().problems == ()


def test_wrong_passphrases_are_counted_and_cost_more_and_more_time(tmp_path) -> None:
    clock = Clock()
    open_at(tmp_path).close()

    def opened() -> Access:
        return Access(open_library(tmp_path, application_version=VERSION, clock=lambda: clock.at),
                      monotonic=lambda: clock.since_start_s)

    access = opened()
    access.begin(CHIEF, CHIEF_WORDS)
    for _ in range(4):
        with pytest.raises(SignInRefused, match="Caps Lock"):
            access.sign_in(CHIEF, "guessed")
    with pytest.raises(SignInRefused, match="in 30 seconds") as fifth:
        access.sign_in(CHIEF, "guessed")
    assert fifth.value.wait == timedelta(seconds=30)
    with pytest.raises(SignInRefused, match=r"Too many.*administrator"):
        access.sign_in(CHIEF, CHIEF_WORDS)
    access._library.close()

    access = opened()
    with pytest.raises(SignInRefused, match="Too many"):
        access.sign_in(CHIEF, CHIEF_WORDS)
    clock.passes(seconds=31)
    with pytest.raises(SignInRefused, match="in 60 seconds"):
        access.sign_in(CHIEF, "guessed again")
    clock.passes(seconds=61)
    assert access.sign_in(CHIEF, CHIEF_WORDS).role is Role.ADMINISTRATOR
    with pytest.raises(SignInRefused, match="Caps Lock"):
        access.sign_in(CHIEF, "a slip")
    actions = [action for _actor, action, subject in trail(access._library) if subject == CHIEF]
    assert actions.count("reader.refused") == 7
    assert actions.count("reader.signed_in") == 1
    assert access._library.verify().problems == ()
    access._library.close()


@pytest.mark.parametrize("moved", [timedelta(days=-400), timedelta(minutes=-1), timedelta(days=400)])
def test_a_clock_that_is_set_neither_shortens_the_wait_nor_makes_it_endless(tmp_path, moved) -> None:
    clock = Clock()
    open_at(tmp_path).close()
    with open_library(tmp_path, application_version=VERSION, clock=lambda: clock.at) as library:
        access = Access(library, monotonic=lambda: clock.since_start_s)
        access.begin(CHIEF, CHIEF_WORDS)
        for _ in range(7):
            clock.passes(hours=1)
            with pytest.raises(SignInRefused):
                access.sign_in(CHIEF, "guessed")
        clock.at += moved
        for _ in range(3):
            with pytest.raises(SignInRefused, match="Too many"):
                access.sign_in(CHIEF, CHIEF_WORDS)
            clock.passes(seconds=39)
        clock.passes(seconds=4)
        assert access.sign_in(CHIEF, CHIEF_WORDS).name == CHIEF


def test_the_wait_doubles_up_to_an_hour_and_a_clock_set_back_leaves_all_of_it() -> None:
    assert [wait_after(failures).total_seconds() for failures in (0, 4, 5, 6, 7, 11, 12, 13, 500)] == [
        0, 0, 30, 60, 120, 1920, 3600, 3600, 3600]
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert still_to_wait(6, now - timedelta(seconds=20), now) == timedelta(seconds=40)
    assert still_to_wait(6, now + timedelta(days=1), now) == timedelta(seconds=60)
    assert still_to_wait(4, now, now) == still_to_wait(9, None, now) == timedelta()


def test_an_administrator_gives_new_passphrases_and_readers_change_their_own(tmp_path) -> None:
    with open_at(tmp_path) as library:
        access = with_three_readers(library)
        for _ in range(6):
            with pytest.raises(SignInRefused):
                access.sign_in(READER, "forgotten")
        access.reset_passphrase(READER, "a new beginning", by=CHIEF)
        access.sign_in(READER, "a new beginning")
        with pytest.raises(SignInRefused):
            access.change_own(READER, "not the old one", "nobody knows this")
        access.change_own(READER, "a new beginning", "known to me alone")
        with pytest.raises(SignInRefused):
            access.sign_in(READER, "a new beginning")
        access.sign_in(READER, "known to me alone")
        with pytest.raises(LibraryError, match="at least 8 characters"):
            access.change_own(READER, "known to me alone", "short")
        assert library.verify().problems == ()


def test_who_left_signs_in_no_more_and_the_last_administrator_stays(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        access = with_three_readers(library)
        with pytest.raises(LibraryError, match="last administrator"):
            access.set_active(CHIEF, active=False, by=CHIEF)
        with pytest.raises(LibraryError, match="last administrator"):
            access.set_role(CHIEF, Role.READER, by=CHIEF)
        access.set_active(READER, active=False, by=CHIEF)
        with pytest.raises(SignInRefused, match="no longer active"):
            access.sign_in(READER, READER_WORDS)
        access.set_role(JUDGE, Role.ADMINISTRATOR, by=CHIEF)
        access.set_role(CHIEF, Role.READER, by=CHIEF)
        with pytest.raises(NotAllowed):
            access.set_active(READER, active=True, by=CHIEF)
        access.sign_in(JUDGE, JUDGE_WORDS)
        access.set_active(READER, active=True, by=JUDGE)
        access.sign_in(READER, READER_WORDS)
        access.sign_in(JUDGE, JUDGE_WORDS)
        library.add_reader(JUDGE)
        assert library.verify().problems == ()


def test_when_the_last_administrator_forgot_all_passphrases_can_be_taken_away_and_the_trail_says_so(tmp_path) -> None:
    with open_at(tmp_path) as library:
        access = with_three_readers(library)
        assert access.forget_all() == 3
        assert not access.guarded
        access.begin(READER, "the new administrator")
        assert access.reader(READER) == Reader(READER, Role.ADMINISTRATOR, True, True)
        assert [action for _a, action, _s in trail(library)].count("access.forgotten") == 3
        assert library.verify().problems == ()


@pytest.mark.parametrize("change", [
    "UPDATE readers SET role = 'administrator' WHERE name = 'Dr A'",
    "UPDATE readers SET passphrase = NULL", "UPDATE readers SET active = 0 WHERE name = 'Dr J'",
    f"UPDATE readers SET passphrase = '{'x' * 8}' WHERE name = 'Dr A'"])
def test_a_role_or_passphrase_changed_past_the_application_is_found(tmp_path, change) -> None:
    with open_at(tmp_path) as library:
        with_three_readers(library)
        with closing(sqlite3.connect(library.file)) as connection, connection:
            connection.execute(change)
        assert any("role or passphrase of reader" in problem for problem in library.verify().problems)


@pytest.mark.parametrize("change", [
    "DELETE FROM readers WHERE name = 'Dr J'", "UPDATE readers SET name = 'Dr X' WHERE name = 'Dr J'",
    "INSERT OR REPLACE INTO readers (name, added_at) VALUES ('Dr J', '')"])
def test_a_reader_is_never_removed_renamed_or_replaced(tmp_path, change) -> None:
    with open_at(tmp_path) as library:
        with_three_readers(library)
        with closing(sqlite3.connect(library.file)) as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute(change)


def test_a_passphrase_is_kept_as_a_salted_hash_and_matches_however_its_accents_were_typed(tmp_path) -> None:
    composed = "K\N{LATIN SMALL LETTER A WITH DIAERESIS}sebrot morgens"
    apart = "Ka\N{COMBINING DIAERESIS}sebrot morgens"
    record = record_of(composed)
    assert record != record_of(composed)
    assert matches(apart, record)
    assert not matches(composed + " ", record)
    with open_at(tmp_path) as library:
        Access(library).begin(CHIEF, composed)
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert composed.encode() not in kept
    with pytest.raises(ValueError, match="scrypt parameters"):
        matches("x", f"scrypt${1 << 30}$8$1$00$00")
