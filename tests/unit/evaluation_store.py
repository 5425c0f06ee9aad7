"""A store in memory whose recordings tell their labels: lead k of a window says label k of the profile, more or less.

`lead_answer` reads them so. Nothing of it is an ECG, and every figure of it can be reasoned out.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.store import Store
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.signal.pipeline import PIPELINE_VERSION, PipelineSpec
from peace_model.labels import load_profile

SAMPLES = 100
DIGIT_MV = 0.001


def spec_of(samples: int = SAMPLES) -> PipelineSpec:
    return PipelineSpec(
        version=PIPELINE_VERSION, fs_hz=100.0, window_s=samples / 100, min_window_s=0.5, leads=STANDARD_12,
        highpass_hz=0.5, lowpass_hz=100.0, notch_hz=50.0, saturation_mv=20.0, mean_mv=(0.0,) * 12,
        std_mv=(1.0,) * 12, amplitude_scale=(1.0,) * 12)


def evaluation_store(count: int = 600, *, seed: int = 1, children: int = 60, **changes: Any) -> Store:
    """Folds 1-9 in turn, the last `children` recordings of under 18; each label in a third of the recordings."""
    rng = np.random.default_rng(seed)
    codes = load_profile("peace12").codes
    targets = (rng.random((count, len(codes))) < 0.33).astype(np.uint8)
    level = rng.normal(0, 1, targets.shape) + 1.5 * targets
    digits = np.repeat(np.rint(level / DIGIT_MV).astype(np.int16)[:, :, None], SAMPLES, axis=2)
    digits[digits == 0] = 1
    years = np.where(np.arange(count) < count - children, rng.integers(18, 90, count), rng.integers(3, 18, count))
    fields: dict[str, Any] = {
        "folder": Path("memory"), "dataset": "ptbxl", "spec": spec_of(), "profile": "peace12", "labels": codes,
        "lead_mask": np.ones((count, 12), np.float32), "targets": targets, "known": np.ones_like(targets),
        "statement_codes": (), "statements": np.zeros((count, 0), np.uint8),
        "valid_samples": np.full(count, SAMPLES), "age_days": (years * 365.25 + 100).astype(np.float32),
        "sex": np.where(np.arange(count) % 2, "F", "M"), "patients": np.arange(count).astype(str),
        "folds": np.arange(count) % 9 + 1, "recordings": np.arange(count), "flags": ((),) * count,
        "ids": np.arange(count).astype(str), "strata": targets, "swing_mv": np.ones((count, 12), np.float32),
        "_digits": digits, "_scale_mv": np.full((count, 12), DIGIT_MV, np.float32)}
    return Store(**(fields | changes))


def lead_answer(*, signal: NDArray[np.float32], lead_mask: NDArray[np.float32], valid_samples: NDArray[np.int64],
                age_days: NDArray[np.float32]) -> NDArray[np.float32]:
    """The level of each lead as the logit of its label."""
    return np.asarray(signal.mean(axis=2), np.float32)
