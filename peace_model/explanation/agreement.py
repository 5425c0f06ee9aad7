"""Do two maps put the same moments above the others, whatever their scales: Spearman's rank correlation over time.

Adebayo et al. (2018), "Sanity Checks for Saliency Maps", compare maps the same way.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peace_model.explanation.timeline import values_at
from peace_model.inference.prediction import Explanation


def map_agreement(first: Sequence[Explanation], second: Sequence[Explanation]) -> float | None:
    """Rank correlation over the common time of two maps, each of one or several leads; None when one is constant.

    The leads of a map count alike: their values are averaged at every moment. Raises ValueError for an empty map.
    """
    if not first or not second:
        raise ValueError("a map needs at least one lead")
    both = (*first, *second)
    step_s = min(item.step_s for item in both)
    start_s = max(item.start_s for item in both)
    end_s = min(item.start_s + len(item.values) * item.step_s for item in both)
    times_s = np.arange(start_s + step_s / 2, end_s, step_s)
    profiles = [np.mean([values_at(item, times_s) for item in maps], axis=0) for maps in (first, second)]
    return rank_correlation(*profiles)


def rank_correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float | None:
    """Spearman's correlation of two series (n,), ties at their mean rank; None when one of them is constant."""
    ranks = np.array([_ranks(first), _ranks(second)])
    if ranks.shape[1] < 2 or (np.ptp(ranks, axis=1) == 0).any():
        return None
    return float(np.clip(np.corrcoef(ranks)[0, 1], -1, 1))


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Ranks with ties given their mean, so that long runs of zeros carry no order."""
    _unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=np.float64)
