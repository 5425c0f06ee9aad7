"""Percentile intervals of areas under curves by resampling patients, never rows.

A label's replicates are drawn again until both classes occur in them: an interval made of the other replicates only
can miss its own estimate. Everything that is compared is judged on the same draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.metrics import MIN_POSITIVES, auprc, auroc
from peace_model.evaluation.scored import Scored

REPLICATES = 1000
_LOOK_AT = 32


@dataclass(frozen=True)
class Interval:
    """An estimate with the 2.5th and 97.5th percentile of its replicates; NaN where it does not exist."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, samples: NDArray[np.floating]) -> "Interval":
        if np.isnan(value) or np.isnan(samples).all():
            return cls(float(value), float("nan"), float("nan"))
        low, high = np.nanpercentile(samples, [2.5, 97.5])
        return cls(float(value), float(low), float(high))

    def entry(self) -> dict[str, float | None]:
        """For JSON: five decimals, null for what does not exist."""
        return {name: None if np.isnan(value) else round(value, 5)
                for name, value in (("value", self.value), ("low", self.low), ("high", self.high))}


class Draws:
    """Patients drawn with replacement, the same in every figure that is made from them.

    patients: one entry a recording, (n,).
    """

    def __init__(self, patients: NDArray[np.str_], *, seed: int, replicates: int = REPLICATES) -> None:
        names, self.patient_of = np.unique(patients, return_inverse=True)
        self.seed, self.replicates = seed, replicates
        self._count = len(names)
        self._shared = _drawn(self._count, replicates, [seed])

    def of_label(self, targets: NDArray[np.integer], rows: NDArray[np.int64], column: int) -> NDArray[np.float32]:
        """How often each patient is drawn in each replicate, (patients, replicates).

        rows: recordings whose truth is known for the label; targets (n,). Replicates in which only one class occurs
        among them are drawn again; column tells the labels' own new draws apart. Both classes must occur in rows.
        """
        hit = targets[rows] > 0
        classes = [np.unique(self.patient_of[rows[hit]]), np.unique(self.patient_of[rows[~hit]])]
        drawn, attempt = self._shared, 0
        while len(lacking := _lacking(drawn, classes)):
            attempt += 1
            drawn = drawn.copy() if attempt == 1 else drawn
            drawn[:, lacking] = _drawn(self._count, len(lacking), [self.seed, column + 1, attempt])
        return drawn


def _lacking(drawn: NDArray[np.float32], classes: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Replicates in which a class has nobody; a class of many patients needs a look at some of them only."""
    lacking = np.zeros(drawn.shape[1], bool)
    for patients in classes:
        open_ = np.arange(drawn.shape[1])
        for start in range(0, len(patients), _LOOK_AT):
            open_ = open_[~drawn[np.ix_(patients[start: start + _LOOK_AT], open_)].any(axis=0)]
            if len(open_) == 0:
                break
        lacking[open_] = True
    return np.flatnonzero(lacking)


def _drawn(patients: int, replicates: int, seed: Sequence[int]) -> NDArray[np.float32]:
    """(patients, replicates); float32 holds every count and every sum of them exactly."""
    if patients == 0:
        return np.zeros((0, replicates), np.float32)
    picked = np.random.default_rng(seed).integers(0, patients, (replicates, patients))
    picked += patients * np.arange(replicates)[:, None]
    counts = np.bincount(picked.ravel(), minlength=replicates * patients)
    return np.ascontiguousarray(counts.reshape(replicates, patients).T, dtype=np.float32)


def weighted_areas(
    scores: NDArray[np.floating], targets: NDArray[np.integer], patient_of: NDArray[np.int64],
    drawn: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """AUROC and average precision of each replicate, (R,) each; NaN where a class does not occur.

    scores, targets (n,); recording i counts drawn[patient_of[i], r] times in replicate r; drawn (patients, R).
    """
    order = np.argsort(scores, kind="stable")
    places, others = order[targets[order] > 0], order[targets[order] == 0]
    positive = drawn[patient_of[places]]
    above, below = _running(positive), _running(drawn[patient_of[others]])
    first, last = (np.searchsorted(scores[others], scores[places], side) for side in ("left", "right"))
    equal = np.searchsorted(scores[places], scores[places], "left")
    n_positive, n_negative = above[-1].astype(np.float64), below[-1].astype(np.float64)
    wins = np.einsum("pr,pr->r", positive, below[first] + below[last], dtype=np.float64) / 2
    hits = above[-1] - above[equal]
    found = hits + (below[-1] - below[first])
    precision = np.divide(hits, found, out=np.zeros_like(hits), where=found > 0)
    gained = np.einsum("pr,pr->r", positive, precision, dtype=np.float64)
    missing = np.full(drawn.shape[1], np.nan)
    both = n_positive * n_negative
    return (np.divide(wins, both, out=missing.copy(), where=both > 0),
            np.divide(gained, n_positive, out=missing, where=n_positive > 0))


def _running(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums of the rows before each one, and of all: (n + 1, R)."""
    total = np.zeros((len(counts) + 1, counts.shape[1]), np.float32)
    for row, count in enumerate(counts):  # ten times as fast as cumsum along the first axis
        np.add(total[row], count, out=total[row + 1])
    return total


class Areas:
    """AUROC and average precision of every label of some recordings, with what they are in each replicate.

    A label without both classes has NaN everywhere.
    """

    def __init__(self, judged: Scored, draws: Draws) -> None:
        self.labels, self.replicates = judged.labels, draws.replicates
        self.positives = judged.positives
        self.exists = (self.positives > 0) & (judged.negatives > 0)
        shape = (len(self.labels), draws.replicates)
        self.samples = {"auroc": np.full(shape, np.nan), "auprc": np.full(shape, np.nan)}
        self.values = {"auroc": np.full(shape[0], np.nan), "auprc": np.full(shape[0], np.nan)}
        for c in np.flatnonzero(self.exists):
            rows = np.flatnonzero(judged.known[:, c])
            scores, targets = judged.logits[rows, c], judged.targets[rows, c]
            drawn = draws.of_label(judged.targets[:, c], rows, int(c))
            self.values["auroc"][c], self.values["auprc"][c] = auroc(scores, targets), auprc(scores, targets)
            self.samples["auroc"][c], self.samples["auprc"][c] = weighted_areas(
                scores, targets, draws.patient_of[rows], drawn)

    @cached_property
    def enough(self) -> tuple[str, ...]:
        """Labels with enough positives to enter a macro average."""
        return tuple(code for code, count, exists in zip(self.labels, self.positives, self.exists, strict=True)
                     if exists and count >= MIN_POSITIVES)

    def has(self, label: str) -> bool:
        return bool(self.exists[self.labels.index(label)])

    def interval(self, figure: str, label: str) -> Interval:
        """figure: "auroc" or "auprc"."""
        c = self.labels.index(label)
        return Interval.of(float(self.values[figure][c]), self.samples[figure][c])

    def macro(self, figure: str, labels: Sequence[str]) -> Interval:
        """Mean over the labels, all of which must exist; NaN for no label."""
        columns = [self.labels.index(code) for code in labels]
        if not columns:
            return Interval(float("nan"), float("nan"), float("nan"))
        return Interval.of(float(self.values[figure][columns].mean()), self.samples[figure][columns].mean(axis=0))


def areas(judged: Scored, *, seed: int, replicates: int = REPLICATES) -> Areas:
    """The areas of one model on draws of their own."""
    return Areas(judged, Draws(judged.patients, seed=seed, replicates=replicates))


def patient_counts(patients: NDArray[np.str_], *, replicates: int, seed: int) -> NDArray[np.float32]:
    """How often each recording is drawn in each replicate, (replicates, n)."""
    _, patient_of = np.unique(patients, return_inverse=True)
    return _drawn(int(patient_of.max()) + 1, replicates, [seed])[patient_of].T
