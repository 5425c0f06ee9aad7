"""Two bundles on a study: what is missing is predicted and kept, what was seen is left out, the blind are refused."""

import csv
from pathlib import Path

import numpy as np
import pytest
from library_cases import make_recording, open_at
from study_cases import locked, protocol, surrounding
from tiny_bundle import description, graph_bytes, write_bundle

from peace_desktop.jobs.agreement import write_training
from peace_desktop.jobs.bundle_shelf import SHIPPED, BundleShelf
from peace_desktop.jobs.operation import Cancelled
from peace_desktop.jobs.two_bundles import compare_bundles, write_comparison
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.assignment import assign
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import StudyRecording
from peace_model.inference.bundle import load_bundle, seen_key

COUNT, DRAWS = 26, 50
STUDY = protocol(readers=("Dr Anna",), readers_per_recording=1, labels=("RVH",))
ELSEWHERE = protocol(study_id="e" * 32, name="Elsewhere", readers=("Dr Bert",), readers_per_recording=1)


def ignore(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A read study of two recordings a child; the second bundle's threshold is low, and it has seen the first child."""
    folder = tmp_path_factory.mktemp("two")
    with open_at(folder / "library") as library:
        shas = tuple(library.add_recording(make_recording(folder / "in", seed=seed, patient_key=f"P{seed // 2}",
                                                          n_samples=1500), origin_path_name="x").sha256
                     for seed in range(COUNT))
        room = StudyRoom(library)
        for study, held in ((STUDY, shas), (ELSEWHERE, shas[-1:])):
            room.create(study, [StudyRecording(sha256) for sha256 in held], assign(study, held))
        for place, sha256 in enumerate(shas):
            reading = locked(sha256, "Dr Anna", {"RVH": Presence.PRESENT if place % 2 else Presence.ABSENT}, STUDY)
            room.lock(reading, surrounding(reading))
        room.close(STUDY.study_id, actor="Dr Chief")
        fields = {**description((("NORM", "Normal"), ("RVH", "RVH"))), "name": "ward"}
        fields["calibration"]["RVH"]["threshold"] = 0.0
        fields["training"]["seen"] = [seen_key(shas[0])]
        shipped = write_bundle(folder / "shipped")
        shelf = BundleShelf(folder / "bundles", shipped=lambda: shipped)
        shelf.add(write_bundle(folder / "own", fields=fields, graph=graph_bytes(2)))
        yield library, shelf, shas, folder


def choices(shelf: BundleShelf) -> tuple[str, str]:
    return SHIPPED, shelf.all()[1].choice


def compared(made, reader: str = "Dr Anna", progress=ignore):
    library, shelf, _shas, _folder = made
    return compare_bundles(library, STUDY.study_id, reader, shelf, choices(shelf), provider="cpu", progress=progress,
                           draws=DRAWS)


def test_what_was_predicted_is_kept_when_it_is_cancelled_and_not_asked_again(made) -> None:
    library, shelf, shas, _folder = made
    told = []

    def stop(done: int, _total: int, text: str) -> None:
        told.append((done, text))
        if len(told) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        compared(made, progress=stop)
    assert [len(library.predictions(sha256)) for sha256 in shas[:4]] == [3, 3, 3, 0]
    told.clear()
    compared(made, progress=lambda done, _total, text: told.append((done, text)))
    assert told[:2] == [(3, "tiny 0.0.1"), (4, "tiny 0.0.1")]
    told.clear()
    compared(made, progress=lambda done, _total, text: told.append((done, text)))
    assert len(told) == 1, "everything is known now"


def test_figures_leave_out_the_child_that_was_seen_and_the_list_marks_it(made) -> None:
    library, shelf, shas, folder = made
    found = compared(made)
    assert [(item.listed, item.recordings, item.of_same_patients) for item in found.seen] == [
        (False, 0, 0), (True, 1, 1)]
    row = found.found.rows[0]
    assert {other.grouping for other in found.found.rows[1:]} <= {"age_band", "sex", "leads"}
    assert (found.found.seen, row.recordings, row.present) == (2, COUNT - 2, (COUNT - 2) // 2)
    assert [figure.value for figure in row.second[2:]] == [1.0, 0.0], "its threshold calls everything positive"
    own = load_bundle(shelf.folder_of(choices(shelf)[1]))
    assert {item.second.bundle_sha256 for item in found.differing} == {own.sha256}
    assert all(item.second.positive and not item.first.positive for item in found.differing)
    assert {item.sha256 for item in found.differing if item.seen} == set(shas[:2])
    one, other = ({item.label: item for item in library.predictions(shas[5]) if item.bundle_sha256 == sha256}
                  for sha256 in (found.bundles[0].sha256, own.sha256))
    assert np.isclose(one["RVH"].probability, other["RVH"].probability, atol=1e-3), "the same lead is looked at"
    with write_comparison(found, folder / "two.csv").open(newline="") as stream:
        assert {row["bundle"] for row in csv.DictReader(stream)} == {"first", "second", "difference"}


def test_what_a_reader_has_still_to_read_blind_elsewhere_is_not_listed(made) -> None:
    _library, _shelf, shas, _folder = made
    everything, less = compared(made), compared(made, "Dr Bert")
    assert (everything.hidden, less.hidden) == (0, 1)
    assert {item.sha256 for item in everything.differing} - {item.sha256 for item in less.differing} == {shas[-1]}


def test_one_bundle_twice_and_a_damaged_one_are_refused(made) -> None:
    library, shelf, _shas, _folder = made
    with pytest.raises(LibraryError, match="choose two"):
        compare_bundles(library, STUDY.study_id, "Dr Anna", shelf, (SHIPPED, SHIPPED), provider="cpu", progress=ignore)


def test_a_blind_reader_sees_no_comparison_and_exports_nothing(made, tmp_path: Path) -> None:
    library, shelf, _shas, _folder = made
    with pytest.raises(LibraryError, match="still to read 1 recording"):
        compare_bundles(library, ELSEWHERE.study_id, "Dr Bert", shelf, choices(shelf), provider="cpu", progress=ignore)
    with pytest.raises(LibraryError, match="still to read 1 recording"):
        write_training(library, ELSEWHERE.study_id, tmp_path / "out", reader="Dr Bert", progress=ignore)
    assert not (tmp_path / "out").exists()
