"""Readings in the library: drafts saved on every change, locks, signatures, amendments."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from peace_desktop.library import reading_parts
from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import changes, reading_document, sha256_of
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.people import ensure_reader
from peace_desktop.library.reading_parts import Parts
from peace_desktop.library.recordings import require
from peace_desktop.library.tables import ReadingRow
from peace_desktop.review.map_ratings import MapRating, Rating
from peace_desktop.review.reading import SIGNED_STATES, Locked, Meaning, Reading, ReadingState, may_follow
from peace_desktop.review.statements import Presence, Statement
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _


def _reading(row: ReadingRow, parts: Parts) -> Reading:
    locked = None
    if row.locked_at is not None:
        locked = Locked(tuple(Statement(item.label, Presence(item.presence)) for item in parts.locked),
                        row.locked_comment or "", row.locked_confidence, row.locked_at)
    return Reading(
        row.reading_id, row.recording_sha256, row.reader, "blind" if row.mode == "blind" else "open",
        ReadingState(row.state),
        tuple(Statement(item.label, Presence(item.presence),
                        "agree" if item.via == "agree" else "disagree" if item.via == "disagree" else "direct",
                        item.bundle_sha256, item.model_positive) for item in parts.statements),
        row.comment, row.confidence, Meaning(row.meaning) if row.meaning is not None else None, row.signed_at,
        row.amends, row.amendment_reason, row.bundle_sha256, row.revision, row.study_id, locked,
        tuple(MapRating(item.label, item.method, Rating(item.rating), item.bundle_sha256) for item in parts.ratings),
        tuple(TimeNote(item.start_s, item.end_s, item.text, item.lead) for item in parts.notes))


def with_parts(session: Session, rows: Sequence[ReadingRow]) -> tuple[Reading, ...]:
    """The readings of these rows with everything that stands in tables of their own."""
    parts = reading_parts.of_readings(session, [row.reading_id for row in rows])
    return tuple(_reading(row, parts[row.reading_id]) for row in rows)


def get(session: Session, reading_id: str) -> Reading | None:
    """A reading by its id."""
    row = session.get(ReadingRow, reading_id)
    return None if row is None else with_parts(session, [row])[0]


def of_recording(session: Session, sha256: str) -> tuple[Reading, ...]:
    """All readings of a recording in the order they were started."""
    rows = session.scalars(select(ReadingRow).where(ReadingRow.recording_sha256 == sha256)
                           .order_by(ReadingRow.position)).all()
    return with_parts(session, rows)


def newest(session: Session, sha256: str, reader: str, study_id: str) -> Reading | None:
    """The reader's newest reading of a recording: an amendment in work before the reading it amends."""
    row = session.scalars(select(ReadingRow).where(ReadingRow.recording_sha256 == sha256, ReadingRow.reader == reader,
                                                   ReadingRow.study_id == study_id)
                          .order_by(ReadingRow.position.desc()).limit(1)).first()
    return None if row is None else with_parts(session, [row])[0]


def _check_amendment(session: Session, reading: Reading) -> None:
    if reading.amends is None:
        return
    amended = get(session, reading.amends)
    if amended is None or amended.state not in SIGNED_STATES:
        raise LibraryError(_("Only a reading that is signed in this library can be amended."))
    if (amended.recording_sha256, amended.reader, amended.study_id) != (
            reading.recording_sha256, reading.reader, reading.study_id):
        raise LibraryError(_("An amendment stays with the reader and the recording of the reading it amends."))
    rival = session.scalars(select(ReadingRow.reading_id).where(ReadingRow.amends == reading.amends)).first()
    if rival is not None:
        raise LibraryError(_("This reading already has an amendment; continue that one."))


def _check_new(session: Session, reading: Reading) -> None:
    require(session, reading.recording_sha256)
    _check_amendment(session, reading)
    if reading.amends is None and session.scalars(select(ReadingRow.reading_id).where(
            ReadingRow.recording_sha256 == reading.recording_sha256, ReadingRow.reader == reading.reader,
            ReadingRow.study_id == reading.study_id, ReadingRow.amends.is_(None))).first() is not None:
        raise LibraryError(_("This reader already has a reading of this recording; continue or amend that one."))


def _fixed(reading: Reading) -> tuple[str | None, ...]:
    return (reading.recording_sha256, reading.reader, reading.mode, reading.study_id, reading.amends,
            reading.amendment_reason)


def _check_next(before: Reading, after: Reading) -> None:
    if before.state in SIGNED_STATES:
        raise LibraryError(_("This reading is signed and does not change. Amend it to correct it."))
    if _fixed(before) != _fixed(after):
        raise LibraryError(_("A reading keeps its recording, its reader, its study and what it amends."))
    if before.locked is not None and before.locked != after.locked:
        raise LibraryError(_("Answers that were locked never change."))
    if not may_follow(before, after):
        raise LibraryError(_("A reading that is {before} does not become {after}.").format(
            before=_(before.state.value), after=_(after.state.value)))
    if after.revision <= before.revision:
        raise LibraryError(_("A newer state of this reading is already saved. Open the recording again to see it."))


def discard(session: Session, act: Act, reading_id: str) -> None:
    """Takes a draft out of the library: an amendment in work, or a first draft that says nothing.

    What it had said stays in the audit trail, answer by answer. Raises LibraryError for anything else.
    """
    draft = get(session, reading_id)
    if draft is None:
        raise LibraryError(_("This draft is not in the library; it may have been discarded already."))
    if draft.state is not ReadingState.DRAFT:
        raise LibraryError(_("Only a draft can be discarded; a signed reading stays and can be amended."))
    if draft.reader != act.actor:
        raise LibraryError(_("Only the reader who made a draft can discard it."))
    if draft.amends is None and (draft.statements or draft.comment.strip() or draft.confidence is not None):
        raise LibraryError(_("This draft says something. Take back its statements, comment and confidence first."))
    reading_parts.remove(session, reading_id)
    session.execute(delete(ReadingRow).where(ReadingRow.reading_id == reading_id))
    append(session, act, action="reading.discarded", subject=reading_id, payload={
        "recording_sha256": draft.recording_sha256, "amends": draft.amends, "revision": draft.revision,
        "discarded_sha256": sha256_of(reading_document(draft))})


def _columns(reading: Reading, act: Act) -> dict[str, object]:
    return {"comment": reading.comment, "confidence": reading.confidence, "bundle_sha256": reading.bundle_sha256,
            "revision": reading.revision, "saved_at": act.at}


def _locked_columns(reading: Reading) -> dict[str, object]:
    locked = reading.locked
    return {} if locked is None else {
        "locked_at": locked.at, "locked_comment": locked.comment, "locked_confidence": locked.confidence}


def store(session: Session, act: Act, reading: Reading, *, action: str) -> Reading:
    """Writes a reading as it now stands, with its audit entry; a reading that is stored like this writes nothing.

    Statements are written while the row is a draft and the state last: from then on triggers guard both.
    """
    before = get(session, reading.reading_id)
    if before == reading:
        return reading
    if before is None:
        _check_new(session, reading)
        ensure_reader(session, act, reading.reader)
        position = (session.scalar(select(func.max(ReadingRow.position))) or 0) + 1
        session.execute(insert(ReadingRow).values(
            reading_id=reading.reading_id, position=position, recording_sha256=reading.recording_sha256,
            reader=reading.reader, mode=reading.mode, state=ReadingState.DRAFT.value, amends=reading.amends,
            amendment_reason=reading.amendment_reason, study_id=reading.study_id, created_at=act.at,
            **_columns(reading, act)))
    else:
        _check_next(before, reading)
        session.execute(update(ReadingRow).where(ReadingRow.reading_id == reading.reading_id)
                        .values(**_columns(reading, act)))
    reading_parts.write(session, before, reading)
    if reading.state is not ReadingState.DRAFT:
        session.execute(update(ReadingRow).where(ReadingRow.reading_id == reading.reading_id).values(
            state=reading.state.value, meaning=reading.meaning.value if reading.meaning is not None else None,
            signed_at=reading.signed_at, **_locked_columns(reading)))
    payload = {"recording_sha256": reading.recording_sha256, "revision": reading.revision,
               "changed": changes(before, reading), "reading_sha256": sha256_of(reading_document(reading))}
    if reading.meaning is not None:
        payload["meaning"] = reading.meaning.value
    append(session, act, action=action, subject=reading.reading_id, payload=payload)
    return reading
