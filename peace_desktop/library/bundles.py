"""Archives that leave a library: plain zips, or, from an encrypted library, sealed ones that open with its passphrase.

A sealed one is a magic line, the length of the library's key file, the key file, and the sealed zip: it stands alone.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from peace_desktop.library.at_rest import AtRest, SealedDamage, Writable
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.key_file import KEY_FILE, Unlock, WrappedKey, read_key, require_extra, wrapped_from
from peace_desktop.texts import _

_MAGIC = b"PEACE-BUNDLE-1\n"
_LENGTH = struct.Struct("<I")
_MAX_KEY_BYTES, _PIECE_BYTES = 4096, 1 << 20


class UnsealedBundle(io.BytesIO):
    """A sealed archive's zip, in memory alone. name: of the file it came from."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


Bundle = Path | UnsealedBundle


@contextmanager
def writing_bundle(file: Path, folder: Path, at_rest: AtRest) -> Iterator[IO[bytes]]:
    """What the archive of a library in `folder` is written into. Raises OSError."""
    with file.open("wb") as plain:
        if not at_rest.encrypted:
            yield plain
            return
        from peace_desktop.library.encryption import Encrypted

        key = read_key(folder / KEY_FILE)
        if key is None or not isinstance(at_rest, Encrypted):
            raise LibraryError(_("The file \"{file}\" is missing from the library's folder.").format(file=KEY_FILE))
        text = key.text().encode("ascii")
        plain.write(_MAGIC + _LENGTH.pack(len(text)) + text)
        with at_rest.sealing_bundle(plain) as sealed:
            yield _OnlyWritten(sealed)  # type: ignore[misc]  # a raw stream is one of bytes


class _OnlyWritten(io.RawIOBase):
    """What `zipfile` needs of a stream that cannot be gone back in."""

    def __init__(self, into: Writable) -> None:
        self._into = into

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return self._into.write(bytes(data))


def bundle_at(file: Path, unlock: Unlock) -> Bundle:
    """An archive ready to be read: the file itself, or what a sealed one holds.

    Raises LibraryError as `unlock` does, and for one that is damaged.
    """
    damaged = LibraryError(_("\"{file}\" is damaged. Ask for it again; nothing was changed.").format(file=file.name))
    with plain_errors(), file.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            return file
        require_extra()
        from peace_desktop.library.encryption import Encrypted

        at_rest = unlock(_key_in(stream, damaged))
        if not isinstance(at_rest, Encrypted):
            raise damaged
        unsealed = UnsealedBundle(file.name)
        try:
            sealed = at_rest.unsealing_bundle(stream)
            while piece := sealed.read(_PIECE_BYTES):
                unsealed.write(piece)
        except SealedDamage as error:
            raise damaged from error
        unsealed.seek(0)
        return unsealed


def _key_in(stream: IO[bytes], damaged: LibraryError) -> WrappedKey:
    try:
        (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
        return wrapped_from(stream.read(min(length, _MAX_KEY_BYTES)).decode("ascii"))
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise damaged from error
