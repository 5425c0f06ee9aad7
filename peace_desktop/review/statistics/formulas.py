"""Statistics written on sums over recordings.

Every statistic of this room depends on the recordings only through sums of numbers that each recording contributes (its
cell of a table, its share of agreeing pairs). Weighted sums of them are one matrix product, so a formula that takes
(sums, draws) judges the study itself, a subgroup (weights 0 and 1) and thousands of bootstrap draws in one call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST_DENOMINATOR = 1e-9
"""Below it a denominator is rounding error: the smallest true one, of one odd answer in 100,000, is above 1e-6."""


class Reason(StrEnum):
    """Why a figure, its interval or a test is not there."""

    NOTHING_COMPARED = "nothing_compared"
    TOO_SMALL = "too_small"
    ONE_ANSWER = "one_answer"
    """Everybody gave one and the same answer: chance agreement is complete and the coefficient 0/0."""
    NO_DENOMINATOR = "no_denominator"
    NO_CHANGE = "no_change"
    NOT_INDEPENDENT = "not_independent"
    """A test of independent pairs does not fit several readers of the same recordings."""
    ONE_PATIENT = "one_patient"
    UNDEFINED_DRAWS = "undefined_draws"
    NO_VARIATION = "no_variation"
    """Every draw gave the same value: resampling says nothing of the uncertainty, an interval would pretend none."""


@dataclass(frozen=True)
class Formula:
    """A statistic of sums.

    of: float64 (sums, draws) -> (draws,), NaN where it is not defined. undefined: why that happens. source: who
    proposed it. needs_each_answer: it divides by what chance leaves, or holds the present against the absent, so it
    needs some recordings with each answer.
    fraction: for a share of recordings, its numerator and denominator of the sums.
    """

    name: str
    source: str
    of: Callable[[Floats], Floats]
    undefined: Reason = Reason.ONE_ANSWER
    needs_each_answer: bool = False
    fraction: Callable[[Floats], tuple[Floats, Floats]] | None = None


def share(name: str, source: str, fraction: Callable[[Floats], tuple[Floats, Floats]]) -> Formula:
    """The formula of a numerator over a denominator, both counts of recordings."""
    return Formula(name, source, lambda sums: ratio(*fraction(sums)), Reason.NO_DENOMINATOR, fraction=fraction)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """numerator / denominator, NaN where the denominator is nothing but rounding error."""
    found = np.full(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)), np.nan)
    np.divide(numerator, denominator, out=found, where=np.abs(denominator) > SMALLEST_DENOMINATOR)
    return found


def beyond_chance(observed: Floats, expected: Floats) -> Floats:
    """(observed - expected) / (1 - expected), the form that the kappas and Gwet's coefficients share."""
    return ratio(observed - expected, 1 - expected)


def agreement_weights(kind: Literal["identity", "linear", "quadratic"], size: int) -> Floats:
    """Credit for each pair of answers, (size, size): 1 for the same, 0 for the ends of the scale (Cohen 1968)."""
    if kind == "identity":
        return np.eye(size)
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    return np.asarray(1 - distance ** {"linear": 1, "quadratic": 2}[kind])
