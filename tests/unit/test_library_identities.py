"""What of a person a library keeps: nothing by default, the name in its table and the original on request."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from library_cases import VERSION, listed, make_recording, open_at

from peace_desktop.library import taking
from peace_desktop.library.cli import main
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.export import export
from peace_desktop.library.import_ import import_readings
from peace_desktop.library.records import Keep
from peace_desktop.library.restore import restore
from peace_desktop.library.schema import SCHEMA, Schema
from peace_desktop.library.worklist import Worklist
from peace_desktop.review.reading import new_draft, sign, with_comment
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding

CHILD = Identity("MRN-471108", "MUSTERFRAU^ERIKA", date(2019, 2, 3), ("Weber^Hans", "Musterstadt", "SN0099887"))
VALUES = ("471108", "musterfrau", "erika", "2019-02-03", "20190203", "weber", "musterstadt", "sn0099887", "2024-03-05",
          "20240305")
AT = datetime(2024, 3, 5, 10, 31, 7)


@pytest.fixture
def library(tmp_path):
    with open_at(tmp_path / "library") as opened:
        yield opened


def make_identified(folder, *, seed=1, at=AT, identity=CHILD):
    """A recording as a reader of a cart's format would return it, its file named after the child."""
    recording = make_recording(folder, seed=seed, patient_key="")
    renamed = [file.rename(file.with_name(f"Musterfrau_Erika{seed}{file.suffix}")) for file in recording.source.files]
    warning = Finding("channels_left_out", (), "Left out: {channels}.", (("channels", "Erika"),))
    return replace(
        recording, identity=identity, recorded_at=at, warnings=(warning,), source=replace(
            recording.source, path=renamed[0], files=tuple(renamed), format="dicom", producer="Weber's cart"),
        source_statements=("Normal ECG", "Confirmed by WEBER, 05.03.2024", "Erika Musterfrau 20190203"))


def everything_in(folder) -> str:
    """All bytes of all files of a library, and their names; the database as text and as bytes."""
    parts = [f"{path.relative_to(folder)}\n" + path.read_bytes().decode("latin-1")
             for path in folder.rglob("*") if path.is_file()]
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        parts += connection.iterdump()
    return "\n".join(parts).casefold()


def test_an_import_leaves_nothing_of_the_person_anywhere(library, tmp_path) -> None:
    recording = make_identified(tmp_path / "source")
    stored = library.add_recording(recording, origin_path_name=recording.source.path.name)
    (row,) = listed(library)
    again = library.load_recording(stored.sha256)
    assert (again.identity, again.age, again.sex) == (None, recording.age, "M")
    assert again.patient_key == row.patient_key != ""
    assert (row.identified, row.date_shifted, again.date_shifted) == (False, True, True)
    assert row.title == f"{row.patient_key[:8]} ~{row.recorded_at:%Y-%m-%d %H:%M}"
    assert library.person_name(row.patient_key) == ""
    assert library.verify().problems == ()
    library.close()
    text = everything_in(library.folder)
    assert [value for value in VALUES if value in text] == []


def test_the_same_patient_is_one_over_sessions_and_keeps_the_interval(tmp_path) -> None:
    for seed, at in ((1, AT), (2, AT + timedelta(days=17, minutes=3))):
        with open_at(tmp_path / "library") as library:
            library.add_recording(make_identified(tmp_path / "source", seed=seed, at=at), origin_path_name="x")
    with open_at(tmp_path / "library") as library:
        first, second = listed(library)
        assert first.patient_key == second.patient_key
        assert second.recorded_at - first.recorded_at == timedelta(days=17, minutes=3)
        assert len(Worklist(library).of_patient(first.patient_key)) == 2


def test_an_identified_import_keeps_the_original_and_the_name_in_its_table_only(library, tmp_path) -> None:
    recording = make_identified(tmp_path / "source")
    stored = library.add_recording(recording, origin_path_name=recording.source.path.name, keep=Keep.NAME)
    (row,) = listed(library)
    assert (row.identified, row.date_shifted, row.recorded_at) == (True, False, AT)
    assert library.person_name(row.patient_key) == "MUSTERFRAU^ERIKA"
    assert library.birth_date(row.patient_key) is None
    assert "muster" not in row.title.casefold()
    original = stored.path.parent / "original"
    assert {file.name: file.read_bytes() for file in original.iterdir()} == {
        file.name: file.read_bytes() for file in recording.source.files}
    with library.read() as session:
        dump = str(session.connection().exec_driver_sql("SELECT * FROM recordings").all())
        dump += str(session.connection().exec_driver_sql("SELECT * FROM audit").all())
    assert [value for value in (*VALUES[:2], *VALUES[4:8]) if value in dump.casefold()] == []
    assert library.verify().problems == ()


def test_the_birth_date_is_kept_only_when_asked_for(library, tmp_path) -> None:
    for seed, keep in ((1, Keep.NAME_AND_BIRTH_DATE), (2, Keep.NAME)):
        library.add_recording(make_identified(tmp_path / "source", seed=seed), origin_path_name="x", keep=keep)
    key = listed(library)[0].patient_key
    assert library.birth_date(key) == date(2019, 2, 3)
    assert library.person_name(key) == "MUSTERFRAU^ERIKA"


def test_identified_and_deidentified_imports_of_one_patient_have_one_key(library, tmp_path) -> None:
    for seed, keep in ((1, Keep.NOTHING), (2, Keep.NAME)):
        library.add_recording(make_identified(tmp_path / "source", seed=seed), origin_path_name="x", keep=keep)
    assert len({row.patient_key for row in listed(library)}) == 1


def test_a_known_recording_gains_the_name_that_is_kept_now(library, tmp_path) -> None:
    recording = make_identified(tmp_path / "source")
    first = library.add_recording(recording, origin_path_name="x")
    (row,) = listed(library)

    def again(keep: Keep) -> bool:
        answer = library.add_recording(recording, origin_path_name="x", keep=keep)
        assert (answer.sha256, answer.duplicate) == (first.sha256, True)
        return answer.named

    assert not again(Keep.NOTHING)
    assert again(Keep.NAME)
    assert (library.person_name(row.patient_key), library.birth_date(row.patient_key)) == ("MUSTERFRAU^ERIKA", None)
    assert again(Keep.NAME_AND_BIRTH_DATE)
    assert library.birth_date(row.patient_key) == date(2019, 2, 3)
    head = library.audit_head()
    assert not again(Keep.NAME_AND_BIRTH_DATE)
    assert library.audit_head() == head
    assert listed(library) == (row,)
    assert library.verify().problems == ()


def test_a_name_that_was_entered_is_not_replaced_by_a_known_recording(library, tmp_path) -> None:
    recording = make_identified(tmp_path / "source")
    library.add_recording(recording, origin_path_name="x")
    key = listed(library)[0].patient_key
    library.add_person_name(key, "Erika M.")
    library.add_recording(recording, origin_path_name="x", keep=Keep.NAME)
    assert library.person_name(key) == "Erika M."


@pytest.mark.parametrize("keep", list(Keep))
def test_what_de_identification_leaves_in_is_refused_by_the_look_back(library, tmp_path, monkeypatch, keep) -> None:
    def forgetful(recording, _secret, *, keep_date=False):
        return replace(recording, identity=None)

    monkeypatch.setattr(taking, "deidentified", forgetful)
    with pytest.raises(LibraryError, match=r"\(name, other value") as caught:
        library.add_recording(make_identified(tmp_path / "source"), origin_path_name="x", keep=keep)
    assert "muster" not in str(caught.value).casefold()
    assert listed(library) == ()
    assert list(library.recordings_folder.glob("*/*")) == []


def test_a_title_that_names_the_patient_is_refused(library, tmp_path) -> None:
    with pytest.raises(LibraryError, match=r"to be removed \(name\)"):
        library.add_recording(make_identified(tmp_path / "source"), origin_path_name="x", title="Erika, day 3")
    assert listed(library) == ()
    assert list(library.recordings_folder.glob("*/*")) == []


def test_an_everyday_name_or_number_does_not_keep_a_recording_out(library, tmp_path) -> None:
    identity = Identity("5000", "Lead^Format", date(2019, 2, 3), ("Age^Group", "dicom", "recorded"))
    recording = make_identified(tmp_path / "source", identity=identity)
    library.add_recording(replace(recording, fs_hz=5000.0), origin_path_name="x")
    assert len(listed(library)) == 1


def test_two_sites_with_secrets_of_their_own_exchange_readings_by_the_content(tmp_path) -> None:
    recording = make_identified(tmp_path / "source")
    with (open_library(tmp_path / "a", application_version=VERSION) as here,
          open_library(tmp_path / "b", application_version=VERSION) as there):
        for library in (here, there):
            library.add_recording(recording, origin_path_name="x")
        (one,), (other,) = listed(here), listed(there)
        assert one.sha256 == other.sha256 == recording.source.sha256
        assert one.patient_key != other.patient_key
        draft = with_comment(new_draft(one.sha256, "Dr A"), "normal")
        here.sign_reading(sign(draft, reader="Dr A", meaning="read", at=AT.astimezone()))
        export(here, tmp_path / "readings.zip")
        assert import_readings(there, tmp_path / "readings.zip").added == 1


def secret_of(folder) -> str:
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        return connection.execute("SELECT value FROM meta WHERE name = 'patient_secret'").fetchone()[0]


def test_the_secret_travels_with_backups_and_not_with_exports(tmp_path) -> None:
    folder = tmp_path / "library"
    with open_library(folder, application_version=VERSION) as library:
        library.add_recording(make_identified(tmp_path / "source"), origin_path_name="x", keep=Keep.NAME)
        copy = library.backup(tmp_path / "backup").file
        export(library, tmp_path / "readings.zip", with_free_text=True)
        before = listed(library)
    secret = secret_of(folder)
    assert len(secret) == 64
    restore(tmp_path / "again", copy, application_version=VERSION)
    assert secret_of(tmp_path / "again") == secret
    with open_library(tmp_path / "again", application_version=VERSION) as library:
        assert listed(library) == before
        assert library.verify().problems == ()
        assert library.load_recording(before[0].sha256).recorded_at == AT
    import zipfile

    with zipfile.ZipFile(tmp_path / "readings.zip") as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist()).casefold()
    assert secret not in text
    assert [value for value in VALUES if value in text] == []
    assert main(["verify", "--library", str(tmp_path / "again")]) == 0


def test_an_older_library_gets_a_secret_when_it_is_brought_up_to_date(tmp_path) -> None:
    older = Schema(SCHEMA.revisions[:2], SCHEMA.folders)
    open_library(tmp_path, application_version=VERSION, schema=older).close()
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as connection:
        connection.execute("DELETE FROM meta WHERE name = 'patient_secret'")
        connection.commit()
    open_library(tmp_path, application_version=VERSION).close()
    secret = secret_of(tmp_path)
    open_library(tmp_path, application_version="9").close()
    assert secret_of(tmp_path) == secret
