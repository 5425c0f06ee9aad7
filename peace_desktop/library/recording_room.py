"""Recordings into an open library and out of it."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy.orm import Session

from peace_desktop.library import people, recordings
from peace_desktop.library.audit import APPLICATION, Act
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.library_file import LibraryFile
from peace_desktop.library.records import Keep, StoredRecording
from peace_desktop.library.taking import Incoming, Prepared, enlist, prepare
from peace_model.ecg.deidentification import deidentified
from peace_model.ecg.formats.contract import ReadOptions
from peace_model.ecg.recording import Recording

_AT_ONCE = 4


class RecordingRoom(LibraryFile):
    """The recordings of a library."""

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
