"""One recording as it is opened for a reader: what the library knows of it, and nothing the reader may not see."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from peace_desktop.jobs.blindness import NOTHING_HIDDEN, Blindness, blindness_of
from peace_desktop.jobs.case import CaseAnalysis
from peace_desktop.library.records import Person
from peace_desktop.library.repository import Library
from peace_desktop.review.circumstances import Visit
from peace_desktop.review.measurement_edits import MeasurementEdit
from peace_desktop.review.reading import Reading
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.section import section_of


@dataclass(frozen=True, eq=False)
class LoadedCase:
    """recording, person, readings, edits, history: as the reader may see them. whole: the recording to analyse, never
    shown. history: what held of the person, oldest first.

    signed_with: see `edit_in_force`. visits: the reader's own so far, by study.
    """

    sha256: str
    whole: Recording
    recording: Recording
    history: tuple[Person, ...]
    readings: tuple[Reading, ...]
    edits: tuple[MeasurementEdit, ...] = ()
    signed_with: Mapping[str, str] = field(default_factory=dict)
    blindness: Blindness = NOTHING_HIDDEN
    visits: Mapping[str, Visit] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        """What holds now."""
        return self.history[-1]


def load_case(library: Library, sha256: str, recording: Recording | None, *, reader: str) -> LoadedCase:
    """In the library lane. recording: the one in memory when it is still kept, else it is read from its file.

    Raises LibraryError, RecordingError.
    """
    history = library.person_history(sha256)
    person = history[-1]
    if recording is None:
        recording = library.load_recording(sha256)
    elif (recording.age, recording.sex) != (person.age, person.sex):
        recording = recording.with_person(age=person.age, sex=person.sex)
    blindness = blindness_of(library, sha256, reader)
    readings, signed_with = blindness.readings(library.readings(sha256)), library.signed_with(sha256)
    return LoadedCase(sha256, recording, blindness.recording(recording),
                      tuple(blindness.person(known) for known in history),
                      readings, blindness.edits(library.measurement_edits(sha256)),
                      {item.reading_id: signed_with[item.reading_id] for item in readings
                       if item.reading_id in signed_with}, blindness, library.visits(sha256, reader))


def keep_analysis(library: Library, sha256: str, analysis: CaseAnalysis) -> None:
    """In the library lane. Raises LibraryError.

    Statistics count one decision a recording: of a long one that on its first section, and none that was made for an
    age or sex that was corrected meanwhile.
    """
    library.save_findings(sha256, tuple(finding.code for finding in analysis.findings))
    recording, person = analysis.recording, library.stored_person(sha256)
    if (analysis.prediction is not None and analysis.section == section_of(recording)
            and (recording.age, recording.sex) == (person.age, person.sex)):
        library.save_prediction(sha256, analysis.prediction)
