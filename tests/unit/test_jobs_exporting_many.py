"""Many recordings leave the library: stopped between two, ended by a full disk, never over a file that is there."""

import errno
import os
from pathlib import Path

import pytest
from library_cases import listed, make_recording, open_at

from peace_desktop.jobs import exporting
from peace_desktop.jobs.exporting import FileFormat, export_recordings
from peace_desktop.ui.export_dialog import ended_words


@pytest.fixture
def library(tmp_path):
    with open_at(tmp_path / "library") as opened:
        for seed in range(1, 5):
            recording = make_recording(tmp_path / "in", seed=seed, patient_key=f"P{seed}")
            opened.add_recording(recording, origin_path_name=recording.source.path.name)
        yield opened


def hashes(library) -> list[str]:
    return [row.sha256 for row in listed(library)]


def ignore(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_stop_ends_it_after_the_recording_under_way(library, tmp_path) -> None:
    told = []
    done = export_recordings(
        library, hashes(library), tmp_path / "out", FileFormat.WFDB, stopped=lambda: len(told) == 2,
        progress=lambda done, total, _name: told.append((done, total)))
    assert [bool(one.files) for one in done] == [True, True]
    assert names(tmp_path / "out") == ["R00001.dat", "R00001.hea", "R00002.dat", "R00002.hea"]
    assert told == [(0, 4), (1, 4), (2, 4)]
    assert ended_words(done, asked=4, folder="out", cancelled=True) == (
        "2 of 4 recordings written into out, without anything that tells whose they are. "
        "Cancelled: what was written stays.")


@pytest.mark.parametrize(("number", "words"), [
    (errno.ENOSPC, "The disk is full."), (errno.EROFS, "Nothing can be written into this folder")])
def test_where_nothing_more_can_be_written_the_rest_is_not_tried(library, tmp_path, monkeypatch, number,
                                                                words) -> None:
    replace = os.replace

    def refusing(source: Path, target: Path) -> None:
        if Path(target).parent.name == "out" and Path(target).name == "R00002.hea":
            raise OSError(number, os.strerror(number))
        replace(source, target)

    monkeypatch.setattr(exporting.os, "replace", refusing)
    done = export_recordings(library, hashes(library), tmp_path / "out", FileFormat.WFDB, progress=ignore)
    assert [(bool(one.files), one.ended) for one in done] == [(True, False), (False, True)]
    assert names(tmp_path / "out") == ["R00001.dat", "R00001.hea"], "a .dat without its header is taken away again"
    assert done[-1].said.startswith(words)
    assert ended_words(done, asked=4, folder="out", cancelled=False).startswith("1 of 4 recordings written into out, ")
    assert done[-1].said in ended_words(done, asked=4, folder="out", cancelled=False)


def test_a_file_in_the_way_of_the_folder_is_told(library, tmp_path) -> None:
    (tmp_path / "out").write_text("a letter")
    (only,) = export_recordings(library, hashes(library), tmp_path / "out", FileFormat.CSV, progress=ignore)
    assert only.ended
    assert only.said.startswith("Nothing can be written into this folder")
    assert (tmp_path / "out").read_text() == "a letter"


def test_a_file_that_appears_meanwhile_keeps_its_name(library, tmp_path) -> None:
    def meddle(done: int, _total: int, _name: str) -> None:
        if done == 1:
            (tmp_path / "out" / "R00002.csv").write_text("mine")

    done = export_recordings(library, hashes(library), tmp_path / "out", FileFormat.CSV, progress=meddle)
    assert [one.files[0].name for one in done] == ["R00001.csv", "R00002_2.csv", "R00003.csv", "R00004.csv"]
    assert (tmp_path / "out" / "R00002.csv").read_text() == "mine"
