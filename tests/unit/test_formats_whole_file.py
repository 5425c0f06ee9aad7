"""Writers leave a whole file or none, and what stood in its place stays where they fail."""

import errno
from pathlib import Path

import numpy as np
import pytest
from library_cases import make_recording

from peace_model.ecg.formats import csv_writer, wfdb_writer
from peace_model.ecg.formats.csv_writer import write_csv
from peace_model.ecg.formats.dicom_writer import write_dicom
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb

WRITERS = {"hea": lambda recording, folder: write_wfdb(recording, folder, "a"),
           "dcm": lambda recording, folder: write_dicom(recording, folder / "a.dcm"),
           "csv": lambda recording, folder: write_csv(recording, folder / "a.csv")}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def full(*_given: object, **_named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("kind", WRITERS)
def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    import pydicom

    out = tmp_path / "out"
    out.mkdir()
    WRITERS[kind](make_recording(tmp_path / "in", seed=1), out)
    before = contents(out)
    other = make_recording(tmp_path / "in", seed=2)
    write_bytes = Path.write_bytes

    def half(path: Path, content: bytes) -> None:
        write_bytes(path, content[:9])
        full()

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half)
        patch.setattr(csv_writer.np, "arange", full)
        patch.setattr(pydicom.Dataset, "save_as", full)
        with pytest.raises(OSError, match="No space"):
            WRITERS[kind](other, out)
    assert contents(out) == before


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_of_the_same_name_is_replaced_whole(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    WRITERS[kind](make_recording(tmp_path / "in", seed=1), out)
    names = sorted(contents(out))
    second = make_recording(tmp_path / "in", seed=2)
    again = read_recording(WRITERS[kind](second, out))
    np.testing.assert_allclose(again.signal_mv[:12], second.signal_mv, atol=1e-3)
    assert sorted(contents(out)) == names


def test_signals_never_stand_without_room_for_their_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = make_recording(tmp_path / "in", seed=1)
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(wfdb_writer, "_lines", full)
    with pytest.raises(OSError, match="No space"):
        write_wfdb(recording, out, "a")
    assert contents(out) == {}
