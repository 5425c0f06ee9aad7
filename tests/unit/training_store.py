"""A small store in memory with two kinds of beats, for tests of the training loop; nothing of it is an ECG."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.signal.pipeline import PIPELINE_VERSION, PipelineSpec
from peace_model.labels import load_profile

FS_HZ = 100.0
SPEC = PipelineSpec(
    version=PIPELINE_VERSION, fs_hz=FS_HZ, window_s=10.0, min_window_s=2.5, leads=STANDARD_12, highpass_hz=0.5,
    lowpass_hz=100.0, notch_hz=50.0, saturation_mv=20.0, mean_mv=(0.0,) * 12, std_mv=(1.0,) * 12,
    amplitude_scale=(1.0,) * 12)


@dataclass(frozen=True, eq=False)
class MemoryStore:
    """The fields of `datasets.store.Store` that training and scoring read."""

    signal: NDArray[np.float32]
    lead_mask: NDArray[np.float32]
    targets: NDArray[np.uint8]
    known: NDArray[np.uint8]
    statements: NDArray[np.uint8]
    valid_samples: NDArray[np.int64]
    age_days: NDArray[np.float32]
    patients: NDArray[np.str_]
    recordings: NDArray[np.int64]
    ids: NDArray[np.str_]
    statement_codes: tuple[str, ...] = ("narrow", "wide", "both")
    profile: str = "peace12"
    labels: tuple[str, ...] = load_profile("peace12").codes
    spec: PipelineSpec = SPEC
    folder: Path = field(default=Path("memory"))
    measured: None = None

    def windows(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return self.signal[rows].copy()


@dataclass(frozen=True, eq=False)
class Rows:
    """A split by hand."""

    train: NDArray[np.int64]
    choose: NDArray[np.int64]
    test: NDArray[np.int64]


def two_kinds(count: int = 96, samples: int = 400, seed: int = 1) -> MemoryStore:
    """NORM with narrow spikes, CRBBB (a quarter) with wide ones."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(samples) / FS_HZ
    wide = np.arange(count) % 4 == 0
    phase = (time_s * rng.uniform(0.9, 1.3, (count, 1)) + rng.uniform(size=(count, 1))) % 1 - 0.5
    spike = np.exp(-0.5 * (phase / np.where(wide, 0.06, 0.02)[:, None]) ** 2)
    signal = 3 * spike[:, None, :] * np.linspace(-1, 1.5, 12)[:, None] + rng.normal(0, 0.3, (count, 12, samples))
    labels = load_profile("peace12").codes
    targets = np.zeros((count, len(labels)), np.uint8)
    targets[~wide, labels.index("NORM")] = 1
    targets[wide, labels.index("CRBBB")] = 1
    return MemoryStore(
        signal=signal.astype(np.float32), lead_mask=np.ones((count, 12), np.float32), targets=targets,
        known=np.ones_like(targets), statements=np.stack([~wide, wide, wide | True], axis=1).astype(np.uint8),
        valid_samples=np.full(count, samples),
        age_days=np.where(np.arange(count) % 3, 9000.0, np.nan).astype(np.float32),
        patients=np.arange(count).astype(str), recordings=np.arange(count), ids=np.arange(count).astype(str))


def thirds(store: MemoryStore) -> Rows:
    """Two thirds to learn from, a sixth to choose by, a sixth to test on."""
    rows = np.arange(len(store.targets))
    return Rows(rows[rows % 6 < 4], rows[rows % 6 == 4], rows[rows % 6 == 5])
