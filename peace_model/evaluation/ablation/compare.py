"""Two arms on the same test set: how far apart, and how sure, over patients and over seeds.

The two uncertainties answer different questions. Over patients: would other patients of this kind show it too, with
these very networks? Over seeds: would networks trained anew show it on these very patients? Neither covers the other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.bootstrap import Interval
from peace_model.evaluation.metrics import MIN_POSITIVES, auroc
from peace_model.evaluation.paired import NothingToCompare, paired_difference
from peace_model.evaluation.scored import Scored

View = Callable[[Scored], Scored]
"""Which labels and recordings of a test set a figure is made of."""


def everything(scored: Scored) -> Scored:
    """The view of all of both."""
    return scored


@dataclass(frozen=True)
class Summary:
    """An arm's macro AUROC: mean and standard deviation (n - 1) over seeds, each seed the mean of its draws.

    sd: None with one seed. draws_sd: mean over the seeds of the spread among a seed's draws, None with one draw.
    """

    mean: float
    sd: float | None
    draws_sd: float | None
    seeds: int
    recordings: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class OverSeeds:
    """Mean of some values with Student's t: 95 % interval and two-sided p against 0; None where it does not exist."""

    values: tuple[float, ...]
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True)
class Difference:
    """One arm minus another over the seeds and draws both have. patients: bootstrap of patients on shared draws.

    seeds: paired over seeds, each the mean of its draws.
    """

    patients: Interval
    seeds: OverSeeds
    pairs: int

    def turned(self) -> "Difference":
        """The other arm minus the one."""
        interval, seeds = self.patients, self.seeds
        return Difference(
            Interval(-interval.value, -interval.high, -interval.low),
            OverSeeds(tuple(-value for value in seeds.values), None if seeds.high is None else -seeds.high,
                      None if seeds.low is None else -seeds.low, seeds.p), self.pairs)


def scored_labels(scored: Scored) -> tuple[str, ...]:
    """Labels with enough positives, and any negative, to enter a macro average."""
    kept = (scored.positives >= MIN_POSITIVES) & (scored.negatives > 0)
    return tuple(label for label, enough in zip(scored.labels, kept, strict=True) if enough)


def macro_auroc(scored: Scored) -> float:
    """Raises NothingToCompare when no label has enough positives."""
    labels = scored_labels(scored)
    if not labels:
        raise NothingToCompare(f"no label has {MIN_POSITIVES} positives; nothing to compare by")
    columns = [scored.labels.index(label) for label in labels]
    return float(np.mean([auroc(scored.logits[scored.known[:, c], c], scored.targets[scored.known[:, c], c])
                          for c in columns]))


def summary(results: Sequence[CellResult], view: View) -> Summary:
    first = view(results[0].scored)
    by_seed = _by_seed({(r.cell.seed, r.cell.draw): macro_auroc(view(r.scored)) for r in results})
    means = [float(np.mean(values)) for values in by_seed]
    spread = [float(np.std(values, ddof=1)) for values in by_seed if len(values) > 1]
    return Summary(
        mean=float(np.mean(means)), sd=float(np.std(means, ddof=1)) if len(means) > 1 else None,
        draws_sd=float(np.mean(spread)) if spread else None, seeds=len(means), recordings=len(first),
        labels=scored_labels(first))


def difference(
    ours: Sequence[CellResult], theirs: Sequence[CellResult], view: View, *, seed: int, replicates: int
) -> Difference | None:
    """Macro AUROC of ours minus theirs; None where they share no seed and draw."""
    pairs = [(a, b) for a in ours for b in theirs if (a.cell.seed, a.cell.draw) == (b.cell.seed, b.cell.draw)]
    if not pairs:
        return None
    found = paired_difference([view(a.scored) for a, _ in pairs], [view(b.scored) for _, b in pairs],
                              seed=seed, replicates=replicates)
    exact = {(a.cell.seed, a.cell.draw): value for (a, _), value in zip(pairs, found.per_pair, strict=True)}
    return Difference(found.difference, over_seeds([float(np.mean(values)) for values in _by_seed(exact)]), len(pairs))


def over_seeds(values: Sequence[float]) -> OverSeeds:
    if len(values) < 2 or np.ptp(values) == 0:
        return OverSeeds(tuple(values), None, None, None)
    freedom = len(values) - 1
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))
    half = float(stdtrit(freedom, 0.975)) * error
    return OverSeeds(tuple(values), mean - half, mean + half, 2 * float(stdtr(freedom, -abs(mean) / error)))


def _by_seed(values: Mapping[tuple[int, int], float]) -> list[list[float]]:
    """The values of each (seed, draw), seed by seed."""
    return [[values[key] for key in sorted(values) if key[0] == seed] for seed in sorted({key[0] for key in values})]
