"""A study: which recordings are read by whom, in which order, for which labels, and what its readers may see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from peace_desktop.review.errors import StudyError
from peace_desktop.review.reading import Mode, Reading, ReadingState
from peace_desktop.texts import _


class Rule(StrEnum):
    """Which answers of several readers go to an adjudicator."""

    ANY = "any"
    """Whenever two of them differ."""
    MAJORITY = "majority"
    """Where no answer has more than half of the readers."""


@dataclass(frozen=True)
class Protocol:
    """What was agreed before the first recording was read; it never changes.

    labels: asked for, in the order they are shown. indication_shown: whether readers see why the ECG was taken.
    order_seed: what the assignment and every reader's order are made from. bundle_sha256: the model that is revealed,
    None for none. created_at: aware.
    Raises StudyError when a field is missing or contradicts another.
    """

    study_id: str
    name: str
    labels: tuple[str, ...]
    mode: Mode
    readers: tuple[str, ...]
    readers_per_recording: int
    order_seed: int
    adjudication_rule: Rule
    indication_shown: bool
    bundle_sha256: str | None
    created_by: str
    created_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "adjudication_rule", Rule(self.adjudication_rule))
        if not self.name.strip():
            raise StudyError(_("A study needs a name."))
        if not self.labels or len(set(self.labels)) != len(self.labels):
            raise StudyError(_("A study asks for at least one label, each once."))
        if not self.readers or len(set(self.readers)) != len(self.readers):
            raise StudyError(_("A study needs at least one reader, each named once."))
        if not 1 <= self.readers_per_recording <= len(self.readers):
            raise StudyError(_("Each recording can be read by 1 to {n} of this study's readers, not {given}.").format(
                n=len(self.readers), given=self.readers_per_recording))
        if self.mode not in ("open", "blind"):
            raise StudyError(_("A study is read open or blind."))
        if not self.created_by.strip() or self.created_at.utcoffset() is None:
            raise StudyError(_("A study keeps who made it and when, with the time zone."))


@dataclass(frozen=True)
class StudyRecording:
    """A recording of a study. indication: why the ECG was taken, "" when unknown; shown where the protocol says so."""

    recording_sha256: str
    indication: str = ""


@dataclass(frozen=True)
class Assignment:
    """One recording to be read by one reader; position: its place in that reader's order, from 1."""

    study_id: str
    recording_sha256: str
    reader: str
    position: int


def answers_are_in(protocol: Protocol, reading: Reading | None) -> bool:
    """Whether a reading's answers stand for this study: locked or beyond when blind, signed when open."""
    if reading is None:
        return False
    if protocol.mode == "blind":
        return reading.locked is not None or reading.amends is not None
    return reading.state in (ReadingState.FINAL, ReadingState.AMENDED)


@dataclass(frozen=True)
class Progress:
    """How far a reader is. begun: drafts; locked: answered and not signed; signed: done."""

    reader: str
    assigned: int
    begun: int
    locked: int
    signed: int

    @property
    def done(self) -> bool:
        return self.signed == self.assigned


def progress_of(reader: str, states: list[ReadingState | None]) -> Progress:
    """states: of the reader's readings of this study, None where nothing was begun."""
    return Progress(
        reader, len(states), sum(state is ReadingState.DRAFT for state in states),
        sum(state in (ReadingState.LOCKED, ReadingState.REVEALED) for state in states),
        sum(state in (ReadingState.FINAL, ReadingState.AMENDED) for state in states))
