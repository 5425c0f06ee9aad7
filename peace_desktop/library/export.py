"""Readings on their way to another place: a zip of JSON without patients' names, titles, dates of recordings or free
text. Readers' names and the times of their work go along: a reading without its reader is worth nothing.

Version 1 holds `manifest.json` (what, from which library, audit head, SHA-256 of every other member), `readings.json`,
`recordings.json`, `predictions.json`, `associated_findings.json` (not from libraries before schema 0008),
`measurement_edits.json` (not from libraries before schema 0002), `circumstances.json` (which edit a signature stood on;
not from earlier versions) and `audit.jsonl`. Patients bear a key made with a secret of this library.
Comments and reasons are free text in which a name may stand: they go along only when asked for, and are null otherwise.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import entries, head
from peace_desktop.library.bundles import writing_bundle
from peace_desktop.library.canonical import reading_document, sha256_of
from peace_desktop.library.circumstances import circumstances_document
from peace_desktop.library.circumstances import of_reading as circumstances_of
from peace_desktop.library.engine import meta_values
from peace_desktop.library.errors import plain_errors
from peace_desktop.library.files import sync_file, sync_folder
from peace_desktop.library.measurement_edits import edit_document
from peace_desktop.library.measurement_edits import get as get_edit
from peace_desktop.library.people import pseudonym
from peace_desktop.library.reading_documents import without_free_text
from peace_desktop.library.readings import get
from peace_desktop.library.repository import Library
from peace_desktop.library.tables import (
    AssociatedFindingRow,
    MeasurementEditRow,
    PredictionRow,
    ReadingRow,
    StoredRecordingRow,
)

FORMAT = "peace-readings"
VERSION = 1
EDITS, CIRCUMSTANCES = "measurement_edits.json", "circumstances.json"


@dataclass(frozen=True)
class Exported:
    file: Path
    readings: int
    recordings: int


def _readings(session: Session, *, with_free_text: bool) -> list[dict[str, object]]:
    documents: list[dict[str, object]] = []
    for reading_id in session.scalars(select(ReadingRow.reading_id).order_by(ReadingRow.position)).all():
        reading = get(session, reading_id)
        if reading is None:
            continue
        document = reading_document(reading)
        digest = sha256_of(document)
        if not with_free_text:
            document = without_free_text(document)
        documents.append({"reading": document, "reading_sha256": digest})
    return documents


def _recordings(session: Session) -> list[dict[str, object]]:
    return [{"sha256": row.sha256, "patient": pseudonym(session, row.patient_key), "format": row.source_format,
             "leads": row.leads.split(), "fs_hz": row.fs_hz, "duration_s": row.duration_s, "age_days": row.age_days,
             "age_precision": row.age_precision, "sex": row.sex, "gestational_age_weeks": row.gestational_age_weeks,
             "simulated": row.simulated, "findings": row.finding_codes.split()}
            for row in session.scalars(select(StoredRecordingRow).order_by(StoredRecordingRow.sha256))]


def _predictions(session: Session) -> list[dict[str, object]]:
    rows = session.scalars(select(PredictionRow).order_by(
        PredictionRow.recording_sha256, PredictionRow.bundle_sha256, PredictionRow.position))
    return [{"recording_sha256": row.recording_sha256, "bundle_sha256": row.bundle_sha256, "label": row.label,
             "probability": row.probability, "threshold": row.threshold, "positive": row.positive} for row in rows]


def _associated(session: Session) -> list[dict[str, object]]:
    rows = session.scalars(select(AssociatedFindingRow).order_by(
        AssociatedFindingRow.recording_sha256, AssociatedFindingRow.bundle_sha256, AssociatedFindingRow.position))
    return [{"recording_sha256": row.recording_sha256, "bundle_sha256": row.bundle_sha256,
             "finding": json.loads(row.document)} for row in rows]


def _edits(session: Session) -> list[dict[str, object]]:
    ids = session.scalars(select(MeasurementEditRow.edit_id).order_by(MeasurementEditRow.position)).all()
    documents = [edit_document(edit) for edit_id in ids if (edit := get_edit(session, edit_id)) is not None]
    return [{"edit": document, "edit_sha256": sha256_of(document)} for document in documents]


def _circumstances(session: Session) -> list[dict[str, object]]:
    ids = session.scalars(select(ReadingRow.reading_id).order_by(ReadingRow.position)).all()
    return [circumstances_document(item) for reading_id in ids for item in circumstances_of(session, reading_id)]


def _audit(session: Session) -> str:
    return "".join(json.dumps({
        "sequence": row.sequence, "at_utc": row.at_utc, "actor": row.actor, "action": row.action,
        "subject": row.subject, "payload": row.payload, "previous_sha256": row.previous_sha256,
        "sha256": row.sha256}, ensure_ascii=False) + "\n" for row in entries(session))


def pretty(value: object) -> str:
    """JSON for people and programs alike."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def hashes(members: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of every member of an archive."""
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in members.items()}


def write_archive(library: Library, to: Path, members: Mapping[str, str]) -> None:
    """Writes a zip of texts, whole or not at all; sealed where the library is encrypted (see `bundles`).

    Raises LibraryError when the disk refuses.
    """
    building = to.with_name(to.name + ".part")
    with plain_errors():
        try:
            with (writing_bundle(building, library.folder, library.at_rest) as file,
                  zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive):
                for name, text in members.items():
                    archive.writestr(name, text)
            sync_file(building)
            os.replace(building, to)
            sync_folder(to.absolute().parent)
        finally:
            building.unlink(missing_ok=True)


def export(library: Library, to: Path, *, with_free_text: bool = False) -> Exported:
    """Writes the zip `to`, whole or not at all; an older file of that name is replaced only then.

    with_free_text: also comments and reasons of amendments. Raises LibraryError when the disk refuses.
    """
    with library.read() as session:
        readings = _readings(session, with_free_text=with_free_text)
        recordings = _recordings(session)
        members = {"readings.json": pretty(readings), "recordings.json": pretty(recordings),
                   "predictions.json": pretty(_predictions(session)),
                   "associated_findings.json": pretty(_associated(session)), EDITS: pretty(_edits(session)),
                   CIRCUMSTANCES: pretty(_circumstances(session)), "audit.jsonl": _audit(session)}
        newest, meta = head(session), meta_values(session)
    manifest = {
        "format": FORMAT, "version": VERSION, "library_id": meta["library_id"],
        "application_version": meta["application_version"], "free_text": with_free_text,
        "audit_head": {"sequence": newest.sequence, "sha256": newest.sha256},
        "files": hashes(members),
        "notice": "Research use only. Not a medical device.",
    }
    write_archive(library, to, {"manifest.json": pretty(manifest), **members})
    return Exported(to, len(readings), len(recordings))
