"""Where the results of many recordings go: one name each, written whole or not at all, never onto a recording."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from peace_model.ecg.formats.registry import FoundFile


class ResultError(Exception):
    """A result that cannot be written. str() is one sentence with the remedy."""


def result_names(found: Sequence[FoundFile]) -> tuple[Path, ...]:
    """A result path without suffix for every recording, relative to the result folder.

    The recording's own name where it is the only one of that name; otherwise its path below the folder that was given,
    then with the name of its folder, with its suffix, with a number. Compared without case, as some file systems do.
    """
    names: list[Path | None] = [None] * len(found)
    taken: set[str] = set()
    for spell in (_own_name, _relative, _with_folder, _with_suffix):
        spelled = {index: spell(found[index]) for index, name in enumerate(names) if name is None}
        counts = Counter(_key(name) for name in spelled.values())
        for index, name in spelled.items():
            if counts[_key(name)] == 1 and _key(name) not in taken:
                names[index] = name
                taken.add(_key(name))
    return tuple(_numbered(_with_suffix(file), taken) if name is None else name
                 for file, name in zip(found, names, strict=True))


def write_whole(path: Path, write: Callable[[Path], None], *, inputs: Iterable[Path]) -> None:
    """Let `write` fill a file beside `path` and put it in place in one step; folders are made as needed.

    A result of an earlier run is replaced. inputs: files that must not be touched. Raises ResultError.
    """
    if path.resolve() in {given.resolve() for given in inputs}:
        raise ResultError(f"{path.name} is the recording itself; choose another folder with --out")
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(partial)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise ResultError(f"{path.name} cannot be written ({error.strerror}); check the result folder and its space"
                          ) from error


def _own_name(file: FoundFile) -> Path:
    return Path(file.path.stem)


def _relative(file: FoundFile) -> Path:
    return file.relative.with_suffix("")


def _with_folder(file: FoundFile) -> Path:
    return Path(file.path.absolute().parent.name, file.path.stem)


def _with_suffix(file: FoundFile) -> Path:
    return file.relative.with_name(file.relative.name.replace(".", "_"))


def _numbered(name: Path, taken: set[str]) -> Path:
    number = 1
    while _key(candidate := name.with_name(f"{name.name}-{number}")) in taken:
        number += 1
    taken.add(_key(candidate))
    return candidate


def _key(name: Path) -> str:
    return name.as_posix().casefold()
