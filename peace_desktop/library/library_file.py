"""An open library's file: consistent views of it, and one writer at a time who is allowed to write."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from peace_desktop.library import people
from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.audit import Act
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import RecordingFiles
from peace_desktop.library.lock import WriterLock
from peace_desktop.library.rights import refuse_stranger
from peace_desktop.review.access import Right
from peace_desktop.texts import _


class LibraryFile:
    """Every method may be called from any one thread at a time; writes are serialised.

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

    def __enter__(self) -> Self:
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

    def _secret(self) -> bytes:
        if self._patient_secret is None:
            with self.read() as session:
                self._patient_secret = people.patient_secret(session)
        return self._patient_secret
