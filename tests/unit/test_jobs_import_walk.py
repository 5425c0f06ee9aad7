"""An import begins with the first file while folders are still walked, stops at once, and goes on where it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from library_cases import listed, make_recording, open_at

from peace_desktop.jobs import importing
from peace_desktop.jobs.import_outcomes import Fate
from peace_desktop.jobs.importing import Import
from peace_model.ecg.formats.registry import FoundFile


@pytest.fixture
def library(tmp_path):
    with open_at(tmp_path / "library") as opened:
        yield opened


def files(folder: Path, count: int) -> list[FoundFile]:
    paths = [make_recording(folder, seed=seed).source.path for seed in range(1, count + 1)]
    return [FoundFile(path, "wfdb", Path(path.name)) for path in paths]


def ignore(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def test_the_first_file_is_known_while_the_walk_goes_on(library, tmp_path, monkeypatch) -> None:
    """The walk is slow: every file is found after the moment that a walk may take before a file is read."""
    found = files(tmp_path / "night", 3)
    work = Import(library, ())
    known_at_step = []

    def slowly() -> Iterator[FoundFile | None]:
        for file in found:
            known_at_step.append(len(work.outcomes))
            yield file

    monkeypatch.setattr(work._walk, "_steps", slowly())
    monkeypatch.setattr(importing, "_AHEAD_S", 0.0)
    told = []
    work.look(progress=lambda done, total, name: told.append((done, total, name)))
    assert known_at_step == [0, 1, 2]
    assert told == [(0, 0, "R00001.hea"), (1, 0, "R00002.hea"), (2, 0, "R00003.hea"), (3, 3, "")]
    assert [outcome.found for outcome in work.outcomes] == found
    assert work.looked_at


def test_a_walk_that_finds_nothing_is_stopped_and_gone_on_with(library, tmp_path, monkeypatch) -> None:
    """A hundred thousand pictures before the only recording."""
    (last,) = files(tmp_path / "night", 1)
    work = Import(library, ())
    passed = []

    def endless() -> Iterator[FoundFile | None]:
        for number in range(100_000):
            if number == 500:
                work.stop()
            passed.append(number)
            yield None
        yield last

    monkeypatch.setattr(work._walk, "_steps", endless())
    assert work.look(progress=ignore) == ()
    assert len(passed) == 501
    assert not work.walked
    assert work.stopped
    assert not work.looked_at
    work.go_on()
    assert [outcome.fate for outcome in work.look(progress=ignore)] == [Fate.NEW]
    assert len(passed) == 100_000
    work.run(progress=ignore)
    assert not work.stopped
    assert len(listed(library)) == 1


def test_a_stop_while_files_are_hashed_reads_no_further_file(library, tmp_path, monkeypatch) -> None:
    files(tmp_path / "night", 5)
    work = Import(library, (tmp_path / "night",))
    hashed = []

    def slow_hash(path: Path) -> str:
        hashed.append(path.name)
        work.stop()
        return ""

    monkeypatch.setattr(importing, "content_sha256", slow_hash)
    work.look(progress=ignore)
    assert hashed == ["R00001.hea"]
    assert work.outcomes == ()
