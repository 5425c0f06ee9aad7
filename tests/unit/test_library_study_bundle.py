"""A study's bundle to another site and back: nothing overwritten, conflicts told, names kept, numbers the same."""

import json
import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from access_cases import cheap_scrypt
from library_cases import make_recording, make_result, open_at
from study_cases import BUNDLE, NOW, drafted, locked, protocol, signed_after_reveal, surrounding

from peace_desktop.library.cli import main
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import encrypt_new, with_passphrase
from peace_desktop.library.reading_documents import with_words_of
from peace_desktop.library.study_answers import material, study_statistics_of
from peace_desktop.library.study_bundle import write_study_bundle
from peace_desktop.library.study_merge import merge_study_bundle
from peace_desktop.library.study_reference import references_of
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.adjudication import Adjudication
from peace_desktop.review.assignment import assign
from peace_desktop.review.blind_reading import reveal
from peace_desktop.review.map_ratings import MapRating, Rating
from peace_desktop.review.reading import sign, with_comment, with_map_rating, with_notes
from peace_desktop.review.statements import Presence, Statement
from peace_desktop.review.study import StudyRecording
from peace_desktop.review.time_notes import TimeNote

__all__ = ["cheap_scrypt"]
P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNCERTAIN
STUDY = protocol(readers=("Dr Anna", "Dr Bert"), created_by="Dr Chief")
COUNT = 24
DRAWS = 40


def site(folder: Path, source: Path):
    """A library with the study's recordings."""
    library = open_at(folder)
    shas = []
    for seed in range(COUNT):
        recording = make_recording(source, seed=seed, patient_key=f"P{seed // 2}", sex="F" if seed % 3 else "M")
        shas.append(library.add_recording(recording, origin_path_name="x").sha256)
        library.save_prediction(shas[-1], make_result(RVH=0.9 if seed % 2 else 0.1, LVH=0.2))
    return library, tuple(shas)


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Here: a study of which Dr Anna has locked or signed her part. There: the same recordings, nothing else."""
    folder = tmp_path_factory.mktemp("sites")
    library, shas = site(folder / "here", folder / "source")
    with library:
        room = StudyRoom(library)
        room.create(STUDY, [StudyRecording(sha256, "murmur") for sha256 in shas], assign(STUDY, shas))
        for place, sha256 in enumerate(shas):
            reading = read(room, library, sha256, "Dr Anna", {"RVH": P if place % 2 else A, "LVH": U})
            if place == 0:
                shown = with_map_rating(reveal(reading, bundle_sha256=BUNDLE), MapRating(
                    "RVH", "gradcam", Rating.PLAUSIBLE, BUNDLE))
                shown = with_comment(with_notes(shown, [TimeNote(0.1, 0.2, "Erika's pause")]), "Erika")
                room.reveal(replace(shown, map_ratings=(), notes=(), comment="", revision=shown.revision))
                library.save_reading(replace(shown, revision=shown.revision + 1))
                final = sign(replace(shown, revision=shown.revision + 1), reader="Dr Anna", meaning="read", at=NOW)
                library.sign_reading(final, surrounding(final, "signed"))
    there, _same = site(folder / "there", folder / "source")
    there.close()
    return folder


def read(room, library, sha256, reader, answers):
    reading = locked(sha256, reader, answers, STUDY)
    room.lock(reading, surrounding(reading))
    return reading


@pytest.fixture
def both(sites, tmp_path):
    for name in ("here", "there"):
        shutil.copytree(sites / name, tmp_path / name)
    with open_at(tmp_path / "here") as here, open_at(tmp_path / "there") as there:
        yield here, there, tmp_path


def text_of(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_there_and_back_the_study_is_whole_and_counts_the_same(both) -> None:
    here, there, folder = both
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", with_names=True, with_free_text=True, draws=DRAWS)
    came = merge_study_bundle(there, folder / "out.zip")
    assert (came.new_study, came.added, came.conflicts) == (True, COUNT, [])
    assert StudyRoom(there).study(STUDY.study_id) == StudyRoom(here).study(STUDY.study_id)

    room = StudyRoom(there)
    shas = [item.recording_sha256 for item in room.study(STUDY.study_id).recordings]
    for place, sha256 in enumerate(shas):
        read(room, there, sha256, "Dr Bert", {"RVH": A if place % 3 else P, "LVH": A})
    room.adjudicate(Adjudication("d" * 32, STUDY.study_id, shas[0], "RVH", P, "Dr Third", NOW, "seen twice"))
    write_study_bundle(there, STUDY.study_id, folder / "back.zip", with_names=True, with_free_text=True, draws=DRAWS)
    back = merge_study_bundle(here, folder / "back.zip")
    assert (back.new_study, back.added, back.known, back.decisions, back.conflicts) == (False, COUNT, COUNT, 1, [])
    counted = [study_statistics_of(material(library, STUDY.study_id), draws=DRAWS) for library in (here, there)]
    assert counted[0] == counted[1]
    assert merge_study_bundle(here, folder / "back.zip").added == 0
    assert here.verify().problems == there.verify().problems == ()


def test_without_names_nobody_is_named_and_it_is_a_study_of_its_own_elsewhere(both) -> None:
    here, there, folder = both
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", draws=DRAWS)
    told = text_of(folder / "out.zip")
    assert [word for word in ("Anna", "Bert", "Chief", "Erika", "murmur", '"P1"') if word in told] == []
    with zipfile.ZipFile(folder / "out.zip") as archive:
        readers = json.loads(archive.read("study.json"))["protocol"]["readers"]
        assert readers == ["reader 1", "reader 2"]
        counted = json.loads(archive.read("statistics.json"))
        lines = archive.read("readings.csv").decode().splitlines()
    assert len(lines) == 1 + COUNT * len(STUDY.labels)
    assert counted["readers"] == readers
    merge_study_bundle(there, folder / "out.zip")
    again = study_statistics_of(material(there, STUDY.study_id), draws=DRAWS)
    from peace_desktop.review.statistics.document import to_document

    assert json.loads(json.dumps(to_document(again))) == counted
    with pytest.raises(LibraryError, match="names no readers"):
        merge_study_bundle(here, folder / "out.zip")


def test_a_reading_that_went_on_elsewhere_goes_on_here(both) -> None:
    here, there, folder = both
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", with_names=True, draws=DRAWS)
    merge_study_bundle(there, folder / "out.zip")
    reading = next(item for item in StudyRoom(there).study(STUDY.study_id).readings if item.state == "locked")
    room = StudyRoom(there)
    room.reveal(reveal(reading, bundle_sha256=BUNDLE))
    final = signed_after_reveal(reading, Statement("RVH", U, bundle_sha256=BUNDLE, model_positive=True))
    there.sign_reading(final, surrounding(final, "signed"))
    write_study_bundle(there, STUDY.study_id, folder / "back.zip", with_names=True, draws=DRAWS)
    done = merge_study_bundle(here, folder / "back.zip")
    assert (done.moved_on, done.conflicts) == (1, [])
    assert here.reading(reading.reading_id).statement("RVH").presence is U
    assert here.reading(reading.reading_id).locked == reading.locked
    assert [item.stage for item in StudyRoom(here).circumstances(reading.reading_id)] == ["locked", "signed"]
    older = merge_study_bundle(here, folder / "out.zip")
    assert (older.moved_on, older.conflicts) == (0, [])
    assert here.reading(reading.reading_id).state == "final"


def test_a_reading_that_became_final_elsewhere_keeps_the_words_that_stayed_here(both) -> None:
    here, there, folder = both
    reading = next(item for item in StudyRoom(here).study(STUDY.study_id).readings if item.state == "locked")
    room = StudyRoom(here)
    room.reveal(shown := reveal(reading, bundle_sha256=BUNDLE))
    noted = with_notes(shown, [TimeNote(0.1, 0.2, "first pause"), TimeNote(0.1, 0.2, "second pause"),
                               TimeNote(0.3, 0.4, "a note that is taken back there", "V1")])
    here.save_reading(replace(with_comment(noted, "Erika"), revision=shown.revision + 1))
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", with_names=True, draws=DRAWS)
    merge_study_bundle(there, folder / "out.zip")
    came = there.reading(reading.reading_id)
    assert "pause" not in "".join(note.text for note in came.notes)
    came = there.save_reading(with_notes(came, (*came.notes[:2], TimeNote(0.3, 0.4, "said there", "V2"))))
    there.sign_reading(sign(came, reader="Dr Anna", meaning="read", at=NOW))
    write_study_bundle(there, STUDY.study_id, folder / "back.zip", with_names=True, draws=DRAWS)
    assert merge_study_bundle(here, folder / "back.zip").conflicts == []
    stored = here.reading(reading.reading_id)
    assert (stored.state, stored.comment) == ("final", "Erika")
    assert [note.text for note in stored.notes] == ["first pause", "second pause", "(not exported)"]
    assert here.verify().problems == ()
    as_a_bundle_with_words_says = there.reading(reading.reading_id)
    assert [note.text for note in with_words_of(noted, as_a_bundle_with_words_says).notes] == [
        "first pause", "second pause", "said there"]


def test_contradictions_are_told_and_nothing_is_overwritten(both) -> None:
    here, there, folder = both
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", with_names=True, draws=DRAWS)
    merge_study_bundle(there, folder / "out.zip")
    shas = [item.recording_sha256 for item in recordings_in(there)]
    mine = read(StudyRoom(here), here, shas[0], "Dr Bert", {"RVH": P, "LVH": P})
    theirs = read(StudyRoom(there), there, shas[0], "Dr Bert", {"RVH": A, "LVH": A})
    read(StudyRoom(there), there, shas[1], "Dr Bert", {"RVH": A, "LVH": A})
    there.correct_person(shas[2], age=None, sex="F", reader="Dr Bert", reason="passport")
    write_study_bundle(there, STUDY.study_id, folder / "back.zip", with_names=True, draws=DRAWS)
    done = merge_study_bundle(here, folder / "back.zip")
    assert done.added == 1
    assert [line for line in done.conflicts if theirs.reading_id[:12] in line]
    assert [line for line in done.conflicts if shas[2][:12] in line]
    assert len(done.conflicts) == 2
    assert here.reading(mine.reading_id) == mine
    assert here.reading(theirs.reading_id) is None
    assert here.verify().problems == ()


def test_of_differing_decisions_the_latest_holds_at_both_sites_and_they_are_told(both) -> None:
    here, there, folder = both
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", with_names=True, draws=DRAWS)
    merge_study_bundle(there, folder / "out.zip")
    one, other, same = [item.recording_sha256 for item in recordings_in(here)][:3]
    for library, at_site, said in ((here, "h", {one: (P, 0), other: (A, 5), same: (P, 0)}),
                                   (there, "t", {one: (A, 5), other: (P, 0), same: (P, 5)})):
        for sha256, (presence, minute) in said.items():
            StudyRoom(library).adjudicate(Adjudication(at_site + sha256[:8], STUDY.study_id, sha256, "RVH", presence,
                                                       "Dr Third", NOW + timedelta(minutes=minute)))
    for library, name in ((here, "from here.zip"), (there, "from there.zip")):
        write_study_bundle(library, STUDY.study_id, folder / name, with_names=True, draws=DRAWS)
    for library, name in ((here, "from there.zip"), (there, "from here.zip")):
        done = merge_study_bundle(library, folder / name)
        assert done.decisions == 3
        assert sorted(done.conflicts) == sorted(
            f"recording {sha256[:12]}: RVH was decided differently; the latest decision holds"
            for sha256 in (one, other))
    references = [references_of(StudyRoom(library).study(STUDY.study_id)) for library in (here, there)]
    assert references[0] == references[1]
    assert [references[0][sha256]["RVH"] for sha256 in (one, other, same)] == [A, A, P]


def recordings_in(library):
    return StudyRoom(library).study(STUDY.study_id).recordings


@pytest.mark.usefixtures("cheap_scrypt")
def test_a_sealed_bundle_goes_from_one_encrypted_library_to_another(tmp_path, capsys) -> None:
    recording = make_recording(tmp_path / "source")
    words = {"here": "a long way to the lake", "there": "another way over the hills"}
    shas = {}
    for name, passphrase in words.items():
        encrypt_new(tmp_path / name, passphrase)
        (tmp_path / f"{name}.txt").write_text(passphrase, "utf-8")
        with open_library(tmp_path / name, application_version="9", unlock=with_passphrase(passphrase)) as library:
            shas[name] = library.add_recording(recording, origin_path_name="x").sha256
            if name == "here":
                room = StudyRoom(library)
                room.create(STUDY, [StudyRecording(shas[name], "murmur")], assign(STUDY, [shas[name]]))
                mine = read(room, library, shas[name], "Dr Anna", {"RVH": P, "LVH": A})

    def command(name: str, *given: str) -> int:
        return main([*given, "--library", str(tmp_path / name), "--library-passphrase-file",
                     str(tmp_path / f"{name}.txt")])

    sealed = tmp_path / "out.zip"
    assert command("here", "export", str(sealed), "--study", STUDY.name, "--with-names") == 0
    assert not zipfile.is_zipfile(sealed)
    # Long enough not to stand in a cipher's bytes by chance.
    told = ("Dr Anna", '"RVH"', "murmur", shas["here"])
    assert [word for word in told if word.encode() in sealed.read_bytes()] == []
    assert command("there", "import", str(sealed), "--passphrase-file", str(tmp_path / "there.txt")) == 1
    assert "passphrase" in capsys.readouterr().err
    assert command("there", "import", str(sealed), "--passphrase-file", str(tmp_path / "here.txt")) == 0
    with open_library(tmp_path / "there", application_version="9", unlock=with_passphrase(words["there"])) as there:
        assert there.reading(mine.reading_id) == mine
        assert there.verify().problems == ()
    assert b"Anna" not in b"".join(file.read_bytes() for file in (tmp_path / "there").rglob("*") if file.is_file())


def test_a_damaged_bundle_and_absent_recordings_change_nothing(both, tmp_path) -> None:
    here, _there, folder = both
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", with_names=True, draws=DRAWS)
    with zipfile.ZipFile(folder / "out.zip") as archive, zipfile.ZipFile(folder / "spoilt.zip", "w") as spoilt:
        for name in archive.namelist():
            content = archive.read(name)
            spoilt.writestr(name, content.replace(b'"absent"', b'"present"') if name == "readings.json" else content)
    with open_at(tmp_path / "empty") as empty:
        head = empty.audit_head()
        for file, why in (("spoilt.zip", "not a whole"), ("out.zip", "24 of the study's 24 recordings")):
            with pytest.raises(LibraryError, match=why):
                merge_study_bundle(empty, folder / file)
        assert empty.audit_head() == head


def test_drafts_stay_at_home(both) -> None:
    here, _there, folder = both
    shas = [item.recording_sha256 for item in recordings_in(here)]
    draft = here.save_reading(drafted(shas[0], "Dr Bert", {"RVH": P}, STUDY))
    write_study_bundle(here, STUDY.study_id, folder / "out.zip", with_names=True, draws=DRAWS)
    assert draft.reading_id not in text_of(folder / "out.zip")


def test_the_command_writes_joins_and_counts(sites, tmp_path, capsys, monkeypatch) -> None:
    from peace_desktop.review.statistics import intervals

    monkeypatch.setattr(intervals, "DRAWS", DRAWS)
    for name in ("here", "there"):
        shutil.copytree(sites / name, tmp_path / name)
    out = tmp_path / "out.zip"

    def run(where: str, *words: str) -> int:
        return main([words[0], "--library", str(tmp_path / where), *words[1:]])

    assert run("here", "export", "--study", STUDY.name, str(out), "--with-names") == 0
    assert run("there", "import", str(out)) == 0
    assert "readings added 24" in capsys.readouterr().out
    answers = []
    for where in ("here", "there"):
        assert run(where, "statistics", "--study", STUDY.study_id[:8], "--json") == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("statistics.json")) == json.loads(answers[0])
    assert run("there", "export", "--study", "no such", str(out)) == 1
    assert STUDY.name in capsys.readouterr().err
