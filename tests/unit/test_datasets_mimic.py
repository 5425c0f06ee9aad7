"""MIMIC-IV-ECG's layout: tables joined on the study, leads by name, gaps, sentinels, sentences that leave doubt."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from layouts.beats import beats_mv
from layouts.mimic import FS_HZ, Study, write_mimic, write_patients, write_signal, write_tables

from peace_model.datasets.mimic_iv_ecg import UNMEASURED_FLAG, read_studies, source
from peace_model.datasets.prepare import prepare
from peace_model.datasets.store import Store
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import RecordingError

ONE, TWO, THREE = Study(10_000_032, 40_689_238), Study(10_000_032, 44_458_630), Study(10_000_764, 42_487_762)


def _column(store: Store, label: str) -> tuple[list[int], list[int]]:
    column = store.labels.index(label)
    return store.targets[:, column].tolist(), store.known[:, column].tolist()


def test_avf_before_avl_is_read_by_name(tmp_path: Path) -> None:
    write_tables(tmp_path, [ONE])
    signal = np.tile(np.repeat([0.0, 1.0], 50), 50) * (np.arange(1, 13)[:, None] / 10)
    write_signal(tmp_path, ONE, signal)
    recording = source(tmp_path).rows[0].read()
    assert recording.leads.index("aVF") == 4
    assert {name: round(float(np.ptp(recording.lead(name))), 1) for name in STANDARD_12} == {
        name: (place + 1) / 10 for place, name in enumerate(STANDARD_12)}


def test_statements_become_labels_and_doubt_leaves_them_open(tmp_path: Path) -> None:
    studies = [replace(ONE, reports=("Sinus tachycardia", "Normal ECG except for rate")),
               replace(TWO, reports=("Sinus rhythm", "Possible left atrial enlargement", "Normal ECG")),
               replace(THREE, reports=("Atrial fibrillation", "Left ventricular hypertrophy by voltage only",
                                       "Incomplete RBBB", "Normal ECG"))]
    store, _ = prepare(source(write_mimic(tmp_path / "d", studies)), tmp_path / "s")
    assert _column(store, "NORM") == ([1, 1, 0], [1, 1, 1])
    assert _column(store, "STACH") == ([1, 0, 0], [1, 1, 1])
    assert _column(store, "LAE") == ([0, 0, 0], [1, 0, 1])
    assert _column(store, "LVH") == ([0, 0, 0], [1, 1, 0])
    assert _column(store, "IRBBB") == ([0, 0, 1], [1, 1, 1])
    assert _column(store, "CRBBB") == ([0, 0, 0], [1, 1, 1])


def test_tables_are_joined_on_the_study_and_what_has_no_partner_is_dropped(tmp_path: Path) -> None:
    lost, silent, gone = Study(1, 11), replace(Study(2, 12), reports=()), Study(3, 13)
    folder = write_mimic(tmp_path / "d", [THREE, lost, ONE, silent, gone, TWO])
    table = folder / "machine_measurements.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([lines[0], *reversed([line for line in lines[1:] if ",11," not in line])]) + "\n",
                     encoding="utf-8")
    (folder / f"{gone.path}.hea").unlink()
    store, summary = prepare(source(folder), tmp_path / "s")
    assert store.ids.tolist() == ["42487762", "40689238", "44458630"]
    assert store.patients.tolist() == ["10000764", "10000032", "10000032"]
    assert summary.dropped == {
        "machine measurements: no statement, so no label is known": (1, ("12",)),
        "machine measurements: none of this study": (1, ("11",)), "signal files: none here": (1, ("13",))}


def test_sentinels_are_no_measurements(tmp_path: Path) -> None:
    numbers = (29999, 32767, -32768, 65535, 280, 560, 50, 40, 30)
    folder = write_mimic(tmp_path / "d", [ONE, replace(TWO, numbers=numbers)])
    studies = read_studies(folder)
    assert studies["40689238"].unmeasured == ()
    assert studies["44458630"].unmeasured == ("rr_interval", "p_onset", "p_end", "qrs_onset")
    store, _ = prepare(source(folder), tmp_path / "s")
    assert store.flagged(UNMEASURED_FLAG).tolist() == [False, True]


def test_gaps_zero_leads_and_short_recordings_are_kept_flagged_and_masked(tmp_path: Path) -> None:
    short = replace(THREE, n_samples=1600)
    folder = write_mimic(tmp_path / "d", [ONE, TWO, short])
    signal = beats_mv(np.random.default_rng(0), wide=False, n_samples=5000, fs_hz=FS_HZ)
    signal[0, 1000:1500] = np.nan
    signal[1] = np.nan
    write_signal(folder, ONE, signal)
    signal[1], signal[7] = signal[2], 0.0
    write_signal(folder, TWO, np.nan_to_num(signal))
    store, _ = prepare(source(folder), tmp_path / "s")
    windows = store.windows(np.arange(3))
    assert np.isfinite(windows).all()
    assert not windows[0, 0, 205:295].any()
    assert (store.lead_mask[0, :2].tolist(), store.lead_mask[1, 7]) == ([1, 0], 0)
    assert store.valid_samples.tolist() == [1000, 1000, 320]
    assert not windows[2, :, 320:].any()
    assert [("nan_run" in flags, "flat_lead" in flags, "short_recording" in flags) for flags in store.flags] == [
        (True, False, False), (False, True, False), (False, False, True)]


@pytest.mark.parametrize("name", ["patients.csv", "patients.csv.gz"])
def test_age_and_sex_come_from_the_patients_table_where_it_is_given(tmp_path: Path, name: str) -> None:
    folder = write_mimic(tmp_path / "d", [ONE, THREE])
    unknown, summary = prepare(source(folder), tmp_path / "without")
    assert np.isnan(unknown.age_days).all()
    assert unknown.sex.tolist() == ["", ""]
    assert "Age and sex are unknown" in summary.notes[0]
    patients = write_patients(tmp_path / name, [(10_000_032, "F", 52, 2177)])
    known, _ = prepare(source(folder, patients=patients), tmp_path / "with")
    assert known.age_days[0] == round(55 * 365.25)
    assert np.isnan(known.age_days[1])
    assert known.sex.tolist() == ["F", ""]


@pytest.mark.parametrize(("table", "old", "new", "told"), [
    ("machine_measurements.csv", "report_3,", "", "columns: report_3 missing"),
    ("machine_measurements.csv", ",800,", ",fast,", "row 2, column rr_interval: not a number"),
    ("machine_measurements.csv", "44458630", "40689238", "row 3, column study_id: this study has a row already"),
    ("record_list.csv", "path", "place", "columns: path missing"),
    ("record_list.csv", ",40689238,40689238", ",,40689238", "row 2, column study_id: empty"),
])
def test_damaged_tables_are_refused_with_their_place(tmp_path: Path, table: str, old: str, new: str, told: str) -> None:
    write_tables(tmp_path, [ONE, TWO])
    path = tmp_path / table
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1 if old != "44458630" else -1),
                    encoding="utf-8")
    with pytest.raises(RecordingError) as refused:
        source(tmp_path)
    assert f"{table}: {told}; use the tables of MIMIC-IV-ECG 1.0" in str(refused.value)


def test_a_date_that_is_none_is_refused_where_an_age_needs_it(tmp_path: Path) -> None:
    folder = write_mimic(tmp_path / "d", [replace(ONE, ecg_time="soon")])
    assert len(source(folder).rows) == 1
    with pytest.raises(RecordingError, match="row 2, column ecg_time: not a date"):
        source(folder, patients=write_patients(tmp_path / "p.csv", [(10_000_032, "F", 52, 2177)]))
    with pytest.raises(RecordingError, match="row 2, column gender: expected one of F, M, nothing"):
        source(folder, patients=write_patients(tmp_path / "p.csv", [(10_000_032, "W", 52, 2177)]))
    (tmp_path / "p.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(RecordingError, match="not a CSV file in UTF-8"):
        source(folder, patients=tmp_path / "p.csv.gz")
