"""One writer at a time: a lock on a file in the library folder. The process number in it only serves the message."""

import os
from pathlib import Path

from peace_desktop.library.errors import LibraryError
from peace_desktop.process_lock import take
from peace_desktop.texts import _


class LibraryInUse(LibraryError):
    """Another process, or another window of this one, has the library in a folder open for writing."""

    def __init__(self, sentence: str, folder: Path) -> None:
        super().__init__(sentence)
        self.folder = folder


class WriterLock:
    """Held from construction to `release`. Raises LibraryInUse, or LibraryError on a disk without locks."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "a+b")  # noqa: SIM115 - the lock lives as long as the file is open
        try:
            free = take(self._file)
        except OSError as error:
            self._file.close()
            raise LibraryError(_("This folder's disk does not let the library be locked for writing, so that two "
                                 "windows could damage it. Choose a folder on a local disk.")) from error
        if not free:
            self._file.seek(0)
            holder = self._file.read(64).decode("ascii", "replace").strip()
            self._file.close()
            raise LibraryInUse(_(
                "This library is already open for writing (process {holder}). Use that window, or close it and try "
                "again.").format(holder=holder or "?"), path.parent)
        self._file.truncate(0)
        self._file.seek(0)
        self._file.write(str(os.getpid()).encode("ascii"))
        self._file.flush()

    def release(self) -> None:
        """Lets the next writer in; the file stays."""
        self._file.close()
