"""A process of its own reads files as the application does, survives no kill, and takes no other file with it."""

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from library_cases import make_recording, open_at

from peace_desktop.jobs import import_reading, importing, reading_process
from peace_desktop.jobs.import_outcomes import Fate
from peace_desktop.jobs.importing import Import
from peace_desktop.jobs.reading_process import ReadingEnded, ReadingFault, ReadingProcess
from peace_desktop.library.errors import LibraryError
from peace_model.ecg.formats import registry
from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.recording import RecordingError


def ignore(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def wait_ready(process: ReadingProcess) -> None:
    while not process.ready:
        time.sleep(0.01)


@pytest.fixture(scope="module")
def process():
    made = ReadingProcess()
    yield made
    made.close()


def test_it_reads_what_is_read_here(process, tmp_path) -> None:
    """Also one that goes over in several parts."""
    path = make_recording(tmp_path, seed=3, n_samples=30_000).source.path
    here = read_recording(path)
    assert here.signal_mv.nbytes > reading_process._PART_BYTES
    wait_ready(process)
    there = process.read(path, ReadOptions())
    assert np.array_equal(here.signal_mv, there.signal_mv, equal_nan=True)
    assert not there.signal_mv.flags.writeable
    plain = {name: getattr(here, name) for name in here.__dataclass_fields__ if name != "signal_mv"}
    assert plain == {name: getattr(there, name) for name in plain}


def test_what_is_wrong_with_a_file_is_told_in_its_reader_s_own_words(process, tmp_path) -> None:
    path = tmp_path / "b.hea"
    path.write_text("no header\n")
    with pytest.raises(RecordingError) as here:
        read_recording(path)
    wait_ready(process)
    with pytest.raises(RecordingError) as there:
        process.read(path, ReadOptions())
    assert (str(there.value), there.value.field) == (str(here.value), here.value.field)


def test_a_killed_one_answers_no_more() -> None:
    process = ReadingProcess()
    wait_ready(process)
    threading.Timer(0.05, process.kill).start()

    def ask_on() -> None:
        while True:
            with suppress(RecordingError):
                process.read(Path("nowhere.hea"), ReadOptions())

    with pytest.raises(ReadingEnded):
        ask_on()
    process.close()


class Serving:
    """Stands in for the process, answering as this one would: what is said of it, nobody has to wait for."""

    def __init__(self) -> None:
        self.ready = True
        self.killed = False

    def kill(self) -> None:
        self.killed = True

    def close(self) -> None:
        self.kill()

    def read(self, path: Path, options: ReadOptions) -> object:
        if path.stem == "R00002":
            raise ReadingEnded
        if path.stem == "R00003":
            raise ReadingFault("KeyError\n  formats/x.py:1 read")
        return registry.read_recording(path, options=options)


def test_a_file_that_ends_the_process_is_refused_and_the_others_come_in(tmp_path, monkeypatch, caplog) -> None:
    made: list[Serving] = []

    def start() -> Serving:
        made.append(Serving())
        return made[-1]

    monkeypatch.setattr(import_reading, "ReadingProcess", start)
    monkeypatch.setattr(importing, "MANY", 0)
    monkeypatch.setattr(importing, "BATCH", 2)
    for seed in range(1, 6):
        make_recording(tmp_path / "in", seed=seed)
    with open_at(tmp_path / "library") as library:
        work = Import(library, (tmp_path / "in",))
        work.run(progress=ignore)
    fates = {outcome.found.path.stem: (outcome.fate, outcome.said) for outcome in work.outcomes}
    assert [fate for fate, _said in fates.values()] == [
        Fate.IMPORTED, Fate.REFUSED, Fate.REFUSED, Fate.IMPORTED, Fate.IMPORTED]
    assert "open it alone" in fates["R00002"][1]
    assert "formats/x.py:1" in caplog.text
    assert len(made) == 2
    assert all(one.killed for one in made)


def test_a_process_that_ends_as_it_starts_is_started_once_and_the_import_says_so(tmp_path, monkeypatch) -> None:
    """As from a script that starts an import whenever it is loaded; what is left comes in where it can be read."""
    made: list[ReadingProcess] = []

    def start() -> ReadingProcess:
        made.append(ReadingProcess())
        made[-1]._process.join()
        return made[-1]

    monkeypatch.setattr(reading_process, "_serve", os._exit)
    monkeypatch.setattr(import_reading, "ReadingProcess", start)
    monkeypatch.setattr(importing, "MANY", 0)
    for seed in range(1, 4):
        make_recording(tmp_path / "in", seed=seed)
    with open_at(tmp_path / "library") as library:
        work = Import(library, (tmp_path / "in",))
        with pytest.raises(LibraryError, match="Restart the application"):
            work.run(progress=ignore)
        assert len(made) == 1
        assert work.outcomes == ()
        monkeypatch.setattr(importing, "MANY", 100)
        assert [outcome.fate for outcome in work.run(progress=ignore)] == [Fate.IMPORTED] * 3


def test_a_stop_ends_the_reading_of_a_file_at_once(tmp_path, monkeypatch) -> None:
    """A pipe in place of a file would be read for ever."""
    monkeypatch.setattr(importing, "MANY", 0)
    for seed in range(1, 4):
        make_recording(tmp_path / "in", seed=seed)
    with open_at(tmp_path / "library") as library:
        work = Import(library, (tmp_path / "in",))

        class Hanging(Serving):
            def __init__(self) -> None:
                super().__init__()
                self.let_go = threading.Event()

            def kill(self) -> None:
                self.let_go.set()

            def read(self, path: Path, options: ReadOptions) -> object:
                threading.Timer(0.0, work.stop).start()
                assert self.let_go.wait(60)
                raise ReadingEnded

        monkeypatch.setattr(import_reading, "ReadingProcess", Hanging)
        assert work.look(progress=ignore) == ()
        work.go_on()
        monkeypatch.setattr(importing, "MANY", 100)
        assert [outcome.fate for outcome in work.look(progress=ignore)] == [Fate.NEW] * 3
