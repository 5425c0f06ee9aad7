"""The recordings of the library: import, files, findings."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from peace_desktop.library import thumbnails
from peace_desktop.library.at_rest import SealedDamage
from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import canonical_json, sha256_of
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.files import CopiedFile, RecordingFiles
from peace_desktop.library.people import age_of, pseudonym, sex_of
from peace_desktop.library.records import AuditHead
from peace_desktop.library.tables import RecordingFileRow, StoredRecordingRow
from peace_desktop.texts import _, in_words
from peace_model.ecg.formats.stored_form import DOCUMENT, SIGNAL, read_stored, read_streams
from peace_model.ecg.recording import Recording, RecordingError

QUIET_FINDINGS = frozenset({"simulated", "age_unknown", "sex_unknown"})
"""Said elsewhere of a recording; they say nothing of its quality and are not counted among its findings."""


def search_words(*, title: str, patient_key: str, source_format: str) -> str:
    """What the worklist's search looks through; it begins with the title, so that it is sorted by it."""
    return f"{title or patient_key}\n{patient_key}\n{source_format}".casefold()


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
    age, codes = recording.age, tuple(dict.fromkeys(finding_codes))
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
        finding_codes=" ".join(codes), read_fs_hz=read_fs_hz, read_unit=read_unit, imported_at=act.at,
        identified=identified, date_shifted=recording.date_shifted, n_findings=_counted(codes),
        search=search_words(title=title, patient_key=recording.patient_key, source_format=recording.source.format))
    # Plain inserts: an import has thousands, and the unit of work doubles their cost.
    session.execute(insert(StoredRecordingRow).values({
        column.key: getattr(row, column.key) for column in StoredRecordingRow.__table__.columns}))
    session.execute(insert(RecordingFileRow), [
        {"recording_sha256": row.sha256, "position": position, "name": file.name, "sha256": file.sha256,
         "size_bytes": file.size_bytes} for position, file in enumerate(files)])
    thumbnails.keep(session, row.sha256, thumbnails.thumbnail_of(recording))
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
                             "again.").format(problem=in_words(error.problem))) from error
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
    found = tuple(dict.fromkeys(codes))
    text = " ".join(found)
    if require(session, sha256).finding_codes == text:
        return
    session.execute(update(StoredRecordingRow).where(StoredRecordingRow.sha256 == sha256).values(
        finding_codes=text, n_findings=_counted(found)))
    append(session, act, action="recording.findings", subject=sha256, payload={"codes": list(found)})


def _counted(codes: Iterable[str]) -> int:
    return len(set(codes) - QUIET_FINDINGS)
