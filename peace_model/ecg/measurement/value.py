"""One measured number, or the reason why there is none."""

from dataclasses import dataclass
from typing import Literal

from peace_model.ecg.norms import LimitAnswer, Position
from peace_model.words import Sentence

Origin = Literal["detected", "derived", "reported", "edited", "unavailable"]


class Note(Sentence):
    """What a reader must know of a number."""


@dataclass(frozen=True)
class Measurement:
    """One quantity of the catalogue.

    value: None exactly when origin is "unavailable"; reason is "" exactly when there is a value. A quantity of words
    (rhythm regularity, T polarity) has a number of the catalogue's table as its value and unit "".
    limit: None for quantities without published limits; flag: against every cross-checked limit shown, else None.
    reference: limits of fewer transcriptions, for reading only: they never flag. None where there are none.
    confidence: 0 to 1, of the least certain boundary used; None where no boundary was used.
    """

    name: str
    value: float | None
    unit: str
    origin: Origin
    reason: str
    limit: LimitAnswer | None
    flag: Position | None
    lead: str | None = None
    reference: LimitAnswer | None = None
    confidence: float | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a measuring function found for one quantity, before limits: a value, or the reason for none."""

    value: float | None
    origin: Origin = "derived"
    reason: str = ""
    confidence: float | None = None
    notes: tuple[Note, ...] = ()


def missing(reason: str) -> Found:
    """No value, and why."""
    return Found(None, "unavailable", reason)
