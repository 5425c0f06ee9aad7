"""Readings in the library: drafts saved on every change, signatures, amendments."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import changes, reading_document, sha256_of
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.people import ensure_reader
from peace_desktop.library.recordings import require
from peace_desktop.library.tables import ReadingRow, StatementRow
from peace_desktop.review.reading import SIGNED_STATES, Meaning, Reading, ReadingState
from peace_desktop.review.statements import Presence, Statement
from peace_desktop.texts import _


def _reading(row: ReadingRow, statements: Sequence[StatementRow]) -> Reading:
    return Reading(
        row.reading_id, row.recording_sha256, row.reader, "blind" if row.mode == "blind" else "open",
        ReadingState(row.state),
        tuple(Statement(item.label, Presence(item.presence),
                        "agree" if item.via == "agree" else "disagree" if item.via == "disagree" else "direct",
                        item.bundle_sha256, item.model_positive) for item in statements),
        row.comment, row.confidence, Meaning(row.meaning) if row.meaning is not None else None, row.signed_at,
        row.amends, row.amendment_reason, row.bundle_sha256, row.revision)


def _with_statements(session: Session, rows: Sequence[ReadingRow]) -> tuple[Reading, ...]:
    by_reading: dict[str, list[StatementRow]] = {row.reading_id: [] for row in rows}
    found = session.scalars(select(StatementRow).where(StatementRow.reading_id.in_(by_reading))
                            .order_by(StatementRow.reading_id, StatementRow.position))
    for item in found:
        by_reading[item.reading_id].append(item)
    return tuple(_reading(row, by_reading[row.reading_id]) for row in rows)


def get(session: Session, reading_id: str) -> Reading | None:
    """A reading by its id."""
    row = session.get(ReadingRow, reading_id)
    return None if row is None else _with_statements(session, [row])[0]


def of_recording(session: Session, sha256: str) -> tuple[Reading, ...]:
    """All readings of a recording in the order they were started."""
    rows = session.scalars(select(ReadingRow).where(ReadingRow.recording_sha256 == sha256)
                           .order_by(ReadingRow.position)).all()
    return _with_statements(session, rows)


def newest(session: Session, sha256: str, reader: str) -> Reading | None:
    """The reader's newest reading of a recording: an amendment in work before the reading it amends."""
    row = session.scalars(select(ReadingRow).where(ReadingRow.recording_sha256 == sha256, ReadingRow.reader == reader)
                          .order_by(ReadingRow.position.desc()).limit(1)).first()
    return None if row is None else _with_statements(session, [row])[0]


def _check_amendment(session: Session, reading: Reading) -> None:
    if reading.amends is None:
        return
    amended = get(session, reading.amends)
    if amended is None or amended.state not in SIGNED_STATES:
        raise LibraryError(_("Only a reading that is signed in this library can be amended."))
    if (amended.recording_sha256, amended.reader) != (reading.recording_sha256, reading.reader):
        raise LibraryError(_("An amendment stays with the reader and the recording of the reading it amends."))
    rival = session.scalars(select(ReadingRow.reading_id).where(ReadingRow.amends == reading.amends)).first()
    if rival is not None:
        raise LibraryError(_("This reading already has an amendment; continue that one."))


def _check_new(session: Session, reading: Reading) -> None:
    require(session, reading.recording_sha256)
    _check_amendment(session, reading)
    if reading.amends is None and session.scalars(select(ReadingRow.reading_id).where(
            ReadingRow.recording_sha256 == reading.recording_sha256, ReadingRow.reader == reading.reader,
            ReadingRow.amends.is_(None))).first() is not None:
        raise LibraryError(_("This reader already has a reading of this recording; continue or amend that one."))


def _check_next(before: Reading, after: Reading) -> None:
    if before.state in SIGNED_STATES:
        raise LibraryError(_("This reading is signed and does not change. Amend it to correct it."))
    fixed = (before.recording_sha256, before.reader, before.mode, before.amends, before.amendment_reason)
    if fixed != (after.recording_sha256, after.reader, after.mode, after.amends, after.amendment_reason):
        raise LibraryError(_("A reading keeps its recording, its reader and what it amends."))
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
    session.execute(delete(StatementRow).where(StatementRow.reading_id == reading_id))
    session.execute(delete(ReadingRow).where(ReadingRow.reading_id == reading_id))
    append(session, act, action="reading.discarded", subject=reading_id, payload={
        "recording_sha256": draft.recording_sha256, "amends": draft.amends, "revision": draft.revision,
        "discarded_sha256": sha256_of(reading_document(draft))})


def _columns(reading: Reading, act: Act) -> dict[str, object]:
    return {"comment": reading.comment, "confidence": reading.confidence, "bundle_sha256": reading.bundle_sha256,
            "revision": reading.revision, "saved_at": act.at}


def _write_statements(session: Session, before: Reading | None, after: Reading) -> None:
    gone = {item.label for item in before.statements} - {item.label for item in after.statements} if before else set()
    if gone:
        session.execute(delete(StatementRow).where(StatementRow.reading_id == after.reading_id,
                                                   StatementRow.label.in_(gone)))
    old = {item.label: (position, item) for position, item in enumerate(before.statements)} if before else {}
    fresh = [{"reading_id": after.reading_id, "label": item.label, "position": position,
              "presence": item.presence.value, "via": item.via, "bundle_sha256": item.bundle_sha256,
              "model_positive": item.model_positive}
             for position, item in enumerate(after.statements) if old.get(item.label) != (position, item)]
    if fresh:
        insertion = upsert(StatementRow)
        session.execute(insertion.on_conflict_do_update(
            index_elements=["reading_id", "label"],
            set_={name: insertion.excluded[name]
                  for name in ("position", "presence", "via", "bundle_sha256", "model_positive")}), fresh)


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
            amendment_reason=reading.amendment_reason, created_at=act.at, **_columns(reading, act)))
    else:
        _check_next(before, reading)
        session.execute(update(ReadingRow).where(ReadingRow.reading_id == reading.reading_id)
                        .values(**_columns(reading, act)))
    _write_statements(session, before, reading)
    if reading.state is not ReadingState.DRAFT:
        session.execute(update(ReadingRow).where(ReadingRow.reading_id == reading.reading_id).values(
            state=reading.state.value, meaning=reading.meaning.value if reading.meaning is not None else None,
            signed_at=reading.signed_at))
    payload = {"recording_sha256": reading.recording_sha256, "revision": reading.revision,
               "changed": changes(before, reading), "reading_sha256": sha256_of(reading_document(reading))}
    if reading.meaning is not None:
        payload["meaning"] = reading.meaning.value
    append(session, act, action=action, subject=reading.reading_id, payload=payload)
    return reading
