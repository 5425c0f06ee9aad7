"""Recordings' files in the library folder: recordings/<first two>/<sha256>/, whole or not there."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from peace_desktop.library.errors import LibraryError
from peace_desktop.texts import _

_CHUNK = 1 << 20
_INCOMING = "incoming-"


Named = tuple[str, Path]
"""A file with the name it gets in the recording's folder, with "/"."""


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


def folder_of(root: Path, sha256: str) -> Path:
    """Where a recording's files lie under the recordings folder."""
    return root / sha256[:2] / sha256


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as reading, target.open("xb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def named_beside(base: Path, files: Sequence[Path]) -> tuple[Named, ...]:
    """Files with their places relative to base. Raises LibraryError for a file outside base."""
    named = []
    for file in map(Path.absolute, files):
        if not file.is_relative_to(base):
            raise LibraryError(_("{file} does not lie beside its recording's header; move it there and open the "
                                 "recording again.").format(file=file.name))
        named.append((file.relative_to(base).as_posix(), file))
    return tuple(named)


@contextmanager
def incoming(root: Path) -> Iterator[Path]:
    """A new folder under root in which a recording is made whole; what is not put in its place is removed."""
    building = root / f"{_INCOMING}{uuid4().hex}"
    building.mkdir(parents=True)
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def copied_into(folder: Path, files: Sequence[Named]) -> tuple[CopiedFile, ...]:
    """Copies files into a folder, keeping their names (a header names its signal file), each forced to the disk."""
    return tuple(CopiedFile(name, _copy(file, folder / name), (folder / name).stat().st_size) for name, file in files)


def written_in(folder: Path, file: Path) -> CopiedFile:
    """A file that was just written into a folder, forced to the disk and read back."""
    sync_file(file)
    return CopiedFile(file.relative_to(folder).as_posix(), file_sha256(file), file.stat().st_size)


def put_in_place(root: Path, building: Path, sha256: str) -> None:
    """Moves a whole folder to its recording's place; what lies there, left by an import that never reached the database
    or damaged since, is replaced only then."""
    target = folder_of(root, sha256)
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        sync_folder(root)
    if target.exists():
        shutil.rmtree(target)
    os.replace(building, target)
    sync_folder(target.parent)


def copy_again(root: Path, sha256: str, files: Sequence[Named], stored: Sequence[CopiedFile], *,
               changed: LibraryError) -> None:
    """Puts copies of a recording's files in its place once more. Raises `changed` when they are not those stored."""
    with incoming(root) as building:
        if copied_into(building, files) != tuple(stored):
            raise changed
        sync_folder(building)
        put_in_place(root, building, sha256)


def are_whole(folder: Path, files: Sequence[CopiedFile]) -> bool:
    """Whether every stored file is there with the bytes it was copied with."""
    return all((folder / file.name).is_file() and (folder / file.name).stat().st_size == file.size_bytes
               and file_sha256(folder / file.name) == file.sha256 for file in files)


def clear_incoming(root: Path) -> None:
    """Removes copies that an interrupted import left half-made."""
    for left_over in root.glob(f"{_INCOMING}*"):
        shutil.rmtree(left_over)


def joined_sha256(folder: Path, files: Sequence[CopiedFile]) -> str:
    """SHA-256 over the bytes of all files in their order, as `Source.sha256` is made."""
    digest = hashlib.sha256()
    for file in files:
        with (folder / file.name).open("rb") as reading:
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()
