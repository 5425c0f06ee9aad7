"""Any number of raters at once, answers missing here and there.

Fleiss 1971; Conger 1980; Gwet 2008 (AC1) and 2014 (AC2, and the extension of all of these to missing answers: observed
agreement over recordings with two answers or more, answers' prevalence over recordings with one or more); Krippendorff
2011 (alpha from the coincidence matrix: recordings with one answer are left out altogether). Gwet's coefficients stay
meaningful where one answer is rare; the number of answers in their chance agreement is that of the scale, whether or
not every answer was given.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from peace_desktop.review.statistics.answers import BINARY, ORDINAL, Codes, Scale
from peace_desktop.review.statistics.formulas import (
    Floats,
    Formula,
    Reason,
    agreement_weights,
    beyond_chance,
    ratio,
)
from peace_desktop.review.statistics.intervals import Part


# eq=False: arrays do not compare to one truth value.
@dataclass(frozen=True, eq=False)
class Sums:
    """What the recordings add up to; q answers on the scale, K raters.

    paired (...): recordings with two answers or more. agreeing (q, q, ...): their shares of pairs of answers.
    rated (...): recordings with an answer. prevalence (q, ...): their shares of each answer. coincidences (q, q, ...):
    pairs of answers, a recording with m answers counting m. by_rater (K, q, ...): answers of each rater.
    """

    paired: Floats
    agreeing: Floats
    rated: Floats
    prevalence: Floats
    coincidences: Floats
    by_rater: Floats

    @classmethod
    def of(cls, sums: Floats, size: int) -> "Sums":
        """From the sums of `contributions`, (sums, ...)."""
        square = size * size
        paired, agreeing, rated, prevalence, coincidences, by_rater = np.split(
            sums, np.cumsum([1, square, 1, size, square]))
        tail = sums.shape[1:]
        return cls(paired[0], agreeing.reshape(size, size, *tail), rated[0], prevalence,
                   coincidences.reshape(size, size, *tail), by_rater.reshape(-1, size, *tail))


def contributions(places: Codes, size: int) -> Floats:
    """Columns for `Sums`, one row a recording. places (R, K): 0 to size - 1, -1 for no answer."""
    said = places[:, :, None] == np.arange(size)
    counts = said.sum(axis=1).astype(np.float64)
    answers = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, np.arange(size), np.arange(size)] -= counts
    several = np.maximum(answers, 2)[:, None, None]
    rows, raters = places.shape
    return np.hstack([
        (answers >= 2)[:, None], (pairs / (several * (several - 1))).reshape(rows, size * size),
        (answers >= 1)[:, None], counts / np.maximum(answers, 1)[:, None],
        (pairs / (several - 1)).reshape(rows, size * size), said.reshape(rows, raters * size)])


def observed_agreement(sums: Sums, weights: Floats | None = None) -> Floats:
    """Mean over recordings of the share of agreeing pairs of answers."""
    credit = np.eye(len(sums.prevalence)) if weights is None else weights
    return ratio(np.einsum("ij,ij...->...", credit, sums.agreeing), sums.paired)


def gwet(sums: Sums, weights: Floats | None = None) -> Floats:
    """AC1; AC2 with agreement weights (q, q)."""
    size = len(sums.prevalence)
    credit = np.eye(size) if weights is None else weights
    common = ratio(sums.prevalence, sums.rated)
    expected = credit.sum() / (size * (size - 1)) * (common * (1 - common)).sum(axis=0)
    return beyond_chance(observed_agreement(sums, weights), expected)


def fleiss_kappa(sums: Sums) -> Floats:
    """Chance agreement from the answers' prevalence over all raters."""
    common = ratio(sums.prevalence, sums.rated)
    return beyond_chance(observed_agreement(sums), (common ** 2).sum(axis=0))


def conger_kappa(sums: Sums) -> Floats:
    """Chance agreement from each rater's own answers, averaged over pairs of raters; two raters: Cohen's kappa.

    A rater without any answer takes no part.
    """
    answers = sums.by_rater.sum(axis=1)
    own = sums.by_rater / np.maximum(answers, 1)[:, None]
    raters = np.count_nonzero(answers, axis=0)
    pairs = (own.sum(axis=0) ** 2 - (own ** 2).sum(axis=0)).sum(axis=0)
    return beyond_chance(observed_agreement(sums), ratio(pairs, np.asarray(raters * (raters - 1), np.float64)))


def krippendorff_alpha(sums: Sums, metric: Literal["nominal", "ordinal"]) -> Floats:
    """1 - observed / expected disagreement of the coincidence matrix."""
    common = sums.coincidences.sum(axis=1)
    if metric == "nominal":
        rank = np.arange(len(common), dtype=np.float64).reshape(-1, *[1] * (common.ndim - 1))
        difference = (rank[:, None] != rank[None, :]).astype(np.float64)
    else:
        rank = np.cumsum(common, axis=0) - common / 2
        difference = (rank[:, None] - rank[None, :]) ** 2
    observed = (sums.coincidences * difference).sum(axis=(0, 1))
    expected = (common[:, None] * common[None, :] * difference).sum(axis=(0, 1))
    return np.asarray(1 - (common.sum(axis=0) - 1) * ratio(observed, expected))


def _of(size: int) -> dict[str, Formula]:
    """The formulas on a scale of this size."""
    linear, quadratic = agreement_weights("linear", size), agreement_weights("quadratic", size)
    formulas = (
        Formula("mean_percent_agreement", "mean over recordings of the share of agreeing pairs of answers",
                lambda sums: observed_agreement(Sums.of(sums, size)), Reason.NOTHING_COMPARED),
        Formula("fleiss_kappa", "Fleiss 1971", lambda sums: fleiss_kappa(Sums.of(sums, size)), needs_each_answer=True),
        Formula("conger_kappa", "Conger 1980", lambda sums: conger_kappa(Sums.of(sums, size)), needs_each_answer=True),
        Formula("gwet_ac1", "Gwet 2008", lambda sums: gwet(Sums.of(sums, size)), needs_each_answer=True),
        Formula("gwet_ac2_linear", "Gwet 2014, linear weights", lambda sums: gwet(Sums.of(sums, size), linear),
                needs_each_answer=True),
        Formula("gwet_ac2_quadratic", "Gwet 2014, quadratic weights",
                lambda sums: gwet(Sums.of(sums, size), quadratic), needs_each_answer=True),
        Formula("krippendorff_alpha_nominal", "Krippendorff 2011",
                lambda sums: krippendorff_alpha(Sums.of(sums, size), "nominal"), needs_each_answer=True),
        Formula("krippendorff_alpha_ordinal", "Krippendorff 2011",
                lambda sums: krippendorff_alpha(Sums.of(sums, size), "ordinal"), needs_each_answer=True),
    )
    return {formula.name: formula for formula in formulas}


_NAMES = {
    BINARY: ("mean_percent_agreement", "fleiss_kappa", "conger_kappa", "gwet_ac1", "krippendorff_alpha_nominal"),
    ORDINAL: ("mean_percent_agreement", "gwet_ac2_linear", "gwet_ac2_quadratic", "krippendorff_alpha_ordinal"),
}
FORMULAS = {scale: tuple(_of(scale.size)[name] for name in names) for scale, names in _NAMES.items()}


def together(answers: Codes, scale: Scale) -> Part:
    """What recordings contribute to the figures of all raters; answers (R, K). Compared: two answers or more."""
    places = scale.places(answers)
    used = np.count_nonzero(places >= 0, axis=1) >= 2
    ends = (0, scale.size - 1)
    fewest = min(int(np.count_nonzero(used & (places == end).any(axis=1))) for end in ends)
    return Part(contributions(places, scale.size), used, fewest, FORMULAS[scale])
