"""Small data sets in PTB-XL's layout, generated: for tests of reading, preparing and training."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from layouts.beats import beats_mv
from numpy.typing import NDArray

LEADS = ("I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6")
COLUMNS = ("ecg_id", "patient_id", "age", "sex", "scp_codes", "strat_fold", "filename_lr", "filename_hr")


@dataclass(frozen=True)
class Row:
    patient: int
    fold: int
    age: float = 60
    sex: int = 0
    codes: tuple[str, ...] = ("NORM",)


def write_ptbxl(folder: Path, rows: list[Row], signals_uv: NDArray[np.int16], *, fs_hz: int = 100) -> Path:
    """Table, headers and signals (n, samples, 12) in microvolts, at 100 Hz or at 500 Hz."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "ptbxl_database.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, row in enumerate(rows, start=1):
            writer.writerow([number, float(row.patient), float(row.age), row.sex,
                             repr(dict.fromkeys(row.codes, 100.0)), row.fold, f"records100/{number:05d}_lr",
                             f"records500/{number:05d}_hr"])
    signals, suffix = folder / f"records{fs_hz}", "lr" if fs_hz == 100 else "hr"
    signals.mkdir()
    for number, samples in enumerate(signals_uv, start=1):
        stem = signals / f"{number:05d}_{suffix}"
        stem.with_suffix(".dat").write_bytes(samples.astype("<i2").tobytes())
        lines = [f"{stem.name} 12 {fs_hz} {len(samples)}"]
        lines += [f"{stem.name}.dat 16 1000.0(0)/mV 16 0 {samples[0, c]} 0 0 {lead}" for c, lead in enumerate(LEADS)]
        stem.with_suffix(".hea").write_text("\n".join(lines) + "\n", encoding="ascii")
    return folder


def beats_uv(rng: np.random.Generator, *, wide: bool, samples: int = 1000) -> NDArray[np.int16]:
    """A generated 12-lead signal (samples, 12) in microvolts at 100 Hz."""
    return (1000 * beats_mv(rng, wide=wide, n_samples=samples, fs_hz=100).T).astype(np.int16)


def two_kinds(folder: Path, *, count: int = 96, seed: int = 1) -> Path:
    """NORM with narrow spikes and CRBBB with wide ones, adults, in folds 1 to 9."""
    rng = np.random.default_rng(seed)
    rows, signals = [], []
    for number in range(count):
        wide = number % 4 == 0
        rows.append(Row(number, 1 + number % 9, 30 + number % 50, number % 2, ("CRBBB",) if wide else ("NORM",)))
        signals.append(beats_uv(rng, wide=wide))
    return write_ptbxl(folder, rows, np.stack(signals))
