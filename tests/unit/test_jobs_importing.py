"""An import is looked at, carried out in batches, stopped and gone on with; what is known is not decoded again."""

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from identified_files import write_identified
from library_cases import listed, make_recording, open_at

from peace_desktop.jobs import import_reading
from peace_desktop.jobs.import_outcomes import Fate
from peace_desktop.jobs.importing import BATCH, Import
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import Keep
from peace_model.ecg.formats.content_hash import content_sha256
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import RecordingError


@pytest.fixture
def library(tmp_path):
    with open_at(tmp_path / "library") as opened:
        yield opened


def ignore(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def fill(folder: Path, count: int, *, first: int = 1) -> Path:
    for seed in range(first, first + count):
        make_recording(folder, seed=seed, patient_key=f"P{seed}")
    return folder


def table(path: Path, *, rows: int = 600) -> Path:
    values = np.random.default_rng(1).normal(0, 0.3, (rows, 12)).round(3)
    lines = [",".join(STANDARD_12), *(",".join(map(str, row)) for row in values)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def fates(work: Import) -> dict[str, Fate]:
    return {outcome.found.path.name: outcome.fate for outcome in work.outcomes}


def never(*_given: object, **_named: object) -> None:
    raise AssertionError("decoded again")


def test_a_look_tells_new_known_and_refused_and_writes_nothing(library, tmp_path) -> None:
    folder = fill(tmp_path / "night", 2)
    Import(library, (folder / "R00001.hea",)).run(progress=ignore)
    (folder / "R00009.hea").write_text("no header\n", "utf-8")
    table(folder / "t.csv")
    head = library.audit_head()
    work = Import(library, (folder,))
    work.look(progress=ignore)
    assert fates(work) == {"R00001.hea": Fate.DUPLICATE, "R00002.hea": Fate.NEW, "R00009.hea": Fate.REFUSED,
                           "t.csv": Fate.ASKS}
    refused = next(outcome for outcome in work.outcomes if outcome.fate is Fate.REFUSED)
    assert refused.said.startswith("R00009.hea: ")
    assert library.audit_head() == head
    assert len(listed(library)) == 1


def test_what_was_looked_at_is_imported_without_decoding_it_again(library, tmp_path, monkeypatch) -> None:
    work = Import(library, (fill(tmp_path / "night", 3),))
    work.look(progress=ignore)
    monkeypatch.setattr(import_reading, "read_recording", never)
    work.run(progress=ignore)
    assert set(fates(work).values()) == {Fate.IMPORTED}
    assert library.verify().problems == ()


def test_a_second_import_of_the_same_files_decodes_none(library, tmp_path, monkeypatch) -> None:
    folder = fill(tmp_path / "night", 4)
    Import(library, (folder,)).run(progress=ignore)
    monkeypatch.setattr(import_reading, "read_recording", never)
    again = Import(library, (folder,))
    again.run(progress=ignore)
    assert Counter(fates(again).values()) == {Fate.DUPLICATE: 4}


def test_a_stopped_import_keeps_what_it_has_and_goes_on_with_the_rest(library, tmp_path) -> None:
    count = BATCH + 5
    work = Import(library, (fill(tmp_path / "night", count),))
    told = []

    def stop_half_way(done: int, total: int, name: str) -> None:
        told.append((done, total, name))
        if name == "R00004.hea":
            work.stop()

    work.run(progress=stop_half_way)
    assert work.stopped
    assert len(listed(library)) == 4
    work.go_on()
    work.run(progress=ignore)
    assert not work.stopped
    assert Counter(fates(work).values()) == {Fate.IMPORTED: count}
    assert len(listed(library)) == count
    assert all(total == count for _done, total, _name in told)
    assert library.verify().problems == ()


def test_a_stop_before_the_beginning_is_kept(library, tmp_path) -> None:
    work = Import(library, (fill(tmp_path / "night", 2),))
    work.stop()
    work.run(progress=ignore)
    assert work.stopped
    assert listed(library) == ()


def test_the_same_content_twice_in_one_import_comes_in_once(library, tmp_path) -> None:
    folder = fill(tmp_path / "night", 1)
    shutil.copytree(folder, folder / "copy")
    work = Import(library, (folder,))
    work.run(progress=ignore)
    assert Counter(outcome.fate for outcome in work.outcomes) == {Fate.IMPORTED: 1, Fate.DUPLICATE: 1}


def test_a_file_that_asks_is_imported_with_the_answer(library, tmp_path) -> None:
    work = Import(library, (table(tmp_path / "t.csv"),))
    work.run(progress=ignore)
    (asking,) = work.outcomes
    assert (asking.fate, asking.field) in ((Fate.ASKS, "unit"), (Fate.ASKS, "sampling rate"))
    assert not work.stopped
    work.answer(ReadOptions(fs_hz=500, unit="mV"), [asking.found])
    work.run(progress=ignore)
    assert fates(work) == {"t.csv": Fate.IMPORTED}
    assert library.load_recording(work.outcomes[0].sha256).fs_hz == 500


def test_a_damaged_copy_in_the_library_is_mended(library, tmp_path) -> None:
    folder = fill(tmp_path / "night", 1)
    Import(library, (folder,)).run(progress=ignore)
    next(library.recordings_folder.rglob("*.npy")).write_bytes(b"x")
    again = Import(library, (folder,))
    again.run(progress=ignore)
    assert set(fates(again).values()) == {Fate.DUPLICATE}
    assert library.verify().problems == ()


def test_a_fault_in_one_file_keeps_no_other_out(library, tmp_path, monkeypatch) -> None:
    def read(path: Path, *, options: ReadOptions) -> object:
        if path.stem == "R00002":
            raise ZeroDivisionError("Erika Musterfrau")
        return read_recording(path, options=options)

    monkeypatch.setattr(import_reading, "read_recording", read)
    work = Import(library, (fill(tmp_path / "night", 3),))
    work.run(progress=ignore)
    assert Counter(fates(work).values()) == {Fate.IMPORTED: 2, Fate.REFUSED: 1}
    assert "Muster" not in "".join(outcome.said for outcome in work.outcomes)


def test_a_library_that_takes_no_more_ends_the_run_and_can_be_gone_on_with(library, tmp_path, monkeypatch) -> None:
    work = Import(library, (fill(tmp_path / "night", 2),))

    def full(_library: object, _batch: object) -> None:
        raise LibraryError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(type(library), "add_recordings", full)
        with pytest.raises(LibraryError, match="disk is full"):
            work.run(progress=ignore)
    assert work.stopped
    work.run(progress=ignore)
    assert set(fates(work).values()) == {Fate.IMPORTED}


def test_an_identified_import_keeps_the_files(library, tmp_path) -> None:
    work = Import(library, (fill(tmp_path / "night", 1),), keep=Keep.NAME)
    work.run(progress=ignore)
    assert [row.identified for row in listed(library)] == [True]
    assert len(list(library.recordings_folder.rglob("original/*"))) == 2


def test_the_hash_of_a_record_is_the_one_its_reader_gives(tmp_path) -> None:
    recording = make_recording(tmp_path)
    path = recording.source.path
    assert content_sha256(path) == read_recording(path).source.sha256
    path.with_suffix(".dat").unlink()
    assert content_sha256(path) == ""
    assert content_sha256(tmp_path / "nowhere.dcm") == ""
    assert content_sha256(tmp_path) == ""


def test_the_hash_of_every_real_file_is_the_one_its_reader_gives(data_dir) -> None:
    read = 0
    for found in find_recordings([data_dir / "formats", data_dir / "cinc2021"]):
        try:
            recording = read_recording(found.path)
        except RecordingError:
            continue
        read += 1
        assert content_sha256(found.path) == recording.source.sha256, found.relative
    assert read >= 10


def test_what_is_known_is_given_its_name_when_names_are_kept_now(library, tmp_path, monkeypatch) -> None:
    for seed in (1, 2):
        write_identified(tmp_path / "cart" / f"{seed}.dcm", seed=seed, number=f"MRN{seed}")
    Import(library, (tmp_path / "cart",)).run(progress=ignore)
    keys = [row.patient_key for row in listed(library)]
    work = Import(library, (tmp_path / "cart",))
    work.look(progress=ignore)
    assert set(fates(work).values()) == {Fate.DUPLICATE}
    work.run(progress=ignore)
    assert [library.person_name(key) for key in keys] == ["", ""]
    work.keep = Keep.NAME
    work.run(progress=ignore)
    assert [library.person_name(key) for key in keys] == ["MUSTERFRAU^ERIKA"] * 2
    assert all("name was added" in outcome.said for outcome in work.outcomes)
    assert len(listed(library)) == 2
    monkeypatch.setattr(import_reading, "read_recording", never)
    again = Import(library, (tmp_path / "cart",), keep=Keep.NAME)
    again.run(progress=ignore)
    assert {outcome.said for outcome in again.outcomes} == {""}
