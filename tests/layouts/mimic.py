"""Small data sets in MIMIC-IV-ECG's layout, generated: two tables, headers with aVF before aVL, gain 200 per mV."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from layouts.beats import beats_mv
from numpy.typing import NDArray

LEADS = ("I", "II", "III", "aVR", "aVF", "aVL", "V1", "V2", "V3", "V4", "V5", "V6")
STANDARD = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
REPORTS = tuple(f"report_{number}" for number in range(18))
NUMBERS = ("rr_interval", "p_onset", "p_end", "qrs_onset", "qrs_end", "t_end", "p_axis", "qrs_axis", "t_axis")
FS_HZ, GAIN = 500, 200


@dataclass(frozen=True)
class Study:
    """One recording; reports: the machine's lines; numbers: the nine measurements, sentinels as the machine writes."""

    subject: int
    study: int
    reports: tuple[str, ...] = ("Sinus rhythm", "Normal ECG")
    n_samples: int = 5000
    numbers: tuple[int, ...] = (800, 40, 150, 190, 280, 560, 50, 40, 30)
    ecg_time: str = "2180-07-23 08:44:00"

    @property
    def path(self) -> str:
        return f"files/p{self.subject // 10000}/p{self.subject}/s{self.study}/{self.study}"


def write_mimic(folder: Path, studies: Sequence[Study], *, seed: int = 0) -> Path:
    """Tables, headers and signals; a right bundle branch block has wide spikes."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    write_tables(folder, studies)
    for study in studies:
        wide = any("bundle branch block" in line.lower() for line in study.reports)
        write_signal(folder, study, beats_mv(rng, wide=wide, n_samples=study.n_samples, fs_hz=FS_HZ))
    return folder


def write_tables(folder: Path, studies: Sequence[Study]) -> None:
    _csv(folder / "record_list.csv", ("subject_id", "study_id", "file_name", "ecg_time", "path"),
         [(one.subject, one.study, one.study, one.ecg_time, one.path) for one in studies])
    _csv(folder / "machine_measurements.csv",
         ("subject_id", "study_id", "cart_id", "ecg_time", *REPORTS, "bandwidth", "filtering", *NUMBERS),
         [(one.subject, one.study, 1, one.ecg_time, *one.reports, *[""] * (18 - len(one.reports)), "0.005-150 Hz",
           "60 Hz notch Baseline filter", *one.numbers) for one in studies])


def write_patients(path: Path, people: Sequence[tuple[int, str, int, int]]) -> Path:
    """(subject, gender, age in the anchor year, anchor year), as MIMIC-IV's patients.csv or patients.csv.gz."""
    header = "subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod\n"
    text = header + "".join(f"{a},{b},{c},{d},2014 - 2016,\n" for a, b, c, d in people)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def write_signal(folder: Path, study: Study, signal_mv: NDArray[np.float64]) -> Path:
    """signal_mv (12, n) in the standard order, NaN where nothing was recorded."""
    stem = folder / study.path
    stem.parent.mkdir(parents=True, exist_ok=True)
    ordered = signal_mv[[STANDARD.index(name) for name in LEADS]]
    digits = np.where(np.isnan(ordered), -32768, np.rint(ordered * GAIN)).astype("<i2")
    stem.with_suffix(".dat").write_bytes(digits.T.tobytes())
    lines = [f"{study.study} 12 {FS_HZ} {digits.shape[1]} 08:44:00 23/07/2180"]
    lines += [f"{study.study}.dat 16 {GAIN}.0(0)/mV 16 0 {values[0]} {int(values.sum()) % 65536} 0 {name}"
              for name, values in zip(LEADS, digits, strict=True)]
    header = stem.with_suffix(".hea")
    header.write_text("\n".join([*lines, f"# <subject_id>: {study.subject}"]) + "\n", encoding="utf-8")
    return header


def small_mimic(folder: Path, *, count: int = 48, seed: int = 2) -> Path:
    """Normal ECGs and right bundle branch blocks, one in four with ST-T changes, some of them possible only."""
    studies = []
    for number in range(count):
        wide = number % 3 == 0
        lines = ["Sinus rhythm", "Right bundle branch block" if wide else "Normal ECG"]
        if wide and number % 2:
            lines.append("Lateral ST-T changes")
        if number % 8 == 1:
            lines.append("Possible left atrial enlargement")
        studies.append(Study(10_000_000 + number // 2, 40_000_000 + number, tuple(lines)))
    return write_mimic(folder, studies, seed=seed)


def _csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
