"""How a library's bytes lie on the disk: as they are, or encrypted. Whatever opens a file of a library asks here.

Two forms keep to it: `PLAIN` below, and `encryption.Encrypted` for a library that was made with a passphrase.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, Literal, Protocol

_PLAIN_HEADER = b"SQLite format 3\0"

Mode = Literal["ro", "rw", "rwc"]
"""Read, read and write, or the same and make it where there is none."""


class SealedDamage(OSError):
    """A sealed file is not what was written, or not in its place, or of another key."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...


class AtRest(Protocol):
    """driver: the module of the connections, with the errors they raise (DB-API 2)."""

    @property
    def encrypted(self) -> bool: ...

    @property
    def driver(self) -> ModuleType: ...

    def connect(self, file: Path, mode: Mode) -> sqlite3.Connection:
        """A connection to a database file, from any one thread at a time."""

    def name_on_disk(self, sha256: str, name: str) -> str:
        """Where a recording's file lies in the recording's folder; name, with "/", is what the library calls it."""

    def size_on_disk(self, size_bytes: int) -> int:
        """How large a file of so many bytes is on the disk."""

    def create(self, path: Path, *, sha256: str, name: str) -> AbstractContextManager[Writable]:
        """A new file of a recording; forced to the disk when the context ends well. Raises FileExistsError, OSError."""

    def open(self, path: Path, *, sha256: str, name: str) -> AbstractContextManager[Readable]:
        """The bytes of such a file. Raises OSError; while reading SealedDamage, when they are not those written."""


@contextmanager
def created(path: Path) -> Iterator[BinaryIO]:
    """A new file, forced to the disk when the context ends well. Raises FileExistsError where there is one."""
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def opened(path: Path) -> BufferedReader:
    """A file as it lies, for reading."""
    return path.open("rb")


class Plain:
    """Bytes as they are."""

    encrypted = False
    driver = sqlite3

    def connect(self, file: Path, mode: Mode) -> sqlite3.Connection:
        return sqlite3.connect(uri_of(file, mode), uri=True, check_same_thread=False)

    def name_on_disk(self, sha256: str, name: str) -> str:
        del sha256
        return name

    def size_on_disk(self, size_bytes: int) -> int:
        return size_bytes

    def create(self, path: Path, *, sha256: str, name: str) -> AbstractContextManager[Writable]:
        del sha256, name
        return created(path)

    def open(self, path: Path, *, sha256: str, name: str) -> AbstractContextManager[Readable]:
        del sha256, name
        return opened(path)


PLAIN = Plain()


def uri_of(file: Path, mode: Mode) -> str:
    """A database file as SQLite wants to be told of it."""
    return f"{file.resolve().as_uri()}?mode={mode}"


def is_plain_database(file: Path) -> bool:
    """Whether a file begins as every SQLite database does that is not encrypted."""
    with suppress(FileNotFoundError), file.open("rb") as opened:
        return opened.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER
    return False
