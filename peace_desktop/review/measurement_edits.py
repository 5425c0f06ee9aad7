"""A reader's own boundaries on the median beat, beside the automatic ones.

An edit is never changed and never taken away: going back to the automatic boundaries is an edit of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from peace_desktop.review.circumstances import AUTOMATIC
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.reading import Reading, ReadingState
from peace_desktop.texts import _
from peace_model.ecg.boundaries import Boundaries

EDITED = "edited"
"""Code of the note beside a measurement that an edit changed; its values are reader, when and automatic."""


@dataclass(frozen=True)
class MeasurementEdit:
    """One edit. boundaries: None for "as measured automatically". automatic: what was measured at that time.

    reading_id: the draft it was made in. at: UTC. Raises ReadingError without a reader or a time zone.
    """

    edit_id: str
    recording_sha256: str
    reading_id: str
    reader: str
    at: datetime
    automatic: Boundaries
    boundaries: Boundaries | None

    def __post_init__(self) -> None:
        if not self.reader.strip():
            raise ReadingError(_("An edited measurement needs the reader's name."))
        if self.at.utcoffset() is None:
            raise ReadingError(_("The time of an edit needs its time zone."))


def edit_in(reading: Reading, boundaries: Boundaries | None, *, automatic: Boundaries, at: datetime,
            edit_id: str | None = None) -> MeasurementEdit:
    """A new edit in a draft. Raises ReadingError for a reading that is no draft."""
    if reading.state is not ReadingState.DRAFT:
        raise ReadingError(_("Measurements are edited in a draft; amend the reading to edit them again."))
    return MeasurementEdit(edit_id or uuid4().hex, reading.recording_sha256, reading.reading_id, reading.reader,
                           at.astimezone(UTC), automatic, boundaries)


def measured_with(edit: MeasurementEdit | None) -> str:
    """What circumstances say of the edit in force."""
    return edit.edit_id if edit is not None else AUTOMATIC


def edit_in_force(edits: Sequence[MeasurementEdit], *, reading: Reading | None, reader: str,
                  signed_with: Mapping[str, str]) -> MeasurementEdit | None:
    """The edit a reader sees, None for the automatic measurements. edits: of one recording.

    The reader's own newest edit, else the newest of any other reader who may be seen. A signed reading goes on showing
    what stood when it was signed, whatever an import brings later. signed_with: reading_id -> what its circumstances
    say of that; where they say nothing, no edit counts that was made after the signature.
    """
    if reading is not None and reading.reading_id in signed_with:
        return next((edit for edit in edits if edit.edit_id == signed_with[reading.reading_id]), None)
    signed_at = reading.signed_at if reading is not None else None
    standing = sorted((edit for edit in edits if signed_at is None or edit.at <= signed_at), key=lambda edit: edit.at)
    own = [edit for edit in standing if edit.reader == reader]
    seen = own or standing
    return seen[-1] if seen and seen[-1].boundaries is not None else None
