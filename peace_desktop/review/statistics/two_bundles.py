"""Two bundles on the same recordings: each against the reference at its own thresholds, and the difference of the two.

Everything is judged on the same draws of patients, so a difference has an interval of its own. Recordings that either
bundle learnt from or was chosen by, and others of the same patients, say nothing of how it does on new ones: the caller
marks them, and no figure has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from peace_desktop.review.statistics.answers import BINARY, Answer, Codes, checked_codes
from peace_desktop.review.statistics.areas import auroc, average_precision, unit_features
from peace_desktop.review.statistics.formulas import Floats, Formula, Reason
from peace_desktop.review.statistics.intervals import DRAWS, FLOOR, Figure, Floor, Part, Resampling, figures_of
from peace_desktop.review.statistics.mcnemar import Outcome, PairedTest, changed_share, paired_test
from peace_desktop.review.statistics.model_figures import SENSITIVITY, SPECIFICITY
from peace_desktop.review.statistics.subgroups import ALL, Grouping, Subgroup, subgroups
from peace_desktop.review.statistics.two_raters import pair

AUROC, AUPRC = "auroc", "auprc"
FIGURES = (AUROC, AUPRC, SENSITIVITY.name, SPECIFICITY.name)
_AREAS = {AUROC: (auroc, "Hanley and McNeil 1982"), AUPRC: (average_precision, "average precision")}
_CELLS = BINARY.size ** 2


# eq=False: arrays do not compare to one truth value.
@dataclass(frozen=True, eq=False)
class BundleAnswers:
    """One bundle on one label: probabilities (R,), NaN where there is none, and decisions (R,) at its threshold."""

    probabilities: Floats
    decisions: Codes


@dataclass(frozen=True, eq=False)
class TwoAnswers:
    """A label under two bundles. patients (R,) int, reference (R,) codes. Raises ValueError for what does not fit."""

    label: str
    patients: NDArray[np.int64]
    reference: Codes
    first: BundleAnswers
    second: BundleAnswers

    def __post_init__(self) -> None:
        for field, codes in (("reference", self.reference), ("first", self.first.decisions),
                             ("second", self.second.decisions)):
            checked_codes(f"{self.label}: {field}", codes, self.patients.shape)

    def of(self, rows: NDArray[np.bool_]) -> "TwoAnswers":
        """These recordings alone."""
        def chosen(bundle: BundleAnswers) -> BundleAnswers:
            return BundleAnswers(bundle.probabilities[rows], bundle.decisions[rows])

        return TwoAnswers(self.label, self.patients[rows], self.reference[rows], chosen(self.first),
                          chosen(self.second))


@dataclass(frozen=True)
class TwoBundlesRow:
    """One label in a subgroup, as `subgroups` names it. recordings: compared, of so many patients; present: by the
    reference. first, second, difference (second less first): in the order of `FIGURES`; none below the floor. test:
    decisions that agree with the reference, gained by the second or lost; change: the same as a share, None below the
    floor.
    """

    label: str
    grouping: str
    group: str
    recordings: int
    patients: int
    present: int
    first: tuple[Figure, ...]
    second: tuple[Figure, ...]
    difference: tuple[Figure, ...]
    test: PairedTest
    change: Figure | None


@dataclass(frozen=True)
class TwoBundlesStatistics:
    """recordings: not seen by either bundle, compared or not; rows in the order of the labels, the
    one over everything before those of the groups."""

    recordings: int
    patients: int
    seen: int
    resampling: Resampling
    floor: Floor
    rows: tuple[TwoBundlesRow, ...]


def two_bundles(labels: Sequence[TwoAnswers], seen: NDArray[np.bool_], groupings: Sequence[Grouping] = (), *, seed: int,
                draws: int = DRAWS, floor: Floor = FLOOR) -> TwoBundlesStatistics:
    """labels, groupings: all of the same recordings. seen (R,): those to be left out; a group with no others has no
    row. The draws come from the seed alone.
    """
    new = [label.of(~seen) for label in labels]
    groups = [group for group in subgroups(
        [replace(grouping, codes=grouping.codes[~seen]) for grouping in groupings], int(np.count_nonzero(~seen)))
        if group.grouping == ALL or group.rows.any()]
    resampling = Resampling(seed, draws)
    patients = new[0].patients if new else np.zeros(0, np.int64)
    return TwoBundlesStatistics(len(patients), len(np.unique(patients)), int(np.count_nonzero(seen)), resampling, floor,
                                tuple(_row(label.of(group.rows), group, resampling, floor)
                                      for label in new for group in groups))


def _row(label: TwoAnswers, group: Subgroup, resampling: Resampling, floor: Floor) -> TwoBundlesRow:
    used = (BINARY.places(label.reference) >= 0) & (BINARY.places(label.first.decisions) >= 0) & (
        BINARY.places(label.second.decisions) >= 0)
    reference = np.where(used, label.reference, Answer.MISSING).astype(np.int8)
    present = int(np.count_nonzero(used & (reference == Answer.PRESENT)))
    counts, absent = int(np.count_nonzero(used)), int(np.count_nonzero(used)) - present
    decided = [pair(reference, bundle.decisions, BINARY, (SENSITIVITY, SPECIFICITY))
               for bundle in (label.first, label.second)]
    both = np.hstack([part.features for part in decided])
    change = changed_share(Outcome.AGREES_WITH_REFERENCE, label.first.decisions[:, None],
                           label.second.decisions[:, None], reference)
    parts = [
        Part(unit_features(used), used, min(present, absent), _area_formulas(label, used)), *decided,
        Part(both, used, present, (_difference(SENSITIVITY),)), Part(both, used, absent, (_difference(SPECIFICITY),)),
        change]
    areas, first, second, sensitivity, specificity, changed = figures_of(parts, label.patients, resampling, floor)
    patients = len(np.unique(label.patients[used]))
    test = paired_test(Outcome.AGREES_WITH_REFERENCE, change, patients=patients, independent=True,
                       enough=bool(changed))
    return TwoBundlesRow(label.label, group.grouping, group.group, counts, patients, present, areas[:2] + first,
                         areas[2:4] + second, areas[4:] + sensitivity + specificity, test, next(iter(changed), None))


def _area_formulas(label: TwoAnswers, used: NDArray[np.bool_]) -> tuple[Formula, ...]:
    """Both areas of the first bundle, of the second, and second less first."""
    present = label.reference[used] == Answer.PRESENT
    scores = [bundle.probabilities[used] for bundle in (label.first, label.second)]

    def formula(name: str, *terms: tuple[int, int]) -> Formula:
        area, source = _AREAS[name]
        return Formula(name, source, lambda weights: sum(
            (sign * area(weights, scores[place], present) for sign, place in terms), np.zeros(weights.shape[1])),
            Reason.ONE_ANSWER, needs_each_answer=True)

    return (*(formula(name, (1, place)) for place in (0, 1) for name in _AREAS),
            *(formula(name, (1, 1), (-1, 0)) for name in _AREAS))


def _difference(share: Formula) -> Formula:
    """A share of the second bundle less that of the first, of their tables side by side."""
    return Formula(share.name, f"{share.source}, second less first",
                   lambda sums: share.of(sums[_CELLS:]) - share.of(sums[:_CELLS]), Reason.NO_DENOMINATOR,
                   needs_each_answer=True)
