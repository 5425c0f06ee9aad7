"""A person's own folder of WFDB recordings: what its table may say and how its mistakes are told."""

from pathlib import Path

import numpy as np
import pytest
from layouts.beats import beats_mv

from peace_model.datasets.prepare import prepare
from peace_model.datasets.wfdb_folder import source
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, RecordingError, Source, roles_of
from peace_model.labels import load_profile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three recordings of children of 4 years, one below a folder."""
    (tmp_path / "ward").mkdir()
    for place, name in ((tmp_path, "a"), (tmp_path, "b"), (tmp_path / "ward", "c")):
        signal = beats_mv(np.random.default_rng(len(name)), wide=False, n_samples=2500, fs_hz=250).astype(np.float32)
        write_wfdb(Recording(
            signal_mv=signal, fs_hz=250.0, leads=STANDARD_12, roles=roles_of(STANDARD_12),
            age=Age(1461, Precision.YEAR, "file header"), sex="M", recorded_at=None, patient_key="",
            source=Source(place, "test", "", ())), place, name)
    return tmp_path


def _table(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_labels_doubt_age_and_sex_are_taken_from_the_table(folder: Path) -> None:
    _table(folder, "record,patient,labels,uncertain,age_days,sex\n"
                   "a,p1,NORM;SARRH,,100,F\nb.hea,p2,,*,,\nward/c,p1,RVH,LVH; STTC,,\nd,p9,NORM,,,\n")
    store, summary = prepare(source(folder), folder / "store")
    assert store.ids.tolist() == ["a", "b", "ward/c"]
    assert store.patients.tolist() == ["p1", "p2", "p1"]
    assert store.age_days.tolist() == [100, 1461, 1461]
    assert store.sex.tolist() == ["F", "M", "M"]
    present = [{label for label, hit in zip(store.labels, row, strict=True) if hit} for row in store.targets]
    left_open = [{label for label, known in zip(store.labels, row, strict=True) if not known} for row in store.known]
    assert present == [{"NORM", "SARRH"}, set(), {"RVH"}]
    assert left_open == [set(), set(load_profile("peace24").codes), {"LVH", "STTC"}]
    assert summary.dropped == {"signal files: none here": (1, ("d",))}


def test_a_table_elsewhere_with_three_columns_is_enough(folder: Path, tmp_path: Path) -> None:
    table = _table(tmp_path, "patient,labels,record\np,NORM,a\n")
    assert [row.facts.id for row in source(folder, table=table).rows] == ["a"]


@pytest.mark.parametrize(("header", "row", "told"), [
    ("record,patient", "a,p", "columns: labels missing; see peace-model prepare --help"),
    ("record,patient,labels", "a,p,NORMAL", "row 2, column labels: not a code of peace24; separate codes by ';'"),
    ("record,patient,labels", "a,p,NORM,LVH", "row 2: more or fewer cells than columns"),
    ("record,patient,labels", "a,,NORM", "row 2, column patient: empty"),
    ("record,patient,labels", "../a,p,NORM", "row 2, column record: leads out of the folder"),
    ("record,patient,labels,uncertain", "a,p,NORM,NORM", "row 2, column uncertain: NORM stands in labels too"),
    ("record,patient,labels,age_years", "a,p,NORM,old", "row 2, column age_years: not a number"),
    ("record,patient,labels,age_years", "a,p,NORM,200", "row 2, column age_years: not an age"),
    ("record,patient,labels,age_years,age_days", "a,p,NORM,1,365", "row 2, column age_years: age_days is given too"),
    ("record,patient,labels,sex", "a,p,NORM,female", "row 2, column sex: expected one of F, M, nothing"),
])
def test_mistakes_in_the_table_name_row_column_and_remedy(folder: Path, header: str, row: str, told: str) -> None:
    _table(folder, f"{header}\n{row}\n")
    with pytest.raises(RecordingError) as refused:
        source(folder)
    assert f"labels.csv: {told}" in str(refused.value)


def test_no_table_and_no_text_are_told(folder: Path) -> None:
    with pytest.raises(RecordingError, match=r"labels.csv: table: not found; name the folder that holds labels.csv"):
        source(folder)
    (folder / "labels.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecordingError, match="not a CSV file in UTF-8"):
        source(folder)
