"""From logits to probabilities and decisions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peace_model.inference.bundle import Calibration


def probabilities(logits: NDArray[np.float32], calibrations: Sequence[Calibration]) -> NDArray[np.float64]:
    """One probability per label for a whole recording.

    logits (W, C), one row a window; calibrations: C, in the same order. Returns (C,) in [0, 1]: the calibrated
    probability sigmoid(scale * logit + offset) of every window, averaged over the windows. The mean of probabilities
    (not of logits) keeps the number readable as "how often", however the windows differ.
    """
    scale = np.array([item.scale for item in calibrations])
    offset = np.array([item.offset for item in calibrations])
    return np.asarray(_sigmoid(logits.astype(np.float64) * scale + offset).mean(axis=0))


def decisions(probability: NDArray[np.float64], calibrations: Sequence[Calibration]) -> NDArray[np.bool_]:
    """Positive from the threshold on: probability (C,) >= threshold."""
    return np.asarray(probability >= np.array([item.threshold for item in calibrations]))


def _sigmoid(value: NDArray[np.float64]) -> NDArray[np.float64]:
    # exp of a large positive number overflows; both branches only ever see a non-positive one.
    small = np.exp(-np.abs(value))
    return np.where(value >= 0, 1 / (1 + small), small / (1 + small))
