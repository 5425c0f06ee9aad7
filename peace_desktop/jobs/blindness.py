"""What a blind reader may not see, taken out of everything that goes to a window, a page or a file.

This is the one place where it is done: views, prints and exports are given what comes out of here and hold nothing
that would have to be hidden. Analyses are computed and kept whole in the lanes, so that a reveal waits for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_desktop.jobs.case import CaseAnalysis
from peace_desktop.library.records import Person
from peace_desktop.library.repository import Library
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.measurement_edits import MeasurementEdit
from peace_desktop.review.reading import Reading
from peace_model.ecg.recording import Recording


@dataclass(frozen=True)
class Blindness:
    """Whether and why a reader sees one recording blind; true where something is hidden.

    study_ids, study_names: for which the reader has yet to lock answers on it and to see the model; none where the
    recording is not blind. without_model: names of studies that have no model and that the reader has yet to sign; the
    model is hidden for them, also where nothing else is. Each method gives its argument as this reader may see it.
    """

    reader: str = ""
    study_ids: tuple[str, ...] = ()
    study_names: tuple[str, ...] = ()
    without_model: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.study_ids)

    @property
    def hides_model(self) -> bool:
        return bool(self.study_ids or self.without_model)

    def recording(self, recording: Recording) -> Recording:
        """Without what machine or header say it shows."""
        return replace(recording, source_statements=()) if self and recording.source_statements else recording

    def analysis(self, analysis: CaseAnalysis) -> CaseAnalysis:
        """Without prediction and maps, nor why there is none."""
        if not self.hides_model:
            return analysis
        return replace(analysis, recording=self.recording(analysis.recording), part=self.recording(analysis.part),
                       prediction=None, prediction_error="")

    def readings(self, readings: Sequence[Reading]) -> tuple[Reading, ...]:
        """The reader's own for the studies that are still blind: an earlier one may answer a model."""
        return tuple(reading for reading in readings
                     if not self or reading.reader == self.reader and reading.study_id in self.study_ids)

    def edits(self, edits: Sequence[MeasurementEdit]) -> tuple[MeasurementEdit, ...]:
        """The reader's own."""
        return tuple(edit for edit in edits if not self or edit.reader == self.reader)

    def person(self, person: Person) -> Person:
        """Without another reader's words for a correction."""
        if not self or person.corrected_by == self.reader:
            return person
        return replace(person, corrected_by="", reason="")


NOTHING_HIDDEN = Blindness()


def blindness_of(library: Library, sha256: str, reader: str) -> Blindness:
    """In the library lane: how a reader sees a recording now. Raises LibraryError."""
    room = StudyRoom(library)
    blind, bare = room.blinding(sha256, reader), room.without_model(sha256, reader)
    if not blind and not bare:
        return Blindness(reader)
    names = {protocol.study_id: protocol.name for protocol in room.protocols()}
    return Blindness(reader, blind, tuple(names[study_id] for study_id in blind),
                     tuple(names[study_id] for study_id in bare))
