"""Differences between models on the same recordings and the same draws of patients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from peace_model.evaluation.bootstrap import REPLICATES, Areas, Draws, Interval
from peace_model.evaluation.metrics import MIN_POSITIVES
from peace_model.evaluation.scored import Scored


class NothingToCompare(Exception):
    """No label has enough positives; str() says so."""


class NotComparable(ValueError):
    """Models that were not judged on the same recordings and labels."""


@dataclass(frozen=True)
class Paired:
    """Ours minus theirs over the labels with enough positives.

    theirs, difference: macro AUROC, mean over the pairs, with intervals over patients. labels: the same per label,
    (theirs, difference). per_pair: the difference of macros of each pair, for the spread over training seeds.
    """

    theirs: Interval
    difference: Interval
    labels: Mapping[str, tuple[float, Interval]]
    per_pair: tuple[float, ...]
    recordings: int
    seed: int
    replicates: int

    def entry(self) -> dict[str, Any]:
        """For JSON. The spread over the pairs (n - 1) stands beside the interval where there are several."""
        seeds = {} if len(self.per_pair) == 1 else {
            "pairs": [round(value, 5) for value in self.per_pair],
            "sd_over_pairs": round(float(np.std(self.per_pair, ddof=1)), 5)}
        return {
            "macro_auroc": self.theirs.entry(), "difference": self.difference.entry(), **seeds,
            "labels": {code: {"auroc": round(theirs, 5), "difference": difference.entry()}
                       for code, (theirs, difference) in self.labels.items()},
            "recordings": self.recordings, "seed": self.seed, "replicates": self.replicates}


def paired_difference(
    ours: Sequence[Scored], theirs: Sequence[Scored], *, seed: int, replicates: int = REPLICATES
) -> Paired:
    """ours[k] is compared with theirs[k]; all are of the same recordings and labels and share their draws.

    The mean over pairs is taken within each replicate: the interval tells of other patients with these very networks,
    not of networks trained anew. Raises NothingToCompare when no label has enough positives, NotComparable.
    """
    first = ours[0]
    for other in (*ours, *theirs):
        if other.labels != first.labels or not (
                np.array_equal(other.patients, first.patients) and np.array_equal(other.targets, first.targets)):
            raise NotComparable("models can be compared on the same recordings and labels only")
    draws = Draws(first.patients, seed=seed, replicates=replicates)
    pairs = [(Areas(a, draws), Areas(b, draws)) for a, b in zip(ours, theirs, strict=True)]
    labels = pairs[0][0].enough
    if not labels:
        raise NothingToCompare(f"no label has {MIN_POSITIVES} positives; nothing to compare by")
    columns = [first.labels.index(code) for code in labels]
    gains = np.stack([a.values["auroc"][columns] - b.values["auroc"][columns] for a, b in pairs])
    gain_samples = np.mean([a.samples["auroc"][columns] - b.samples["auroc"][columns] for a, b in pairs], axis=0)
    values = np.mean([b.values["auroc"][columns] for _, b in pairs], axis=0)
    samples = np.mean([b.samples["auroc"][columns] for _, b in pairs], axis=0)
    return Paired(
        theirs=Interval.of(float(values.mean()), samples.mean(axis=0)),
        difference=Interval.of(float(gains.mean()), gain_samples.mean(axis=0)),
        labels={code: (float(values[k]), Interval.of(float(gains[:, k].mean()), gain_samples[k]))
                for k, code in enumerate(labels)},
        per_pair=tuple(float(gain.mean()) for gain in gains),
        recordings=len(first), seed=seed, replicates=replicates)
