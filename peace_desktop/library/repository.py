"""The library as the application sees it: values in, values out, each write one transaction with its audit entry."""

from datetime import UTC, date, datetime
from pathlib import Path

from peace_desktop.library import audit, circumstances, measurement_edits, people, predictions, readings, visits
from peace_desktop.library.audit import APPLICATION
from peace_desktop.library.backup import Backup, Report, backup
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.people import PersonValues
from peace_desktop.library.recording_room import RecordingRoom
from peace_desktop.library.records import AuditHead, Person, StoredPrediction, Unchanged
from peace_desktop.library.statistics import Statistics, statistics
from peace_desktop.library.verify import VerifyReport, verify
from peace_desktop.review.circumstances import Circumstances, Visit
from peace_desktop.review.measurement_edits import MeasurementEdit
from peace_desktop.review.reading import WRITABLE_STATES, Reading, ReadingState
from peace_desktop.texts import _
from peace_model.ecg.age import Age
from peace_model.ecg.recording import Sex
from peace_model.inference.associated import AssociatedFinding
from peace_model.inference.prediction import PredictionResult


def utc_now() -> datetime:
    """The computer's clock."""
    return datetime.now(UTC)


class Library(RecordingRoom):
    """An open library: its recordings, people, readings, measurements and predictions.

    Studies, the worklist and readers' passphrases are rooms of their own over it: `StudyRoom`, `Worklist`, `Access`.
    """

    # People

    def stored_person(self, sha256: str) -> Person:
        """What holds now of the person of a recording."""
        with self.read() as session:
            return people.history(session, sha256)[-1]

    def person_history(self, sha256: str) -> tuple[Person, ...]:
        """What the file said, then every correction, oldest first."""
        with self.read() as session:
            return people.history(session, sha256)

    def correct_person(self, sha256: str, *, age: Age | None, sex: Sex | None, reader: str, reason: str,
                       gestational_age_weeks: int | None | Unchanged = Unchanged.UNCHANGED) -> Person:
        """Sets what holds from now on; None makes a value unknown. What the file said is kept.

        With another age or sex what bundles said of the recording no longer holds: they are to be asked anew.
        """
        with self.write(_named(reader)) as (session, act):
            before = people.history(session, sha256)[-1]
            weeks = gestational_age_weeks
            if isinstance(weeks, Unchanged):
                weeks = before.gestational_age_weeks
            people.correct(session, act, sha256, PersonValues(age, sex, weeks), reason)
            if (before.age, before.sex) != (age, sex):
                predictions.forget(session, act, sha256)
            return people.history(session, sha256)[-1]

    def add_person_name(self, patient_key: str, name: str, *, reader: str = APPLICATION) -> None:
        """Keeps a patient's name, in a table of its own."""
        with self.write(reader) as (session, act):
            people.set_name(session, act, patient_key, name)

    def person_name(self, patient_key: str) -> str:
        """A patient's name, "" when the library knows none."""
        with self.read() as session:
            return people.name_of(session, patient_key)

    def birth_date(self, patient_key: str) -> date | None:
        """A patient's birth date, None unless an import was asked to keep it."""
        with self.read() as session:
            return people.birth_date_of(session, patient_key)

    def add_reader(self, name: str) -> None:
        """Makes a reader known; readers who save a reading become known by themselves."""
        with self.write(_named(name)) as (session, act):
            people.ensure_reader(session, act, act.actor)

    def record_acceptance(self, reader: str, notice: str) -> None:
        """Records that a reader accepted the intended use. notice: version or hash of the text that was shown."""
        if not notice.strip():
            raise LibraryError(_("Recording that the intended use was accepted needs the version of its text."))
        with self.write(_named(reader)) as (session, act):
            people.ensure_reader(session, act, act.actor)
            audit.append(session, act, action="intended_use.accepted", subject=act.actor,
                         payload={"notice": notice.strip()})

    def readers(self) -> tuple[str, ...]:
        """The names of all readers."""
        with self.read() as session:
            return people.reader_names(session)

    # Readings

    def save_reading(self, reading: Reading) -> Reading:
        """Stores a draft or a revealed reading as it now stands. Its revision must be higher than the stored one's."""
        if reading.state not in WRITABLE_STATES:
            raise LibraryError(_("Only a draft is saved; a reading is signed to make it final."))
        with self.write(reading.reader) as (session, act):
            return readings.store(session, act, reading, action="reading.saved")

    def sign_reading(self, reading: Reading, surrounding: Circumstances | None = None) -> Reading:
        """Stores a signed reading for good, whether or not its draft was saved before, with what surrounded it."""
        if reading.state is not ReadingState.FINAL:
            raise LibraryError(_("Only a signed reading can be stored as final."))
        action = "reading.signed" if reading.amends is None else "reading.amended"
        with self.write(reading.reader) as (session, act):
            stored = readings.store(session, act, reading, action=action)
            if surrounding is not None:
                circumstances.store(session, act, surrounding)
            visits.end(session, reading)
            return stored

    def discard_draft(self, reading_id: str, *, reader: str) -> None:
        """Drops the reader's own draft: an amendment in work, or a first draft that says nothing (see `discard`)."""
        with self.write(_named(reader)) as (session, act):
            readings.discard(session, act, reading_id)

    def reading(self, reading_id: str) -> Reading | None:
        """A reading by its id."""
        with self.read() as session:
            return readings.get(session, reading_id)

    def reading_for(self, sha256: str, reader: str, *, study_id: str = "") -> Reading | None:
        """The reader's newest reading of a recording: an amendment in work before the reading it amends.

        study_id: of that study's readings, "" for a reading outside studies.
        """
        with self.read() as session:
            return readings.newest(session, sha256, reader.strip(), study_id)

    def readings(self, sha256: str) -> tuple[Reading, ...]:
        """All readings of a recording in the order they were started, as stored (see `shown_state`)."""
        with self.read() as session:
            return readings.of_recording(session, sha256)

    def visits(self, sha256: str, reader: str) -> dict[str, Visit]:
        """Study -> a reader's visit of a recording that is still to be signed; see `visits`."""
        with self.read() as session:
            return visits.of_recording(session, sha256, reader.strip())

    def keep_visit(self, sha256: str, visit: Visit, *, reader: str, study_id: str = "") -> None:
        """Keeps a visit in place of what was kept of it before."""
        with self.write(APPLICATION) as (session, _act):
            visits.keep(session, sha256, reader.strip(), study_id, visit)

    # Measurements

    def add_measurement_edit(self, edit: MeasurementEdit) -> None:
        """Keeps a reader's boundaries of the median beat beside the automatic ones; see `measurement_edits`."""
        with self.write(edit.reader) as (session, act):
            measurement_edits.store(session, act, edit)

    def measurement_edits(self, sha256: str) -> tuple[MeasurementEdit, ...]:
        """Every edit of a recording's measurements, in the order they came into this library."""
        with self.read() as session:
            return measurement_edits.of_recording(session, sha256)

    def signed_with(self, sha256: str) -> dict[str, str]:
        """Signed reading of a recording -> id of the edited measurement it was signed with, or AUTOMATIC; where the
        library knows."""
        with self.read() as session:
            return measurement_edits.signed_with(session, sha256)

    # Predictions

    def save_prediction(self, sha256: str, summary: PredictionResult) -> None:
        """Keeps what a bundle said of a recording; saying the same again writes nothing."""
        new = tuple(StoredPrediction(item.label, float(item.probability), float(item.threshold), bool(item.positive),
                                     summary.bundle_sha256) for item in summary.predictions)
        with self.write(APPLICATION) as (session, act):
            predictions.store(session, act, sha256, summary.bundle_sha256, new, summary.associated)

    def predictions(self, sha256: str) -> tuple[StoredPrediction, ...]:
        """The newest prediction of every bundle that has seen the recording."""
        with self.read() as session:
            return predictions.of_recording(session, sha256)

    def associated_findings(self, sha256: str, bundle_sha256: str) -> tuple[AssociatedFinding, ...]:
        """What a bundle's head for abnormalities said of the recording, with its evidence."""
        with self.read() as session:
            return predictions.associated_of(session, sha256, bundle_sha256)

    # The whole

    def verify(self, *, expected_head: str | None = None) -> VerifyReport:
        """Checks everything; see `verify.verify`."""
        with self.read() as session:
            return verify(session, self.file, self.at_rest, self._files, expected_head=expected_head)

    def backup(self, to: Path, *, progress: Report | None = None) -> Backup:
        """Copies the library into a folder; see `backup.backup`."""
        return backup(self.file, self.recordings_folder, to, self.at_rest, progress=progress)

    def statistics(self) -> Statistics:
        """Counts of what the library holds."""
        with self.read() as session:
            return statistics(session)

    def audit_head(self) -> AuditHead:
        """The newest entry of the audit trail, as it is printed on reports."""
        with self.read() as session:
            return audit.head(session)


def _named(reader: str) -> str:
    if not reader.strip():
        raise LibraryError(_("This needs the reader's name."))
    return reader.strip()
