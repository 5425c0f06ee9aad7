"""A study as one zip: protocol, assignments, readings, circumstances, decisions, predictions and statistics.

`manifest.json` says what, from which library and with which versions, and holds the SHA-256 of every other member.
Patients bear a key made with a secret of this library. Readers are "reader 1" and so on unless their names are asked
for: which is which can be told only where the bundle was written. With names a bundle merges into the same study at
another site, because readers are the same there by name; without names it is a publication, a study of its own
elsewhere. Comments, reasons, notes and indications are free text in which a name may stand: they go along when asked.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from peace_desktop.library import circumstances, predictions, studies
from peace_desktop.library.adjudications import adjudication_document
from peace_desktop.library.audit import head
from peace_desktop.library.canonical import reading_document, sha256_of, utc_text
from peace_desktop.library.circumstances import circumstances_document
from peace_desktop.library.engine import meta_values
from peace_desktop.library.export import hashes, pretty, write_archive
from peace_desktop.library.people import pseudonym
from peace_desktop.library.reading_documents import without_free_text
from peace_desktop.library.repository import Library
from peace_desktop.library.study_answers import (
    NobodyAnswered,
    Report,
    StudyMaterial,
    material,
    renamed,
    study_statistics_of,
)
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.review.adjudication import first_readings, study_answer
from peace_desktop.review.reading import SIGNED_STATES, Reading, ReadingState

FORMAT = "peace-study"
VERSION = 2
"""2: circumstances say how the page was drawn, and whether associated findings were shown. What version 1 says is read
as before."""
_UNSAID = (ReadingState.ASSIGNED, ReadingState.DRAFT)
READING_COLUMNS = ("recording", "patient", "reader", "position", "label", "answer", "answer_after_reveal", "state",
                   "confidence", "seconds_to_lock", "seconds_to_signature")


@dataclass(frozen=True)
class WrittenBundle:
    """readings: locked or signed ones; drafts stay where they are."""

    file: Path
    readings: int
    decisions: int


def write_study_bundle(library: Library, study_id: str, to: Path, *, with_names: bool = False,
                       with_free_text: bool = False, draws: int | None = None,
                       progress: Report | None = None) -> WrittenBundle:
    """Writes the zip `to`, whole or not at all. draws, progress: of the statistics.

    Raises LibraryError for a study that is not here, and when the disk refuses.
    """
    given = material(library, study_id)
    with library.read() as session:
        told = given if with_names else renamed(given, _names(given, lambda name: pseudonym(session, name)))
        surroundings = [circumstances_document(item) for reading in given.study.readings
                        for item in circumstances.of_reading(session, reading.reading_id)]
        recordings = [_recording(session, child.sha256) for child in given.children]
        said = _predictions(session, given)
        newest, meta = head(session), meta_values(session)
    readings = [(here, there) for here, there in zip(given.study.readings, told.study.readings, strict=True)
                if here.state not in _UNSAID]
    members = {
        "study.json": pretty(_study(told, design_sha256=studies.design_sha256(
            given.study.protocol, given.study.recordings, given.study.assignments), with_free_text=with_free_text)),
        "recordings.json": pretty(recordings),
        "readings.json": pretty([{"reading": _document(there, with_free_text=with_free_text),
                                  "reading_sha256": sha256_of(reading_document(here))} for here, there in readings]),
        "readings.csv": _csv([READING_COLUMNS, *_reading_rows(told, recordings, surroundings)]),
        "circumstances.json": pretty(surroundings),
        "adjudications.json": pretty([
            {**adjudication_document(item), **({} if with_free_text else {"reason": None})}
            for item in told.study.adjudications]),
        "predictions.json": pretty(said),
        **_statistics(told, draws=draws, progress=progress),
    }
    manifest = {
        "format": FORMAT, "version": VERSION, "library_id": meta["library_id"],
        "application_version": meta["application_version"], "study_id": study_id, "names": with_names,
        "free_text": with_free_text, "audit_head": {"sequence": newest.sequence, "sha256": newest.sha256},
        "files": hashes(members), "notice": "Research use only. Not a medical device.",
    }
    write_archive(library, to, {"manifest.json": pretty(manifest), **members})
    return WrittenBundle(to, len(readings), len(given.study.adjudications))


def _names(given: StudyMaterial, keyed: Callable[[str], str]) -> dict[str, str]:
    """Name -> what stands for it, always the same from this library, in an order that tells nothing of the names."""
    protocol = given.study.protocol
    readers = sorted(protocol.readers, key=keyed)
    width = len(str(len(readers)))
    named = {name: f"reader {place:0{width}d}" for place, name in enumerate(readers, start=1)}
    others = {protocol.created_by, *(item.adjudicator for item in given.study.adjudications)} - set(readers)
    return {**named, **{name: f"person {keyed(name)[:6]}" for name in others}}


def _study(told: StudyMaterial, *, design_sha256: str, with_free_text: bool) -> dict[str, Any]:
    study = told.study
    return {
        "protocol": studies.protocol_document(study.protocol),
        "recordings": [[item.recording_sha256, item.indication if with_free_text else None]
                       for item in study.recordings],
        "assignments": [[item.reader, item.position, item.recording_sha256] for item in study.assignments],
        "closed_at": utc_text(study.closed_at) if study.closed_at is not None else None,
        "design_sha256": design_sha256,
    }


def _document(reading: Reading, *, with_free_text: bool) -> dict[str, Any]:
    document = reading_document(reading)
    return document if with_free_text else without_free_text(document)


def _recording(session: Session, sha256: str) -> dict[str, Any]:
    row = session.get_one(StoredRecordingRow, sha256)
    return {"sha256": row.sha256, "patient": pseudonym(session, row.patient_key), "age_days": row.age_days,
            "age_precision": row.age_precision, "sex": row.sex, "leads": row.leads.split(), "fs_hz": row.fs_hz,
            "duration_s": row.duration_s, "format": row.source_format, "simulated": row.simulated}


def _predictions(session: Session, given: StudyMaterial) -> list[dict[str, Any]]:
    """What the protocol's bundle said; of another one nothing goes along."""
    return [{"recording_sha256": child.sha256, "bundle_sha256": said.bundle_sha256, "label": said.label,
             "probability": said.probability, "threshold": said.threshold, "positive": said.positive}
            for child in given.children for said in predictions.of_recording(session, child.sha256)
            if said.bundle_sha256 == given.study.protocol.bundle_sha256]


def _reading_rows(told: StudyMaterial, recordings: Sequence[Mapping[str, Any]],
                  surroundings: Sequence[Mapping[str, Any]]) -> Iterator[tuple[object, ...]]:
    """A line a recording, reader and label of the readings that count."""
    protocol = told.study.protocol
    seconds = {(item["reading_id"], item["stage"]): item["seconds"] for item in surroundings}
    places = {(item.recording_sha256, item.reader): item.position for item in told.study.assignments}
    for recording in recordings:
        sha256 = recording["sha256"]
        mine = first_readings(protocol, [item for item in told.study.readings if item.recording_sha256 == sha256])
        for reader, reading in sorted(mine.items()):
            if reading.state in _UNSAID:
                continue
            for label in protocol.labels:
                answer, last = study_answer(protocol, reading, label), reading.statement(label)
                yield (sha256, recording["patient"], reader, places.get((sha256, reader)), label,
                       answer.value if answer is not None else None,
                       last.presence.value if last is not None and reading.state in SIGNED_STATES else None,
                       reading.state.value, reading.confidence, seconds.get((reading.reading_id, "locked")),
                       seconds.get((reading.reading_id, "signed")))


def _statistics(told: StudyMaterial, *, draws: int | None, progress: Report | None) -> dict[str, str]:
    """The members with statistics; none before anybody's answers are in."""
    from peace_desktop.review.statistics.document import to_csv_rows, to_document

    try:
        found = study_statistics_of(told, draws=draws, progress=progress)
    except NobodyAnswered:
        return {}
    return {"statistics.json": pretty(to_document(found)), "statistics.csv": _csv(to_csv_rows(found))}


def _csv(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
