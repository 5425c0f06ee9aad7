"""The recordings on which maps are tested: positives of every label, looked at for that label."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.store import Store
from peace_model.evaluation.bootstrap import REPLICATES, Interval, patient_counts

MIN_RECORDINGS = 10
"""A label with fewer positives is not tested."""


@dataclass(frozen=True, eq=False)
class Examples:
    """n windows as the graph takes them, each with the label whose map is tested on it.

    signal float32 (n, 12, N), lead_mask (n, 12), valid_samples (n,), age_days (n,); columns int64 (n,): the label's
    place; patients (n,); numbers (n,): kept when some are taken. available: positives of every label among which the
    examples were drawn.
    """

    signal: NDArray[np.float32]
    lead_mask: NDArray[np.float32]
    valid_samples: NDArray[np.int64]
    age_days: NDArray[np.float32]
    columns: NDArray[np.int64]
    patients: NDArray[np.str_]
    numbers: NDArray[np.int64]
    available: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.columns)

    def take(self, chosen: NDArray[np.integer] | NDArray[np.bool_]) -> "Examples":
        return replace(self, signal=self.signal[chosen], lead_mask=self.lead_mask[chosen],
                       valid_samples=self.valid_samples[chosen], age_days=self.age_days[chosen],
                       columns=self.columns[chosen], patients=self.patients[chosen], numbers=self.numbers[chosen])

    def first_of_each(self, count: int) -> "Examples":
        """At most `count` examples of every label."""
        place = np.array([(self.columns[:row] == column).sum() for row, column in enumerate(self.columns)], np.int64)
        return self.take(place < count)


def choose_examples(store: Store, rows: NDArray[np.int64], *, per_label: int, seed: int) -> Examples:
    """At most per_label recordings of every label that has MIN_RECORDINGS positives among the rows' recordings."""
    rng = np.random.default_rng(seed)
    first = rows[np.unique(store.recordings[rows], return_index=True)[1]]
    positive = (store.targets[first] > 0) & (store.known[first] > 0)
    chosen: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    for column in range(positive.shape[1]):
        candidates = first[positive[:, column]]
        if len(candidates) >= MIN_RECORDINGS:
            drawn = np.sort(rng.permutation(candidates)[:per_label])
            chosen.append(drawn)
            columns.append(np.full(len(drawn), column, np.int64))
    taken = np.concatenate([np.zeros(0, np.int64), *chosen])
    return Examples(
        store.windows(taken), np.array(store.lead_mask[taken]), np.array(store.valid_samples[taken]),
        np.array(store.age_days[taken], np.float32), np.concatenate([np.zeros(0, np.int64), *columns]),
        np.asarray(store.patients[taken]), np.arange(len(taken)), positive.sum(axis=0))


def mean_interval(values: NDArray[np.floating], patients: NDArray[np.str_], *, seed: int) -> Interval:
    """The mean with its 95 % interval, patients drawn with replacement; NaN without values."""
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"))
    counts = patient_counts(patients, replicates=REPLICATES, seed=seed).astype(np.float64)
    return Interval.of(float(np.mean(values)), counts @ values / counts.sum(axis=1))
