"""Two raters against each other, from the table of their answers.

A table is (q, q, ...): the first rater's answer by the second's, in the order of the scale. Cohen 1960 (kappa), Cohen
1968 (weighted), Byrt, Bishop and Carlin 1993 (prevalence index, bias index, PABAK). Kappa falls when an answer is rare
however well raters agree; the two indices beside it say how far prevalence and bias moved it. PABAK is a companion, no
substitute: it says what kappa would be if both answers were equally common, which they are not.
"""

from math import isqrt

import numpy as np

from peace_desktop.review.statistics.answers import BINARY, ORDINAL, Codes, Scale
from peace_desktop.review.statistics.formulas import Floats, Formula, agreement_weights, beyond_chance, ratio, share
from peace_desktop.review.statistics.intervals import Part


def percent_agreement(table: Floats) -> Floats:
    """Share of recordings with the same answer from both."""
    return ratio(*same_answers(table))


def same_answers(table: Floats) -> tuple[Floats, Floats]:
    """Recordings with the same answer, and all that were compared."""
    return np.einsum("ii...->...", table), table.sum(axis=(0, 1))


def cohen_kappa(table: Floats, weights: Floats | None = None) -> Floats:
    """Kappa; weighted by agreement weights (q, q). NaN where chance agreement is complete."""
    credit = np.eye(len(table)) if weights is None else weights
    cells = ratio(table, table.sum(axis=(0, 1)))
    observed = np.einsum("ij,ij...->...", credit, cells)
    expected = np.einsum("ij,i...,j...->...", credit, cells.sum(axis=1), cells.sum(axis=0))
    return beyond_chance(observed, expected)


def prevalence_index(table: Floats) -> Floats:
    """(both present - both absent) / n, of a 2 x 2 table: 0 when balanced, above 0 when present is common."""
    return ratio(table[1, 1] - table[0, 0], table.sum(axis=(0, 1)))


def bias_index(table: Floats) -> Floats:
    """Share present of the first rater less that of the second, of a 2 x 2 table."""
    return ratio(table[1, 0] - table[0, 1], table.sum(axis=(0, 1)))


def pabak(table: Floats) -> Floats:
    """Prevalence- and bias-adjusted kappa of a 2 x 2 table: 2 x agreement - 1."""
    return 2 * percent_agreement(table) - 1


def table_of(sums: Floats) -> Floats:
    """The table whose cells are the sums, (q * q, ...) -> (q, q, ...)."""
    size = isqrt(len(sums))
    return sums.reshape(size, size, *sums.shape[1:])


PERCENT_AGREEMENT = share("percent_agreement", "share of recordings with the same answer",
                          lambda sums: same_answers(table_of(sums)))
COHEN_KAPPA = Formula("cohen_kappa", "Cohen 1960", lambda sums: cohen_kappa(table_of(sums)), needs_each_answer=True)
COHEN_KAPPA_LINEAR = Formula(
    "cohen_kappa_linear", "Cohen 1968, linear weights",
    lambda sums: cohen_kappa(table_of(sums), agreement_weights("linear", ORDINAL.size)), needs_each_answer=True)
COHEN_KAPPA_QUADRATIC = Formula(
    "cohen_kappa_quadratic", "Cohen 1968, quadratic weights",
    lambda sums: cohen_kappa(table_of(sums), agreement_weights("quadratic", ORDINAL.size)), needs_each_answer=True)
PREVALENCE_INDEX = Formula("prevalence_index", "Byrt, Bishop and Carlin 1993",
                           lambda sums: prevalence_index(table_of(sums)))
BIAS_INDEX = Formula("bias_index", "Byrt, Bishop and Carlin 1993", lambda sums: bias_index(table_of(sums)))
PABAK = Formula("pabak", "Byrt, Bishop and Carlin 1993", lambda sums: pabak(table_of(sums)))

FORMULAS = {
    BINARY: (PERCENT_AGREEMENT, COHEN_KAPPA, PREVALENCE_INDEX, BIAS_INDEX, PABAK),
    ORDINAL: (PERCENT_AGREEMENT, COHEN_KAPPA_LINEAR, COHEN_KAPPA_QUADRATIC),
}


def pair(first: Codes, second: Codes, scale: Scale, formulas: tuple[Formula, ...] | None = None) -> Part:
    """What recordings contribute to the table of two raters; first, second (R,). Formulas: those of the scale."""
    row, column = scale.places(first), scale.places(second)
    used = (row >= 0) & (column >= 0)
    features = np.zeros((len(first), scale.size ** 2))
    features[used, row[used] * scale.size + column[used]] = 1
    ends = (0, scale.size - 1)
    fewest = min(int(np.count_nonzero(used & ((row == end) | (column == end)))) for end in ends)
    return Part(features, used, fewest, FORMULAS[scale] if formulas is None else formulas)
