"""An encrypted library: SQLCipher 4 for the database, AES-256-GCM for every other file. Needs the extra `encrypted`.

A file is a header (magic, salt) and chunks of one mebibyte, each sealed with a key of the file's own (HKDF of the
library's key and the salt), a nonce of its position and whether it is the last, and the file's name as associated data
(the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). So no file can be changed, cut short, put
together anew or take another's place without being noticed, and a day's recording needs no double memory.
"""

import hashlib
import hmac
import io
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2

from peace_desktop.library.at_rest import Mode, Readable, SealedDamage, Writable, created, uri_of

_KEY_BYTES, _NONCE_BYTES = 32, 12
_MAGIC = b"PEACE-SEALED-1\n"
_SALT_BYTES, _TAG_BYTES, _CHUNK = 16, 16, 1 << 20
_HEADER_BYTES = len(_MAGIC) + _SALT_BYTES
_NAME_DIGITS = 32


def subkey(key: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """A key for one purpose (HKDF-SHA256, RFC 5869); knowing it tells nothing of the others."""
    return HKDF(SHA256(), _KEY_BYTES, salt, purpose.encode()).derive(key)


class Encrypted:
    """key: the library's data key, 32 random bytes that stay the same for as long as the library lives."""

    encrypted = True
    driver: ModuleType = dbapi2

    def __init__(self, key: bytes) -> None:
        self._database_key = subkey(key, "database")
        self._files_key = subkey(key, "files")
        self._names_key = subkey(key, "names")

    def connect(self, file: Path, mode: Mode) -> sqlite3.Connection:
        connection: sqlite3.Connection = dbapi2.connect(uri_of(file, mode), uri=True, check_same_thread=False)
        # What SQLCipher would write of a wrong key to the standard error goes into a sentence instead.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{self._database_key.hex()}'\"")
        connection.execute("PRAGMA cipher_compatibility = 4")
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    def name_on_disk(self, sha256: str, name: str) -> str:
        """Original files are often named after people: their names do not stand on the disk."""
        return hmac.new(self._names_key, _identity(sha256, name), hashlib.sha256).hexdigest()[:_NAME_DIGITS]

    def size_on_disk(self, size_bytes: int) -> int:
        chunks = max(-(-size_bytes // _CHUNK), 1)
        return _HEADER_BYTES + size_bytes + chunks * _TAG_BYTES

    @contextmanager
    def create(self, path: Path, *, sha256: str, name: str) -> Iterator[Writable]:
        with created(path) as file, sealing(file, self._files_key, _identity(sha256, name)) as sealed:
            yield sealed

    @contextmanager
    def open(self, path: Path, *, sha256: str, name: str) -> Iterator[Readable]:
        with path.open("rb") as file:
            yield Unsealing(file, self._files_key, _identity(sha256, name))

    def sealing_bundle(self, file: BinaryIO) -> AbstractContextManager[Writable]:
        """Seals what is written into an open file, from where it stands; see `bundles`."""
        return sealing(file, self._files_key, b"bundle")

    def unsealing_bundle(self, file: BinaryIO) -> Readable:
        """Reads what `sealing_bundle` wrote."""
        return Unsealing(file, self._files_key, b"bundle")


def _identity(sha256: str, name: str) -> bytes:
    return f"{sha256}/{name}".encode()


def _nonce(position: int, *, last: bool) -> bytes:
    return position.to_bytes(_NONCE_BYTES - 1) + bytes([last])


@contextmanager
def sealing(file: Writable, key: bytes, identity: bytes) -> Iterator[Writable]:
    """Seals what is written; where the context ends with an error the last chunk is missing and nothing can be read."""
    salt = secrets.token_bytes(_SALT_BYTES)
    file.write(_MAGIC + salt)
    sealed = _Sealing(file, AESGCM(subkey(key, "file", salt)), identity)
    yield sealed
    sealed.end()


class _Sealing:
    def __init__(self, file: Writable, cipher: AESGCM, identity: bytes) -> None:
        self._file, self._cipher, self._identity = file, cipher, identity
        self._held = bytearray()
        self._position = 0

    def write(self, data: bytes, /) -> int:
        self._held += data
        # The chunk that may be the last is held back until it is known.
        while len(self._held) > _CHUNK:
            self._seal(bytes(self._held[:_CHUNK]), last=False)
            del self._held[:_CHUNK]
        return len(data)

    def end(self) -> None:
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._position, last=last), chunk, self._identity))
        self._position += 1


class Unsealing(io.RawIOBase):
    """Reads a sealed file from where it stands to its end. Raises SealedDamage where it is not as it was written."""

    def __init__(self, file: BinaryIO, key: bytes, identity: bytes) -> None:
        header = file.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
            raise SealedDamage("not a sealed file")
        self._file, self._identity = file, identity
        self._cipher = AESGCM(subkey(key, "file", header[len(_MAGIC):]))
        self._left = os.fstat(file.fileno()).st_size - file.tell()
        self._position = 0
        self._held = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the wider Buffer cannot be sliced
        if not self._held and not self._ended:
            self._held = memoryview(self._unseal())
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def _unseal(self) -> bytes:
        sealed = self._file.read(_CHUNK + _TAG_BYTES)
        self._left -= len(sealed)
        self._ended = self._left <= 0
        try:
            chunk = self._cipher.decrypt(_nonce(self._position, last=self._ended), sealed, self._identity)
        except (InvalidTag, ValueError) as error:
            raise SealedDamage("a sealed file is not what was written") from error
        self._position += 1
        return chunk
