"""PTB-XL: who takes part in what, how ages and samples are read, and what a store holds."""

from pathlib import Path

import numpy as np
import pytest
from ptbxl_layout import Row, beats_uv, two_kinds, write_ptbxl

from peace_model.datasets.ptbxl import Part, parts_of, read_recording, read_table
from peace_model.datasets.store import StoreError, open_store, prepare_ptbxl
from peace_model.ecg.formats import registry
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.pipeline import Pipeline
from peace_model.labels import load_profile


def _flat_signals(count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.stack([beats_uv(rng, wide=False) for _ in range(count)])


def test_a_patient_with_any_recording_under_18_takes_no_part_in_training_or_choosing(tmp_path: Path) -> None:
    rows = [Row(1, 1, 17), Row(1, 1, 19), Row(2, 9, 16), Row(2, 9, 40), Row(3, 1, 18), Row(4, 9, 18), Row(5, 10, 50)]
    table = read_table(write_ptbxl(tmp_path, rows, _flat_signals(len(rows))))
    assert parts_of(table) == (Part.UNDER_18, Part.LEFT_OUT, Part.UNDER_18, Part.LEFT_OUT,
                               Part.TRAIN, Part.CHOOSE, Part.LEFT_OUT)


def test_ages_are_years_300_means_over_89_and_sex_1_is_female(tmp_path: Path) -> None:
    table = read_table(write_ptbxl(tmp_path, [Row(1, 1, 300, 1), Row(2, 1, 18, 0)], _flat_signals(2)))
    assert (table[0].age_days, table[0].sex) == (round(90 * 365.25), "F")
    assert (table[1].age_days, table[1].sex) == (round(18 * 365.25), "M")


def test_the_direct_reader_agrees_with_the_format_reader(tmp_path: Path) -> None:
    folder = write_ptbxl(tmp_path, [Row(1, 1)], _flat_signals(1))
    row = read_table(folder)[0]
    ours, theirs = read_recording(row), registry.read_recording(row.header)
    assert (ours.leads, ours.fs_hz, ours.n_samples) == (theirs.leads, theirs.fs_hz, theirs.n_samples)
    np.testing.assert_allclose(ours.signal_mv, theirs.signal_mv, atol=1e-6)


@pytest.mark.parametrize(("old", "new", "field"), [
    ("1000.0(0)/mV", "0(0)/mV", "channel"), ("/mV", "/kg", "channel"), ("12 100 1000", "12 100", "header"),
    ("12 100 1000", "12 100 999", "samples"),
])
def test_files_of_another_layout_are_refused(tmp_path: Path, old: str, new: str, field: str) -> None:
    row = read_table(write_ptbxl(tmp_path, [Row(1, 1)], _flat_signals(1)))[0]
    row.header.write_text(row.header.read_text(encoding="ascii").replace(old, new), encoding="ascii")
    with pytest.raises(RecordingError) as refused:
        read_recording(row)
    assert refused.value.field == field


def test_a_missing_or_foreign_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="not found"):
        read_table(tmp_path)
    (tmp_path / "ptbxl_database.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(RecordingError, match="not readable"):
        read_table(tmp_path)


def test_a_store_holds_what_the_signal_path_makes_of_each_recording(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    source = two_kinds(tmp_path / "data", count=18)
    store = prepare_ptbxl(source, tmp_path / "store", load_profile("peace12_full"))
    assert (len(store.rows(Part.TRAIN)), len(store.rows(Part.CHOOSE))) == (16, 2)
    again = open_store(tmp_path / "store")
    pipeline = Pipeline(again.spec)
    for index, row in enumerate(read_table(source)):
        prepared = pipeline.prepare(read_recording(row))
        np.testing.assert_array_equal(prepared.signal[0], again.signal[index])
        np.testing.assert_array_equal(prepared.lead_mask[0], again.lead_mask[index])
        assert again.ids[index] == row.ecg_id
    assert again.targets[0].tolist() == [int(code == "CRBBB") for code in again.labels]
    train = np.array(again.signal[again.rows(Part.TRAIN)])
    np.testing.assert_allclose(train.mean(axis=(0, 2)), 0, atol=0.01)
    np.testing.assert_allclose(train.std(axis=(0, 2)), 1, atol=0.01)


def test_a_folder_that_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store here"):
        open_store(tmp_path)
    (tmp_path / "store.json").write_text('{"store_version": 0}', encoding="utf-8")
    with pytest.raises(StoreError, match="another version"):
        open_store(tmp_path)
