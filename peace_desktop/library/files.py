"""Recordings' files in the library folder: recordings/<first two>/<sha256>/, whole or not there."""

import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

from peace_desktop.library.at_rest import AtRest, Readable, SealedDamage, Writable, opened
from peace_desktop.library.errors import LibraryError
from peace_desktop.texts import _

_CHUNK = 1 << 20
_INCOMING = "incoming-"


@dataclass(frozen=True)
class CopiedFile:
    """name: relative to the recording's folder, with "/"."""

    name: str
    sha256: str
    size_bytes: int


def sync_file(path: Path) -> None:
    """Forces a file's content to the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Forces a folder's entries to the disk; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_incoming(root: Path) -> None:
    """Removes copies that an interrupted import left half-made."""
    for left_over in root.glob(f"{_INCOMING}*"):
        shutil.rmtree(left_over)


@dataclass(frozen=True)
class Named:
    """A file with the name it gets in the recording's folder, with "/"; open gives its bytes, once for each call."""

    name: str
    open: Callable[[], AbstractContextManager[Readable]]


def named_beside(base: Path, files: Sequence[Path]) -> tuple[Named, ...]:
    """Files with their places relative to base. Raises LibraryError for a file outside base."""
    named = []
    for file in map(Path.absolute, files):
        if not file.is_relative_to(base):
            raise LibraryError(_("{file} does not lie beside its recording's header; move it there and open the "
                                 "recording again.").format(file=file.name))
        named.append(Named(file.relative_to(base).as_posix(), partial(opened, file)))
    return tuple(named)


class Digest:
    """SHA-256 and length of what is written, on its way to where it is kept."""

    def __init__(self, into: Writable) -> None:
        self._into, self._digest, self._size = into, hashlib.sha256(), 0

    def write(self, data: bytes, /) -> int:
        self._digest.update(data)
        self._size += len(data)
        return self._into.write(data)

    def of(self, name: str) -> "CopiedFile":
        return CopiedFile(name, self._digest.hexdigest(), self._size)


class RecordingFiles:
    """The recordings' files of one library: recordings/<first two>/<sha256>/, whole or not there.

    In an encrypted library every file is sealed, and none stands under its own name.
    """

    def __init__(self, root: Path, at_rest: AtRest) -> None:
        self.root = root
        self._at_rest = at_rest

    @property
    def encrypted(self) -> bool:
        return self._at_rest.encrypted

    def folder_of(self, sha256: str) -> Path:
        """Where a recording's files lie."""
        return self.root / sha256[:2] / sha256

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """A new folder in which a recording is made whole; what is not put in its place is removed."""
        building = self.root / f"{_INCOMING}{uuid4().hex}"
        building.mkdir(parents=True)
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def written(self, building: Path, sha256: str, name: str, write: Callable[[Writable], object]) -> CopiedFile:
        """A file of a recording made by `write`, forced to the disk and read back. Raises OSError."""
        path = self._path(building, sha256, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._at_rest.create(path, sha256=sha256, name=name) as file:
            digest = Digest(file)
            write(digest)
        made = digest.of(name)
        if self._read(building, sha256, name) != made.sha256:
            raise OSError(errno.EIO, "what was written is not what is read")
        return made

    def copied(self, building: Path, sha256: str, files: Sequence[Named]) -> tuple[CopiedFile, ...]:
        """Copies files into a folder, keeping what they are called (a header names its signal file)."""
        return tuple(self.written(building, sha256, file.name, partial(_pour, file)) for file in files)

    def put_in_place(self, building: Path, sha256: str) -> None:
        """Moves a whole folder to its recording's place; what lies there, left by an import that never reached the
        database or damaged since, is replaced only then."""
        target = self.folder_of(sha256)
        if not target.parent.exists():
            target.parent.mkdir(parents=True)
            sync_folder(self.root)
        if target.exists():
            shutil.rmtree(target)
        os.replace(building, target)
        sync_folder(target.parent)

    def copy_again(self, sha256: str, files: Sequence[Named], stored: Sequence[CopiedFile], *,
                   changed: LibraryError) -> None:
        """Puts copies of a recording's files in its place once more. Raises `changed` when they are not those
        stored."""
        with self.incoming() as building:
            if self.copied(building, sha256, files) != tuple(stored):
                raise changed
            sync_folder(building)
            self.put_in_place(building, sha256)

    def named(self, sha256: str, name: str, building: Path | None = None) -> Named:
        """A file of a recording, in its place or in the folder where it is being made."""
        path = self._path(building or self.folder_of(sha256), sha256, name)
        return Named(name, partial(self._at_rest.open, path, sha256=sha256, name=name))

    def is_there(self, sha256: str, file: CopiedFile) -> bool:
        """Whether a stored file is there at all."""
        return self._path(self.folder_of(sha256), sha256, file.name).is_file()

    def are_as_large(self, sha256: str, files: Sequence[CopiedFile]) -> bool:
        """Whether every stored file is there and as large as it was copied; none of it is read."""
        return all(self._is_as_large(self._path(self.folder_of(sha256), sha256, file.name), file) for file in files)

    def are_whole(self, sha256: str, files: Sequence[CopiedFile]) -> bool:
        """Whether every stored file is there with the bytes it was copied with."""
        return all(self._is_whole(sha256, file) for file in files)

    def _is_whole(self, sha256: str, file: CopiedFile) -> bool:
        if not self.are_as_large(sha256, (file,)):
            return False
        try:
            return self._read(self.folder_of(sha256), sha256, file.name) == file.sha256
        except SealedDamage:
            return False

    def _is_as_large(self, path: Path, file: CopiedFile) -> bool:
        return path.is_file() and path.stat().st_size == self._at_rest.size_on_disk(file.size_bytes)

    def _read(self, folder: Path, sha256: str, name: str) -> str:
        with self._at_rest.open(self._path(folder, sha256, name), sha256=sha256, name=name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # it asks only for readinto

    def _path(self, folder: Path, sha256: str, name: str) -> Path:
        return folder / self._at_rest.name_on_disk(sha256, name)


def _pour(source: Named, target: Writable) -> None:
    with source.open() as reading:
        while chunk := reading.read(_CHUNK):
            target.write(chunk)


def joined_sha256(files: Sequence[Named]) -> str:
    """SHA-256 over the bytes of all files in their order, as `Source.sha256` is made."""
    digest = hashlib.sha256()
    for file in files:
        with file.open() as reading:
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()
