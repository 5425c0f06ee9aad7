"""From logits to probabilities and decisions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peace_model.inference.bundle import Calibration


def joined(logits: NDArray[np.float32], recording_of: NDArray[np.int64]) -> NDArray[np.float32]:
    """Logits (n, C) of recordings 0 .. n - 1 from those of their windows (W, C), of which each has at least one.

    The logit of the mean of the windows' probabilities: a mean of probabilities (not of logits) stays readable as "how
    often", however the windows differ. Calibration and thresholds are fitted on this and are applied to nothing else.
    """
    windows = np.bincount(recording_of)
    if (windows == 1).all():
        return logits[np.argsort(recording_of)]
    total = np.zeros((len(windows), logits.shape[1]))
    np.add.at(total, recording_of, _sigmoid(logits.astype(np.float64)))
    share = np.clip(total / windows[:, None], 1e-12, 1 - 1e-12)
    return np.asarray(np.log(share / (1 - share)), np.float32)


def probabilities(logits: NDArray[np.float32], calibrations: Sequence[Calibration]) -> NDArray[np.float64]:
    """One calibrated probability per label for a whole recording: sigmoid(scale * logit + offset) of its joined logit.

    logits (W, C), one row a window; calibrations: C, in the same order. Returns (C,) in [0, 1].
    """
    scale = np.array([item.scale for item in calibrations])
    offset = np.array([item.offset for item in calibrations])
    logit = joined(logits, np.zeros(len(logits), np.int64))[0]
    return np.asarray(_sigmoid(logit.astype(np.float64) * scale + offset))


def decisions(probability: NDArray[np.float64], calibrations: Sequence[Calibration]) -> NDArray[np.bool_]:
    """Positive from the threshold on: probability (C,) >= threshold."""
    return np.asarray(probability >= np.array([item.threshold for item in calibrations]))


def _sigmoid(value: NDArray[np.float64]) -> NDArray[np.float64]:
    # exp of a large positive number overflows; both branches only ever see a non-positive one.
    small = np.exp(-np.abs(value))
    return np.where(value >= 0, 1 / (1 + small), small / (1 + small))
