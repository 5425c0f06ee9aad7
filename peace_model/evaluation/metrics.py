"""Figures of discrimination and decision, one label at a time; NaN where a figure does not exist."""

import numpy as np
from numpy.typing import NDArray

MIN_POSITIVES = 10
"""A label enters a macro average only with at least so many positives in the data it is judged on."""
FEW_POSITIVES = 50
"""A figure that rests on fewer positives is marked as one of few records."""


def auroc(scores: NDArray[np.floating], targets: NDArray[np.integer]) -> float:
    """Probability that a positive scores above a negative, ties counting half. NaN unless both classes occur."""
    positive = targets.astype(bool)
    n_pos, n_neg = int(positive.sum()), int((~positive).sum())
    if n_pos == 0 or n_neg == 0:
        return float("nan")
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    return float((mean_rank[inverse][positive].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))


def auprc(scores: NDArray[np.floating], targets: NDArray[np.integer]) -> float:
    """Average precision: precision summed over the steps of recall, equal scores together. NaN without positives."""
    n_pos = int(targets.sum())
    if n_pos == 0:
        return float("nan")
    values, inverse = np.unique(-scores, return_inverse=True)
    positives = np.bincount(inverse, weights=targets, minlength=len(values))
    total = np.bincount(inverse, minlength=len(values))
    precision = np.cumsum(positives) / np.cumsum(total)
    return float((precision * positives).sum() / n_pos)


def macro(values: NDArray[np.floating], positives: NDArray[np.integer], least: int = MIN_POSITIVES) -> float:
    """Mean over the labels with at least `least` positives; NaN when there is none."""
    kept = np.asarray(values)[np.asarray(positives) >= least]
    return float(kept.mean()) if len(kept) else float("nan")


Cells = float | NDArray[np.float64]
"""How many recordings fall in one cell of a 2 x 2 table; an array holds one table a replicate."""


def f1_of(hits: Cells, false: Cells, missed: Cells, rest: Cells) -> NDArray[np.float64]:
    """F1 of a table of decisions; 0 when nothing is found and nothing was there."""
    total = np.asarray(2 * hits + false + missed, np.float64)
    return np.divide(2 * hits, total, out=np.zeros_like(total), where=total > 0)


def balanced_accuracy_of(hits: Cells, false: Cells, missed: Cells, rest: Cells) -> NDArray[np.float64]:
    """Mean of sensitivity and specificity of a table of decisions. NaN unless both classes occur."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((np.divide(hits, np.add(hits, missed)) + np.divide(rest, np.add(false, rest))) / 2)


def best_f1_threshold(probabilities: NDArray[np.floating], targets: NDArray[np.integer]) -> float:
    """The threshold with the highest F1, midway to the next lower probability; the highest one among equals.

    1.0 (never positive) without a positive.
    """
    if int(targets.sum()) == 0:
        return 1.0
    values, inverse = np.unique(-probabilities, return_inverse=True)
    hits = np.cumsum(np.bincount(inverse, weights=targets, minlength=len(values)))
    found = np.cumsum(np.bincount(inverse, minlength=len(values)))
    best = int(np.argmax(2 * hits / (found + targets.sum())))
    here = -values[best]
    below = -values[best + 1] if best + 1 < len(values) else 0.0
    return float((here + below) / 2)


def wilson_interval(successes: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson score interval of a proportion (95 % by default). (NaN, NaN) for an empty sample."""
    if count == 0:
        return float("nan"), float("nan")
    share = successes / count
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return float(middle - half), float(middle + half)
