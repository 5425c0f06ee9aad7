"""The library as the application sees it: values in, values out, each write one transaction with its audit entry."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from peace_desktop.library import (
    audit,
    circumstances,
    measurement_edits,
    people,
    predictions,
    readings,
    recordings,
    visits,
)
from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.audit import APPLICATION, Act
from peace_desktop.library.backup import Backup, backup
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import RecordingFiles
from peace_desktop.library.lock import WriterLock
from peace_desktop.library.people import PersonValues
from peace_desktop.library.records import (
    AuditHead,
    Keep,
    Person,
    StoredPrediction,
    StoredRecording,
    Unchanged,
)
from peace_desktop.library.rights import refuse_stranger
from peace_desktop.library.statistics import Statistics, statistics
from peace_desktop.library.taking import Incoming, Prepared, enlist, prepare
from peace_desktop.library.verify import VerifyReport, verify
from peace_desktop.review.access import Right
from peace_desktop.review.circumstances import Circumstances, Visit
from peace_desktop.review.measurement_edits import MeasurementEdit
from peace_desktop.review.reading import WRITABLE_STATES, Reading, ReadingState
from peace_desktop.texts import _
from peace_model.ecg.age import Age
from peace_model.ecg.deidentification import deidentified
from peace_model.ecg.formats.contract import ReadOptions
from peace_model.ecg.recording import Recording, Sex
from peace_model.inference.prediction import PredictionResult

_AT_ONCE = 4


def utc_now() -> datetime:
    """The computer's clock."""
    return datetime.now(UTC)


class Library:
    """An open library. Every method may be called from any one thread at a time; writes are serialised.

    Every method raises LibraryError in plain words when the disk, the file or a rule refuses.
    """

    def __init__(self, folder: Path, at_rest: AtRest, reader: Engine, writer: Engine | None, lock: WriterLock | None,
                 clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self.at_rest = at_rest
        self._files = RecordingFiles(folder / "recordings", at_rest)
        self._reader = reader
        self._writer = writer
        self._lock = lock
        self._clock = clock
        self._one_write = threading.RLock()
        self._patient_secret: bytes | None = None
        self.signed_in = ""
        """The reader who signed in; see `access.Access`. Asked for only where readers have passphrases."""

    @property
    def file(self) -> Path:
        """The database file."""
        return self.folder / "library.sqlite"

    @property
    def recordings_folder(self) -> Path:
        return self._files.root

    @property
    def read_only(self) -> bool:
        return self._writer is None

    def close(self) -> None:
        """Folds the write-ahead log into the file and lets the next writer in."""
        self._reader.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the library for the rooms inside this package."""
        with plain_errors(), Session(self._reader) as session, session.begin():
            yield session

    @contextmanager
    def write(self, actor: str, *, right: Right = Right.READ) -> Iterator[tuple[Session, Act]]:
        """One transaction for the rooms inside this package: all of it is kept, or none.

        right: what the actor must be allowed to do where readers have passphrases. Raises NotAllowed.
        """
        if self._writer is None:
            raise LibraryError(_("This library is open for reading only."))
        with plain_errors(), self._one_write, Session(self._writer) as session, session.begin():
            refuse_stranger(session, actor, right, signed_in=self.signed_in)
            yield session, Act(actor, self._clock())

    def now(self) -> datetime:
        """The library's clock, aware UTC."""
        return self._clock()

    # Recordings

    def add_recording(self, recording: Recording, *, origin_path_name: str, title: str = "",
                      read_options: ReadOptions | None = None, finding_codes: Iterable[str] = (),
                      keep: Keep = Keep.NOTHING) -> StoredRecording:
        """Stores a recording without its identity and lists it; see `taking` for what an identified one keeps.

        origin_path_name: the base name of the file it came from. title: "" for a published record's own name or words
        made of key and date. The same content a second time comes back with duplicate=True; it mends a copy that was
        lost or damaged, adds the name that is kept now and was not, and changes nothing else.
        """
        (stored,) = self.add_recordings((Incoming(
            recording, origin_path_name, keep, title, read_options, tuple(finding_codes)),))
        if isinstance(stored, LibraryError):
            raise stored
        return stored

    def add_recordings(self, batch: Sequence[Incoming]) -> tuple[StoredRecording | LibraryError, ...]:
        """Stores several recordings in one transaction; the one that is refused leaves the others be.

        Raises LibraryError when the library refuses all of them; then none is in.
        """
        with ExitStack() as stack:
            # The disk forces several files out in the time of one.
            with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="library-files") as writers:
                prepared = list(writers.map(lambda incoming: self._prepared(stack, incoming), batch))
            with self.write(APPLICATION) as (session, act):
                return tuple(item if isinstance(item, LibraryError) else self._enlisted(session, act, item)
                             for item in prepared)

    def _prepared(self, stack: ExitStack, incoming: Incoming) -> Prepared | LibraryError:
        try:
            with plain_errors():
                return prepare(stack, self._files, self._secret(), incoming)
        except LibraryError as error:
            return error

    def _enlisted(self, session: Session, act: Act, prepared: Prepared) -> StoredRecording | LibraryError:
        try:
            with plain_errors(), session.begin_nested():
                return enlist(session, act, self._files, prepared)
        except LibraryError as error:
            return error

    def _secret(self) -> bytes:
        if self._patient_secret is None:
            with self.read() as session:
                self._patient_secret = people.patient_secret(session)
        return self._patient_secret

    def whole(self, sha256s: Sequence[str]) -> frozenset[str]:
        """Which of these recordings are in the library with their files as they were stored."""
        with self.read() as session:
            return recordings.whole(session, self._files, sha256s)

    def unnamed(self, sha256s: Sequence[str], keep: Keep) -> frozenset[str]:
        """Which of these recordings are of patients without the name, or the birth date, that an import is to keep."""
        with self.read() as session:
            return people.unnamed(session, sha256s, birth_date=keep is Keep.NAME_AND_BIRTH_DATE
                                  ) if keep is not Keep.NOTHING else frozenset()

    def deidentified(self, recording: Recording) -> Recording:
        """The recording with this library's patient key and shift of days; see `deidentification`."""
        return deidentified(recording, self._secret())

    def load_recording(self, sha256: str) -> Recording:
        """The stored recording, read and checked against its hash, with age and sex as they hold now."""
        with self.read() as session:
            return recordings.load(session, self._files, sha256)

    def shown_name(self, sha256: str) -> str:
        """The published name of a recording's file, "" for one whose name was not kept."""
        with self.read() as session:
            return Path(recordings.require(session, sha256).origin_name).stem

    def save_findings(self, sha256: str, codes: Iterable[str]) -> None:
        """Keeps the codes of a recording's findings for the worklist."""
        with self.write(APPLICATION) as (session, act):
            recordings.set_finding_codes(session, act, sha256, codes)

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
        """Sets what holds from now on; None makes a value unknown. What the file said is kept."""
        with self.write(_named(reader)) as (session, act):
            weeks = gestational_age_weeks
            if isinstance(weeks, Unchanged):
                weeks = people.history(session, sha256)[-1].gestational_age_weeks
            people.correct(session, act, sha256, PersonValues(age, sex, weeks), reason)
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
        """Every edit of a recording's measurements, in the order they were made."""
        with self.read() as session:
            return measurement_edits.of_recording(session, sha256)

    # Predictions

    def save_prediction(self, sha256: str, summary: PredictionResult) -> None:
        """Keeps what a bundle said of a recording; saying the same again writes nothing."""
        new = tuple(StoredPrediction(item.label, float(item.probability), float(item.threshold), bool(item.positive),
                                     summary.bundle_sha256) for item in summary.predictions)
        with self.write(APPLICATION) as (session, act):
            predictions.store(session, act, sha256, summary.bundle_sha256, new)

    def predictions(self, sha256: str) -> tuple[StoredPrediction, ...]:
        """The newest prediction of every bundle that has seen the recording."""
        with self.read() as session:
            return predictions.of_recording(session, sha256)

    # The whole

    def verify(self, *, expected_head: str | None = None) -> VerifyReport:
        """Checks everything; see `verify.verify`."""
        with self.read() as session:
            return verify(session, self.file, self.at_rest, self._files, expected_head=expected_head)

    def backup(self, to: Path) -> Backup:
        """Copies the library into a folder; see `backup.backup`."""
        return backup(self.file, self.recordings_folder, to, self.at_rest)

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
