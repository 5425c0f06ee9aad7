"""One writer at a time: an operating-system lock on a file in the library folder.

The system lets go of the lock when its process ends, however it ends, so a crash leaves no stale lock behind; the
process number in the file only serves the message.
"""

import errno
import os
import sys
from pathlib import Path
from typing import BinaryIO

from peace_desktop.library.errors import LibraryError
from peace_desktop.texts import _

# Locked far behind the text, so that Windows (mandatory locks) still lets others read who holds it.
_LOCKED_BYTE = 1 << 20

_HELD = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})
"""What the systems say of a lock that another holds."""

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Held from construction to `release`. Raises LibraryError when another process (or library) holds it."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "a+b")  # noqa: SIM115 - the lock lives as long as the file is open
        try:
            _take(self._file)
        except OSError as error:
            if error.errno not in _HELD:
                self._file.close()
                raise LibraryError(_("This folder's disk does not let the library be locked for writing, so that two "
                                     "windows could damage it. Choose a folder on a local disk.")) from error
            self._file.seek(0)
            holder = self._file.read(64).decode("ascii", "replace").strip()
            self._file.close()
            raise LibraryError(_(
                "This library is already open for writing (process {holder}). Use that window, or close it and try "
                "again.").format(holder=holder or "?")) from error
        self._file.truncate(0)
        self._file.seek(0)
        self._file.write(str(os.getpid()).encode("ascii"))
        self._file.flush()

    def release(self) -> None:
        """Lets the next writer in; the file stays."""
        self._file.close()
