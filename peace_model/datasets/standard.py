"""Figures of the signal path that come from training data: mean and deviation of the leads, and their calibration."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.store import Store, StoreError
from peace_model.datasets.store_files import read_figures
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.signal.pipeline import PIPELINE_VERSION, PipelineSpec

SATURATED = "saturated"


def pipeline_spec(
    fs_hz: float, *, mean_mv: Sequence[float] = (0.0,) * 12, std_mv: Sequence[float] = (1.0,) * 12
) -> PipelineSpec:
    """The signal path of the bundled models: 0.5-100 Hz, 50 Hz notch (where they exist), 10 s windows.

    Without mean and deviation its output is in millivolts.
    """
    return PipelineSpec(
        version=PIPELINE_VERSION, fs_hz=fs_hz, window_s=10.0, min_window_s=2.5, leads=STANDARD_12,
        highpass_hz=0.5, lowpass_hz=100.0, notch_hz=50.0, saturation_mv=20.0,
        mean_mv=tuple(mean_mv), std_mv=tuple(std_mv), amplitude_scale=(1.0,) * len(STANDARD_12))


def training_spec(store: Store, train: NDArray[np.int64]) -> PipelineSpec:
    """The store's signal path with mean and deviation of each lead, in mV, over all recorded samples of the rows.

    Recordings on the recorder's rail take no part; a lead that no other row has keeps mean 0 and deviation 1 mV.
    """
    rows = _clean(store, train)
    figures = read_figures(store.folder)
    samples, total, squares = (
        (figures[name][rows] * store.lead_mask[rows]).sum(axis=0, dtype=np.float64)
        for name in ("samples", "total_mv", "squares_mv2"))
    there = samples > 0
    mean = np.divide(total, samples, out=np.zeros(12), where=there)
    variance = np.divide(squares, samples, out=np.ones(12), where=there) - mean**2
    std = np.sqrt(np.maximum(variance, 1e-12))
    return pipeline_spec(store.spec.fs_hz, mean_mv=np.round(mean, 6).tolist(), std_mv=np.round(std, 6).tolist())


def calibrated_spec(
    source: Store, source_train: NDArray[np.int64], target: Store, target_train: NDArray[np.int64]
) -> PipelineSpec:
    """The source's signal path with amplitudes of the target brought to its size, for `Store.with_spec` of the target.

    Per lead the median swing of the source's training rows over that of the target's, clean recordings only
    (PEACE scales children's ECGs to the peak-to-peak statistics of MIMIC-IV-ECG). It alters what voltage criteria
    mean, so it belongs to the model's input alone; what a reader sees stays in raw millivolts. Raises StoreError for a
    lead that one of the two never has.
    """
    sizes = [_median_swing(source, source_train), _median_swing(target, target_train)]
    return replace(source.spec, amplitude_scale=tuple(np.round(sizes[0] / sizes[1], 6).tolist()))


def _median_swing(store: Store, train: NDArray[np.int64]) -> NDArray[np.float64]:
    rows = _clean(store, train)
    swing = np.where(store.lead_mask[rows] > 0, store.swing_mv[rows].astype(np.float64), np.nan)
    never = [lead for lead, column in zip(STANDARD_12, swing.T, strict=True) if np.isnan(column).all()]
    if never:
        raise StoreError(f"{store.folder.name}: no clean training recording has {', '.join(never)}; "
                         "amplitudes cannot be compared")
    return np.asarray(np.nanmedian(swing, axis=0))


def _clean(store: Store, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return rows[~store.flagged(SATURATED)[rows]]
