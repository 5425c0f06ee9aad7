"""A lock that the operating system keeps on an open file until it is closed or its process ends, however it ends."""

import errno
import sys
from typing import BinaryIO

# Locked far behind the text, so that Windows (mandatory locks) still lets others read what the file says.
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


def take(file: BinaryIO) -> bool:
    """Whether the lock was free and is held now. Raises OSError where the file's disk knows no locks."""
    try:
        _take(file)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True
