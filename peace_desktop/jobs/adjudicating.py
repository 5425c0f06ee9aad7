"""Cases of a study for an adjudicator: what is to be decided, the ECG, and nothing of who said what or of the model."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from peace_desktop.jobs.blindness import Blindness
from peace_desktop.library.repository import Library
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.adjudication import Adjudication, Case, open_cases
from peace_desktop.review.reading import Reading
from peace_desktop.review.statements import Presence
from peace_model.ecg.recording import Recording


@dataclass(frozen=True)
class OpenCases:
    """study: its name. cases: in an order drawn from the study's seed."""

    study: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, eq=False)
class CaseRecording:
    """A case's ECG as the adjudicator sees it. indication: "" when unknown or not to be shown.

    gestational_age_weeks: at birth, None when unknown.
    """

    case: Case
    recording: Recording
    indication: str
    gestational_age_weeks: int | None = None


def cases_to_decide(library: Library, study_id: str, adjudicator: str) -> OpenCases:
    """In the library lane. Left out are also recordings that the adjudicator has still to read blind for any study.

    Raises LibraryError.
    """
    room = StudyRoom(library)
    study = room.study(study_id)
    assigned: dict[str, list[str]] = {}
    for item in study.assignments:
        assigned.setdefault(item.recording_sha256, []).append(item.reader)
    readings: dict[str, list[Reading]] = {}
    for reading in study.readings:
        readings.setdefault(reading.recording_sha256, []).append(reading)
    cases = open_cases(study.protocol, assigned, readings, study.adjudications, adjudicator=adjudicator)
    blind = {sha256: bool(room.blinding(sha256, adjudicator)) for sha256 in {case.recording_sha256 for case in cases}}
    return OpenCases(study.protocol.name, tuple(case for case in cases if not blind[case.recording_sha256]))


def case_recording(library: Library, case: Case, adjudicator: str) -> CaseRecording:
    """In the library lane: the ECG of a case, without what machine or header say. Raises as `load_recording`."""
    study = StudyRoom(library).study(case.study_id)
    indication = ""
    if study.protocol.indication_shown:
        indication = next(item.indication for item in study.recordings
                          if item.recording_sha256 == case.recording_sha256)
    unseen = Blindness(adjudicator, (case.study_id,), (study.protocol.name,))
    return CaseRecording(case, unseen.recording(library.load_recording(case.recording_sha256)), indication,
                         library.stored_person(case.recording_sha256).gestational_age_weeks)


def decide(library: Library, case: Case, presence: Presence, *, adjudicator: str, reason: str) -> Adjudication:
    """In the library lane: keeps a decision. Raises LibraryError."""
    decision = Adjudication(uuid4().hex, case.study_id, case.recording_sha256, case.label, presence, adjudicator,
                            datetime.now(UTC), reason.strip())
    StudyRoom(library).adjudicate(decision)
    return decision
