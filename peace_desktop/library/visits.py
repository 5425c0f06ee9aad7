"""How long recordings that are still to be signed have been in front of their readers, and what these were shown.

It is kept beside the draft, so that a crash costs a reading neither its time nor what its reader saw. The program
counts it every few seconds: it is no act of a reader, and the audit trail gets it as circumstances, with lock and
signature.
"""

import json
from dataclasses import asdict

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from peace_desktop.library.canonical import canonical_json
from peace_desktop.library.circumstances import shown_from
from peace_desktop.library.tables import AssignmentRow, ReadingRow, VisitRow
from peace_desktop.review.circumstances import Visit
from peace_desktop.review.reading import SIGNED_STATES, Reading


def of_recording(session: Session, sha256: str, reader: str) -> dict[str, Visit]:
    """Study -> a reader's visit of a recording so far; "" for a reading outside studies."""
    rows = session.scalars(select(VisitRow).where(VisitRow.recording_sha256 == sha256, VisitRow.reader == reader))
    return {row.study_id: Visit(row.seconds, shown_from(json.loads(row.shown))) for row in rows}


def keep(session: Session, sha256: str, reader: str, study_id: str, visit: Visit) -> None:
    """Keeps a visit where a reading is open or assigned; whoever only looks at a recording is not timed."""
    of = (ReadingRow.recording_sha256 == sha256, ReadingRow.reader == reader, ReadingRow.study_id == study_id)
    begun = session.scalar(select(exists().where(*of)))
    wanted = exists().where(*of, ReadingRow.state.not_in([state.value for state in SIGNED_STATES])) if begun else (
        exists().where(AssignmentRow.study_id == study_id, AssignmentRow.recording_sha256 == sha256,
                       AssignmentRow.reader == reader))
    if session.scalar(select(wanted)):
        values = {"seconds": visit.seconds, "shown": canonical_json(asdict(visit.shown))}
        session.execute(upsert(VisitRow).values(recording_sha256=sha256, reader=reader, study_id=study_id, **values)
                        .on_conflict_do_update(index_elements=["recording_sha256", "reader", "study_id"], set_=values))


def end(session: Session, reading: Reading) -> None:
    """A reading is signed: what surrounded it is kept with it, and an amendment's time begins anew."""
    session.execute(delete(VisitRow).where(
        VisitRow.recording_sha256 == reading.recording_sha256, VisitRow.reader == reading.reader,
        VisitRow.study_id == reading.study_id))
