"""The answers of several raters on one label, and how each kind of answer counts.

Present and absent count everywhere. Uncertain is neither yes nor no: two-answer statistics leave it out, statistics on
the ordered scale take it as the middle between absent and present. Not assessable and missing are on neither scale.
What is left out is never silent: the counts of all five stand beside the figures.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from peace_desktop.review.statements import Presence

Codes = NDArray[np.int8]


class Answer(IntEnum):
    """One rater's answer as a number. Missing: this rater made no statement on the recording."""

    NOT_ASSESSABLE = -2
    MISSING = -1
    ABSENT = 0
    PRESENT = 1
    UNCERTAIN = 2


def code_of(presence: Presence | None) -> Answer:
    """The answer of a statement, missing for None."""
    return Answer.MISSING if presence is None else Answer[presence.name]


@dataclass(frozen=True)
class Scale:
    """The answers a statistic takes, in order."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def size(self) -> int:
        return len(self.answers)

    def places(self, answers: Codes) -> Codes:
        """Each answer's place on the scale from 0 on, -1 for what the scale leaves out; same shape."""
        found = np.full(answers.shape, -1, np.int8)
        for place, answer in enumerate(self.answers):
            found[answers == answer] = place
        return found


BINARY = Scale("binary", (Answer.ABSENT, Answer.PRESENT))
ORDINAL = Scale("ordinal", (Answer.ABSENT, Answer.UNCERTAIN, Answer.PRESENT))


@dataclass(frozen=True)
class Tally:
    """How often each answer was given; the five add up to the answers that were possible."""

    present: int
    absent: int
    uncertain: int
    not_assessable: int
    missing: int

    @classmethod
    def of(cls, answers: Codes) -> "Tally":
        """Counts over an array of any shape."""
        return cls(*(int(np.count_nonzero(answers == answer)) for answer in (
            Answer.PRESENT, Answer.ABSENT, Answer.UNCERTAIN, Answer.NOT_ASSESSABLE, Answer.MISSING)))


def checked_codes(field: str, answers: Codes, shape: tuple[int, ...]) -> None:
    """Raises ValueError naming the field when the shape is another one or a code is no Answer."""
    if answers.shape != shape:
        raise ValueError(f"{field} has the shape {answers.shape}; {shape} is needed")
    unknown = np.setdiff1d(answers, np.array(list(Answer)))
    if unknown.size:
        raise ValueError(f"{field} holds the code {unknown[0]}; the codes are those of Answer, {min(Answer)} to "
                         f"{max(Answer)}")


# eq=False: arrays do not compare to one truth value.
@dataclass(frozen=True, eq=False)
class AnswerTable:
    """What every rater answered on one label.

    recordings (R,): one id each, none twice. patients (R,) int: recordings of one patient carry one number; a recording
    without patient key has a number of its own. raters (K,): none twice. answers int8 (R, K): codes of Answer.
    Raises ValueError naming the field that does not fit.
    """

    recordings: tuple[str, ...]
    patients: NDArray[np.int64]
    raters: tuple[str, ...]
    answers: Codes

    def __post_init__(self) -> None:
        for field, names in (("recordings", self.recordings), ("raters", self.raters)):
            if len(set(names)) != len(names):
                raise ValueError(f"{field} names one of its entries twice; each stands once")
        if self.patients.shape != (len(self.recordings),):
            raise ValueError(f"patients has the shape {self.patients.shape}; one number for each of "
                             f"{len(self.recordings)} recordings is needed")
        checked_codes("answers", self.answers, (len(self.recordings), len(self.raters)))
