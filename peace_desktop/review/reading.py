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

from peace_desktop.review.statements import Statement
from peace_desktop.texts import _

Mode = Literal["open", "blind"]


class ReadingError(Exception):
    """Something a reading does not allow, said in one plain sentence."""


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


@dataclass(frozen=True)
class Reading:
    """One reader's statements on one recording.

    statements: at most one a label. confidence: 1 (low) to 5 (high), None when not given.
    meaning, signed_at (UTC): set exactly when the reading is signed. amends: reading_id of the reading this one amends.
    bundle_sha256: the bundle shown while reading, None when there was none. revision: 1 at first, +1 with each change.
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

    def statement(self, label: str) -> Statement | None:
        """What the reader said of a label, None when nothing."""
        return next((statement for statement in self.statements if statement.label == label), None)


def new_draft(recording_sha256: str, reader: str, *, bundle_sha256: str | None = None,
              reading_id: str | None = None) -> Reading:
    """An empty open reading. Raises ReadingError when the reader has no name."""
    return Reading(reading_id or uuid4().hex, recording_sha256, reader.strip(), bundle_sha256=bundle_sha256)


def _draft(reading: Reading) -> Reading:
    """The reading, if it may still be written in."""
    if reading.state is ReadingState.DRAFT:
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
    kept = tuple(statement for statement in _draft(reading).statements if statement.label != label)
    return replace(reading, statements=kept, revision=_next(reading))


def with_comment(reading: Reading, comment: str) -> Reading:
    """The draft with this comment."""
    return replace(_draft(reading), comment=comment, revision=_next(reading))


def with_confidence(reading: Reading, confidence: int | None) -> Reading:
    """The draft with the reader's confidence, 1 to 5, or None to take it back."""
    return replace(_draft(reading), confidence=confidence, revision=_next(reading))


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
                   bundle_sha256=bundle_sha256 or reading.bundle_sha256)


def shown_state(reading: Reading, all_readings: Iterable[Reading]) -> ReadingState:
    """The state a reader sees: amended for a final reading that a signed amendment among all_readings replaces."""
    superseded = any(other.amends == reading.reading_id and other.state in SIGNED_STATES for other in all_readings)
    return ReadingState.AMENDED if superseded and reading.state is ReadingState.FINAL else reading.state
