"""Studies in the library: protocol, recordings, assignments, what surrounded readings, and adjudicators' decisions."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import canonical_json, sha256_of, utc_text
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.people import ensure_reader
from peace_desktop.library.readings import with_parts
from peace_desktop.library.recordings import require
from peace_desktop.library.tables import AssignmentRow, ReadingRow, StoredRecordingRow, StudyRecordingRow, StudyRow
from peace_desktop.review.reading import SIGNED_STATES, Reading, ReadingState
from peace_desktop.review.study import Assignment, Protocol, Rule, StudyRecording
from peace_desktop.texts import _


def protocol_document(protocol: Protocol) -> dict[str, object]:
    """Everything a protocol says, as JSON values."""
    return {
        "study_id": protocol.study_id, "name": protocol.name, "labels": list(protocol.labels), "mode": protocol.mode,
        "readers": list(protocol.readers), "readers_per_recording": protocol.readers_per_recording,
        "order_seed": protocol.order_seed, "adjudication_rule": protocol.adjudication_rule.value,
        "indication_shown": protocol.indication_shown, "bundle_sha256": protocol.bundle_sha256,
        "created_by": protocol.created_by, "created_at": utc_text(protocol.created_at),
    }


def protocol_from(document: Mapping[str, object]) -> Protocol:
    """A protocol from its document. Raises KeyError, TypeError, ValueError or StudyError for anything else."""
    labels, readers = document["labels"], document["readers"]
    if not isinstance(labels, list) or not isinstance(readers, list):
        raise TypeError("labels or readers")
    bundle = document["bundle_sha256"]
    return Protocol(
        str(document["study_id"]), str(document["name"]), tuple(map(str, labels)),
        "blind" if document["mode"] == "blind" else "open", tuple(map(str, readers)),
        int(str(document["readers_per_recording"])), int(str(document["order_seed"])),
        Rule(str(document["adjudication_rule"])), document["indication_shown"] is True,
        None if bundle is None else str(bundle), str(document["created_by"]),
        datetime.fromisoformat(str(document["created_at"])))


def design_sha256(protocol: Protocol, held: Sequence[StudyRecording], assignments: Sequence[Assignment]) -> str:
    """Hash of everything that was fixed when a study was made."""
    return sha256_of({
        "protocol": protocol_document(protocol),
        "recordings": [[item.recording_sha256, item.indication] for item in held],
        "assignments": sorted([item.reader, item.position, item.recording_sha256] for item in assignments)})


def add(session: Session, act: Act, protocol: Protocol, held: Sequence[StudyRecording],
        assignments: Sequence[Assignment], *, action: str = "study.created") -> None:
    """Keeps a new study for good. Raises LibraryError for one that is here already or a recording that is not."""
    if session.get(StudyRow, protocol.study_id) is not None:
        raise LibraryError(_("This study is in the library already."))
    for item in held:
        require(session, item.recording_sha256)
    for reader in (protocol.created_by, *protocol.readers):
        ensure_reader(session, act, reader)
    position = (session.scalar(select(func.max(StudyRow.position))) or 0) + 1
    session.execute(insert(StudyRow).values(
        study_id=protocol.study_id, position=position, name=protocol.name,
        protocol=canonical_json(protocol_document(protocol)), closed_at=None))
    session.execute(insert(StudyRecordingRow), [
        {"study_id": protocol.study_id, "recording_sha256": item.recording_sha256, "position": place,
         "indication": item.indication} for place, item in enumerate(held)])
    session.execute(insert(AssignmentRow), [
        {"study_id": item.study_id, "recording_sha256": item.recording_sha256, "reader": item.reader,
         "position": item.position} for item in assignments])
    append(session, act, action=action, subject=protocol.study_id,
           payload={"design_sha256": design_sha256(protocol, held, assignments)})


def close(session: Session, act: Act, study_id: str) -> None:
    """Ends a study: nothing more is read or decided for it. Raises LibraryError when it is closed already."""
    row = _require(session, study_id)
    if row.closed_at is not None:
        raise LibraryError(_("This study is closed already."))
    session.execute(update(StudyRow).where(StudyRow.study_id == study_id).values(closed_at=act.at))
    append(session, act, action="study.closed", subject=study_id, payload={})


def _require(session: Session, study_id: str) -> StudyRow:
    row = session.get(StudyRow, study_id)
    if row is None:
        raise LibraryError(_("This study is not in the library."))
    return row


def get(session: Session, study_id: str) -> Protocol:
    """A study's protocol. Raises LibraryError when it is not in the library."""
    return protocol_from(json.loads(_require(session, study_id).protocol))


def closed_at(session: Session, study_id: str) -> datetime | None:
    """When a study was closed, None while it is open."""
    return _require(session, study_id).closed_at


def all_ids(session: Session) -> tuple[str, ...]:
    """The studies in the order they were made."""
    return tuple(session.scalars(select(StudyRow.study_id).order_by(StudyRow.position)))


def recordings_of(session: Session, study_id: str) -> tuple[StudyRecording, ...]:
    """What a study holds, in the order it was put together."""
    rows = session.scalars(select(StudyRecordingRow).where(StudyRecordingRow.study_id == study_id)
                           .order_by(StudyRecordingRow.position))
    return tuple(StudyRecording(row.recording_sha256, row.indication) for row in rows)


def titles_of(session: Session, study_id: str) -> dict[str, str]:
    """Recording -> its title in the worklist, of everything a study holds."""
    rows = session.execute(
        select(StoredRecordingRow.sha256, StoredRecordingRow.title)
        .join(StudyRecordingRow, StudyRecordingRow.recording_sha256 == StoredRecordingRow.sha256)
        .where(StudyRecordingRow.study_id == study_id))
    return {row.sha256: row.title for row in rows}


def assignments_of(session: Session, study_id: str, *, reader: str = "") -> tuple[Assignment, ...]:
    """A study's assignments by reader and place; of one reader where one is named."""
    query = select(AssignmentRow).where(AssignmentRow.study_id == study_id)
    if reader:
        query = query.where(AssignmentRow.reader == reader)
    rows = session.scalars(query.order_by(AssignmentRow.reader, AssignmentRow.position))
    return tuple(Assignment(row.study_id, row.recording_sha256, row.reader, row.position) for row in rows)


def readings_of(session: Session, study_id: str) -> tuple[Reading, ...]:
    """Every reading made for a study in the order they were started."""
    rows = session.scalars(select(ReadingRow).where(ReadingRow.study_id == study_id)
                           .order_by(ReadingRow.position)).all()
    return with_parts(session, rows)


def blinding(session: Session, sha256: str, reader: str) -> tuple[str, ...]:
    """The open blind studies in which this reader has yet to lock an answer on a recording and see the model.

    While there is one, the reader sees nothing of the model, of rules or of others on that recording, by whatever way
    the recording was opened. A reader without a name, "", may be any of them: for such a one every study counts that is
    blind to somebody.
    """
    query = _still_blind(reader).where(AssignmentRow.recording_sha256 == sha256)
    return tuple(study_id for study_id in session.scalars(query).all() if get(session, study_id).mode == "blind")


def blinded(session: Session, sha256s: Sequence[str], reader: str) -> frozenset[str]:
    """Which of these recordings are still blind to a reader in some study; see `blinding`."""
    blind = [study_id for study_id in session.scalars(_still_blind(reader)).all()
             if get(session, study_id).mode == "blind"]
    if not blind:
        return frozenset()
    query = _still_blind(reader).with_only_columns(AssignmentRow.recording_sha256).order_by(None).where(
        AssignmentRow.recording_sha256.in_(sha256s), AssignmentRow.study_id.in_(blind))
    return frozenset(session.scalars(query))


def without_model(session: Session, sha256: str, reader: str) -> tuple[str, ...]:
    """The open studies that have no model and for which this reader has yet to sign a reading of a recording.

    While there is one, the reader sees nothing of any model on that recording, whichever way it was opened.
    """
    query = _assigned(reader, until=SIGNED_STATES).where(AssignmentRow.recording_sha256 == sha256)
    return tuple(study_id for study_id in session.scalars(query).all() if get(session, study_id).bundle_sha256 is None)


def _still_blind(reader: str) -> Select[str]:
    return _assigned(reader, until={ReadingState.REVEALED, *SIGNED_STATES})


def _assigned(reader: str, *, until: Collection[ReadingState]) -> Select[str]:
    """The open studies with an assignment of this reader, of any without a name, that has not come so far."""
    there = select(ReadingRow.reading_id).where(
        ReadingRow.recording_sha256 == AssignmentRow.recording_sha256, ReadingRow.reader == AssignmentRow.reader,
        ReadingRow.study_id == AssignmentRow.study_id, ReadingRow.state.in_([state.value for state in until])).exists()
    query = (select(AssignmentRow.study_id).join(StudyRow, StudyRow.study_id == AssignmentRow.study_id)
             .where(StudyRow.closed_at.is_(None), ~there).order_by(StudyRow.position).distinct())
    return query.where(AssignmentRow.reader == reader) if reader else query
