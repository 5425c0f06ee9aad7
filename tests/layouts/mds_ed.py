"""A small data set in MDS-ED's layout and the laboratory tables of MIMIC-IV beside it, generated."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

LEADS = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6", "III", "aVR", "aVL", "aVF")
SAMPLES = 1000


def rows(count: int = 3) -> list[dict[str, Any]]:
    """One ECG each of so many patients, an hour apart, in folds 0, 18, 19 in turn."""
    return [{
        "general_data": number, "general_subject_id": 100 + number, "general_strat_fold": (0, 18, 19)[number % 3],
        "general_ecg_no_within_stay": 0, "general_ecg_time": f"2180-07-23 {number % 24:02d}:00:00",
        "demographics_age": 40 + number, "demographics_gender": number % 2, "vitals_heartrate": 70 + number,
        "vitals_heartrate_m": 1, "labvalues_Hemoglobin": "" if number == 1 else 13.5, "diagnoses_I48": number % 2,
        "diagnoses_I4891": number % 2, "deterioration_icu_24h": -999} for number in range(count)]


def write_table(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_mds_ed(folder: Path, table: Sequence[dict[str, Any]], *, samples: int = SAMPLES) -> Path:
    """Table, signals and their places; lead k of LEADS swings between 0 and k / 10 mV."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "mds_ed.csv", table)
    wave = np.tile(np.repeat([0.0, 1.0], 10), samples // 20)[:, None] * np.arange(12) / 10
    signals = np.concatenate([wave * (1 + place) for place in range(len(table))]).astype(np.float32)
    signals.tofile(folder / "memmap.npy")
    places = np.arange(len(table))
    np.savez(folder / "memmap_meta.npz", start=places * samples, length=np.full(len(table), samples),
             shape=[signals.shape], file_idx=np.zeros(len(table), int), dtype=signals.dtype, filenames=["memmap.npy"])
    return folder


def event(subject: int, time: str, value: object, *, item: int = 51222, low: object = 13.0, high: object = 17.0
          ) -> dict[str, Any]:
    return {"subject_id": subject, "itemid": item, "charttime": time, "valuenum": value, "ref_range_lower": low,
            "ref_range_upper": high}


def write_hosp(folder: Path, events: Sequence[dict[str, Any]]) -> Path:
    """labevents.csv and d_labitems.csv: haemoglobin in blood, and a rare one in fluid."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "labevents.csv", events)
    write_table(folder / "d_labitems.csv", [
        {"itemid": 51222, "label": "Hemoglobin", "fluid": "Blood"},
        {"itemid": 51999, "label": "Hemoglobin", "fluid": "Other Body Fluid"},
        {"itemid": 50971, "label": "Potassium", "fluid": "Blood"}])
    return folder
