"""PTB-XL: how its table, ages and samples are read, and what a store holds of it."""

from pathlib import Path

import numpy as np
import pytest
from layouts.ptbxl import Row, beats_uv, two_kinds, write_ptbxl
from numpy.typing import NDArray

from peace_model.datasets.prepare import prepare
from peace_model.datasets.ptbxl import read_recording, read_table, source
from peace_model.datasets.splits import own_split
from peace_model.datasets.store import open_store
from peace_model.ecg.formats import registry
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.pipeline import Pipeline


def _signals(count: int) -> NDArray[np.int16]:
    rng = np.random.default_rng(0)
    return np.stack([beats_uv(rng, wide=False) for _ in range(count)])


def test_ages_are_years_300_means_over_89_and_sex_1_is_female(tmp_path: Path) -> None:
    table = read_table(write_ptbxl(tmp_path, [Row(1, 1, 300, 1), Row(2, 1, 18, 0)], _signals(2)))
    assert (table[0].age_days, table[0].sex) == (round(90 * 365.25), "F")
    assert (table[1].age_days, table[1].sex) == (round(18 * 365.25), "M")


def test_the_direct_reader_agrees_with_the_format_reader(tmp_path: Path) -> None:
    folder = write_ptbxl(tmp_path, [Row(1, 1)], _signals(1))
    row = read_table(folder)[0]
    ours, theirs = read_recording(row), registry.read_recording(row.header)
    assert (ours.leads, ours.fs_hz, ours.n_samples) == (theirs.leads, theirs.fs_hz, theirs.n_samples)
    np.testing.assert_allclose(ours.signal_mv, theirs.signal_mv, atol=1e-6)


@pytest.mark.parametrize(("old", "new", "field"), [
    ("1000.0(0)/mV", "0(0)/mV", "channel"), ("/mV", "/kg", "channel"), ("12 100 1000", "12 100", "header"),
    ("12 100 1000", "12 100 999", "samples"),
])
def test_files_of_another_layout_are_refused(tmp_path: Path, old: str, new: str, field: str) -> None:
    row = read_table(write_ptbxl(tmp_path, [Row(1, 1)], _signals(1)))[0]
    row.header.write_text(row.header.read_text(encoding="ascii").replace(old, new), encoding="ascii")
    with pytest.raises(RecordingError) as refused:
        read_recording(row)
    assert refused.value.field == field


def test_a_missing_foreign_or_damaged_table_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="not found; name the folder"):
        read_table(tmp_path)
    table = write_ptbxl(tmp_path, [Row(1, 1), Row(2, 2)], _signals(2)) / "ptbxl_database.csv"
    good = table.read_text(encoding="utf-8")
    for old, new, told in [
            ("scp_codes", "codes", "columns: scp_codes missing; use the table of PTB-XL 1.0.3"),
            ("2,2.0,60.0", "2,2.0,old", "row 3, column age: not a number; use"),
            ("{'NORM': 100.0}", "{'NORM'", "row 2, column scp_codes: not a list of statements; use"),
            ("2,2.0,60.0,0", "2,2.0,60.0,7", "row 3, column sex: expected one of 0, 1; use"),
            ("2,2.0,60.0,0", "2,2.0,60.0", "row 3: more or fewer cells than columns; use")]:
        table.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(RecordingError) as refused:
            read_table(tmp_path)
        assert told in str(refused.value)


def test_a_store_holds_what_the_signal_path_makes_of_each_recording(tmp_path: Path) -> None:
    folder = two_kinds(tmp_path / "data", count=18)
    prepare(source(folder, fs_hz=100), tmp_path / "store")
    store = open_store(tmp_path / "store", "peace12_full")
    split = own_split(store)
    assert (len(split.train), len(split.choose), len(split.test)) == (16, 2, 0)
    pipeline = Pipeline(store.spec)
    signal = store.windows(np.arange(18))
    assert (signal.shape, signal.dtype) == ((18, 12, 1000), np.float32)
    for index, row in enumerate(read_table(folder)):
        prepared = pipeline.prepare(read_recording(row))
        np.testing.assert_allclose(prepared.signal[0], signal[index], atol=2e-3)
        np.testing.assert_array_equal(prepared.lead_mask[0], store.lead_mask[index])
        assert store.ids[index] == str(row.ecg_id)
        assert store.patients[index] == row.patient
        assert store.folds[index] == row.fold
        assert store.age_days[index] == row.age_days
    assert store.targets[0].tolist() == [int(code == "CRBBB") for code in store.labels]
    assert store.known.all()
    train = store.windows(split.train)
    np.testing.assert_allclose(train.mean(axis=(0, 2)), 0, atol=0.01)
    np.testing.assert_allclose(train.std(axis=(0, 2)), 1, atol=0.01)


def test_at_500_hz_rows_without_such_files_are_dropped_with_the_reason(tmp_path: Path) -> None:
    signals = np.repeat(_signals(3), 5, axis=1)
    folder = write_ptbxl(tmp_path / "data", [Row(1, 1), Row(2, 2), Row(3, 9)], signals, fs_hz=500)
    (folder / "records500" / "00002_hr.hea").unlink()
    (folder / "records500" / "00003_hr.dat").unlink()
    store, summary = prepare(source(folder, fs_hz=500), tmp_path / "store", fs_hz=500)
    assert summary.dropped == {"signal files: none at 500 Hz here": (1, ("2",)), "signal files: not there": (1, ("3",))}
    assert store.ids.tolist() == ["1"]
    assert store.windows(np.array([0])).shape == (1, 12, 5000)
