"""Prepared recordings on disk: the signal path is run once, training maps the result into memory.

A store is a folder with ``signal.npy`` float32 (n, 12, N), ``lead_mask.npy`` float32 (n, 12), ``targets.npy`` uint8
(n, C) and ``store.json`` (signal path, profile, one entry a row). Nothing in it is pickled.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.ptbxl import Part, PtbxlRow, parts_of, read_recording, read_table
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.pipeline import PIPELINE_VERSION, Pipeline, PipelineSpec, condition, order_leads
from peace_model.labels import LabelProfile, load_code_map

STORE_VERSION = 1
FS_HZ = 100.0

Progress = Callable[[int, int], None]


class StoreError(Exception):
    """A store that cannot be used; str() says which and what to do."""


@dataclass(frozen=True, eq=False)
class Store:
    """An opened store; arrays are memory-mapped and read-only."""

    folder: Path
    spec: PipelineSpec
    profile: str
    labels: tuple[str, ...]
    signal: NDArray[np.float32]
    lead_mask: NDArray[np.float32]
    targets: NDArray[np.uint8]
    valid_samples: NDArray[np.int64]
    age_days: NDArray[np.int64]
    sex: tuple[str, ...]
    patients: NDArray[np.str_]
    parts: NDArray[np.str_]
    ids: NDArray[np.int64]

    def rows(self, part: Part) -> NDArray[np.int64]:
        return np.flatnonzero(self.parts == str(part))


def pipeline_spec(fs_hz: float, *, mean_mv: Sequence[float], std_mv: Sequence[float]) -> PipelineSpec:
    """The signal path of the bundled models: 0.5-100 Hz, 50 Hz notch (where they exist), 10 s windows."""
    return PipelineSpec(
        version=PIPELINE_VERSION, fs_hz=fs_hz, window_s=10.0, min_window_s=2.5, leads=STANDARD_12,
        highpass_hz=0.5, lowpass_hz=100.0, notch_hz=50.0, saturation_mv=20.0,
        mean_mv=tuple(mean_mv), std_mv=tuple(std_mv), amplitude_scale=(1.0,) * len(STANDARD_12))


def measure_leads(recordings: Sequence[Callable[[], Recording]], fs_hz: float) -> PipelineSpec:
    """Mean and standard deviation of each lead, in mV after filtering, over all recorded samples given."""
    neutral = pipeline_spec(fs_hz, mean_mv=[0.0] * 12, std_mv=[1.0] * 12)
    total, squares, count = np.zeros(12), np.zeros(12), np.zeros(12)
    for read in recordings:
        recording = read()
        ordered, usable = order_leads(recording)
        signal_mv, recorded = condition(ordered, recording.fs_hz, neutral)
        kept = np.where(recorded & usable[:, None], signal_mv, 0.0)
        total += kept.sum(axis=1)
        squares += (kept**2).sum(axis=1)
        count += (recorded & usable[:, None]).sum(axis=1)
    if not (count > 0).all():
        raise StoreError("a lead is missing from every training recording; its mean cannot be measured")
    mean = total / count
    std = np.sqrt(np.maximum(squares / count - mean**2, 1e-12))
    return pipeline_spec(fs_hz, mean_mv=np.round(mean, 6).tolist(), std_mv=np.round(std, 6).tolist())


def prepare_ptbxl(
    source: Path, folder: Path, profile: LabelProfile, *, progress: Progress | None = None
) -> Store:
    """Run the signal path over PTB-XL at its 100 Hz and write a store. progress: called with (done, of all).

    Raises RecordingError for files that do not match the published layout.
    """
    rows = read_table(source)
    parts = parts_of(rows)
    training = [row for row, part in zip(rows, parts, strict=True) if part is Part.TRAIN]
    steps = len(training) + len(rows)
    spec = measure_leads([_reader(row, done, steps, progress) for done, row in enumerate(training)], FS_HZ)
    code_map = load_code_map("ptbxl", profile)
    pipeline = Pipeline(spec)
    folder.mkdir(parents=True, exist_ok=True)
    signal = np.lib.format.open_memmap(
        folder / "signal.npy", "w+", np.float32, (len(rows), 12, spec.window_samples))
    masks = np.zeros((len(rows), 12), np.float32)
    targets = np.zeros((len(rows), len(profile.codes)), np.uint8)
    entries: list[dict[str, Any]] = []
    for index, (row, part) in enumerate(zip(rows, parts, strict=True)):
        prepared = pipeline.prepare(_reader(row, len(training) + index, steps, progress)())
        signal[index], masks[index] = prepared.signal[0], prepared.lead_mask[0]
        labels = code_map.labels_of(row.statements)
        targets[index] = [code in labels for code in profile.codes]
        entries.append({"id": row.ecg_id, "patient": row.patient, "age_days": row.age_days, "sex": row.sex,
                        "part": str(part), "valid_samples": int(prepared.valid_samples[0])})
    signal.flush()
    np.save(folder / "lead_mask.npy", masks)
    np.save(folder / "targets.npy", targets)
    description = {"store_version": STORE_VERSION, "dataset": "ptbxl", "profile": profile.name,
                   "labels": list(profile.codes), "pipeline": spec.to_dict(), "rows": entries}
    (folder / "store.json").write_text(json.dumps(description), encoding="utf-8")
    return open_store(folder)


def open_store(folder: Path) -> Store:
    """Map a store into memory. Raises StoreError when it is missing, incomplete or of another version."""
    path = folder / "store.json"
    if not path.is_file():
        raise StoreError(f"{folder.name}: no store here; make one with peace-model prepare")
    description = json.loads(path.read_text(encoding="utf-8"))
    if description.get("store_version") != STORE_VERSION:
        raise StoreError(f"{folder.name}: made by another version; make it again with peace-model prepare")
    entries = description["rows"]
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("signal", "lead_mask", "targets")}
    if any(len(array) != len(entries) for array in arrays.values()):
        raise StoreError(f"{folder.name}: incomplete; make it again with peace-model prepare")

    def numbers(name: str) -> NDArray[np.int64]:
        return np.array([entry[name] for entry in entries], np.int64)

    return Store(
        folder=folder, spec=PipelineSpec.from_dict(description["pipeline"]), profile=description["profile"],
        labels=tuple(description["labels"]), valid_samples=numbers("valid_samples"), age_days=numbers("age_days"),
        sex=tuple(entry["sex"] for entry in entries), patients=np.array([entry["patient"] for entry in entries]),
        parts=np.array([entry["part"] for entry in entries]), ids=numbers("id"), **arrays)


def _reader(row: PtbxlRow, done: int, steps: int, progress: Progress | None) -> Callable[[], Recording]:
    def read() -> Recording:
        if progress is not None:
            progress(done, steps)
        return read_recording(row)

    return read
