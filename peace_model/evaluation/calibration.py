"""Platt scale and offset per label, cross-fitted on two halves of patients, and how well probabilities are calibrated.

Positive weights in the loss shift logits by a constant, so a temperature alone would leave a large bias.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_SCALE = 0.05
BINS = 15


@dataclass(frozen=True)
class Platt:
    """probability = sigmoid(scale * logit + offset)."""

    scale: float
    offset: float

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        value = np.clip(self.scale * logits.astype(np.float64) + self.offset, -60, 60)
        return np.asarray(1 / (1 + np.exp(-value)))


def fit_platt(logits: NDArray[np.floating], targets: NDArray[np.integer]) -> Platt:
    """Newton's method on the cross-entropy with Platt's smoothed targets (1999); the scale stays above 0.05.

    A label without positives or without negatives gets the smoothed prior and the least scale; without any recording
    the prior is one half.
    """
    if len(targets) == 0:
        return Platt(LEAST_SCALE, 0.0)
    x = logits.astype(np.float64)
    n_pos, n_neg = int(targets.sum()), int((1 - targets).sum())
    goal = np.where(targets > 0, (n_pos + 1) / (n_pos + 2), 1 / (n_neg + 2))
    prior = float(np.log(goal.mean() / (1 - goal.mean())))
    if n_pos == 0 or n_neg == 0:
        return Platt(LEAST_SCALE, prior)
    scale, offset = 1.0, prior - float(x.mean())
    for _ in range(100):
        p = Platt(scale, offset).probabilities(x)
        slope = np.array([((p - goal) * x).sum(), (p - goal).sum()])
        w = p * (1 - p)
        curve = np.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        length = float(np.abs(step).max())
        step *= min(1.0, 2.0 / length) if length > 0 else 1.0
        scale, offset = max(scale - float(step[0]), LEAST_SCALE), offset - float(step[1])
        if length < 1e-9:
            break
    return Platt(scale, offset)


def patient_halves(patients: NDArray[np.str_], seed: int) -> NDArray[np.bool_]:
    """True for rows of the first half of the patients, drawn at random."""
    names = np.unique(patients)
    first = np.random.default_rng(seed).permutation(names)[: len(names) // 2]
    return np.isin(patients, first)


def cross_fitted(
    logits: NDArray[np.floating], targets: NDArray[np.integer], first: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Probabilities (n,) of each half under the calibration fitted on the other half."""
    result = np.empty(len(logits))
    for half in (first, ~first):
        result[half] = fit_platt(logits[~half], targets[~half]).probabilities(logits[half])
    return result


def reliability(
    probabilities: NDArray[np.floating], targets: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Mean probability, frequency and size of up to 15 bins of equal size, from the lowest probability up."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    return (np.array([float(probabilities[part].mean()) for part in parts]),
            np.array([float(targets[part].mean()) for part in parts]), np.array([len(part) for part in parts]))


def expected_calibration_error(probabilities: NDArray[np.floating], targets: NDArray[np.integer]) -> float:
    """Mean gap between probability and frequency over 15 bins of equal size; NaN for no recording."""
    if len(targets) == 0:
        return float("nan")
    said, found, sizes = reliability(probabilities, targets)
    return float((sizes * np.abs(said - found)).sum() / sizes.sum())


def brier_skill(probabilities: NDArray[np.floating], targets: NDArray[np.integer]) -> float:
    """1 - Brier / Brier of the constant prevalence; 0 says nothing beyond the prevalence. NaN with one class only."""
    share = float(targets.mean()) if len(targets) else 0.0
    reference = share * (1 - share)
    if reference == 0:
        return float("nan")
    return 1 - float(((probabilities - targets) ** 2).mean()) / reference
