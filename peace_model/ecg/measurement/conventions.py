"""Limits from statements and conventions that rules use beside the table of percentiles (resources/norms)."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from peace_model.ecg.age import Age
from peace_model.ecg.norms import Position, arc_position, possible_days
from peace_model.ecg.recording import Sex
from peace_model.resources import resource

Kind = Literal["published limit", "two transcriptions", "statement", "convention"]
"""How firm a rule's limit is: percentiles of the table that may flag; percentiles on which two transcriptions agree;
a criterion of a scientific statement or paper; a figure in common use."""


@dataclass(frozen=True)
class Criterion:
    """One limit of a rule. low, high: a value is remarkable under low or over high; None where that side is open.

    inclusive: the figure itself is remarkable already. age_min_days, age_max_days: [min, max); None is open.
    sex: None holds for both.
    """

    code: str
    unit: str
    low: float | None
    high: float | None
    inclusive: bool
    age_min_days: int
    age_max_days: int | None
    sex: Sex | None
    kind: Kind
    citation: str

    def position(self, value: float) -> Position:
        """Where a value stands; an angle is judged on its arc."""
        if self.unit == "deg" and self.low is not None and self.high is not None:
            return arc_position(value, self.low, self.high)
        if self.high is not None and (value > self.high or (self.inclusive and value == self.high)):
            return "above"
        if self.low is not None and (value < self.low or (self.inclusive and value == self.low)):
            return "below"
        return "inside"


@dataclass(frozen=True)
class Conventions:
    """All criteria in the file's order, with its version and the SHA-256 of its text (line ends as \\n)."""

    version: str
    sha256: str
    rows: tuple[Criterion, ...]


@lru_cache(maxsize=1)
def load_conventions() -> Conventions:
    """The criteria of this installation."""
    text = resource("norms", "conventions.json").read_bytes().replace(b"\r\n", b"\n")
    about = json.loads(text)
    return Conventions(about["version"], hashlib.sha256(text).hexdigest(),
                       tuple(Criterion(**entry) for entry in about["conventions"]))


def criteria(code: str, *, age: Age | None, sex: Sex | None) -> tuple[Criterion, ...]:
    """The limits of a rule that can hold for a person: several where a coarse age or an unknown sex leaves it open.

    With an unknown age those that hold at every age, else none.
    """
    rows = [row for row in load_conventions().rows if row.code == code and (sex is None or row.sex in (None, sex))]
    if age is None:
        return tuple(row for row in rows if row.age_min_days == 0 and row.age_max_days is None)
    first_day, last_day = possible_days(age)
    return tuple(row for row in rows if row.age_min_days <= last_day
                 and (row.age_max_days is None or first_day < row.age_max_days))
