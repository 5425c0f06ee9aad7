"""Figures with their intervals: the cluster bootstrap over patients, the one interval of this room.

Recordings of one patient resemble each other, so patients are drawn, never recordings (Field and Welsh 2007); binomial
intervals (Wilson, Clopper-Pearson) and textbook standard errors of kappa take recordings for independent and would be
too narrow beside it. Numerators and denominators stand with the shares for those who want them. Percentile intervals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_desktop.review.statistics.formulas import Floats, Formula, Reason

DRAWS = 2000
LEVEL = 0.95
MOST_UNDEFINED = 0.05
"""Share of undefined draws above which the defined ones are no fair picture and the interval is withheld."""
_CELLS_AT_ONCE = 1 << 22


@dataclass(frozen=True)
class Resampling:
    """How intervals are drawn: number of draws and the seed, both told with the results."""

    seed: int
    draws: int = DRAWS

    def __post_init__(self) -> None:
        if self.draws < 1 or self.seed < 0:
            raise ValueError(f"{self.draws} draws, seed {self.seed}: one draw or more and a seed from 0 on are needed")


@dataclass(frozen=True)
class Floor:
    """The smallest numbers that make a figure; below them n stands alone.

    recordings: compared ones, for any figure. each_answer: recordings with the answer, for each answer of a
    chance-corrected coefficient; recordings in the denominator of a share. Raises ValueError below 1.
    """

    recordings: int = 20
    """Below 20 one recording moves a share by more than 5 points, and a percentile interval is wider than its use."""
    each_answer: int = 5
    """Below 5 one recording moves a sensitivity by a fifth or more (Cochran's rule of five)."""

    def __post_init__(self) -> None:
        if self.recordings < 1 or self.each_answer < 1:
            raise ValueError(f"a floor of {self.recordings} recordings and {self.each_answer} of each answer: both are "
                             f"at least 1")


FLOOR = Floor()


# eq=False: arrays do not compare to one truth value.
@dataclass(frozen=True, eq=False)
class Part:
    """What the recordings contribute to some formulas.

    features float64 (R, sums). used bool (R,): the recordings that are compared. fewest: compared recordings with an
    answer, for the answer that is rarest.
    """

    features: Floats
    used: NDArray[np.bool_]
    fewest: int
    formulas: tuple[Formula, ...]


@dataclass(frozen=True)
class Figure:
    """A value with its interval; reason and interval_reason say why either is not there, None when it is.

    numerator, denominator: of a share of recordings, None for other figures. undefined_draws: draws without a value.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    reason: Reason | None = None
    interval_reason: Reason | None = None
    numerator: int | None = None
    denominator: int | None = None
    undefined_draws: int = 0


def figures_of(parts: Sequence[Part], patients: NDArray[np.int64], resampling: Resampling, floor: Floor
               ) -> list[tuple[Figure, ...]]:
    """The figures of each part, none for a part below the floor of recordings. patients (R,): the clusters."""
    judged = [part if np.count_nonzero(part.used) >= floor.recordings else None for part in parts]
    columns = [part.features for part in judged if part is not None]
    if not columns:
        return [() for _ in parts]
    sums = weighted_sums(np.hstack(columns), patients, resampling)
    found: list[tuple[Figure, ...]] = []
    start = 0
    for part in judged:
        if part is None:
            found.append(())
            continue
        stop = start + part.features.shape[1]
        clusters = len(np.unique(patients[part.used]))
        found.append(tuple(_figure(formula, part, sums[start: stop], clusters, floor) for formula in part.formulas))
        start = stop
    return found


def _figure(formula: Formula, part: Part, sums: Floats, clusters: int, floor: Floor) -> Figure:
    numerator = denominator = None
    if formula.fraction is not None:
        numerator, denominator = (round(float(counts[0])) for counts in formula.fraction(sums))
    values = formula.of(sums)
    value = float(values[0])
    reason = None
    if np.isnan(value):
        reason = formula.undefined
    elif ((formula.needs_each_answer and part.fewest < floor.each_answer)
            or (denominator is not None and denominator < floor.each_answer)):
        reason = Reason.TOO_SMALL
    if reason is not None:
        return Figure(formula.name, None, reason=reason, interval_reason=reason, numerator=numerator,
                      denominator=denominator)
    low, high, withheld, undefined = interval(values[1:], clusters)
    return Figure(formula.name, value, low, high, None, withheld, numerator, denominator, undefined)


def interval(drawn: Floats, clusters: int) -> tuple[float | None, float | None, Reason | None, int]:
    """Percentile interval of draws (draws,), NaN where undefined: low, high, why there is none, undefined draws."""
    undefined = int(np.count_nonzero(np.isnan(drawn)))
    if clusters < 2:
        return None, None, Reason.ONE_PATIENT, undefined
    if undefined > MOST_UNDEFINED * len(drawn):
        return None, None, Reason.UNDEFINED_DRAWS, undefined
    defined = drawn[~np.isnan(drawn)]
    if np.ptp(defined) < 1e-12:
        return None, None, Reason.NO_VARIATION, undefined
    low, high = np.percentile(defined, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high), None, undefined


def weighted_sums(features: Floats, patients: NDArray[np.int64], resampling: Resampling) -> Floats:
    """The sums as they are, then those of every draw: (sums, 1 + draws).

    features (R, sums), patients (R,). As many patients are drawn, with replacement, as there are; the draws depend on
    their number and the seed alone.
    """
    order = np.argsort(patients, kind="stable")
    _, starts = np.unique(patients[order], return_index=True)
    of_patient = np.add.reduceat(features[order], starts, axis=0).T
    drawn = [of_patient @ counts.T for counts in _counts(len(starts), resampling)]
    return np.hstack([of_patient.sum(axis=1, keepdims=True), *drawn])


def _counts(patients: int, resampling: Resampling) -> Iterator[Floats]:
    """How often each patient is drawn, (some draws, patients) at a time, so that a large study fits in memory."""
    random = np.random.default_rng(resampling.seed)
    step = max(1, _CELLS_AT_ONCE // patients)
    for start in range(0, resampling.draws, step):
        rows = min(step, resampling.draws - start)
        picked = random.integers(0, patients, (rows, patients)) + patients * np.arange(rows)[:, None]
        yield np.bincount(picked.ravel(), minlength=rows * patients).reshape(rows, patients).astype(np.float64)
