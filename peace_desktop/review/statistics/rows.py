"""One row of a study's statistics: a label in a subgroup, with everything that is compared there."""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from peace_desktop.review.statistics.answers import BINARY, ORDINAL, Answer, AnswerTable, Codes, Tally, checked_codes
from peace_desktop.review.statistics.intervals import Figure, Floor, Part, Resampling, figures_of
from peace_desktop.review.statistics.many_raters import together
from peace_desktop.review.statistics.mcnemar import (
    Directions,
    Outcome,
    PairedTest,
    changed_share,
    directions,
    paired_test,
)
from peace_desktop.review.statistics.model_figures import against
from peace_desktop.review.statistics.subgroups import Subgroup
from peace_desktop.review.statistics.two_raters import pair


# eq=False: arrays do not compare to one truth value.
@dataclass(frozen=True, eq=False)
class LabelAnswers:
    """All that is known of one label in a study.

    answers: what each reader said alone (in a blind study: as locked). final (R, K): what each signed after the reveal,
    None without a reveal. decisions (R,): the model's, 1, 0 or missing; None without a model. reference (R,): the
    adjudicated answers, None without adjudication. Raises ValueError naming the field that does not fit.
    """

    label: str
    answers: AnswerTable
    final: Codes | None = None
    decisions: Codes | None = None
    reference: Codes | None = None

    def __post_init__(self) -> None:
        recordings, raters = self.answers.answers.shape
        for field, codes, shape in (("final", self.final, (recordings, raters)),
                                    ("decisions", self.decisions, (recordings,)),
                                    ("reference", self.reference, (recordings,))):
            if codes is not None:
                checked_codes(f"{self.label}: {field}", codes, shape)
        if self.decisions is not None and np.isin(self.decisions, (Answer.UNCERTAIN, Answer.NOT_ASSESSABLE)).any():
            raise ValueError(f"{self.label}: decisions are present, absent or missing; a model is never uncertain")

    def arranged(self, recordings: NDArray[np.int64], raters: NDArray[np.int64]) -> "LabelAnswers":
        """These recordings and raters, by place, in this order.

        Patients are numbered as they first appear, so that draws depend on the recordings and not on earlier numbers.
        """
        table = self.answers
        _, first, patient = np.unique(table.patients[recordings], return_index=True, return_inverse=True)
        chosen = AnswerTable(tuple(table.recordings[row] for row in recordings), np.argsort(np.argsort(first))[patient],
                             tuple(table.raters[column] for column in raters),
                             table.answers[np.ix_(recordings, raters)])
        return replace(self, answers=chosen,
                       final=None if self.final is None else self.final[np.ix_(recordings, raters)],
                       decisions=None if self.decisions is None else self.decisions[recordings],
                       reference=None if self.reference is None else self.reference[recordings])


class Kind(StrEnum):
    """What is held against what."""

    READERS = "readers"
    PAIR = "pair"
    MODEL_READER = "model_reader"
    MODEL_REFERENCE = "model_reference"


@dataclass(frozen=True)
class Given:
    """How often each answer was given in the row. by: "reader" with a name, "final", "model" or "reference"."""

    by: str
    name: str
    tally: Tally


@dataclass(frozen=True)
class Comparison:
    """Figures of some raters on one scale.

    readers: their names; two for a pair, in which the first is the row of the table. recordings, patients: those
    compared. too_small: fewer recordings than the floor, so no figures.
    """

    kind: Kind
    readers: tuple[str, ...]
    scale: str
    recordings: int
    patients: int
    too_small: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class OutcomeChange:
    """McNemar's test of an outcome, and the change as a share of what was compared; None below the floor."""

    test: PairedTest
    change: Figure | None


@dataclass(frozen=True)
class ChangeOfMind:
    """One reader's changes after the reveal, or all readers' together: reader "" and answers instead of recordings."""

    reader: str
    directions: Directions
    outcomes: tuple[OutcomeChange, ...]


@dataclass(frozen=True)
class Row:
    """A label in a subgroup. recordings, patients: all of the subgroup, answered or not."""

    label: str
    grouping: str
    group: str
    recordings: int
    patients: int
    given: tuple[Given, ...]
    comparisons: tuple[Comparison, ...]
    changes: tuple[ChangeOfMind, ...]


def row_of(label: LabelAnswers, subgroup: Subgroup, resampling: Resampling, floor: Floor) -> Row:
    """Everything that can be said of a label in a subgroup; all of it is judged on the same draws of patients."""
    chosen = label.arranged(np.flatnonzero(subgroup.rows), np.arange(len(label.answers.raters)))
    patients = chosen.answers.patients
    planned = _comparisons(chosen)
    changed = _changes(chosen)
    parts = [part for *_, part in planned] + [part for _, _, outcomes in changed for part in outcomes.values()]
    figures = iter(figures_of(parts, patients, resampling, floor))

    comparisons = []
    for kind, readers, scale, part in planned:
        shown = next(figures)
        comparisons.append(Comparison(kind, readers, scale, int(np.count_nonzero(part.used)), _patients(part, patients),
                                      not shown, shown))
    changes = []
    for reader, counts, outcomes in changed:
        found = []
        for outcome, part in outcomes.items():
            change = next(iter(next(figures)), None)
            test = paired_test(outcome, part, patients=_patients(part, patients), independent=reader != "",
                               enough=change is not None)
            found.append(OutcomeChange(test, change))
        changes.append(ChangeOfMind(reader, counts, tuple(found)))
    return Row(label.label, subgroup.grouping, subgroup.group, len(patients), len(np.unique(patients)), _given(chosen),
               tuple(comparisons), tuple(changes))


def _patients(part: Part, patients: NDArray[np.int64]) -> int:
    """Patients whose recordings are compared."""
    return len(np.unique(patients[part.used]))


def _given(label: LabelAnswers) -> tuple[Given, ...]:
    readers = list(enumerate(label.answers.raters))
    given = [Given("reader", name, Tally.of(label.answers.answers[:, column])) for column, name in readers]
    if label.final is not None:
        given += [Given("final", name, Tally.of(label.final[:, column])) for column, name in readers]
    others = (("model", label.decisions), ("reference", label.reference))
    return tuple(given + [Given(by, "", Tally.of(codes)) for by, codes in others if codes is not None])


def _comparisons(label: LabelAnswers) -> list[tuple[Kind, tuple[str, ...], str, Part]]:
    """What is compared, in order: all readers, each pair, the model with each reader and with the reference."""
    raters, answers = label.answers.raters, label.answers.answers
    found: list[tuple[Kind, tuple[str, ...], str, Part]] = []
    for scale in (BINARY, ORDINAL):
        if len(raters) > 1:
            found.append((Kind.READERS, raters, scale.name, together(answers, scale)))
        found += [(Kind.PAIR, (raters[first], raters[second]), scale.name,
                   pair(answers[:, first], answers[:, second], scale))
                  for first, second in combinations(range(len(raters)), 2)]
    if label.decisions is not None:
        found += [(Kind.MODEL_READER, (reader,), BINARY.name, against(answers[:, column], label.decisions))
                  for column, reader in enumerate(raters)]
        if label.reference is not None:
            found.append((Kind.MODEL_REFERENCE, (), BINARY.name, against(label.reference, label.decisions)))
    return found


def _changes(label: LabelAnswers) -> list[tuple[str, Directions, dict[Outcome, Part]]]:
    """Each reader's changes, then all readers' together; nothing without final answers."""
    if label.final is None:
        return []
    standards = {Outcome.PRESENT: None, Outcome.AGREES_WITH_MODEL: label.decisions,
                 Outcome.AGREES_WITH_REFERENCE: label.reference}
    known = {outcome: standard for outcome, standard in standards.items()
             if outcome is Outcome.PRESENT or standard is not None}
    columns = [(name, [column]) for column, name in enumerate(label.answers.raters)]
    found = []
    for reader, chosen in [*columns, ("", list(range(len(columns))))]:
        locked, final = label.answers.answers[:, chosen], label.final[:, chosen]
        decisions = None if label.decisions is None else np.repeat(label.decisions[:, None], len(chosen), axis=1)
        outcomes = {outcome: changed_share(outcome, locked, final, standard) for outcome, standard in known.items()}
        found.append((reader, directions(locked, final, decisions), outcomes))
    return found
