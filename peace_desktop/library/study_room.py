"""The studies of an open library as the application sees them: values in, values out, each write one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peace_desktop.library import adjudications, circumstances, readings, studies
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.repository import Library
from peace_desktop.review.access import Right
from peace_desktop.review.adjudication import Adjudication
from peace_desktop.review.circumstances import Circumstances
from peace_desktop.review.reading import Reading, ReadingState
from peace_desktop.review.study import Assignment, Protocol, StudyRecording
from peace_desktop.texts import _


@dataclass(frozen=True)
class Study:
    """A study as it stands. readings: of all its readers, as stored; who shows them hides what is not to be seen."""

    protocol: Protocol
    closed_at: datetime | None
    recordings: tuple[StudyRecording, ...]
    assignments: tuple[Assignment, ...]
    readings: tuple[Reading, ...]
    adjudications: tuple[Adjudication, ...]


class StudyRoom:
    """Studies, blind readings and decisions of one library. Raises LibraryError as `Library` does."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def create(self, protocol: Protocol, held: Sequence[StudyRecording], assignments: Sequence[Assignment]) -> None:
        """Keeps a new study for good."""
        with self._library.write(protocol.created_by, right=Right.LEAD_STUDIES) as (session, act):
            studies.add(session, act, protocol, held, assignments)

    def close(self, study_id: str, *, actor: str) -> None:
        """Ends a study."""
        with self._library.write(actor, right=Right.LEAD_STUDIES) as (session, act):
            studies.close(session, act, study_id)

    def protocols(self) -> tuple[Protocol, ...]:
        """All studies in the order they were made."""
        with self._library.read() as session:
            return tuple(studies.get(session, study_id) for study_id in studies.all_ids(session))

    def study(self, study_id: str) -> Study:
        """A study with all it holds."""
        with self._library.read() as session:
            return Study(studies.get(session, study_id), studies.closed_at(session, study_id),
                         studies.recordings_of(session, study_id), studies.assignments_of(session, study_id),
                         studies.readings_of(session, study_id), adjudications.of_study(session, study_id))

    def titles(self, study_id: str) -> dict[str, str]:
        """Recording -> its title in the worklist, of everything a study holds."""
        with self._library.read() as session:
            return studies.titles_of(session, study_id)

    def assignments(self, study_id: str, *, reader: str) -> tuple[Assignment, ...]:
        """What a reader is to read for a study, in that reader's order."""
        with self._library.read() as session:
            return studies.assignments_of(session, study_id, reader=reader)

    def blinding(self, sha256: str, reader: str) -> tuple[str, ...]:
        """The studies for which a recording is still blind to a reader; see `studies.blinding`."""
        with self._library.read() as session:
            return studies.blinding(session, sha256, reader)

    def without_model(self, sha256: str, reader: str) -> tuple[str, ...]:
        """The studies without a model that a reader has yet to sign on a recording; see `studies.without_model`."""
        with self._library.read() as session:
            return studies.without_model(session, sha256, reader)

    def lock(self, reading: Reading, surrounding: Circumstances) -> Reading:
        """Keeps the answers of a blind reading for good."""
        if reading.state is not ReadingState.LOCKED:
            raise LibraryError(_("Only a locked reading can be stored as locked."))
        with self._library.write(reading.reader) as (session, act):
            stored = readings.store(session, act, reading, action="reading.locked")
            circumstances.store(session, act, surrounding)
            return stored

    def reveal(self, reading: Reading) -> Reading:
        """Records that the reader of a locked reading is shown the model from now on."""
        if reading.state is not ReadingState.REVEALED:
            raise LibraryError(_("Only a revealed reading can be stored as revealed."))
        with self._library.write(reading.reader) as (session, act):
            return readings.store(session, act, reading, action="reading.revealed")

    def circumstances(self, reading_id: str) -> tuple[Circumstances, ...]:
        """What surrounded a reading when it was locked and when it was signed."""
        with self._library.read() as session:
            return circumstances.of_reading(session, reading_id)

    def adjudicate(self, decision: Adjudication) -> None:
        """Keeps an adjudicator's decision."""
        with self._library.write(decision.adjudicator, right=Right.ADJUDICATE) as (session, act):
            adjudications.store(session, act, decision)
