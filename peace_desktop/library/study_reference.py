"""A study's reference, the one answer to each label of each recording; and what of a library a bundle has seen."""

from collections.abc import Callable

from sqlalchemy import select

from peace_desktop.library.repository import Library
from peace_desktop.library.study_room import Study
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.review.adjudication import Adjudication, reference_of
from peace_desktop.review.reading import Reading
from peace_desktop.review.statements import Presence


def references_of(study: Study) -> dict[str, dict[str, Presence | None]]:
    """Recording -> label -> decided by an adjudicator, else agreed under the protocol's rule, else None."""
    shas = [item.recording_sha256 for item in study.recordings]
    assigned: dict[str, list[str]] = {sha256: [] for sha256 in shas}
    readings: dict[str, list[Reading]] = {sha256: [] for sha256 in shas}
    decided: dict[str, list[Adjudication]] = {sha256: [] for sha256 in shas}
    for item in study.assignments:
        assigned[item.recording_sha256].append(item.reader)
    for reading in study.readings:
        readings[reading.recording_sha256].append(reading)
    for decision in study.adjudications:
        decided[decision.recording_sha256].append(decision)
    return {sha256: {label: reference_of(study.protocol, assigned[sha256], readings[sha256], decided[sha256], label)
                     for label in study.protocol.labels} for sha256 in shas}


def patients_seen(library: Library, has_seen: Callable[[str], bool]) -> frozenset[str]:
    """The patients of this library of whom a recording was seen, as `StudyChild.patient` calls them.

    has_seen: whether a recording of this SHA-256 was.
    """
    with library.read() as session:
        rows = session.execute(select(StoredRecordingRow.sha256, StoredRecordingRow.patient_key)).all()
    return frozenset(patient_key or sha256 for sha256, patient_key in rows if has_seen(sha256))
