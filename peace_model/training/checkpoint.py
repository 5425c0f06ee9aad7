"""A run's state on disk: tensors in safetensors, everything else in JSON; nothing pickled, nothing half-written."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import Tensor

TENSORS = "tensors.safetensors"
STATE = "state.json"
FORMAT = 2


class CheckpointError(Exception):
    """A checkpoint that cannot be used; str() says which and why."""


def save_checkpoint(folder: Path, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
    """Write a checkpoint folder whole or not at all."""
    from safetensors.torch import save_file

    with whole_folder(folder) as fresh:
        save_file({name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}, fresh / TENSORS)
        (fresh / STATE).write_text(json.dumps({"format": FORMAT, **state}, indent=1, allow_nan=False), encoding="utf-8")


def beside_of(folder: Path) -> tuple[Path, Path]:
    """Where `whole_folder` builds what is to stand there, and where it keeps what stood there before."""
    return folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder beside it to write into, which is made durable and takes its place when the block ends without an error.

    What stood there stays until then, under the name with ".old" where the machine stops between the two renames.
    """
    fresh, old = beside_of(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        yield fresh
        for path in (*fresh.rglob("*"), fresh):
            _sync(path)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        os.replace(folder, old)
    os.replace(fresh, folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def load_checkpoint(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and state; falls back to the predecessor when a run died between its two renames.

    Raises CheckpointError when there is none or its format is another.
    """
    from safetensors.torch import load_file

    _, old = beside_of(folder)
    chosen = folder if (folder / STATE).is_file() else old
    if not (chosen / STATE).is_file():
        raise CheckpointError(f"{folder.parent.name}/{folder.name}: no checkpoint here")
    state = json.loads((chosen / STATE).read_text(encoding="utf-8"))
    if state.get("format") != FORMAT:
        raise CheckpointError(f"{folder.name}: format {state.get('format')}, this program reads {FORMAT}")
    return load_file(chosen / TENSORS), state


def has_checkpoint(folder: Path) -> bool:
    return any((place / STATE).is_file() for place in (folder, beside_of(folder)[1]))


def write_durably(path: Path, text: str) -> None:
    """Replace a small text file as a whole: it holds the old text or the new one, whenever the machine stops."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    _sync(fresh)
    os.replace(fresh, path)


def prefixed(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": value for name, value in tensors.items()}


def without_prefix(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under a prefix, by their own names."""
    return {name.removeprefix(f"{prefix}."): value for name, value in tensors.items() if name.startswith(f"{prefix}.")}


def _sync(path: Path) -> None:
    """Ask the system to put a file or a folder's entries on the disk; Windows opens no folders."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
