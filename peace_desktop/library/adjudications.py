"""Adjudicators' decisions in the library; kept for good, the latest on a label counts."""

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import sha256_of, utc_text
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.people import ensure_reader
from peace_desktop.library.studies import assignments_of, closed_at, get
from peace_desktop.library.tables import AdjudicationRow
from peace_desktop.review.adjudication import Adjudication, refuse_own_case
from peace_desktop.review.errors import StudyError
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _


def adjudication_document(item: Adjudication) -> dict[str, object]:
    """Everything a decision holds, as JSON values."""
    return {"adjudication_id": item.adjudication_id, "study_id": item.study_id,
            "recording_sha256": item.recording_sha256, "label": item.label, "presence": item.presence.value,
            "adjudicator": item.adjudicator, "at": utc_text(item.at), "reason": item.reason}


def _adjudication(row: AdjudicationRow) -> Adjudication:
    return Adjudication(row.adjudication_id, row.study_id, row.recording_sha256, row.label, Presence(row.presence),
                        row.adjudicator, row.at, row.reason)


def of_study(session: Session, study_id: str) -> tuple[Adjudication, ...]:
    """A study's decisions in the order they were made, wherever that was (`Adjudication.order`)."""
    rows = session.scalars(select(AdjudicationRow).where(AdjudicationRow.study_id == study_id)
                           .order_by(AdjudicationRow.at, AdjudicationRow.adjudication_id))
    return tuple(map(_adjudication, rows))


def get_one(session: Session, adjudication_id: str) -> Adjudication | None:
    """A decision by its id."""
    row = session.get(AdjudicationRow, adjudication_id)
    return None if row is None else _adjudication(row)


def store(session: Session, act: Act, item: Adjudication, *, action: str = "adjudication.made") -> None:
    """Adds a decision with its audit entry; one that is there already, equal, writes nothing.

    Raises LibraryError for a label the study does not ask for, a closed study or an own case.
    """
    known = get_one(session, item.adjudication_id)
    if known == item:
        return
    if known is not None:
        raise LibraryError(_("A decision is kept as it was; make a new one instead."))
    if closed_at(session, item.study_id) is not None and action == "adjudication.made":
        raise LibraryError(_("This study is closed; nothing more is decided for it."))
    if item.label not in get(session, item.study_id).labels:
        raise LibraryError(_("This study does not ask for {label}.").format(label=item.label))
    try:
        refuse_own_case(item.adjudicator, [given.reader for given in assignments_of(session, item.study_id)
                                           if given.recording_sha256 == item.recording_sha256])
    except StudyError as error:
        raise LibraryError(str(error)) from error
    ensure_reader(session, act, item.adjudicator)
    position = (session.scalar(select(func.max(AdjudicationRow.position))) or 0) + 1
    session.execute(insert(AdjudicationRow).values(
        adjudication_id=item.adjudication_id, position=position, study_id=item.study_id,
        recording_sha256=item.recording_sha256, label=item.label, presence=item.presence.value,
        adjudicator=item.adjudicator, at=item.at, reason=item.reason))
    append(session, act, action=action, subject=item.adjudication_id, payload={
        "study_id": item.study_id, "recording_sha256": item.recording_sha256, "label": item.label,
        "presence": item.presence.value, "adjudication_sha256": sha256_of(adjudication_document(item))})
