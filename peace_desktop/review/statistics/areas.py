"""AUROC and average precision of probabilities, as formulas on the weights of recordings.

Both depend on the order of all recordings and not on a few sums, so each recording is a sum of its own: how often it is
drawn. The features of the part are the unit vectors of the compared recordings.
"""

import numpy as np
from numpy.typing import NDArray

from peace_desktop.review.statistics.formulas import Floats, ratio


def unit_features(used: NDArray[np.bool_]) -> Floats:
    """Features (R, compared) of which each sum is the weight of one compared recording."""
    return np.eye(len(used))[:, used]


def auroc(weights: Floats, scores: Floats, present: NDArray[np.bool_]) -> Floats:
    """Probability that a present scores above an absent, ties counting half; NaN unless both occur.

    weights (n, draws), scores (n,), present (n,).
    """
    found, others = _steps(weights, scores, present)
    below = np.cumsum(others, axis=0) - others
    return ratio((found * (below + others / 2)).sum(axis=0), found.sum(axis=0) * others.sum(axis=0))


def average_precision(weights: Floats, scores: Floats, present: NDArray[np.bool_]) -> Floats:
    """Precision summed over the steps of recall, equal scores together; NaN without any present. As `auroc`."""
    found, others = (step[::-1] for step in _steps(weights, scores, present))
    hits = np.cumsum(found, axis=0)
    precision = np.nan_to_num(ratio(hits, hits + np.cumsum(others, axis=0)))
    return ratio((found * precision).sum(axis=0), found.sum(axis=0))


def _steps(weights: Floats, scores: Floats, present: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Weight of the present and of the absent at each different score, from the lowest up: (steps, draws)."""
    _, step = np.unique(scores, return_inverse=True)
    count = int(step.max()) + 1 if len(step) else 0
    found, others = np.zeros((count, weights.shape[1])), np.zeros((count, weights.shape[1]))
    np.add.at(found, step[present], weights[present])
    np.add.at(others, step[~present], weights[~present])
    return found, others
