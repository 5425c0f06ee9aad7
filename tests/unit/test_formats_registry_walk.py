"""One list of recordings from files and folders: every recording once, in the order of names."""

from pathlib import Path

import pytest

from peace_model.ecg.formats.registry import FORMATS, find_recordings, read_recording
from peace_model.ecg.recording import RecordingError


def touch(path: Path, content: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    for name in ("b/2.hea", "b/2.dat", "a/1.hea", "a/1.mat", "z.hea", ".hidden/3.hea", "notes.txt", "c.xml"):
        touch(tmp_path / name)
    touch(tmp_path / "table.csv", "time,I,II\n0,1,2\n")
    touch(tmp_path / "letter.txt", "I, the undersigned\nhave seen the child.\n")
    touch(tmp_path / "codes.csv", "Description,AHA\nNormal,A1\n")
    assert [found.relative.as_posix() for found in find_recordings([tmp_path])] == [
        "table.csv", "z.hea", "a/1.hea", "b/2.hea"]


def test_files_named_twice_are_listed_once(tmp_path: Path) -> None:
    header = touch(tmp_path / "1.hea")
    signals = touch(tmp_path / "1.dat")
    found = find_recordings([header, signals, tmp_path, header])
    assert [entry.path for entry in found] == [header]
    assert found[0].format == "wfdb"


def test_a_file_named_directly_is_always_listed_and_judged_when_read(tmp_path: Path) -> None:
    for path, field in ((tmp_path / "missing.hea", "file"), (touch(tmp_path / "scan.pdf"), "format"),
                        (touch(tmp_path / "alone.dat"), "header")):
        assert [entry.path for entry in find_recordings([path])] == [path]
        with pytest.raises(RecordingError) as caught:
            read_recording(path)
        assert caught.value.field == field
    with pytest.raises(RecordingError, match="folder"):
        read_recording(tmp_path)


def test_every_suffix_belongs_to_one_format() -> None:
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert len(suffixes) == len(set(suffixes))
