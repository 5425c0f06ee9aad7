"""From a blind draft to the reveal: what was said before the model was seen is kept for good."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from peace_desktop.review.errors import ReadingError
from peace_desktop.review.reading import Locked, Reading, ReadingState
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _, listed

Direction = Literal["toward", "away", "neither"]


def unanswered(reading: Reading | None, labels: Sequence[str]) -> tuple[str, ...]:
    """The labels asked for of which nothing has been said, in their order."""
    said = {statement.label for statement in reading.statements} if reading is not None else set()
    return tuple(label for label in labels if label not in said)


def lock(reading: Reading, labels: Sequence[str], *, at: datetime) -> Reading:
    """The blind reading with its answers kept for good. labels: what the study asks. at: aware.

    Raises ReadingError for anything but a blind draft, and when a label was not answered.
    """
    if reading.mode != "blind" or reading.state is not ReadingState.DRAFT:
        raise ReadingError(_("Only a blind draft is locked."))
    missing = unanswered(reading, labels)
    if missing:
        raise ReadingError(_("Not answered yet: {labels}. A label that cannot be judged is \"not assessable\".").format(
            labels=listed(missing)))
    kept = Locked(reading.statements, reading.comment, reading.confidence, at.astimezone(UTC))
    return replace(reading, state=ReadingState.LOCKED, locked=kept, revision=reading.revision + 1)


def reveal(reading: Reading, *, bundle_sha256: str | None) -> Reading:
    """The locked reading whose reader is now shown everything. bundle_sha256: of the model shown, None without one."""
    if reading.state is not ReadingState.LOCKED:
        raise ReadingError(_("Only a locked reading is revealed."))
    return replace(reading, state=ReadingState.REVEALED, bundle_sha256=bundle_sha256, revision=reading.revision + 1)


@dataclass(frozen=True)
class Change:
    """A change of mind on one label after the reveal; None for an answer that was not there.

    direction: toward or away from the model's decision; "neither" between answers that do not decide, or without one.
    """

    label: str
    before: Presence | None
    after: Presence | None
    model_positive: bool | None
    direction: Direction


def changes_of_mind(reading: Reading, decisions: dict[str, bool]) -> tuple[Change, ...]:
    """What a blind reader changed after the reveal, by label. decisions: label -> the model's decision."""
    if reading.locked is None:
        return ()
    before = {item.label: item.presence for item in reading.locked.statements}
    after = {item.label: item.presence for item in reading.statements}
    return tuple(
        Change(label, before.get(label), after.get(label), decisions.get(label),
               _direction(before.get(label), after.get(label), decisions.get(label)))
        for label in sorted(before.keys() | after.keys()) if before.get(label) != after.get(label))


def _direction(before: Presence | None, after: Presence | None, model_positive: bool | None) -> Direction:
    if model_positive is None:
        return "neither"
    models = Presence.PRESENT if model_positive else Presence.ABSENT
    if after is models:
        return "toward"
    return "away" if before is models else "neither"
