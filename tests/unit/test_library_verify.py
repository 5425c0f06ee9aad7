"""`verify` finds whatever was changed past the application."""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from library_cases import BUNDLE, VERSION, make_recording, make_result, open_at, with_recordings

from peace_desktop.library.engine import open_library
from peace_desktop.library.worklist import Worklist
from peace_desktop.library.worklist_filter import WorklistFilter
from peace_desktop.review.reading import new_draft, sign, with_comment, with_statement
from peace_desktop.review.statements import agree
from peace_model.ecg.age import Age, Precision

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A library with everything in it: two recordings, a correction, a prediction, a draft and a signed reading."""
    library, (first, second) = with_recordings(tmp_path_factory.mktemp("made"), 2)
    with library:
        library.correct_person(first, age=Age(40, Precision.DAY, "entered by reader"), sex="F", reader="Dr A",
                               reason="asked")
        library.save_prediction(first, make_result(RVH=0.7, LVH=0.2))
        said = with_statement(new_draft(first, "Dr A"), agree("RVH", True, BUNDLE))
        library.sign_reading(sign(said, reader="Dr A", meaning="read", at=NOW))
        library.save_reading(with_comment(new_draft(second, "Dr A"), "to be continued"))
        worklist = Worklist(library)
        worklist.flag(first, reader="Dr A", flagged=True)
        worklist.flag(second, reader="Dr A", flagged=True)
        worklist.flag(second, reader="Dr A", flagged=False)
        for text in ("p1", "p2"):
            worklist.keep_filter("mine", WorklistFilter(text=text), reader="Dr A")
        worklist.keep_filter("gone", WorklistFilter(text="p3"), reader="Dr A")
        worklist.forget_filter("gone", reader="Dr A")
        assert library.verify().problems == ()
    return library.folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy of that library for one test."""
    return shutil.copytree(made, tmp_path / "library")


def tamper(folder, *commands: str) -> None:
    """Writes past the triggers, as the owner of a file can."""
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for command in commands:
            connection.execute(command)
        connection.commit()


def problems(folder, **options) -> tuple[str, ...]:
    with open_library(folder, application_version=VERSION, read_only=True) as library:
        return library.verify(**options).problems


@pytest.mark.parametrize(("command", "expected"), [
    ("UPDATE readings SET comment = 'other' WHERE state = 'final'", r"reading \w+ \(final\) differs"),
    ("UPDATE readings SET comment = 'other' WHERE state = 'draft'", r"reading \w+ \(draft\) differs"),
    ("UPDATE readings SET signed_at = '2020-01-01T00:00:00.000000+00:00' WHERE state = 'final'", "differs"),
    ("UPDATE statements SET presence = 'absent', via = 'disagree'", "differs"),
    ("UPDATE statements SET presence = 'nonsense'", "differs"),
    ("DELETE FROM statements", "differs"),
    ("DELETE FROM readings WHERE state = 'draft'", r"reading \w+ is missing"),
    ("INSERT INTO readings SELECT 'forged', 99, recording_sha256, reader, mode, state, comment, confidence, meaning, "
     "signed_at, reading_id, 'why', bundle_sha256, revision, created_at, saved_at, study_id, locked_at, "
     "locked_comment, locked_confidence FROM readings WHERE state = 'final'",
     "reading forged is not in the audit trail"),
    ("UPDATE recordings SET age_days = 400", "age or sex of recording"),
    ("UPDATE recordings SET sex = 'M', person_corrected = 0", "age or sex of recording"),
    ("UPDATE recordings SET age_days = -5", "age or sex of recording"),
    ("UPDATE recordings SET file_age_days = 7", "recording .* differs"),
    ("UPDATE recordings SET patient_key = 'P9'", "recording .* differs"),
    ("UPDATE predictions SET probability = 0.1", "prediction for recording"),
    ("DELETE FROM flags", "flags of reader Dr A"),
    ("INSERT INTO flags SELECT 'Dr A', sha256 FROM recordings WHERE patient_key <> 'P1'", "flags of reader Dr A"),
    ("DELETE FROM kept_filters", "filters of reader Dr A"),
    ("UPDATE kept_filters SET document = replace(document, 'p2', 'p1')", "filters of reader Dr A"),
    ("UPDATE kept_filters SET name = 'gone'", "filters of reader Dr A"),
    ("UPDATE audit SET actor = 'Dr B' WHERE sequence = 3", "audit entry 3 was changed"),
    ("UPDATE audit SET payload = 'nonsense' WHERE sequence = 3", "audit entry 3"),
    ("DELETE FROM audit WHERE sequence = 4", "audit entry 4 is missing"),
    ("UPDATE readings SET reader = 'nobody'", "database: table readings refers to a missing row of readers"),
])
def test_a_change_past_the_application_is_found(folder, command, expected) -> None:
    tamper(folder, command)
    found = " / ".join(problems(folder))
    assert re.search(expected, found), found


def test_a_trail_rewritten_as_a_whole_is_found_by_a_head_kept_elsewhere(folder) -> None:
    with open_library(folder, application_version=VERSION, read_only=True) as library:
        printed = library.audit_head().sha256
    assert problems(folder, expected_head=printed) == ()
    with open_at(folder) as library:
        library.add_reader("Dr C")
    assert problems(folder, expected_head=printed) == ()
    tamper(folder, "DELETE FROM audit WHERE sequence > 2", "DELETE FROM statements", "DELETE FROM readings",
           "DELETE FROM predictions", "DELETE FROM person_corrections")
    assert "the given head hash is not in the audit trail: entries were removed or rewritten" in problems(
        folder, expected_head=printed)


def test_missing_and_changed_recording_files_are_found(folder) -> None:
    first, second = sorted((folder / "recordings").rglob("*.npy"))
    first.unlink()
    content = bytearray(second.read_bytes())
    content[-1] ^= 1
    second.write_bytes(content)
    found = problems(folder)
    assert len(found) == 2
    assert any(".npy file" in text and "is missing" in text for text in found)
    assert any(".npy file" in text and "was changed" in text for text in found)


def test_a_damaged_database_page_is_found(folder) -> None:
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'readings'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with (folder / "library.sqlite").open("r+b") as file:
        file.seek((page - 1) * size + 8)
        file.write(b"\xff" * 64)
    assert problems(folder)[0].startswith("database: ")


def test_an_interrupted_import_is_a_note_and_no_fault(folder) -> None:
    (folder / "recordings" / "ab" / ("ab" * 32)).mkdir(parents=True)
    with open_library(folder, application_version=VERSION, read_only=True) as library:
        report = library.verify()
    assert report.problems == ()
    assert "interrupted import" in report.notes[0]
    assert (report.recordings, report.readings) == (2, 2)


def test_a_clock_that_went_back_is_a_note(tmp_path) -> None:
    open_at(tmp_path).close()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with open_library(tmp_path, application_version=VERSION, clock=lambda: yesterday) as library:
        library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x")
        report = library.verify()
    assert report.problems == ()
    assert "clock went back" in report.notes[0]
