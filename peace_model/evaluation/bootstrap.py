"""Percentile intervals of per-label figures by resampling patients, never rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.metrics import MIN_POSITIVES, auprc, auroc, macro

REPLICATES = 1000


@dataclass(frozen=True)
class Interval:
    """An estimate with the 2.5th and 97.5th percentile of its replicates; NaN where it does not exist."""

    value: float
    low: float
    high: float


def patient_counts(patients: NDArray[np.str_], *, replicates: int, seed: int) -> NDArray[np.int64]:
    """How often each row is drawn in each replicate, (replicates, n): patients are drawn with replacement."""
    _, index = np.unique(patients, return_inverse=True)
    n_patients = int(index.max()) + 1
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(n_patients, np.full(n_patients, 1 / n_patients), size=replicates)
    return draws[:, index]


def discrimination(
    scores: NDArray[np.floating], targets: NDArray[np.integer], patients: NDArray[np.str_], *,
    seed: int, replicates: int = REPLICATES,
) -> dict[str, list[Interval]]:
    """"auroc" and "auprc" per label, then their macro average over labels with enough positives as the last entry.

    A label's replicates are redrawn until both classes occur, so an interval never misses its own estimate for want
    of positives. scores and targets (n, C).
    """
    n_labels = targets.shape[1]
    positives = targets.sum(axis=0)
    shared = patient_counts(patients, replicates=replicates, seed=seed)
    result: dict[str, list[Interval]] = {}
    for name, exact, weighted in (("auroc", auroc, weighted_auroc), ("auprc", auprc, weighted_auprc)):
        estimates = np.array([exact(scores[:, c], targets[:, c]) for c in range(n_labels)])
        samples = np.stack([
            _label_replicates(scores[:, c], targets[:, c], patients, shared, weighted, seed + 1 + c)
            for c in range(n_labels)], axis=1)
        intervals = [_interval(float(estimates[c]), samples[:, c]) for c in range(n_labels)]
        kept = positives >= MIN_POSITIVES
        macros = samples[:, kept].mean(axis=1) if kept.any() else np.full(replicates, np.nan)
        intervals.append(_interval(macro(estimates, positives), macros))
        result[name] = intervals
    return result


def weighted_auroc(
    scores: NDArray[np.floating], targets: NDArray[np.integer], counts: NDArray[np.integer]
) -> NDArray[np.float64]:
    """AUROC of each replicate (R,) when row i is drawn counts[r, i] times; NaN where a class is missing."""
    positives, negatives = _by_score(scores, targets, counts)
    below = np.cumsum(negatives, axis=1) - negatives
    pairs = positives.sum(axis=1) * negatives.sum(axis=1)
    wins = (positives * (below + negatives / 2)).sum(axis=1)
    return np.divide(wins, pairs, out=np.full(len(counts), np.nan), where=pairs > 0)


def weighted_auprc(
    scores: NDArray[np.floating], targets: NDArray[np.integer], counts: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Average precision of each replicate (R,); NaN where there is no positive."""
    positives, negatives = _by_score(-scores, targets, counts)
    hits = np.cumsum(positives, axis=1)
    found = hits + np.cumsum(negatives, axis=1)
    precision = np.divide(hits, found, out=np.zeros_like(hits), where=found > 0)
    total = positives.sum(axis=1)
    return np.divide((precision * positives).sum(axis=1), total, out=np.full(len(counts), np.nan), where=total > 0)


def _by_score(
    scores: NDArray[np.floating], targets: NDArray[np.integer], counts: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Drawn positives and negatives at each distinct score, ascending: two arrays (R, distinct scores)."""
    order = np.argsort(scores, kind="stable")
    ranked = scores[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    drawn = counts[:, order].astype(np.float64)
    truth = targets[order].astype(np.float64)
    return (np.add.reduceat(drawn * truth, starts, axis=1), np.add.reduceat(drawn * (1 - truth), starts, axis=1))


def _label_replicates(
    scores: NDArray[np.floating], targets: NDArray[np.integer], patients: NDArray[np.str_],
    shared: NDArray[np.int64], figure: Callable[..., NDArray[np.float64]], seed: int,
) -> NDArray[np.float64]:
    if targets.min() == targets.max():
        return np.full(len(shared), np.nan)
    counts = shared.copy()
    for attempt in range(100):
        lacking = ((counts * targets).sum(axis=1) == 0) | ((counts * (1 - targets)).sum(axis=1) == 0)
        if not lacking.any():
            break
        counts[lacking] = patient_counts(
            patients, replicates=int(lacking.sum()), seed=seed * 1000 + attempt)
    return figure(scores, targets, counts)


def _interval(value: float, samples: NDArray[np.float64]) -> Interval:
    if np.isnan(value) or np.isnan(samples).all():
        return Interval(value, float("nan"), float("nan"))
    low, high = np.nanpercentile(samples, [2.5, 97.5])
    return Interval(value, float(low), float(high))
