"""Recordings leave the library in a common format: equal in what they say of the heart, silent on whose it is."""

import shutil
from datetime import timedelta

import numpy as np
import pytest
from identified_files import AT, VALUES, write_identified
from library_cases import listed, make_recording, open_at

from peace_desktop.jobs import exporting
from peace_desktop.jobs.exporting import FileFormat, export_recordings
from peace_desktop.jobs.importing import Import
from peace_desktop.jobs.operation import Cancelled
from peace_desktop.library.records import Keep
from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.identity import Identity
from peace_model.ecg.traces import Traces

FORMATS = tuple(FileFormat)


def ignore(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


@pytest.fixture
def library(tmp_path):
    """Two recordings of one named child, thirty days apart, imported with name, birth date and true dates."""
    with open_at(tmp_path / "library") as opened:
        for seed, days in ((1, 0), (2, 30)):
            write_identified(tmp_path / "in" / f"Musterfrau{seed}.dcm", seed=seed, at=AT + timedelta(days=days))
        Import(opened, (tmp_path / "in",), keep=Keep.NAME_AND_BIRTH_DATE).run(progress=ignore)
        yield opened


def hashes(library) -> list[str]:
    return [row.sha256 for row in listed(library)]


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_exported_reads_back_and_names_nobody(library, tmp_path, file_format) -> None:
    done = export_recordings(library, hashes(library)[:1], tmp_path / "out", file_format, progress=ignore)
    assert [exported.said for exported in done] == [""]
    text = "\n".join(f"{path}\n{path.read_bytes().decode('latin-1')}" for path in (tmp_path / "out").rglob("*"))
    assert [value for value in VALUES if value in text.casefold()] == []
    for exported in done:
        stored = library.load_recording(exported.sha256)
        again = read_recording(exported.files[0], options=ReadOptions(fs_hz=stored.fs_hz))
        assert again.leads == stored.leads
        np.testing.assert_allclose(again.signal_mv, stored.signal_mv, atol=0.003)
        assert again.identity is None
    assert not list((tmp_path / "out").glob(".*"))


def test_dates_are_shifted_together_and_kept_only_when_asked_for(library, tmp_path) -> None:
    def exported(folder, *, true_dates):
        done = export_recordings(library, hashes(library), tmp_path / folder, FileFormat.WFDB, progress=ignore,
                                 true_dates=true_dates)
        return [read_recording(one.files[0]).recorded_at for one in done]

    first, second = exported("shifted", true_dates=False)
    assert first.date() != AT.date()
    assert second - first == timedelta(days=30)
    assert exported("true", true_dates=True) == [AT, AT + timedelta(days=30)]


def test_a_recording_of_an_identified_and_of_a_plain_import_leave_alike(library, tmp_path) -> None:
    with open_at(tmp_path / "plain") as plain:
        shutil.copytree(tmp_path / "in", tmp_path / "again")
        Import(plain, (tmp_path / "again",)).run(progress=ignore)
        rows = {row.sha256: row for row in listed(plain)}
        assert rows.keys() == set(hashes(library))
        assert all(row.date_shifted for row in rows.values())


def test_a_second_export_replaces_nothing(library, tmp_path) -> None:
    sha256 = hashes(library)[0]
    names = [export_recordings(library, [sha256, sha256], tmp_path / "out", FileFormat.DICOM, progress=ignore)
             for _again in range(2)]
    files = [exported.files[0] for done in names for exported in done]
    assert len(set(files)) == 4
    assert all(file.is_file() for file in files)


def test_a_published_name_is_kept(tmp_path) -> None:
    with open_at(tmp_path / "library") as library:
        recording = make_recording(tmp_path / "source", seed=7)
        sha256 = library.add_recording(recording, origin_path_name="R00007.hea").sha256
        (done,) = export_recordings(library, [sha256], tmp_path / "out", FileFormat.WFDB, progress=ignore)
    assert [file.name for file in done.files] == ["R00007.hea", "R00007.dat"]


def test_what_a_writer_should_leak_is_not_put_in_place(library, tmp_path, monkeypatch) -> None:
    written = []

    def leaking(recording, folder, name):
        header = write_wfdb(recording, folder, name)
        if not written:
            header.write_text(header.read_text("utf-8") + "# Erika\n", "utf-8")
        written.append(header)

    monkeypatch.setitem(exporting._WRITERS, FileFormat.WFDB, leaking)
    (done,) = export_recordings(library, hashes(library)[:1], tmp_path / "out", FileFormat.WFDB, progress=ignore)
    assert done.files == ()
    assert "(name)" in done.said
    assert "erika" not in done.said.casefold()
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(("name", "content"), [
    ("a.csv", b"I (mV)\r\n0.5,1e-05\r\n,erika\r\n"), ("a.dcm", b"x" * 200_000 + b"\0Musterfrau\0"),
    ("a.hea", b"# erika")])
def test_words_are_found_wherever_a_file_can_hold_them(tmp_path, name, content) -> None:
    (tmp_path / name).write_bytes(content)
    assert Traces(Identity(name="Musterfrau^Erika")).kinds_in(exporting._words_of(tmp_path / name)) == ("name",)


def test_a_table_of_numbers_holds_no_words_but_its_first_row(tmp_path) -> None:
    (tmp_path / "a.csv").write_bytes(b"I (mV),II (mV)\r\n" + b"0.5,-1.25e-05\r\n,\r\n+3,4\r\n" * 9000)
    assert exporting._words_of(tmp_path / "a.csv") == b"I (mV),II (mV)\r\n"


def test_one_that_cannot_be_written_does_not_keep_the_others_back(library, tmp_path) -> None:
    first, second = hashes(library)
    next(library.recordings_folder.glob(f"??/{first}/signal.npy")).write_bytes(b"x")
    broken, whole = export_recordings(library, [first, second], tmp_path / "out", FileFormat.CSV, progress=ignore)
    assert (broken.files, bool(broken.said), whole.said) == ((), True, "")
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".csv"]


def test_a_cancelled_export_leaves_whole_files_only(library, tmp_path) -> None:
    def stop(done: int, _total: int, _name: str) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        export_recordings(library, hashes(library), tmp_path / "out", FileFormat.WFDB, progress=stop)
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".dat", ".hea"]
