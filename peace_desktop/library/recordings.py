"""The recordings of the library: import, worklist, findings."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import func, insert, literal_column, or_, select, update
from sqlalchemy.orm import Session

from peace_desktop.library.at_rest import SealedDamage
from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import canonical_json, sha256_of
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.files import CopiedFile, RecordingFiles
from peace_desktop.library.people import age_of, pseudonym, sex_of
from peace_desktop.library.records import AuditHead, RecordingRow, WorklistFilter
from peace_desktop.library.tables import ReadingRow, RecordingFileRow, StoredRecordingRow
from peace_desktop.review.reading import ReadingState
from peace_desktop.texts import _
from peace_model.ecg.formats.stored_form import DOCUMENT, SIGNAL, read_stored, read_streams
from peace_model.ecg.recording import Recording, RecordingError


def require(session: Session, sha256: str) -> StoredRecordingRow:
    """The row of a recording. Raises LibraryError when it is not in the library."""
    row = session.get(StoredRecordingRow, sha256)
    if row is None:
        raise LibraryError(_("This recording is not in the library."))
    return row


def identity_sha256(session: Session, row: StoredRecordingRow, files: Sequence[CopiedFile]) -> str:
    """Hash of what an import fixed for good: content, what the file said, how it was read."""
    return sha256_of({
        "sha256": row.sha256, "source_format": row.source_format, "main_file": row.main_file, "leads": row.leads,
        "fs_hz": row.fs_hz, "duration_s": row.duration_s,
        "recorded_at": row.recorded_at.isoformat() if row.recorded_at is not None else None,
        "patient": pseudonym(session, row.patient_key),
        "file_age": [row.file_age_days, row.file_age_precision, row.file_age_origin], "file_sex": row.file_sex,
        "file_statements": row.file_statements,
        "simulated": row.simulated, "read_fs_hz": row.read_fs_hz, "read_unit": row.read_unit,
        "files": [[file.name, file.sha256, file.size_bytes] for file in files],
    })


def add(session: Session, act: Act, recording: Recording, files: Sequence[CopiedFile], *, title: str,
        origin_name: str, main_file: str, identified: bool, read_fs_hz: float | None, read_unit: str | None,
        finding_codes: Iterable[str]) -> AuditHead:
    """The rows of a recording; returns its entry in the audit trail."""
    age = recording.age
    row = StoredRecordingRow(
        sha256=recording.source.sha256, title=title, origin_name=origin_name, source_format=recording.source.format,
        main_file=main_file, leads=" ".join(recording.leads), n_leads=len(recording.leads),
        fs_hz=float(recording.fs_hz), duration_s=float(recording.duration_s), recorded_at=recording.recorded_at,
        patient_key=recording.patient_key,
        file_age_days=age.days if age is not None else None,
        file_age_precision=age.precision.value if age is not None else None,
        file_age_origin=age.origin if age is not None else None, file_sex=recording.sex,
        file_statements=canonical_json(recording.source_statements),
        age_days=age.days if age is not None else None,
        age_precision=age.precision.value if age is not None else None,
        age_origin=age.origin if age is not None else None, sex=recording.sex,
        gestational_age_weeks=None, person_corrected=False, simulated=recording.simulated,
        finding_codes=" ".join(dict.fromkeys(finding_codes)), read_fs_hz=read_fs_hz, read_unit=read_unit,
        imported_at=act.at, identified=identified, date_shifted=recording.date_shifted)
    # Plain inserts: an import has thousands, and the unit of work doubles their cost.
    session.execute(insert(StoredRecordingRow).values({
        column.key: getattr(row, column.key) for column in StoredRecordingRow.__table__.columns}))
    session.execute(insert(RecordingFileRow), [
        {"recording_sha256": row.sha256, "position": position, "name": file.name, "sha256": file.sha256,
         "size_bytes": file.size_bytes} for position, file in enumerate(files)])
    return append(session, act, action="recording.added", subject=row.sha256,
                  payload={"identity_sha256": identity_sha256(session, row, files)})


def files_of(session: Session, sha256: str) -> tuple[CopiedFile, ...]:
    """The stored files of a recording, header first."""
    rows = session.scalars(select(RecordingFileRow).where(RecordingFileRow.recording_sha256 == sha256)
                           .order_by(RecordingFileRow.position))
    return tuple(CopiedFile(row.name, row.sha256, row.size_bytes) for row in rows)


def load(session: Session, kept: RecordingFiles, sha256: str) -> Recording:
    """The recording from its stored files, with the person as it holds now.

    Raises LibraryError when the stored files are no longer those that were imported.
    """
    row = require(session, sha256)
    try:
        recording = _stored(session, kept, row) if row.main_file == DOCUMENT else _as_it_came(kept, row)
    except RecordingError as error:
        raise LibraryError(_("The library's copy of this recording cannot be read ({problem}). Import the original "
                             "again.").format(problem=error.problem)) from error
    except SealedDamage:
        recording = None
    if recording is None or recording.source.sha256 != sha256:
        raise LibraryError(_("The library's copy of this recording is not the one that was imported. Bring it back "
                             "from a backup, or import the original again."))
    return replace(
        recording, age=age_of(row.age_days, row.age_precision, row.age_origin), sex=sex_of(row.sex),
        recorded_at=row.recorded_at, patient_key=row.patient_key, identity=None,
        source_statements=tuple(str(said) for said in json.loads(row.file_statements)))


def _stored(session: Session, kept: RecordingFiles, row: StoredRecordingRow) -> Recording | None:
    """The stored form, None where its document is another than the one that was written; it names the signal's hash.

    Of an encrypted library the whole signal comes into memory; what was sealed needs no hash.
    """
    document = [file for file in files_of(session, row.sha256) if file.name == DOCUMENT]
    if not kept.are_whole(row.sha256, document):
        return None
    folder = kept.folder_of(row.sha256)
    if not kept.encrypted:
        return read_stored(folder)
    with kept.named(row.sha256, DOCUMENT).open() as said, kept.named(row.sha256, SIGNAL).open() as signal:
        return read_streams(folder, said, signal)


def _as_it_came(kept: RecordingFiles, row: StoredRecordingRow) -> Recording:
    """Libraries before schema 0003 kept the files themselves."""
    from peace_model.ecg.formats.registry import ReadOptions, read_recording

    return read_recording(kept.folder_of(row.sha256) / row.main_file,
                          options=ReadOptions(fs_hz=row.read_fs_hz, unit=row.read_unit))


def whole(session: Session, kept: RecordingFiles, sha256s: Sequence[str]) -> frozenset[str]:
    """Which of these recordings are in the library, with all their files as they were stored."""
    known = session.scalars(select(StoredRecordingRow.sha256).where(StoredRecordingRow.sha256.in_(sha256s))).all()
    return frozenset(sha256 for sha256 in known if kept.are_whole(sha256, files_of(session, sha256)))


def set_finding_codes(session: Session, act: Act, sha256: str, codes: Iterable[str]) -> None:
    """Keeps the codes of what is wrong with a recording's input; writes nothing when they are known."""
    text = " ".join(dict.fromkeys(codes))
    if require(session, sha256).finding_codes == text:
        return
    session.execute(update(StoredRecordingRow).where(StoredRecordingRow.sha256 == sha256).values(finding_codes=text))
    append(session, act, action="recording.findings", subject=sha256, payload={"codes": text.split()})


def worklist(session: Session, condition: WorklistFilter) -> tuple[RecordingRow, ...]:
    """The recordings that meet the condition, in the order they were imported."""
    newest = select(ReadingRow.recording_sha256, func.max(ReadingRow.position).label("position"))
    if condition.reader:
        newest = newest.where(ReadingRow.reader == condition.reader)
    newest_of = newest.group_by(ReadingRow.recording_sha256).subquery()
    table = StoredRecordingRow
    query = (
        select(table.sha256, table.title, table.source_format, table.recorded_at, table.patient_key, table.age_days,
               table.age_precision, table.age_origin, table.sex, table.duration_s, table.n_leads, table.simulated,
               table.finding_codes, table.imported_at, table.identified, table.date_shifted,
               ReadingRow.state, ReadingRow.reader, ReadingRow.amends)
        .outerjoin(newest_of, newest_of.c.recording_sha256 == table.sha256)
        .outerjoin(ReadingRow, ReadingRow.position == newest_of.c.position)
        # Recordings of one batch share the moment; the row's number keeps the order of their files.
        .order_by(table.imported_at, literal_column("recordings.rowid")))
    if condition.text:
        query = query.where(or_(table.title.icontains(condition.text, autoescape=True),
                                table.patient_key.icontains(condition.text, autoescape=True)))
    if condition.sex is not None:
        query = query.where(table.sex == condition.sex)
    if condition.age_days_min is not None:
        query = query.where(table.age_days >= condition.age_days_min)
    if condition.age_days_max is not None:
        query = query.where(table.age_days <= condition.age_days_max)
    if condition.simulated is not None:
        query = query.where(table.simulated.is_(condition.simulated))
    rows = (RecordingRow(
        sha256=row.sha256, title=row.title, source_format=row.source_format, recorded_at=row.recorded_at,
        patient_key=row.patient_key, age=age_of(row.age_days, row.age_precision, row.age_origin),
        sex=sex_of(row.sex), duration_s=row.duration_s, n_leads=row.n_leads, simulated=row.simulated,
        reading_state=_state_in_list(row.state, row.amends), reader=row.reader or "",
        finding_codes=tuple(row.finding_codes.split()), imported_at=row.imported_at,
        identified=row.identified, date_shifted=row.date_shifted)
        for row in session.execute(query))
    return tuple(row for row in rows
                 if (not condition.states or row.reading_state in condition.states)
                 and (not condition.finding_code or condition.finding_code in row.finding_codes))


def of_patient(session: Session, patient_key: str) -> tuple[RecordingRow, ...]:
    """The recordings with this patient key, in the order they were imported; none without a key."""
    found = worklist(session, WorklistFilter(text=patient_key)) if patient_key else ()
    return tuple(row for row in found if row.patient_key == patient_key)


def _state_in_list(state: str | None, amends: str | None) -> ReadingState | None:
    if state is None:
        return None
    if state == ReadingState.FINAL and amends is not None:
        return ReadingState.AMENDED
    return ReadingState(state)
