"""Backup, restore, export, import and statistics, through the command where there is one."""

import errno
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime

import pytest
from library_cases import BUNDLE, VERSION, listed, make_recording, make_result, open_at

from peace_desktop.library.cli import main
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.export import export
from peace_desktop.library.import_ import import_readings
from peace_desktop.review.reading import amend, new_draft, sign, with_comment, with_statement
from peace_desktop.review.statements import Presence, Statement, agree, disagree
from peace_model.ecg.age import Age, Precision

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A library folder with a signed and amended reading by Dr A, a draft by Dr B, a name and a title with a name."""
    tmp_path = tmp_path_factory.mktemp("made")
    folder = tmp_path / "library"
    with open_library(folder, application_version=VERSION) as library:
        recording = make_recording(tmp_path / "source", patient_key="P-4711")
        sha256 = library.add_recording(recording, origin_path_name="Musterfrau.hea", title="Musterfrau, Erika").sha256
        library.add_recording(make_recording(tmp_path / "source", seed=2, age=None, sex=None, patient_key=""),
                              origin_path_name="x")
        library.add_person_name("P-4711", "Erika Musterfrau")
        library.correct_person(sha256, age=Age(40, Precision.DAY, "entered by reader"), sex="F", reader="Dr A",
                               reason="Frau Musterfrau says so")
        library.save_prediction(sha256, make_result(RVH=0.7, LVH=0.2))
        draft = with_comment(with_statement(new_draft(sha256, "Dr A"), agree("RVH", True, BUNDLE)), "Erika Musterfrau")
        first = library.sign_reading(sign(draft, reader="Dr A", meaning="read", at=NOW))
        second = with_statement(amend(first, reason="Frau Musterfrau again"), disagree("RVH", True, BUNDLE))
        second = with_statement(second, Statement("LVH", Presence.UNCERTAIN))
        library.sign_reading(sign(second, reader="Dr A", meaning="amended", at=NOW))
        library.save_reading(with_statement(new_draft(sha256, "Dr B"), agree("LVH", False, BUNDLE)))
    return folder


@pytest.fixture
def filled(made, tmp_path):
    """A copy of that library for one test."""
    return shutil.copytree(made, tmp_path / "library")


def run(folder, *words: str) -> int:
    return main([words[0], "--library", str(folder), *words[1:]])


def dump(folder) -> list[str]:
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        return list(connection.iterdump())


def test_a_backup_can_be_made_while_the_library_is_open_and_brought_back(filled, tmp_path, capsys) -> None:
    with open_at(filled):
        assert run(filled, "backup", str(tmp_path / "backup")) == 0
    before = dump(filled)
    (copy,) = (tmp_path / "backup").glob("library-*.sqlite")
    assert run(tmp_path / "elsewhere", "restore", str(copy)) == 0
    with open_at(tmp_path / "elsewhere") as library:
        assert library.verify().problems == ()
        assert library.load_recording(listed(library)[0].sha256).age.days == 40
        entry = library.audit_head().sequence
    assert len(dump(tmp_path / "elsewhere")) == len(before) + 1
    with open_at(filled) as library:
        assert entry == library.audit_head().sequence + 1
    assert run(filled, "verify") == 0
    assert "The library is sound." in capsys.readouterr().out


def test_a_second_backup_copies_only_what_is_new(filled, tmp_path, capsys) -> None:
    run(filled, "backup", str(tmp_path / "backup"))
    with open_at(filled) as library:
        library.add_recording(make_recording(tmp_path / "source", seed=3), origin_path_name="x")
    run(filled, "backup", str(tmp_path / "backup"))
    assert "(recordings copied: 2)" in (said := capsys.readouterr().out)
    assert "(recordings copied: 1)" in said
    assert len(list((tmp_path / "backup").glob("library-*.sqlite"))) == 2


def test_a_recording_that_the_backup_has_in_part_is_copied_again_and_a_whole_one_never_for_a_torn_one(
        filled, tmp_path) -> None:
    with open_at(filled) as library:
        library.backup(tmp_path / "backup")
        torn, whole = sorted((tmp_path / "backup" / "recordings").rglob("*.npy"))
        torn.write_bytes(torn.read_bytes()[:100])
        spoilt = filled / whole.relative_to(tmp_path / "backup")
        spoilt.write_bytes(spoilt.read_bytes()[:100])
        assert library.backup(tmp_path / "backup").copied == 1
    for file in (torn, whole):
        assert file.stat().st_size > 100


def test_a_folder_with_backups_of_another_plain_library_is_refused(filled, tmp_path) -> None:
    with open_at(filled) as library:
        copy = library.backup(tmp_path / "backup").file
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("UPDATE meta SET value = 'another' WHERE name = 'library_id'")
            connection.commit()
        with pytest.raises(LibraryError, match="backups of another library"):
            library.backup(tmp_path / "backup")
    assert list((tmp_path / "backup").glob("*.sqlite")) == [copy]


def test_restoring_keeps_the_library_it_replaces_and_forgets_its_log(filled, tmp_path) -> None:
    run(filled, "backup", str(tmp_path / "backup"))
    (copy,) = (tmp_path / "backup").glob("library-*.sqlite")
    with open_at(filled) as library:
        library.add_reader("Dr Late")
        head = library.audit_head()
        # The log of a library that was not closed must not be applied to the file that takes its place.
        shutil.copytree(filled, tmp_path / "crashed")
    assert (tmp_path / "crashed" / "library.sqlite-wal").stat().st_size > 0
    assert run(tmp_path / "crashed", "restore", str(copy)) == 0
    with open_at(tmp_path / "crashed") as library:
        assert "Dr Late" not in library.readers()
        assert library.verify().problems == ()
        with library.read() as session:
            payload = session.connection().exec_driver_sql(
                "SELECT payload FROM audit WHERE action = 'library.restored'").scalar()
        assert json.loads(payload) == {"replaced_head": head.sha256}
    (kept,) = (tmp_path / "crashed" / "backups").glob("replaced-*.sqlite")
    assert run(tmp_path / "back", "restore", str(kept)) == 0
    with open_at(tmp_path / "back") as library:
        assert "Dr Late" in library.readers()


def test_restoring_brings_damaged_recordings_back(filled, tmp_path, capsys) -> None:
    assert run(filled, "backup", str(tmp_path / "backup")) == 0
    first, second = (filled / "recordings").rglob("*.npy")
    first.write_bytes(b"damaged")
    second.unlink()
    (copy,) = (tmp_path / "backup").glob("library-*.sqlite")
    assert run(filled, "restore", str(copy)) == 0
    assert "recordings copied: 2" in capsys.readouterr().out
    with open_at(filled) as library:
        assert library.verify().problems == ()


def test_a_damaged_library_is_replaced_by_its_backup_and_kept(filled, tmp_path, capsys) -> None:
    run(filled, "backup", str(tmp_path / "backup"))
    (copy,) = (tmp_path / "backup").glob("library-*.sqlite")
    (filled / "library.sqlite").write_bytes(b"scrambled " * 1000)
    assert run(filled, "verify") == 1
    assert "damaged" in capsys.readouterr().err
    assert run(filled, "restore", str(copy)) == 0
    assert run(filled, "verify") == 0
    (kept,) = (filled / "backups").glob("replaced-*.sqlite")
    assert kept.read_bytes() == b"scrambled " * 1000


@pytest.mark.parametrize("make", [
    lambda file: file.write_bytes(b"scrambled " * 1000),
    lambda file: sqlite3.connect(file).close(),
    lambda file: None])
def test_what_is_no_backup_is_refused_and_the_library_stays(filled, tmp_path, capsys, make) -> None:
    before = dump(filled)
    make(tmp_path / "other.sqlite")
    assert run(filled, "restore", str(tmp_path / "other.sqlite")) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert dump(filled) == before


def test_an_open_library_is_not_replaced(filled, tmp_path, capsys) -> None:
    run(filled, "backup", str(tmp_path / "backup"))
    (copy,) = (tmp_path / "backup").glob("library-*.sqlite")
    with open_at(filled):
        assert run(filled, "restore", str(copy)) == 1
    assert "already open" in capsys.readouterr().err


def test_an_export_holds_no_name_title_key_date_or_free_text(filled, tmp_path) -> None:
    assert run(filled, "export", str(tmp_path / "readings.zip")) == 0
    with zipfile.ZipFile(tmp_path / "readings.zip") as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
        readings = json.loads(archive.read("readings.json"))
        recordings = json.loads(archive.read("recordings.json"))
        manifest = json.loads(archive.read("manifest.json"))
    assert "Muster" not in text
    assert "P-4711" not in text
    assert "origin" not in text
    assert [item["reading"]["state"] for item in readings] == ["final", "final", "draft"]
    assert {item["age_days"] for item in recordings} == {40, None}
    with open_at(filled) as library:
        assert manifest["audit_head"]["sha256"] == library.audit_head().sha256


def test_readings_go_to_another_library_and_back(filled, tmp_path, capsys) -> None:
    run(filled, "export", str(tmp_path / "readings.zip"), "--with-comments")
    other = tmp_path / "other"
    with open_library(other, application_version=VERSION) as library:
        library.add_recording(make_recording(tmp_path / "source", patient_key="P-4711"), origin_path_name="y")
        sha256 = listed(library)[0].sha256
    assert run(other, "import", str(tmp_path / "readings.zip")) == 0
    assert capsys.readouterr().out.endswith("Readings imported: 2; here already: 0; left out as drafts: 1; left out "
                                            "because their recording is not in this library: 0\n")
    with open_at(filled) as mine, open_at(other) as theirs:
        assert theirs.readings(sha256) == mine.readings(sha256)[:2]
        assert theirs.verify().problems == ()
    assert run(other, "import", str(tmp_path / "readings.zip")) == 0
    assert "Readings imported: 0; here already: 2" in capsys.readouterr().out
    assert run(other, "export", str(tmp_path / "back.zip")) == 0
    assert run(filled, "import", str(tmp_path / "back.zip")) == 0
    assert "Readings imported: 0; here already: 2" in capsys.readouterr().out


def test_readings_without_their_free_text_arrive_without_it(filled, tmp_path) -> None:
    run(filled, "export", str(tmp_path / "readings.zip"))
    with open_at(tmp_path / "other") as library:
        recording = make_recording(tmp_path / "source", patient_key="P-4711")
        sha256 = library.add_recording(recording, origin_path_name="y").sha256
        done = import_readings(library, tmp_path / "readings.zip")
        assert (done.added, done.drafts, done.absent) == (2, 1, 0)
        assert [reading.comment for reading in library.readings(sha256)] == ["", ""]
        assert import_readings(library, tmp_path / "readings.zip").known == 2


def test_readings_of_absent_recordings_are_counted_and_left_out(filled, tmp_path) -> None:
    run(filled, "export", str(tmp_path / "readings.zip"))
    with open_at(tmp_path / "empty") as library:
        assert import_readings(library, tmp_path / "readings.zip").absent == 2


def rewrite(file, change) -> None:
    """The same export with changed readings and a manifest to match, as someone with a text editor would make it."""
    import hashlib

    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    readings = json.loads(members["readings.json"])
    change(readings)
    members["readings.json"] = json.dumps(readings)
    manifest = json.loads(members["manifest.json"])
    manifest["files"]["readings.json"] = hashlib.sha256(members["readings.json"].encode()).hexdigest()
    members["manifest.json"] = json.dumps(manifest)
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)


def test_a_contradicting_reading_stops_the_whole_import(filled, tmp_path) -> None:
    run(filled, "export", str(tmp_path / "readings.zip"))

    def change(readings):
        readings[0]["reading"]["statements"][0] |= {"presence": "absent", "via": "disagree"}
        readings[1]["reading"]["reading_id"] = "new"
    rewrite(tmp_path / "readings.zip", change)
    before = dump(filled)
    with open_at(filled) as library, pytest.raises(LibraryError, match="already with other content"):
        import_readings(library, tmp_path / "readings.zip")
    assert dump(filled) == before


@pytest.mark.parametrize("change", [
    lambda readings: readings[0]["reading"].pop("signed_at"),
    lambda readings: readings[0]["reading"].update(signed_at="yesterday"),
    lambda readings: readings[0]["reading"].update(statements=7),
    lambda readings: readings[0]["reading"].update(confidence="high"),
    lambda readings: readings[0]["reading"]["statements"][0].update(presence="nonsense"),
    lambda readings: readings[0].pop("reading")])
def test_a_reading_that_cannot_be_one_is_refused(filled, tmp_path, change) -> None:
    run(filled, "export", str(tmp_path / "readings.zip"))
    rewrite(tmp_path / "readings.zip", change)
    with open_at(tmp_path / "other") as library:
        library.add_recording(make_recording(tmp_path / "source", patient_key="P-4711"), origin_path_name="y")
        with pytest.raises(LibraryError, match="cannot be one|not a whole export"):
            import_readings(library, tmp_path / "readings.zip")
        assert library.readers() == ()


def test_a_changed_or_strange_file_is_no_export(filled, tmp_path, capsys) -> None:
    strange = tmp_path / "strange.zip"
    strange.write_bytes(b"not a zip")
    assert run(filled, "import", str(strange)) == 1
    with zipfile.ZipFile(strange, "w") as archive:
        archive.writestr("other.txt", "x")
    assert run(filled, "import", str(strange)) == 1
    assert run(filled, "import", str(tmp_path / "nowhere.zip")) == 1
    assert capsys.readouterr().err.count("\n") == 3


def test_statistics_count_what_stands_and_not_what_was_amended(filled, capsys) -> None:
    assert run(filled, "statistics", "--json") == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["recordings"], counts["patients"], counts["simulated"]) == (2, 1, 0)
    assert counts["by_age_band"]["30-90d"] == 1
    assert counts["by_age_band"]["unknown"] == 1
    assert counts["by_state"] == {"draft": 1, "unread": 1}
    assert counts["signed_by_reader"] == {"Dr A": 1}
    assert counts["statements"] == {"RVH": {"absent": 1}, "LVH": {"uncertain": 1}}
    assert counts["agreement"] == [{"bundle_sha256": BUNDLE, "label": "RVH", "disagrees": 1}]
    assert run(filled, "statistics") == 0
    assert "signed by: Dr A 1" in capsys.readouterr().out


def test_wrong_usage_is_2_and_a_missing_library_is_1(tmp_path, capsys) -> None:
    assert main([]) == 2
    assert main(["explode"]) == 2
    assert main(["restore"]) == 2
    assert main(["--help"]) == 0
    for command in ("verify", "statistics"):
        assert run(tmp_path / "nowhere", command) == 1
    assert not (tmp_path / "nowhere").exists()
    capsys.readouterr()


def test_verify_says_what_is_wrong_and_ends_with_1(filled, capsys) -> None:
    next((filled / "recordings").rglob("*.npy")).unlink()
    assert run(filled, "verify") == 1
    said = capsys.readouterr().out
    assert "problem: the .npy file of recording" in said
    assert run(filled, "verify", "--head", "0" * 64) == 1
    assert "given head hash" in capsys.readouterr().out


@pytest.mark.parametrize("place", [".", "recordings", "recordings/00"])
def test_a_backup_that_would_be_lost_with_the_library_is_refused(filled, place) -> None:
    with open_at(filled) as library, pytest.raises(LibraryError, match="lost with it"):
        library.backup(filled / place)
    assert list(filled.glob("library-*")) == []


def test_a_copy_that_fails_leaves_nothing_half_written(filled, tmp_path, monkeypatch) -> None:
    def full(_path: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for room in ("snapshot", "export"):
        monkeypatch.setattr(f"peace_desktop.library.{room}.sync_file", full)
    with open_at(filled) as library:
        for make in (lambda: library.backup(tmp_path / "backup"), lambda: export(library, tmp_path / "out.zip")):
            with pytest.raises(LibraryError, match="disk is full"):
                make()
    assert [path for path in tmp_path.rglob("*") if path.suffix in (".part", ".zip", ".sqlite")] == [
        filled / "library.sqlite"]


def test_a_head_is_taken_as_it_stands_on_a_report(filled, capsys) -> None:
    with open_at(filled) as library:
        head = library.audit_head()
    assert run(filled, "verify", "--head", f"{head.sequence} {head.sha256.upper()}") == 0
    assert run(filled, "verify", "--head", "0" * 64) == 1
    assert "not in the audit trail" in capsys.readouterr().out
