"""Reviewed recordings as a data set to learn from: the reference's answers, nothing else's, and nobody's name."""

import csv
import errno
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from library_cases import LIBRARY_WORDS, encrypted_at, make_recording, open_at
from study_cases import NOW, locked, protocol, surrounding

from peace_desktop.library import training_set
from peace_desktop.library.cli import main
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.library.training_set import Left, write_training_set
from peace_desktop.review.adjudication import Adjudication
from peace_desktop.review.assignment import assign
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import StudyRecording
from peace_model.datasets.prepare import prepare
from peace_model.datasets.wfdb_folder import source
from peace_model.ecg.formats.registry import read_recording
from peace_model.labels import DEFAULT_PROFILE, load_profile

P, A, U, N = Presence.PRESENT, Presence.ABSENT, Presence.UNCERTAIN, Presence.NOT_ASSESSABLE
STUDY = protocol(readers=("Dr Anna", "Dr Bert"), labels=("RVH", "LVH", "OWN"), name="Erika's study", mode="blind")
SAID = [  # RVH and LVH of Anna and of Bert, then what an adjudicator decided of RVH
    ((P, A), (P, A), None), ((A, P), (A, P), None), ((P, A), (A, A), A), ((P, U), (P, U), None), ((U, N), (U, N), None),
    ((P, P), (A, A), None), ((P, A), (P, A), None), ((A, A), (A, A), None)]


def told_recording(folder: Path, seed: int, **changes: object):
    """Two recordings a child; dates, a machine's statement and a recorder that must not go along."""
    recording = make_recording(folder, seed=seed, patient_key=f"Musterfrau-{seed // 2}", n_samples=2500)
    made = replace(recording.source, producer="Musterfrau's cart")
    return replace(recording, recorded_at=datetime(2026, 1, 2, 3, 4), source_statements=("Erika, sinus rhythm",),
                   source=made, **changes)


def fill(library, folder: Path, recordings) -> tuple[str, ...]:
    """A study of the recordings, read as SAID."""
    shas = tuple(library.add_recording(item, origin_path_name="Erika.hea").sha256 for item in recordings)
    room = StudyRoom(library)
    room.create(STUDY, [StudyRecording(sha256, "Erika's murmur") for sha256 in shas], assign(STUDY, shas))
    for sha256, (anna, bert, decided) in zip(shas, SAID, strict=False):
        for reader, answers in (("Dr Anna", anna), ("Dr Bert", bert)):
            said = locked(sha256, reader, {**dict(zip(("RVH", "LVH"), answers, strict=True)), "OWN": P}, STUDY)
            room.lock(said, surrounding(said))
        if decided is not None:
            room.adjudicate(Adjudication("d" + sha256[:8], STUDY.study_id, sha256, "RVH", decided, "Dr Carla", NOW))
    return shas


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reviewed")
    kinds = [{} for _ in SAID]
    kinds[6] = {"leads": ("X1", *("II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"))}
    with open_at(folder / "library") as library:
        shas = fill(library, folder, [told_recording(folder / "in", seed) for seed in range(len(SAID))])
        next(library.recordings_folder.glob(f"??/{shas[7]}/signal.npy")).write_bytes(b"x")
        done = write_training_set(library, STUDY.study_id, folder / "out")
        yield library, folder, shas, done


def test_the_reference_is_what_is_learnt_and_doubt_is_open(made) -> None:
    _library, folder, shas, done = made
    with (folder / "out" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["record"]: row for row in csv.DictReader(stream)}
    codes = set(load_profile(DEFAULT_PROFILE).codes)
    told = {place: (rows[sha256]["labels"], codes - set(rows[sha256]["uncertain"].split(";")))
            for place, sha256 in enumerate(shas) if sha256 in rows}
    assert told == {0: ("RVH", {"RVH", "LVH"}), 1: ("LVH", {"RVH", "LVH"}), 2: ("", {"RVH", "LVH"}),
                    3: ("RVH", {"RVH"}), 6: ("RVH", {"RVH", "LVH"})}
    assert done.left_out == {Left.OPEN: 2, Left.UNREADABLE: 1}
    assert (done.recordings, done.unknown_labels) == (5, ("OWN",))
    assert [(count.label, count.present, count.absent, count.open) for count in done.labels] == [
        ("RVH", 3, 2, 0), ("LVH", 1, 3, 1)]
    assert [count.label for count in done.few] == ["RVH", "LVH"]


def test_open_labels_are_masked_where_a_network_learns(made) -> None:
    _library, folder, shas, _done = made
    store, summary = prepare(source(folder / "out"), folder / "store")
    assert summary.dropped == {}
    place = {name: row for row, name in enumerate(store.ids)}
    rvh, lvh = store.labels.index("RVH"), store.labels.index("LVH")
    assert store.known[place[shas[3]], [rvh, lvh]].tolist() == [1, 0]
    asked = store.known[:, [rvh, lvh]].sum()
    assert store.known.sum() == asked == 9, "labels that nobody was asked for are not absent"
    assert store.targets[:, [rvh, lvh]].sum(axis=0).tolist() == [3, 1]
    assert len(set(store.patients)) == 3, "two recordings of one child stay together"
    assert store.patients[place[shas[0]]] == store.patients[place[shas[1]]]
    assert set(store.sex) == {"M"}
    assert set(store.age_days) == {1261}


def test_nobody_is_named_and_no_day_is_told(made) -> None:
    library, folder, shas, _done = made
    text = "\n".join(f"{path.name}\n{path.read_bytes().decode('latin-1')}" for path in (folder / "out").iterdir()
                     if path.suffix != ".dat").casefold()
    for word in ("musterfrau", "erika", "anna", "bert", "carla", "chief", "2026", "murmur", "sinus", ".part"):
        assert word not in text
    again = read_recording(folder / "out" / f"{shas[0]}.hea")
    np.testing.assert_allclose(again.signal_mv, library.load_recording(shas[0]).signal_mv, atol=0.001)
    assert (again.recorded_at, again.source_statements, again.patient_key) == (None, (), "")


def test_a_folder_with_something_in_it_is_refused_and_left_as_it_is(made) -> None:
    library, folder, _shas, _done = made
    before = {path: path.stat().st_mtime_ns for path in (folder / "out").iterdir()}
    with pytest.raises(LibraryError, match="not an empty folder"):
        write_training_set(library, STUDY.study_id, folder / "out")
    assert {path: path.stat().st_mtime_ns for path in (folder / "out").iterdir()} == before


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "into this folder")])
def test_nothing_stays_of_a_data_set_that_could_not_be_written(made, tmp_path, monkeypatch, number, said) -> None:
    library, _folder, shas, _done = made
    real = training_set.write_wfdb

    def failing(recording, folder, name):
        if name == shas[3]:
            raise OSError(number, "no")
        return real(recording, folder, name)

    monkeypatch.setattr(training_set, "write_wfdb", failing)
    (tmp_path / "empty").mkdir()
    for folder, left in ((tmp_path / "new", False), (tmp_path / "empty", True)):
        with pytest.raises(LibraryError, match=said):
            write_training_set(library, STUDY.study_id, folder)
        assert folder.exists() is left
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_study_nobody_has_read_writes_nothing_and_says_why(tmp_path) -> None:
    with open_at(tmp_path / "library") as library:
        shas = [library.add_recording(told_recording(tmp_path / "in", seed), origin_path_name="x").sha256
                for seed in range(2)]
        StudyRoom(library).create(STUDY, [StudyRecording(sha256) for sha256 in shas], assign(STUDY, shas))
        with pytest.raises(LibraryError, match="can be learnt from .2: no label is decided"):
            write_training_set(library, STUDY.study_id, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_tells_what_comes_next(made, tmp_path, capsys) -> None:
    library, folder, _shas, _done = made
    where = ["--library", str(library.folder)]
    assert main(["export", *where, "--training", str(tmp_path / "set")]) == 0
    said = capsys.readouterr().out
    assert f"peace-model train --recipe few_shot --data {tmp_path / 'set'} --init RUN --out NEW-RUN" in said
    assert "RVH: present 3, absent 2, open 0" in said
    assert "draws 50 recordings of each label" in said
    assert "peace-model train --recipe few_shot --data FOLDER" in (tmp_path / "set" / "README.md").read_text()
    assert main(["export", *where]) == 2
    assert main(["export", *where, "x.zip", "--unencrypted"]) == 2
    assert main(["export", *where, "x.zip", "--training", str(tmp_path / "two")]) == 2
    assert main(["export", *where, "--training", str(tmp_path / "two"), "--with-names"]) == 2
    assert main(["export", *where, "--training", str(tmp_path / "two"), "--study", "nothing"]) == 1
    assert not (tmp_path / "two").exists()


def test_an_encrypted_library_asks_before_its_ecgs_stand_in_the_open(tmp_path, capsys) -> None:
    with encrypted_at(tmp_path / "library") as library:
        fill(library, tmp_path, [told_recording(tmp_path / "in", seed) for seed in range(2)])
    words = tmp_path / "words"
    words.write_text(LIBRARY_WORDS)
    asked = ["export", "--library", str(tmp_path / "library"), "--library-passphrase-file", str(words), "--training",
             str(tmp_path / "out")]
    assert main(asked) == 1
    assert "--unencrypted" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main([*asked, "--unencrypted"]) == 0
