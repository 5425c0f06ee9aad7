"""LUDB's table: the positives that its diagnoses give for the labels."""

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from peace_model.datasets.ludb import read_recording, read_table
from peace_model.ecg.recording import RecordingError
from peace_model.labels import load_code_map, load_profile


def test_positives_per_label(data_dir: Path, tmp_path: Path) -> None:
    if not (data_dir / "ludb.zip").is_file():
        pytest.skip("no ludb.zip in the folder of real recordings")
    with zipfile.ZipFile(data_dir / "ludb.zip") as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.endswith((".csv", ".hea"))])
    code_map = load_code_map("ludb", load_profile("peace24"))
    rows = read_table(tmp_path / "ludb")
    counts = Counter(label for row in rows for label in code_map.labels_of(row.statements))
    assert len(rows) == 120
    assert counts == {"NORM": 22, "LAFB": 11, "IRBBB": 18, "CRBBB": 1, "LAE": 61, "RAE": 10, "LVH": 64, "RVH": 3,
                      "STTC": 32, "CLBBB": 4, "1AVB": 7, "PAC": 5, "PVC": 4, "AFIB": 7, "AFLT": 2, "SBRAD": 11,
                      "SARRH": 3, "PACE": 7}


def test_the_stored_numbers_obey_the_limb_leads_algebra(data_dir: Path, tmp_path: Path) -> None:
    if not (data_dir / "ludb.zip").is_file():
        pytest.skip("no ludb.zip in the folder of real recordings")
    with zipfile.ZipFile(data_dir / "ludb.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith((".csv", "/10.hea", "/10.dat"))]
        archive.extractall(tmp_path, names)
    row = next(row for row in read_table(tmp_path / "ludb") if row.header.is_file())
    recording = read_recording(row)
    one, two, three = (recording.lead(name).astype(float) for name in ("I", "II", "III"))
    off = (two - one - three) * 1000
    assert off.std() < 2


def test_a_folder_without_the_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="not found"):
        read_table(tmp_path)
