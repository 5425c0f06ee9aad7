"""A walk goes step by step: recordings come while folders are still walked, and what cannot be looked into is told."""

import os
from pathlib import Path

import pytest

from peace_model.ecg.formats import registry
from peace_model.ecg.formats.registry import find_recordings, read_recording, walk_recordings
from peace_model.ecg.recording import RecordingError


def header(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    return path


def test_a_recording_is_given_before_later_folders_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a/1.hea", "b/2.hea", "b/deep/3.hea"):
        header(tmp_path / name)
    opened: list[str] = []
    scandir = os.scandir

    def watched(path: Path) -> object:
        opened.append(Path(path).name)
        return scandir(path)

    monkeypatch.setattr(registry.os, "scandir", watched)
    walk = walk_recordings([tmp_path])
    first = next(found for found in walk if found is not None)
    assert (first.relative.as_posix(), opened) == ("a/1.hea", [tmp_path.name, "a"])
    assert [found.relative.as_posix() for found in walk if found is not None] == ["b/2.hea", "b/deep/3.hea"]


def test_files_that_are_no_recordings_are_steps_too(tmp_path: Path) -> None:
    for number in range(30):
        header(tmp_path / f"{number}.notes")
    assert list(walk_recordings([tmp_path])).count(None) >= 30


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    header(tmp_path / "a" / "1.hea")
    (tmp_path / "a" / "round").symlink_to(tmp_path, target_is_directory=True)
    assert [found.relative.as_posix() for found in find_recordings([tmp_path])] == ["a/1.hea"]


def test_a_folder_that_cannot_be_looked_into_is_listed_with_the_reason(tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    header(tmp_path / "archive" / "locked" / "1.hea")
    header(tmp_path / "archive" / "open" / "2.hea")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(registry.os, "scandir", refusing)
    locked, there = find_recordings([tmp_path / "archive"])
    assert (locked.relative.as_posix(), there.relative.as_posix()) == ("archive/locked", "open/2.hea")
    with pytest.raises(RecordingError, match="locked: folder: it cannot be looked into .Permission denied.; get the"):
        read_recording(locked.path)
