"""Small data sets in ZZU-pECG's layout, generated: 9 and 12 leads, own float gain and baseline in every lead."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from layouts.beats import beats_mv
from numpy.typing import NDArray

COLUMNS = ("Filename", "ECG_ID", "Patient_ID", "Age", "Gender", "Acquisition_date", "Sampling_point", "Lead",
           "AHA_code", "CHN_code", "ICD-10 code", "pSQI", "basSQI", "bSQI")
TWELVE = ("I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6")
NINE = ("I", "II", "III", "AVR", "AVL", "AVF", "V1", "V3", "V5")
FS_HZ = 500


@dataclass(frozen=True)
class Child:
    """One row of the table; name like P00001_E01."""

    name: str
    age_days: int = 1000
    sex: str = "Female"
    codes: tuple[str, ...] = ("A1",)
    leads: int = 12
    n_samples: int = 5000
    icd: tuple[str, ...] = ("J18.9",)

    @property
    def patient(self) -> str:
        return self.name.partition("_")[0]

    @property
    def path(self) -> str:
        return f"{self.patient[:3]}/{self.patient}/{self.name}"


def write_zzu(folder: Path, children: Sequence[Child], *, seed: int = 0) -> Path:
    """Table, headers and signals; CRBBB (I106) has wide spikes."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    write_table(folder, children)
    for child in children:
        signal = beats_mv(rng, wide="I106" in child.codes, n_samples=child.n_samples, fs_hz=FS_HZ)
        write_signal(folder, child, signal, rng)
    return folder


def write_table(folder: Path, children: Sequence[Child]) -> Path:
    path = folder / "AttributesDictionary.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for child in children:
            codes = ";".join(f"'{code}'" for code in child.codes)
            writer.writerow([child.path, child.name, child.patient, f"{child.age_days}d", f"'{child.sex}'",
                             "2022-08-22 12:53:19", child.n_samples, child.leads, codes, codes,
                             ";".join(f"'{code}'" for code in child.icd), "'I':0.288;'V2':Null", "", ""])
    return path


def write_signal(folder: Path, child: Child, signal_mv: NDArray[np.float64], rng: np.random.Generator) -> Path:
    """signal_mv (12, n) in the standard order, of which nine-lead recordings keep their own."""
    stem = folder / "Child_ecg" / child.path
    stem.parent.mkdir(parents=True, exist_ok=True)
    names = TWELVE if child.leads == 12 else NINE
    gains, baselines = rng.uniform(1000, 6000, 12), rng.integers(-5000, 5000, 12)
    rows = [TWELVE.index(name) for name in names]
    digits = np.rint(signal_mv[rows] * gains[rows, None] + baselines[rows, None]).clip(-32767, 32767).astype("<i2")
    stem.with_suffix(".dat").write_bytes(digits.T.tobytes())
    lines = [f"{child.name} {len(names)} {FS_HZ} {digits.shape[1]}"]
    for name, row, values in zip(names, rows, digits, strict=True):
        scale, checksum = f"{float(gains[row])!r}({baselines[row]})/mV", int(values.sum()) % 65536
        lines.append(f"{child.name}.dat 16 {scale} 16 0 {values[0]} {checksum} 0 {name}")
    lines += [f"# {child.sex} {child.age_days}", "# J18.9", "# Normal ECG"]
    header = stem.with_suffix(".hea")
    header.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return header


def small_zzu(folder: Path, *, count: int = 48, seed: int = 1) -> Path:
    """NORM and CRBBB (every second with ST change), every sixth with nine leads, two recordings a patient."""
    children = []
    for number in range(count):
        wide, code = number % 3 == 0, "L145+Modifier362"
        codes = ("I106", code) if wide and number % 2 else ("I106",) if wide else ("A1",)
        children.append(Child(f"P{number // 2:05d}_E{1 + number % 2:02d}", 40 + 100 * number,
                              "Female" if number % 4 < 2 else "Male", codes, 9 if number % 6 == 5 else 12))
    return write_zzu(folder, children, seed=seed)
