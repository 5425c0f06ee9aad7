"""Readers' edits of the median beat's boundaries in the library: kept for good beside what was measured."""

from collections.abc import Mapping

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from peace_desktop.library import circumstances
from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import sha256_of, utc_text
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.people import ensure_reader
from peace_desktop.library.readings import get as get_reading
from peace_desktop.library.readings import of_recording as readings_of
from peace_desktop.library.recordings import require
from peace_desktop.library.tables import AuditRow, MeasurementEditRow
from peace_desktop.review.measurement_edits import MeasurementEdit, edit_in_force, measured_with
from peace_desktop.review.reading import SIGNED_STATES, ReadingState
from peace_desktop.texts import _
from peace_model.ecg.boundaries import BOUNDARIES, Boundaries, from_document

_KEPT_BY, _SIGNED_BY = ("measurement.edited", "measurement.imported"), ("reading.signed", "reading.amended")


def edit_document(edit: MeasurementEdit) -> dict[str, object]:
    """Everything an edit holds, as JSON values."""
    return {
        "edit_id": edit.edit_id, "recording_sha256": edit.recording_sha256, "reading_id": edit.reading_id,
        "reader": edit.reader, "at": utc_text(edit.at), "automatic": edit.automatic.document(),
        "boundaries": edit.boundaries.document() if edit.boundaries is not None else None,
    }


def _edit(row: MeasurementEditRow) -> MeasurementEdit:
    def boundaries(prefix: str) -> Boundaries:
        return from_document({name: getattr(row, f"{prefix}{name}_ms") for name in BOUNDARIES})

    return MeasurementEdit(row.edit_id, row.recording_sha256, row.reading_id, row.reader, row.at,
                           boundaries("automatic_"), boundaries("") if row.qrs_on_ms is not None else None)


def get(session: Session, edit_id: str) -> MeasurementEdit | None:
    """An edit by its id. Raises ValueError or ReadingError when what is stored is no possible edit."""
    row = session.get(MeasurementEditRow, edit_id)
    return None if row is None else _edit(row)


def of_recording(session: Session, sha256: str) -> tuple[MeasurementEdit, ...]:
    """All edits of a recording in the order they came into this library."""
    rows = session.scalars(select(MeasurementEditRow).where(MeasurementEditRow.recording_sha256 == sha256)
                           .order_by(MeasurementEditRow.position))
    return tuple(_edit(row) for row in rows)


def signed_with(session: Session, sha256: str) -> dict[str, str]:
    """Signed reading of a recording -> what it was measured with when it was signed, as far as that is known.

    Its circumstances say so. For one that an earlier version signed here it is what this library knew by then.
    """
    said, edits = circumstances.signed_with(session, sha256), of_recording(session, sha256)
    unsaid = [reading for reading in readings_of(session, sha256)
              if reading.state in SIGNED_STATES and reading.reading_id not in said]
    if not edits or not unsaid:
        return said
    subjects = (*(edit.edit_id for edit in edits), *(reading.reading_id for reading in unsaid))
    came = {row.subject: row.sequence for row in session.scalars(select(AuditRow).where(
        AuditRow.subject.in_(subjects), AuditRow.action.in_((*_KEPT_BY, *_SIGNED_BY))))}
    for reading in unsaid:
        if (signed := came.get(reading.reading_id)) is not None:
            known = [edit for edit in edits if came.get(edit.edit_id, signed) < signed]
            said[reading.reading_id] = measured_with(
                edit_in_force(known, reading=reading, reader=reading.reader, signed_with={}))
    return said


def _columns(boundaries: Boundaries | None, prefix: str = "") -> Mapping[str, float | None]:
    return {f"{prefix}{name}_ms": boundaries.at(name) if boundaries is not None else None for name in BOUNDARIES}


def _check_reading(session: Session, edit: MeasurementEdit) -> None:
    reading = get_reading(session, edit.reading_id)
    if reading is None or reading.state is not ReadingState.DRAFT:
        raise LibraryError(_("Measurements are edited in a draft; amend the reading to edit them again."))
    if (reading.recording_sha256, reading.reader) != (edit.recording_sha256, edit.reader):
        raise LibraryError(_("Measurements are edited by the reader of the draft, in that draft's recording."))


def store(session: Session, act: Act, edit: MeasurementEdit, *, action: str = "measurement.edited") -> None:
    """Adds an edit with its audit entry; one that is there already, equal, writes nothing.

    A new edit belongs to a draft of its reader; one that comes from another library was checked there.
    """
    known = get(session, edit.edit_id)
    if known == edit:
        return
    if known is not None:
        raise LibraryError(_("An edited measurement is kept as it was; make a new edit instead."))
    require(session, edit.recording_sha256)
    if action == "measurement.edited":
        _check_reading(session, edit)
    ensure_reader(session, act, edit.reader)
    position = (session.scalar(select(func.max(MeasurementEditRow.position))) or 0) + 1
    session.execute(insert(MeasurementEditRow).values(
        edit_id=edit.edit_id, position=position, recording_sha256=edit.recording_sha256, reading_id=edit.reading_id,
        reader=edit.reader, at=edit.at, **_columns(edit.automatic, "automatic_"), **_columns(edit.boundaries)))
    append(session, act, action=action, subject=edit.edit_id, payload={
        "recording_sha256": edit.recording_sha256, "reading_id": edit.reading_id,
        "automatic": edit.boundaries is None, "edit_sha256": sha256_of(edit_document(edit))})
