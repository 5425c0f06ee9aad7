"""Change of mind: what stood when a reading was locked against what was signed after the model was revealed.

The test is McNemar's (1947) in its exact form, valid for any number of changes; the chi-square with Edwards' continuity
correction stands beside it where changes are many, for comparison with papers that print it. Both take recordings for
independent, so they stand for one reader at a time; the change as a share of recordings has the cluster bootstrap's
interval and stands for all readers together too.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import erfc, sqrt

import numpy as np

from peace_desktop.review.statistics.answers import BINARY, ORDINAL, Answer, Codes
from peace_desktop.review.statistics.formulas import Formula, Reason, ratio
from peace_desktop.review.statistics.intervals import Part

MIN_CHANGES_FOR_CHI_SQUARE = 25
"""Below it the chi-square distribution is a poor likeness of the binomial one."""


class Outcome(StrEnum):
    """What an answer is judged by, before and after."""

    PRESENT = "present"
    AGREES_WITH_MODEL = "agrees_with_model"
    AGREES_WITH_REFERENCE = "agrees_with_reference"


@dataclass(frozen=True)
class Directions:
    """Recordings by what became of the answer.

    On the way from absent over uncertain to present an answer moves toward the model's decision or away from it;
    neither: to or from not assessable, or without a decision. one_missing: said only before or only after, not among
    the compared. compared = unchanged + toward + away + neither.
    """

    compared: int
    unchanged: int
    toward: int
    away: int
    neither: int
    one_missing: int


@dataclass(frozen=True)
class PairedTest:
    """McNemar's test of one outcome among recordings with a plain yes or no before and after.

    gained: came to be so; lost: ceased to be so. p_exact: two-sided binomial. chi_square with its p: corrected for
    continuity, None for few changes. reason: why there is no p, None when there is. With fewer patients than recordings
    the p is too small and the interval of the change is the figure to go by.
    """

    outcome: Outcome
    recordings: int
    patients: int
    gained: int
    lost: int
    p_exact: float | None = None
    chi_square: float | None = None
    p_chi_square: float | None = None
    reason: Reason | None = None


def directions(locked: Codes, final: Codes, decisions: Codes | None) -> Directions:
    """Counts over arrays of one shape; decisions: 1 or 0, missing where the model gave none, None without a model."""
    said = (locked != Answer.MISSING).astype(int) + (final != Answer.MISSING)
    compared = said == 2
    changed = compared & (locked != final)
    toward = away = np.zeros(locked.shape, bool)
    if decisions is not None:
        before, after, model = (ORDINAL.places(codes) for codes in (locked, final, decisions))
        ordered = changed & (before >= 0) & (after >= 0) & (model >= 0)
        nearer = np.abs(after - model) < np.abs(before - model)
        toward, away = ordered & nearer, ordered & ~nearer
    n_compared, n_changed, n_toward, n_away = (int(np.count_nonzero(which))
                                               for which in (compared, changed, toward, away))
    return Directions(n_compared, n_compared - n_changed, n_toward, n_away, n_changed - n_toward - n_away,
                      int(np.count_nonzero(said == 1)))


def exact_p(gained: int, lost: int) -> float | None:
    """Two-sided p of as uneven a split when both directions are equally likely; None without any change."""
    changes = gained + lost
    if changes == 0:
        return None
    ways, tail = 1, 0
    for fewer in range(min(gained, lost) + 1):
        tail += ways
        ways = ways * (changes - fewer) // (fewer + 1)
    return min(1.0, tail / (1 << (changes - 1)))


def corrected_chi_square(gained: int, lost: int) -> tuple[float, float] | None:
    """Statistic with continuity correction and its p (one degree of freedom); None without any change."""
    changes = gained + lost
    if changes == 0:
        return None
    statistic = max(0, abs(gained - lost) - 1) ** 2 / changes
    return statistic, erfc(sqrt(statistic / 2))


def changed_share(outcome: Outcome, locked: Codes, final: Codes, standard: Codes | None) -> Part:
    """What recordings contribute to the change of an outcome; locked, final (R, K) of the readers judged together.

    standard (R,): the model's decisions or the reference, None for the outcome present.
    """
    before, after = BINARY.places(locked), BINARY.places(final)
    judged = (before >= 0) & (after >= 0)
    if standard is None:
        target = np.ones_like(before)
    else:
        target = np.broadcast_to(BINARY.places(standard)[:, None], before.shape)
        judged = judged & (target >= 0)
    gained = judged & (before != target) & (after == target)
    lost = judged & (before == target) & (after != target)
    features = np.stack([kind.sum(axis=1) for kind in (gained, lost, judged)], axis=1).astype(np.float64)
    return Part(features, np.asarray(judged.any(axis=1)), 0, (CHANGES[outcome],))


def paired_test(outcome: Outcome, part: Part, *, patients: int, independent: bool, enough: bool) -> PairedTest:
    """The test of what `changed_share` counted in recordings of so many patients.

    independent: they are one reader's answers; enough: they reach the floor.
    """
    gained, lost, judged = (int(count) for count in part.features.sum(axis=0))
    obstacles = ((judged == 0, Reason.NOTHING_COMPARED), (not enough, Reason.TOO_SMALL),
                 (not independent, Reason.NOT_INDEPENDENT), (gained + lost == 0, Reason.NO_CHANGE))
    reason = next((reason for stands, reason in obstacles if stands), None)
    if reason is not None:
        return PairedTest(outcome, judged, patients, gained, lost, reason=reason)
    chi_square = corrected_chi_square(gained, lost) if gained + lost >= MIN_CHANGES_FOR_CHI_SQUARE else None
    return PairedTest(outcome, judged, patients, gained, lost, exact_p(gained, lost), *(chi_square or (None, None)))


CHANGES = {outcome: Formula(f"change_{outcome}", "McNemar 1947: (gained - lost) / compared answers",
                            lambda sums: ratio(sums[0] - sums[1], sums[2]), Reason.NOTHING_COMPARED)
           for outcome in Outcome}
