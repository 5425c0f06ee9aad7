"""Readers' own boundaries in the library: kept beside the automatic ones, audited, never changed."""

import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from library_cases import VERSION, make_recording, open_at, with_recordings
from study_cases import protocol, surrounding

from peace_desktop.jobs.opened_case import load_case
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.export import export
from peace_desktop.library.import_ import import_readings
from peace_desktop.library.schema import PACKAGED, Schema
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.library.worklist import Worklist
from peace_desktop.review.assignment import assign
from peace_desktop.review.measurement_edits import edit_in, edit_in_force, measured_with
from peace_desktop.review.reading import new_draft, sign, with_comment
from peace_desktop.review.study import StudyRecording
from peace_model.ecg.boundaries import Boundaries

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AUTOMATIC = Boundaries(-150.0, -70.0, -36.0, 40.0, 120.0, 300.0)
FIRST = Schema(("0001",), (PACKAGED,))


def edited(draft, p_on=-160.0, *, minutes=0):
    return edit_in(draft, replace(AUTOMATIC, p_on=p_on), automatic=AUTOMATIC, at=NOW + timedelta(minutes=minutes))


def test_an_edit_and_its_undoing_are_both_kept_with_who_and_when(tmp_path) -> None:
    library, (sha256, other) = with_recordings(tmp_path, 2)
    with library:
        draft = library.save_reading(with_comment(new_draft(sha256, "Dr A"), "P is early"))
        edits = (edited(draft), edit_in(draft, None, automatic=AUTOMATIC, at=NOW), edited(draft, -158.0))
        for edit in (*edits, edits[0]):
            library.add_measurement_edit(edit)
        assert library.measurement_edits(sha256) == edits
        assert library.measurement_edits(other) == ()
        with library.read() as session:
            acts = session.connection().exec_driver_sql(
                "SELECT actor, action FROM audit WHERE action LIKE 'measurement%'").all()
        assert acts == [("Dr A", "measurement.edited")] * 3
        assert library.verify().problems == ()
    with open_at(library.folder) as again:
        assert again.measurement_edits(sha256) == edits


def test_only_the_reader_of_an_open_draft_edits(tmp_path) -> None:
    library, (sha256, other) = with_recordings(tmp_path, 2)
    with library:
        draft = new_draft(sha256, "Dr A")
        with pytest.raises(LibraryError, match="edited in a draft"):
            library.add_measurement_edit(edited(draft))
        draft = library.save_reading(with_comment(draft, "normal"))
        for wrong in (replace(edited(draft), reader="Dr B"), replace(edited(draft), recording_sha256=other)):
            with pytest.raises(LibraryError, match="by the reader of the draft"):
                library.add_measurement_edit(wrong)
        library.add_measurement_edit(kept := edited(draft))
        with pytest.raises(LibraryError, match="kept as it was"):
            library.add_measurement_edit(replace(kept, boundaries=None))
        library.sign_reading(sign(draft, reader="Dr A", meaning="read", at=NOW))
        with pytest.raises(LibraryError, match="edited in a draft"):
            library.add_measurement_edit(edited(draft))
        assert library.measurement_edits(sha256) == (kept,)
        assert library.verify().problems == ()


def test_the_database_itself_refuses_to_change_an_edit(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        draft = library.save_reading(new_draft(sha256, "Dr A"))
        library.add_measurement_edit(edited(draft))
    for command in ("UPDATE measurement_edits SET p_on_ms = 0", "DELETE FROM measurement_edits",
                    "REPLACE INTO measurement_edits SELECT * FROM measurement_edits"):
        with closing(sqlite3.connect(library.file)) as connection, pytest.raises(
                sqlite3.IntegrityError, match="edited measurement"):
            connection.execute(command)


@pytest.mark.parametrize("command", [
    "UPDATE measurement_edits SET p_on_ms = -158", "UPDATE measurement_edits SET automatic_t_off_ms = 310",
    "UPDATE measurement_edits SET reader = 'Dr B'", "UPDATE measurement_edits SET p_on_ms = NULL",
    "UPDATE measurement_edits SET at = '2020-01-01T00:00:00.000000+00:00'", "DELETE FROM measurement_edits",
    "INSERT INTO measurement_edits (edit_id, position, recording_sha256, reading_id, reader, at, "
    "automatic_qrs_on_ms, automatic_qrs_off_ms) SELECT 'forged', 9, recording_sha256, reading_id, reader, at, -40, 40 "
    "FROM measurement_edits"])
def test_verify_finds_an_edit_changed_past_the_application(tmp_path, command) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        library.add_reader("Dr B")
        library.add_measurement_edit(edited(library.save_reading(new_draft(sha256, "Dr A"))))
    with closing(sqlite3.connect(library.file)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(command)
        connection.commit()
    with open_library(library.folder, application_version=VERSION, read_only=True) as library:
        (problem,) = library.verify().problems
    assert "edited measurement" in problem


def test_edits_go_along_with_signed_readings_and_stay_home_with_drafts(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        draft = library.save_reading(with_comment(new_draft(sha256, "Dr A"), "normal"))
        kept = edited(draft)
        library.add_measurement_edit(kept)
        library.sign_reading(sign(draft, reader="Dr A", meaning="read", at=NOW))
        library.add_measurement_edit(edited(library.save_reading(new_draft(sha256, "Dr B"))))
        export(library, tmp_path / "out.zip")
    elsewhere, _ = with_recordings(tmp_path / "elsewhere", 1)
    with elsewhere:
        for added in (1, 0):
            assert import_readings(elsewhere, tmp_path / "out.zip").added == added
            assert elsewhere.measurement_edits(sha256) == (kept,)
        assert elsewhere.verify().problems == ()


def test_a_signed_reading_shows_at_both_sites_what_it_was_signed_with(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    elsewhere, _ = with_recordings(tmp_path / "elsewhere", 1)

    def shown(at_site, reading):
        return edit_in_force(at_site.measurement_edits(sha256), reading=reading, reader=reading.reader,
                             signed_with=at_site.signed_with(sha256))

    def signed(at_site, reader, *, edit_minutes=None):
        draft = at_site.save_reading(with_comment(new_draft(sha256, reader), "normal"))
        if edit_minutes is not None:
            at_site.add_measurement_edit(edited(draft, minutes=edit_minutes))
        final = sign(draft, reader=reader, meaning="read", at=NOW + timedelta(minutes=9))
        seen = surrounding(final, "signed")
        held = measured_with(edit_in_force(at_site.measurement_edits(sha256), reading=draft, reader=reader,
                                           signed_with={}))
        return at_site.sign_reading(final, replace(seen, display=replace(seen.display, measured_with=held)))

    with library, elsewhere:
        automatic = signed(library, "Dr A")
        own = signed(elsewhere, "Dr B", edit_minutes=3)
        for of, to in ((elsewhere, library), (library, elsewhere)):
            export(of, tmp_path / "out.zip")
            import_readings(to, tmp_path / "out.zip")
        for at_site in (library, elsewhere):
            (edit,) = at_site.measurement_edits(sha256)
            assert shown(at_site, automatic) is None
            assert shown(at_site, own) == edit
            assert at_site.verify().problems == ()


def test_a_reading_signed_by_an_earlier_version_shows_what_its_library_knew_then(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    elsewhere, _ = with_recordings(tmp_path / "elsewhere", 1)

    def signed(at_site, reader):
        draft = at_site.save_reading(with_comment(new_draft(sha256, reader), "normal"))
        at_site.add_measurement_edit(edited(draft, minutes=3))
        return at_site.sign_reading(sign(draft, reader=reader, meaning="read", at=NOW + timedelta(minutes=9)))

    with library, elsewhere:
        before = library.sign_reading(sign(with_comment(new_draft(sha256, "Dr A"), "normal"), reader="Dr A",
                                           meaning="read", at=NOW + timedelta(minutes=9)))
        signed(elsewhere, "Dr B")
        export(elsewhere, tmp_path / "out.zip")
        import_readings(library, tmp_path / "out.zip")
        after = signed(library, "Dr C")
        came, own = library.measurement_edits(sha256)
        assert came.reader == "Dr B"
        assert library.signed_with(sha256) == {before.reading_id: measured_with(None), after.reading_id: own.edit_id}


def test_who_reads_blind_is_not_told_what_others_signed_with(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        final = sign(with_comment(new_draft(sha256, "Dr A"), "normal"), reader="Dr A", meaning="read", at=NOW)
        seen = surrounding(final, "signed")
        library.sign_reading(final, replace(seen, display=replace(seen.display, measured_with=measured_with(None))))
        assert load_case(library, sha256, None, reader="Dr B").signed_with == {final.reading_id: measured_with(None)}
        study = protocol(readers=("Dr B",), readers_per_recording=1)
        StudyRoom(library).create(study, [StudyRecording(sha256)], assign(study, [sha256]))
        assert load_case(library, sha256, None, reader="Dr B").signed_with == {}


def test_a_damaged_list_of_edits_imports_nothing(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        library.add_measurement_edit(edited(library.save_reading(new_draft(sha256, "Dr A"))))
        export(library, tmp_path / "out.zip")
        with zipfile.ZipFile(tmp_path / "out.zip") as whole, zipfile.ZipFile(tmp_path / "cut.zip", "w") as cut:
            for name in whole.namelist():
                text = whole.read(name)
                cut.writestr(name, text.replace(b"-160", b"-170") if name.startswith("measurement") else text)
        with pytest.raises(LibraryError, match="not a whole export"):
            import_readings(library, tmp_path / "cut.zip")


def test_recordings_of_a_patient_are_those_with_exactly_this_key(tmp_path) -> None:
    with open_at(tmp_path / "library") as library:
        hashes = [library.add_recording(make_recording(tmp_path / "source", seed=seed, patient_key=key),
                                        origin_path_name="x", title="P1").sha256
                  for seed, key in enumerate(("P1", "P11", "", "P1", "p1"), start=1)]
        assert [row.sha256 for row in Worklist(library).of_patient("P1")] == [hashes[0], hashes[3]]
        assert Worklist(library).of_patient("") == ()
