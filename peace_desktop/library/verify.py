"""Checks that a library is whole, and that what is stored is what the audit trail says was stored.

Found are changes to a reading, an answer, a recording's identity, an age, a prediction, an edited measurement, a
reader's role, flags or kept filters made past the application, entries changed, removed or put between others, and
files that differ. The running count of the time in front of a reading (`visits`) is no act and is not checked. Not
found is a chain rebuilt from end to end, or cut off at its end: for that, give a head kept elsewhere (`expected_head`).
"""

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library import measurement_edits, predictions, readings, recordings
from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.audit import START, broken_links, entries
from peace_desktop.library.audited import Audited
from peace_desktop.library.canonical import reading_document, sha256_of
from peace_desktop.library.errors import plain_errors
from peace_desktop.library.files import RecordingFiles
from peace_desktop.library.kept_checks import kept_problems
from peace_desktop.library.measurement_edits import edit_document
from peace_desktop.library.people import PersonValues, age_of, sex_of, values_of
from peace_desktop.library.reader_checks import reader_problems
from peace_desktop.library.records import AuditHead
from peace_desktop.library.snapshot import integrity_problems
from peace_desktop.library.study_checks import study_problems
from peace_desktop.library.tables import MeasurementEditRow, ReadingRow, StoredRecordingRow
from peace_desktop.review.errors import ReadingError
from peace_desktop.texts import _


@dataclass(frozen=True)
class VerifyReport:
    """problems: empty when the library is sound. notes: worth knowing, no fault. entries: length of the audit trail."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    entries: int
    head: AuditHead
    recordings: int
    readings: int


@dataclass
class _Trail:
    """The audit trail from end to end. heads: of all its entries."""

    audited: Audited
    problems: list[str]
    heads: set[str]
    count: int = 0
    head: AuditHead = START
    latest_at: str = ""
    clock_steps_back: int = 0


def verify(session: Session, file: Path, at_rest: AtRest, kept: RecordingFiles, *,
           expected_head: str | None = None) -> VerifyReport:
    """Checks database, audit trail, readings, people, predictions, edited measurements and every stored file.

    expected_head: the SHA-256 of an earlier head, for example from a printed report; it must be in the trail.
    """
    problems = list(_database_problems(file, at_rest))
    if problems:
        return VerifyReport(tuple(problems), (), 0, START, 0, 0)
    notes: list[str] = []
    trail = _walk(session)
    audited = trail.audited
    problems += trail.problems
    if expected_head is not None and expected_head not in trail.heads:
        problems.append(_("the given head hash is not in the audit trail: entries were removed or rewritten"))
    n_readings, reading_problems = _readings(session, audited)
    n_recordings, recording_problems = _recordings(session, audited, kept)
    problems += reading_problems + recording_problems + _predictions(session, audited) + _edits(session, audited)
    problems += study_problems(session, audited.studies, audited.adjudications, audited.circumstances)
    problems += reader_problems(session, audited.access) + kept_problems(session, audited)
    notes += _left_overs(session, kept.root)
    if trail.clock_steps_back:
        notes.append(_("the computer's clock went back between audit entries ({count}); their order is that of the "
                       "trail").format(count=trail.clock_steps_back))
    return VerifyReport(tuple(problems), tuple(notes), trail.count, trail.head, n_recordings, n_readings)


def _database_problems(file: Path, at_rest: AtRest) -> tuple[str, ...]:
    with plain_errors(), closing(at_rest.connect(file, "ro")) as connection:
        return tuple(_("database: {problem}").format(problem=problem) for problem in integrity_problems(connection))


def _walk(session: Session) -> _Trail:
    trail = _Trail(Audited(), [], set())
    for row, problem in broken_links(entries(session)):
        if problem:
            trail.problems.append(problem)
        trail.count += 1
        trail.head = AuditHead(row.sequence, row.sha256)
        trail.heads.add(row.sha256)
        trail.clock_steps_back += row.at_utc < trail.latest_at
        trail.latest_at = row.at_utc
        payload = _payload(row.payload)
        try:
            if payload is not None:
                trail.audited.take(row, payload)
        except KeyError:
            payload = None
        if payload is None:
            trail.problems.append(_("audit entry {sequence} cannot be read").format(sequence=row.sequence))
    return trail


def _payload(text: str) -> dict[str, str] | None:
    try:
        payload = json.loads(text)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None


def _stored_reading_sha256(session: Session, reading_id: str) -> str:
    """Hash of a stored reading; "" when what is stored is no possible reading at all."""
    try:
        reading = readings.get(session, reading_id)
    except (ValueError, ReadingError):
        return ""
    return "" if reading is None else sha256_of(reading_document(reading))


def _readings(session: Session, audited: Audited) -> tuple[int, list[str]]:
    problems = []
    stored = {row.reading_id: row.state for row in session.execute(
        select(ReadingRow.reading_id, ReadingRow.state).order_by(ReadingRow.position))}
    for reading_id, state in stored.items():
        expected = audited.readings.get(reading_id)
        if expected is None:
            problems.append(_("reading {id} is not in the audit trail").format(id=reading_id))
        elif expected != _stored_reading_sha256(session, reading_id):
            problems.append(_("reading {id} ({state}) differs from what the audit trail recorded").format(
                id=reading_id, state=state))
    problems += [_("reading {id} is missing").format(id=reading_id)
                 for reading_id in audited.readings if reading_id not in stored]
    return len(stored), problems


def _same_person(row: StoredRecordingRow, audited_sha256: str | None) -> bool:
    """Whether age and sex are those of the last correction in the trail, or the file's own when there was none."""
    try:
        if audited_sha256 is None:
            audited_sha256 = PersonValues(age_of(row.file_age_days, row.file_age_precision, row.file_age_origin),
                                    sex_of(row.file_sex), None).sha256()
        return values_of(row).sha256() == audited_sha256
    except ValueError:
        return False


def _recordings(session: Session, audited: Audited, kept: RecordingFiles) -> tuple[int, list[str]]:
    problems = []
    rows = session.scalars(select(StoredRecordingRow).order_by(StoredRecordingRow.imported_at)).all()
    for row in rows:
        copied = recordings.files_of(session, row.sha256)
        short = row.sha256[:12]
        if audited.recordings.get(row.sha256) != recordings.identity_sha256(session, row, copied):
            problems.append(_("recording {id} differs from what the audit trail recorded").format(id=short))
        if not _same_person(row, audited.people.get(row.sha256)):
            problems.append(_("age or sex of recording {id} differ from what the audit trail recorded").format(
                id=short))
        for file in copied:
            suffix = Path(file.name).suffix
            if not kept.is_there(row.sha256, file):
                problems.append(_("the {suffix} file of recording {id} is missing").format(suffix=suffix, id=short))
            elif not kept.are_whole(row.sha256, (file,)):
                problems.append(_("the {suffix} file of recording {id} was changed").format(suffix=suffix, id=short))
    there = {row.sha256 for row in rows}
    problems += [_("recording {id} is missing").format(id=sha256[:12])
                 for sha256 in audited.recordings if sha256 not in there]
    return len(rows), problems


def _predictions(session: Session, audited: Audited) -> list[str]:
    return [_("the prediction for recording {id} differs from what the audit trail recorded").format(id=sha256[:12])
            for (sha256, bundle), expected in audited.predictions.items()
            if predictions.summary_sha256([item for item in predictions.of_recording(session, sha256)
                                           if item.bundle_sha256 == bundle],
                                          predictions.associated_of(session, sha256, bundle)) != expected]


def _edits(session: Session, audited: Audited) -> list[str]:
    stored = {edit_id: _stored_edit_sha256(session, edit_id) for edit_id in session.scalars(
        select(MeasurementEditRow.edit_id).order_by(MeasurementEditRow.position)).all()}
    return [_("the edited measurement {id} differs from what the audit trail recorded").format(id=edit_id[:12])
            for edit_id in dict.fromkeys((*stored, *audited.edits))
            if stored.get(edit_id) != audited.edits.get(edit_id)]


def _stored_edit_sha256(session: Session, edit_id: str) -> str:
    """Hash of a stored edit; "" when what is stored is no possible edit at all."""
    try:
        edit = measurement_edits.get(session, edit_id)
    except (ValueError, ReadingError):
        return ""
    return "" if edit is None else sha256_of(edit_document(edit))


def _left_overs(session: Session, root: Path) -> list[str]:
    known = set(session.scalars(select(StoredRecordingRow.sha256)))
    strays = [path for path in root.glob("??/*") if path.name not in known]
    return [] if not strays else [
        _("an interrupted import left recording folders that are not listed ({count}); importing those recordings "
          "again puts them in order").format(count=len(strays))]
