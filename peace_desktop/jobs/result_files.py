"""Where the results of many recordings go: one name each, written whole or not at all, never onto a recording."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from peace_model.ecg.formats.registry import FoundFile

ENDINGS = (".json", ".pdf")


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


class ResultNames:
    """The names of results while recordings are still found: each has the name it would have among those found so far.

    found: grows meanwhile. A result that is written moves where one of the same name is found after it.
    """

    def __init__(self, out: Path, found: Sequence[FoundFile]) -> None:
        self._out = out
        self._found = found
        self._names: tuple[Path, ...] = ()
        self._written: dict[int, Path] = {}

    def of(self, index: int) -> Path:
        """The name of one result now. Raises ResultError where an earlier one cannot be moved out of its way."""
        self.settle()
        return self._names[index]

    def written(self, index: int, name: Path) -> None:
        """Its results stand there; under another name than `of` gave, they keep that one."""
        if name == self._names[index]:
            self._written[index] = name

    def settle(self) -> None:
        """Gives what is written the names it has among all that are found now. Raises ResultError."""
        if len(self._names) == len(self._found):
            return
        self._names = result_names(self._found)
        moves = {old: self._names[index] for index, old in self._written.items() if old != self._names[index]}
        self._written = {index: self._names[index] for index in self._written}
        move_results(self._out, moves)


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


def move_results(out: Path, moves: Mapping[Path, Path]) -> None:
    """Gives written results another name: the one they got before a recording of the same name was found.

    moves: from name to name, as `result_names` gives them. Raises ResultError.
    """
    try:
        # Aside first: one may get the name that another one leaves.
        aside = [(file, _with_ending(out / new, file)) for old, new in moves.items() for file in _results(out / old)]
        waiting = [(file.replace(file.with_name(f".{file.name}.part")), target) for file, target in aside]
        for file, target in waiting:
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
    except OSError as error:
        raise ResultError(f"a result cannot get its place ({error.strerror}); check the result folder and its space"
                          ) from error


def _results(name: Path) -> list[Path]:
    return [file for ending in ENDINGS if (file := name.with_name(name.name + ending)).is_file()]


def _with_ending(name: Path, file: Path) -> Path:
    return name.with_name(name.name + file.suffix)


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
