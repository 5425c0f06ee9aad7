"""Import, worklist and people of the library."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from library_cases import BUNDLE, add_as_it_came, listed, make_recording, make_result, open_at
from sqlalchemy import text

from peace_desktop.jobs.case import CaseAnalysis
from peace_desktop.jobs.opened_case import keep_analysis
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import Keep
from peace_desktop.library.schema import SCHEMA, Schema
from peace_desktop.library.taking import Incoming
from peace_desktop.review.reading import new_draft
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.signal.section import section_of
from peace_model.inference.associated import AssociatedFinding, Evidence

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def library(tmp_path):
    with open_at(tmp_path / "library") as opened:
        yield opened


def test_an_import_copies_the_files_and_lists_the_recording(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source")
    stored = library.add_recording(recording, origin_path_name="R00001.hea", title="First")
    shutil.rmtree(tmp_path / "source")
    assert stored.path.is_relative_to(library.folder / "recordings" / stored.sha256[:2] / stored.sha256)
    (row,) = listed(library)
    assert (row.sha256, row.title, row.source_format, row.n_leads) == (stored.sha256, "First", "wfdb", 12)
    assert (row.age, row.sex, row.patient_key) == (recording.age, "M", "P1")
    assert (row.duration_s, row.simulated, row.reading_state, row.others_signed) == (0.4, False, None, 0)


def test_the_stored_recording_reads_back_as_it_was(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source", age=Age(13, Precision.DAY, "side-car table"), sex="F")
    sha256 = library.add_recording(recording, origin_path_name="x").sha256
    again = library.load_recording(sha256)
    assert again.source.sha256 == sha256
    assert abs(again.signal_mv - recording.signal_mv).max() < 1e-3
    # None of these stands in the copied files: they came from a table beside the original.
    assert (again.age, again.sex, again.patient_key) == (recording.age, "F", "P1")
    assert again.source_statements == ("sinus rhythm",)


def test_the_same_bytes_are_imported_once(library, tmp_path) -> None:
    first = library.add_recording(make_recording(tmp_path / "a"), origin_path_name="a", title="A")
    head = library.audit_head()
    again = library.add_recording(make_recording(tmp_path / "b"), origin_path_name="b", title="B")
    assert (first.duplicate, again.duplicate) == (False, True)
    assert (again.title, again.path) == ("A", first.path)
    assert len(listed(library)) == 1
    assert library.audit_head() == head


def test_original_files_that_changed_since_they_were_read_are_refused(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source")
    with recording.source.files[1].open("ab") as signal:
        signal.write(b"\0\0")
    with pytest.raises(LibraryError, match=r"R00001\.hea changed while it was imported"):
        library.add_recording(recording, origin_path_name="x", keep=Keep.NAME)
    assert listed(library) == ()
    library.add_recording(recording, origin_path_name="x")
    assert library.verify().problems == ()


def test_a_file_that_vanished_is_one_sentence_and_leaves_nothing(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source")
    recording.source.files[1].unlink()
    with pytest.raises(LibraryError, match="everything saved earlier is safe"):
        library.add_recording(recording, origin_path_name="x", keep=Keep.NAME)
    assert listed(library) == ()
    assert list((library.folder / "recordings").rglob("*.*")) == []


@pytest.mark.parametrize("name", ["signal.npy", "recording.json"])
def test_a_stored_file_that_was_altered_is_not_shown_as_the_recording(library, tmp_path, name) -> None:
    stored = library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x")
    file = stored.path.with_name(name)
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    with pytest.raises(LibraryError, match="not what was written|not the one that was imported"):
        library.load_recording(stored.sha256)


@pytest.mark.parametrize("keep", [Keep.NOTHING, Keep.NAME])
@pytest.mark.parametrize("harm", [
    lambda folder: (folder / "signal.npy").write_bytes(b"x"), lambda folder: (folder / "recording.json").unlink(),
    shutil.rmtree])
def test_importing_the_original_again_mends_a_damaged_copy(library, tmp_path, harm, keep) -> None:
    recording = make_recording(tmp_path / "source")
    stored = library.add_recording(recording, origin_path_name="x", keep=keep)
    harm(stored.path.parent)
    assert library.verify().problems != ()
    assert library.whole([stored.sha256]) == frozenset()
    assert library.add_recording(recording, origin_path_name="x", keep=keep).duplicate
    assert library.load_recording(stored.sha256).source.sha256 == stored.sha256
    assert library.verify().problems == ()
    assert library.whole([stored.sha256, "f" * 64]) == {stored.sha256}


def test_a_damaged_copy_is_not_replaced_by_something_else(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source")
    stored = library.add_recording(recording, origin_path_name="x")
    signal = stored.path.with_name("signal.npy")
    signal.write_bytes(b"x")
    with pytest.raises(LibraryError, match="differs from it. Bring it back from a backup"):
        library.add_recording(replace(recording, signal_mv=recording.signal_mv + 1), origin_path_name="x")
    assert signal.read_bytes() == b"x"


def test_a_batch_keeps_its_good_recordings_when_one_is_refused(library, tmp_path) -> None:
    recordings = [make_recording(tmp_path / "source", seed=seed) for seed in (1, 2, 3)]
    recordings[1].source.files[1].unlink()
    first, second, third, again = library.add_recordings([
        Incoming(recordings[0], "a"), Incoming(recordings[1], "b", Keep.NAME), Incoming(recordings[2], "c"),
        Incoming(recordings[0], "d")])
    assert isinstance(second, LibraryError)
    assert (first.duplicate, third.duplicate, again.duplicate) == (False, False, True)
    assert [row.sha256 for row in listed(library)] == [first.sha256, third.sha256]
    assert len(list((library.folder / "recordings").glob("??/*"))) == 2
    assert library.verify().problems == ()


def test_a_recording_kept_as_it_came_by_an_older_version_opens_and_is_mended(tmp_path) -> None:
    recording = make_recording(tmp_path / "source")
    older = Schema(SCHEMA.revisions[:2], SCHEMA.folders)
    with open_library(tmp_path / "library", application_version="0.1.0", schema=older) as library:
        sha256 = add_as_it_came(library, recording)
    with open_at(tmp_path / "library") as library:
        assert library.verify().problems == ()
        again = library.load_recording(sha256)
        assert (again.source.sha256, again.patient_key, again.age) == (sha256, "P1", recording.age)
        (row,) = listed(library)
        assert (row.identified, row.date_shifted) == (True, False)
        signal = next(library.recordings_folder.rglob("*.dat"))
        signal.write_bytes(b"x")
        assert library.add_recording(recording, origin_path_name="x").duplicate
        assert library.verify().problems == ()
        fresh = make_recording(tmp_path / "source", seed=2)
        assert not library.add_recording(fresh, origin_path_name="x").duplicate
        assert library.verify().problems == ()


def test_a_correction_keeps_what_the_file_said_and_who_changed_it(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source", age=None, sex="M")
    sha256 = library.add_recording(recording, origin_path_name="x").sha256
    entered = Age(40, Precision.DAY, "entered by reader")
    person = library.correct_person(sha256, age=entered, sex="F", reader="Dr A", reason="birth date asked",
                                    gestational_age_weeks=34)
    assert (person.age, person.sex, person.gestational_age_weeks, person.corrected) == (entered, "F", 34, True)
    assert (person.file_age, person.file_sex, person.corrected_by) == (None, "M", "Dr A")
    assert library.load_recording(sha256).age == entered
    assert listed(library)[0].age == entered
    older = library.correct_person(sha256, age=Age(41, Precision.DAY, "entered by reader"), sex="F", reader=" Dr A ",
                                   reason="a day more")
    assert (older.gestational_age_weeks, older.corrected_by) == (34, "Dr A")
    back = library.correct_person(sha256, age=None, sex=None, reader="Dr B", reason="wrong child",
                                  gestational_age_weeks=None)
    assert (back.age, back.sex, back.gestational_age_weeks) == (None, None, None)
    history = library.person_history(sha256)
    assert [(step.age, step.sex, step.corrected_by) for step in history] == [
        (None, "M", ""), (entered, "F", "Dr A"), (older.age, "F", "Dr A"), (None, None, "Dr B")]
    assert library.readers() == ("Dr A", "Dr B")
    assert library.verify().problems == ()


def test_a_correction_needs_a_reason_and_a_reader(library, tmp_path) -> None:
    sha256 = library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x").sha256
    with pytest.raises(LibraryError, match="needs a reason"):
        library.correct_person(sha256, age=None, sex=None, reader="Dr A", reason=" ")
    with pytest.raises(LibraryError, match="reader's name"):
        library.correct_person(sha256, age=None, sex=None, reader="", reason="why")
    assert not library.stored_person(sha256).corrected
    assert library.readers() == ()


def test_names_stand_in_their_own_table_and_nowhere_in_the_audit_trail(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source", patient_key="P-4711")
    library.add_recording(recording, origin_path_name="Musterfrau.hea", title="Musterfrau, Erika")
    library.add_person_name("P-4711", "Erika Musterfrau", reader="Dr A")
    library.add_person_name("P-4711", "Erika Mustermann", reader="Dr A")
    assert library.person_name("P-4711") == "Erika Mustermann"
    assert library.person_name("P-1") == ""
    with library.read() as session:
        everything = "SELECT group_concat(actor || subject || payload) FROM audit"
        trail = session.connection().exec_driver_sql(everything).scalar()
    assert "Muster" not in trail
    assert "P-4711" not in trail


def test_the_intended_use_accepted_stands_in_the_audit_trail(library) -> None:
    library.record_acceptance(" Dr A ", "a" * 64)
    with library.read() as session:
        said = session.connection().exec_driver_sql(
            "SELECT actor, action, subject, payload FROM audit ORDER BY sequence DESC LIMIT 1").one()
    assert tuple(said) == ("Dr A", "intended_use.accepted", "Dr A", '{"notice":"%s"}' % ("a" * 64))
    assert library.readers() == ("Dr A",)
    assert library.verify().problems == ()


@pytest.mark.parametrize(("reader", "notice"), [("", "1"), ("Dr A", " ")])
def test_an_acceptance_names_its_reader_and_the_text(library, reader, notice) -> None:
    head = library.audit_head()
    with pytest.raises(LibraryError):
        library.record_acceptance(reader, notice)
    assert library.audit_head() == head


def test_a_prediction_said_again_writes_nothing(library, tmp_path) -> None:
    sha256 = library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x").sha256
    library.save_prediction(sha256, make_result(RVH=0.7, LVH=0.2))
    head = library.audit_head()
    library.save_prediction(sha256, make_result(RVH=0.7 + 1e-8, LVH=0.2))
    assert library.audit_head() == head
    library.save_prediction(sha256, make_result(RVH=0.4, LVH=0.2))
    assert [(item.label, item.probability, item.positive) for item in library.predictions(sha256)] == [
        ("RVH", 0.4, False), ("LVH", 0.2, False)]
    assert {item.bundle_sha256 for item in library.predictions(sha256)} == {BUNDLE}
    assert library.verify().problems == ()


def test_another_age_or_sex_drops_what_bundles_said_and_other_corrections_do_not(library, tmp_path) -> None:
    sha256 = library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x").sha256
    said, other = make_result(RVH=0.7), replace(make_result(RVH=0.7), bundle_sha256="c" * 64)
    person = library.stored_person(sha256)
    for age, sex, left in ((person.age, person.sex, 2), (person.age, "F", 0), (None, "F", 0), (None, "F", 2)):
        for result in (said, other):
            library.save_prediction(sha256, result)
        library.correct_person(sha256, age=age, sex=sex, reader="Dr A", reason="asked", gestational_age_weeks=31)
        assert len(library.predictions(sha256)) == left
    assert library.verify().problems == ()


def test_of_a_long_recording_the_first_section_counts_and_only_for_the_age_that_holds(library, tmp_path) -> None:
    recording = make_recording(tmp_path / "source")
    sha256 = library.add_recording(recording, origin_path_name="x").sha256
    long = replace(recording, signal_mv=np.zeros((12, 1300), np.float32), fs_hz=2.0)

    def keep(probability: float, *, at_s: float = 0.0) -> None:
        case = CaseAnalysis(long, section_of(long, at_s), long, (), (), (), make_result(RVH=probability), "")
        keep_analysis(library, sha256, case)

    keep(0.9)
    keep(0.1, at_s=300.0)
    assert [item.probability for item in library.predictions(sha256)] == [0.9]
    library.correct_person(sha256, age=None, sex=recording.sex, reader="Dr A", reason="asked")
    keep(0.9)
    assert library.predictions(sha256) == ()


def test_associated_findings_are_kept_with_the_prediction_and_told_without_the_bundle(library, tmp_path) -> None:
    sha256 = library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x").sha256
    said = (AssociatedFinding("rate_high", "High heart rate", "heart rate over 100 bpm in adults", "A source.", 0.62,
                              0.4, True, Evidence(0.8, 0.7, 0.9, 80, 900, "somewhere")),)
    result = replace(make_result(RVH=0.7), associated=said)
    library.save_prediction(sha256, result)
    assert library.associated_findings(sha256, BUNDLE) == said
    assert library.associated_findings(sha256, BUNDLE)[0].criterion.template.startswith("{quantity} over")
    assert library.verify().problems == ()
    head = library.audit_head()
    library.save_prediction(sha256, replace(result, associated=(replace(said[0], probability=0.62 + 1e-8),)))
    assert library.audit_head() == head
    with library.write("x") as (session, _act):
        session.execute(text("UPDATE associated_findings SET document = replace(document, '0.62', '0.99')"))
    assert any("prediction" in problem for problem in library.verify().problems)
    library.save_prediction(sha256, make_result(RVH=0.7))
    assert library.associated_findings(sha256, BUNDLE) == ()
    assert library.verify().problems == ()


@pytest.mark.parametrize("ask", [
    lambda library: library.load_recording("f" * 64),
    lambda library: library.stored_person("f" * 64), lambda library: library.save_findings("f" * 64, ["x"]),
    lambda library: library.save_prediction("f" * 64, make_result(RVH=0.1)),
    lambda library: library.save_reading(new_draft("f" * 64, "Dr A")),
    lambda library: library.correct_person("f" * 64, age=None, sex=None, reader="Dr A", reason="why")])
def test_an_unknown_recording_is_named_as_such(library, ask) -> None:
    with pytest.raises(LibraryError, match="not in the library"):
        ask(library)
