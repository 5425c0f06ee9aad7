"""One reader's work on one recording, and the states it may go through.

Open reading: draft -> final -> amended. Blind reading: assigned -> draft -> locked -> revealed -> final -> amended.
A reading is a value: every change makes a new one with the next revision. A final reading has no next value; what is
wrong in it is corrected by an amendment, a new draft that names the reading it amends and why. Once that amendment is
signed the earlier reading is *shown* as amended (`shown_state`); the stored reading itself stays as it was signed.
Signing records name, time and meaning, after the manner of 21 CFR 11.50 (an attestation, not a legal signature).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal
from uuid import uuid4

from peace_desktop.review.errors import ReadingError
from peace_desktop.review.map_ratings import MapRating
from peace_desktop.review.statements import Statement
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _

Mode = Literal["open", "blind"]


class ReadingState(StrEnum):
    ASSIGNED = "assigned"
    DRAFT = "draft"
    LOCKED = "locked"
    REVEALED = "revealed"
    FINAL = "final"
    AMENDED = "amended"


class Meaning(StrEnum):
    """What a signature attests."""

    READ = "read"
    AMENDED = "amended"


NEXT_STATE: Mapping[Mode, Mapping[ReadingState, ReadingState]] = {
    "open": {
        ReadingState.DRAFT: ReadingState.FINAL,
        ReadingState.FINAL: ReadingState.AMENDED,
    },
    "blind": {
        ReadingState.ASSIGNED: ReadingState.DRAFT,
        ReadingState.DRAFT: ReadingState.LOCKED,
        ReadingState.LOCKED: ReadingState.REVEALED,
        ReadingState.REVEALED: ReadingState.FINAL,
        ReadingState.FINAL: ReadingState.AMENDED,
    },
}
"""The one state that may follow each state; a state that is missing is the last."""

SIGNED_STATES = frozenset({ReadingState.FINAL, ReadingState.AMENDED})
WRITABLE_STATES = frozenset({ReadingState.DRAFT, ReadingState.REVEALED})
"""A draft, and a blind reading whose reader has seen the model and may change their mind."""


@dataclass(frozen=True)
class Locked:
    """What a blind reader had said when the reading was locked. at: UTC. It never changes.

    Raises ReadingError for a time without a zone or an answer that names a model: none had been seen.
    """

    statements: tuple[Statement, ...]
    comment: str
    confidence: int | None
    at: datetime

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ReadingError(_("The time a reading was locked needs its time zone."))
        _refuse_answers_to_a_model(self.statements)

    def statement(self, label: str) -> Statement | None:
        """What had been said of a label, None when nothing."""
        return next((statement for statement in self.statements if statement.label == label), None)


@dataclass(frozen=True)
class Reading:
    """One reader's statements on one recording.

    statements: at most one a label. confidence: 1 (low) to 5 (high), None when not given.
    meaning, signed_at (UTC): set exactly when the reading is signed. amends: reading_id of the reading this one amends.
    bundle_sha256: the bundle shown while reading, None when there was none. revision: 1 at first, +1 with each change.
    study_id: the study it was read for, "" for none. locked: the answers of a blind reading from its lock on.
    map_ratings: at most one a label and method; only of maps that could be seen. notes: remarks on stretches of time.
    Raises ReadingError when the fields contradict each other.
    """

    reading_id: str
    recording_sha256: str
    reader: str
    mode: Mode = "open"
    state: ReadingState = ReadingState.DRAFT
    statements: tuple[Statement, ...] = ()
    comment: str = ""
    confidence: int | None = None
    meaning: Meaning | None = None
    signed_at: datetime | None = None
    amends: str | None = None
    amendment_reason: str = ""
    bundle_sha256: str | None = None
    revision: int = 1
    study_id: str = ""
    locked: Locked | None = None
    map_ratings: tuple[MapRating, ...] = ()
    notes: tuple[TimeNote, ...] = ()

    def __post_init__(self) -> None:
        if not self.reader.strip():
            raise ReadingError(_("A reading needs the reader's name."))
        if self.confidence is not None and self.confidence not in range(1, 6):
            raise ReadingError(_("Confidence is {confidence}; it goes from 1 to 5.").format(confidence=self.confidence))
        labels = [statement.label for statement in self.statements]
        if len(set(labels)) != len(labels):
            raise ReadingError(_("A reading holds one statement for each label, not two."))
        if (self.amends is None) != (not self.amendment_reason.strip()):
            raise ReadingError(_("An amendment needs a reason."))
        if (self.state in SIGNED_STATES) != (self.meaning is not None and self.signed_at is not None):
            raise ReadingError(_("A final reading carries the meaning and the time of its signature, a draft neither."))
        if self.signed_at is not None and self.signed_at.utcoffset() is None:
            raise ReadingError(_("The time of a signature needs its time zone."))
        if len({(rating.label, rating.method) for rating in self.map_ratings}) != len(self.map_ratings):
            raise ReadingError(_("A reading rates each map once, not twice."))
        self._check_blindness()

    def _check_blindness(self) -> None:
        if self.mode == "open":
            if self.locked is not None:
                raise ReadingError(_("Only a blind reading is locked."))
            return
        if not self.study_id:
            raise ReadingError(_("A blind reading belongs to a study."))
        if (self.state in (ReadingState.ASSIGNED, ReadingState.DRAFT)) != (self.locked is None):
            raise ReadingError(_("A blind reading keeps its answers from its lock on, and only from then."))
        if self.blind and self.map_ratings:
            raise ReadingError(_("A blind reader has seen no map to rate."))
        if self.blind:
            _refuse_answers_to_a_model(self.statements)

    @property
    def blind(self) -> bool:
        """Whether nothing of the model may be shown to this reader yet."""
        return self.mode == "blind" and self.state in (ReadingState.ASSIGNED, ReadingState.DRAFT, ReadingState.LOCKED)

    def statement(self, label: str) -> Statement | None:
        """What the reader said of a label, None when nothing."""
        return next((statement for statement in self.statements if statement.label == label), None)


def _refuse_answers_to_a_model(statements: Iterable[Statement]) -> None:
    if any(statement.bundle_sha256 is not None for statement in statements):
        raise ReadingError(_("A blind reader has seen no model to answer."))


def new_draft(recording_sha256: str, reader: str, *, mode: Mode = "open", study_id: str = "",
              bundle_sha256: str | None = None, reading_id: str | None = None) -> Reading:
    """An empty reading. Raises ReadingError when the reader has no name."""
    return Reading(reading_id or uuid4().hex, recording_sha256, reader.strip(), mode=mode, study_id=study_id,
                   bundle_sha256=bundle_sha256)


def _writable(reading: Reading) -> Reading:
    """The reading, if it may still be written in."""
    if reading.state in WRITABLE_STATES:
        return reading
    if reading.state in SIGNED_STATES:
        raise ReadingError(_("This reading is final and does not change; amend it to correct it."))
    raise ReadingError(_("This reading is {state}; only a draft can be changed.").format(state=_(reading.state.value)))


def _next(reading: Reading) -> int:
    return reading.revision + 1


def with_statement(reading: Reading, statement: Statement) -> Reading:
    """The draft with this statement in place of any earlier one on the same label."""
    others = without_statement(reading, statement.label).statements
    return replace(reading, statements=(*others, statement), revision=_next(reading))


def without_statement(reading: Reading, label: str) -> Reading:
    """The draft with nothing said of a label."""
    kept = tuple(statement for statement in _writable(reading).statements if statement.label != label)
    return replace(reading, statements=kept, revision=_next(reading))


def with_comment(reading: Reading, comment: str) -> Reading:
    """The draft with this comment."""
    return replace(_writable(reading), comment=comment, revision=_next(reading))


def with_confidence(reading: Reading, confidence: int | None) -> Reading:
    """The draft with the reader's confidence, 1 to 5, or None to take it back."""
    return replace(_writable(reading), confidence=confidence, revision=_next(reading))


def with_map_rating(reading: Reading, rating: MapRating) -> Reading:
    """The draft with this rating in place of any earlier one of the same label's map by the same method."""
    kept = (item for item in _writable(reading).map_ratings
            if (item.label, item.method) != (rating.label, rating.method))
    return replace(reading, map_ratings=(*kept, rating), revision=_next(reading))


def with_notes(reading: Reading, notes: Iterable[TimeNote]) -> Reading:
    """The draft with these notes on stretches of time, in the order of time."""
    ordered = sorted(notes, key=lambda note: (note.start_s, note.end_s, note.lead, note.text))
    return replace(_writable(reading), notes=tuple(ordered), revision=_next(reading))


def with_answers_of(reading: Reading, other: Reading) -> Reading:
    """The draft with everything another value of it says: how a step is undone or done again."""
    return replace(_writable(reading), statements=other.statements, comment=other.comment, confidence=other.confidence,
                   map_ratings=other.map_ratings, notes=other.notes, revision=_next(reading))


def sign(reading: Reading, *, reader: str, meaning: Meaning | str, at: datetime) -> Reading:
    """The final reading.

    at: time of signing with its zone, stored as UTC. meaning: "read", or "amended" exactly for an amendment.
    Raises ReadingError when another reader signs, when nothing has been said, or when the state does not lead to final.
    """
    if reading.state in SIGNED_STATES:
        raise ReadingError(_("This reading is already signed."))
    if NEXT_STATE[reading.mode].get(reading.state) is not ReadingState.FINAL:
        raise ReadingError(_("A reading that is {state} cannot be signed yet.").format(state=_(reading.state.value)))
    if not reader.strip():
        raise ReadingError(_("Signing needs the reader's name."))
    if reader.strip() != reading.reader:
        raise ReadingError(_("Only the reader who made this reading can sign it."))
    if at.utcoffset() is None:
        raise ReadingError(_("The time of a signature needs its time zone."))
    expected = Meaning.READ if reading.amends is None else Meaning.AMENDED
    if meaning not in (expected, expected.value):
        raise ReadingError(_("This reading is signed with the meaning \"{expected}\", not \"{given}\".").format(
            expected=_(expected.value), given=_(str(meaning))))
    if not reading.statements and not reading.comment.strip():
        raise ReadingError(_("Nothing has been said yet: make a statement or write a comment before signing."))
    return replace(reading, state=ReadingState.FINAL, meaning=expected, signed_at=at.astimezone(UTC),
                   revision=_next(reading))


def amend(reading: Reading, *, reason: str, bundle_sha256: str | None = None, reading_id: str | None = None) -> Reading:
    """A new draft by the same reader that starts from a final reading and names it. The final reading is untouched.

    It is an open reading also where the amended one was blind: its reader has seen the model.

    bundle_sha256: the bundle shown now; the earlier one when None. Raises ReadingError without a reason or when the
    reading is not final.
    """
    if reading.state not in SIGNED_STATES:
        raise ReadingError(_("Only a final reading can be amended; change the draft instead."))
    if not reason.strip():
        raise ReadingError(_("An amendment needs a reason."))
    return Reading(reading_id or uuid4().hex, reading.recording_sha256, reading.reader,
                   statements=reading.statements, comment=reading.comment, confidence=reading.confidence,
                   amends=reading.reading_id, amendment_reason=reason.strip(),
                   bundle_sha256=bundle_sha256 or reading.bundle_sha256, study_id=reading.study_id,
                   map_ratings=reading.map_ratings, notes=reading.notes)


def may_follow(before: Reading, after: Reading) -> bool:
    """Whether a reading that stands like `before` may be stored like `after`: in its state, or in a later one."""
    state = before.state
    while state is not after.state:
        following = NEXT_STATE[before.mode].get(state)
        if following is None:
            return False
        state = following
    return True


def shown_state(reading: Reading, all_readings: Iterable[Reading]) -> ReadingState:
    """The state a reader sees: amended for a final reading that a signed amendment among all_readings replaces."""
    superseded = any(other.amends == reading.reading_id and other.state in SIGNED_STATES for other in all_readings)
    return ReadingState.AMENDED if superseded and reading.state is ReadingState.FINAL else reading.state
