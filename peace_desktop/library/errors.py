"""What the library says when it cannot do something: what happened, what is safe, what to do."""

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from peace_desktop.texts import _, mark


class LibraryError(Exception):
    """One plain sentence or two: what happened, what is safe, what to do. Carries no patient data."""


_DISK_FULL = mark("The disk is full, so this change was not saved. Everything saved earlier is safe. "
                  "Free some space and try again.")
_READ_ONLY = mark("The library folder cannot be written to, so nothing of this was saved. Everything saved earlier is "
                  "safe. Check the folder's permissions or that the disk is not write-protected.")
_DEVICE = mark("The disk reported a fault, so this change was not saved. Copy the library folder to another disk, then "
               "run \"peace-desktop library verify\".")
_DAMAGED = mark("The library file is damaged. Nothing was written. Run \"peace-desktop library verify\" and bring back "
                "a backup with \"peace-desktop library restore\".")
_BUSY = mark("The library is in use by another program, so this change was not saved. Close the other program and try "
             "again.")
_RULE = mark("The library refused this change because it would alter something that is signed or audited. Nothing was "
             "changed.")
_OTHER = mark("The library could not carry this out ({detail}). Nothing was changed; everything saved earlier is safe.")

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: _DISK_FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DEVICE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CONSTRAINT: _RULE,
}
_BY_ERRNO = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EIO: _DEVICE,
}


def database_errors() -> tuple[type[Exception], ...]:
    """What connections raise. An encrypted library's come from a module that is loaded only for one."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error,) if cipher is None else (sqlite3.Error, cipher.Error)


def storage_errors() -> tuple[type[Exception], ...]:
    """What database and disk raise, as a sentence can be made of it."""
    return (DBAPIError, *database_errors(), OSError)


def is_damage(error: Exception) -> bool:
    """Whether a database error says that the file is not sound, or not of this key."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def plain_sentence(error: Exception) -> str:
    """What a fault of SQLite or the file system means for the reader, without values or paths."""
    if isinstance(error, DBAPIError):
        error = error.orig if isinstance(error.orig, Exception) else error
    if isinstance(error, database_errors()):
        # The low byte is the primary code; the rest says which kind of it (SQLITE_READONLY_DBMOVED, ...).
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and (code & 0xFF) in _BY_SQLITE_CODE:
            return _(_BY_SQLITE_CODE[code & 0xFF])
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        return _(_OTHER).format(detail=name)
    if isinstance(error, OSError):
        return _(_BY_ERRNO[error.errno]) if error.errno in _BY_ERRNO else _(_OTHER).format(detail=error.strerror)
    return _(_OTHER).format(detail=type(error).__name__)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ENOENT, errno.EEXIST})


def takes_nothing(error: OSError) -> bool:
    """Whether nothing more can be written into a folder outside the library."""
    return error.errno in _FULL | _CLOSED


def folder_sentence(error: OSError) -> str:
    """Why something could not be written into a folder outside the library."""
    if error.errno in _FULL:
        return _("The disk is full. Make room there or choose another folder.")
    if error.errno in _CLOSED:
        return _("Nothing can be written into this folder ({reason}). Choose another one.").format(
            reason=error.strerror)
    return _("The recording could not be written ({reason}). Check the folder and its space.").format(
        reason=error.strerror or type(error).__name__)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns what SQLite and the file system raise into a `LibraryError` without values or paths in its text."""
    try:
        yield
    except storage_errors() as error:
        raise LibraryError(plain_sentence(error)) from error
