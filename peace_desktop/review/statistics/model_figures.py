"""The model's decisions held against a standard: one reader's answers, or the adjudicated reference.

Only recordings with a decision and a plain present or absent of the standard count. Each share carries its numerator
and denominator; its interval is the cluster bootstrap's alone, also where every patient has one recording, so that
figures with and without repeated patients can be compared. A share of 0 or 1 does not vary between draws and has no
interval.
"""

from peace_desktop.review.statistics.answers import BINARY, Codes
from peace_desktop.review.statistics.formulas import Floats, share
from peace_desktop.review.statistics.intervals import Part
from peace_desktop.review.statistics.two_raters import COHEN_KAPPA, PERCENT_AGREEMENT, pair, table_of


def true_positives_of_present(sums: Floats) -> tuple[Floats, Floats]:
    """Positive decisions among what the standard calls present, and those recordings."""
    table = table_of(sums)
    return table[1, 1], table[1].sum(axis=0)


def true_negatives_of_absent(sums: Floats) -> tuple[Floats, Floats]:
    """Negative decisions among what the standard calls absent, and those recordings."""
    table = table_of(sums)
    return table[0, 0], table[0].sum(axis=0)


def present_of_positives(sums: Floats) -> tuple[Floats, Floats]:
    """What the standard calls present among positive decisions, and those recordings."""
    table = table_of(sums)
    return table[1, 1], table[:, 1].sum(axis=0)


def absent_of_negatives(sums: Floats) -> tuple[Floats, Floats]:
    """What the standard calls absent among negative decisions, and those recordings."""
    table = table_of(sums)
    return table[0, 0], table[:, 0].sum(axis=0)


SENSITIVITY = share("sensitivity", "positive decisions / present by the standard", true_positives_of_present)
SPECIFICITY = share("specificity", "negative decisions / absent by the standard", true_negatives_of_absent)
PPV = share("ppv", "present by the standard / positive decisions", present_of_positives)
NPV = share("npv", "absent by the standard / negative decisions", absent_of_negatives)

FORMULAS = (SENSITIVITY, SPECIFICITY, PPV, NPV, PERCENT_AGREEMENT, COHEN_KAPPA)


def against(standard: Codes, decisions: Codes) -> Part:
    """What recordings contribute to the model's figures; standard (R,) codes of Answer, decisions (R,) likewise."""
    return pair(standard, decisions, BINARY, FORMULAS)
