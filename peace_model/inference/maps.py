"""Maps of several windows joined to one over the recording, scaled to [0, 1]."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peace_model.inference.bundle import Tokens

NOTHING = 1e-6
"""A map whose largest value is below this (rounding error of float32 at gradients near 1) found nothing."""


def join_windows(maps: NDArray[np.float32], *, tokens: Tokens, fs_hz: float, starts_s: Sequence[float],
                 valid_samples: Sequence[int]) -> tuple[NDArray[np.float32], float, float]:
    """Window maps on one time axis over the recording.

    maps (W, C, T); window w begins at starts_s[w] and has valid_samples[w] samples of signal (the rest is padding) at
    fs_hz. Returns values (C, S), start_s and step_s: step k covers [start_s + k * step_s, start_s + (k + 1) * step_s).
    start_s is below zero where the first token lies around the recording's beginning (a negative offset). Steps that
    lie wholly in padding are left out.
    """
    step_s = tokens.samples_per_token / fs_hz
    offset_s = tokens.offset / fs_hz
    ends_s = [start + valid / fs_hz for start, valid in zip(starts_s, valid_samples, strict=True)]
    start_s = starts_s[0] + offset_s
    # The tolerance keeps a quotient that is whole but for rounding from growing by a step.
    n_steps = max(1, math.ceil((ends_s[-1] - start_s) / step_s - 1e-6))
    middles_s = start_s + (np.arange(n_steps) + 0.5) * step_s
    begins_s = np.asarray(starts_s) + offset_s
    window = np.clip(np.searchsorted(begins_s, middles_s, side="right") - 1, 0, len(starts_s) - 1)
    local = np.floor((middles_s - begins_s[window]) / step_s).astype(int)
    return maps[window, :, np.clip(local, 0, maps.shape[2] - 1)].T, start_s, step_s


def scaled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """values (..., S) as parts of their own maximum over S, float32 in [0, 1]; all zero where nothing was found."""
    positive = np.maximum(values, 0)
    peak = positive.max(axis=-1, keepdims=True)
    found = peak > NOTHING
    return np.where(found, positive / np.where(found, peak, 1), 0).astype(np.float32)
