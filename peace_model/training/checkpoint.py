"""A run's state on disk: tensors in safetensors, everything else in JSON; nothing pickled, nothing half-written."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from torch import Tensor

TENSORS = "tensors.safetensors"
STATE = "state.json"
FORMAT = 2


class CheckpointError(Exception):
    """A checkpoint that cannot be used; str() says which and why."""


def save_checkpoint(folder: Path, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
    """Write a checkpoint folder beside its predecessor, make it durable, then put it in its place."""
    from safetensors.torch import save_file

    fresh, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    save_file({name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}, fresh / TENSORS)
    (fresh / STATE).write_text(json.dumps({"format": FORMAT, **state}, indent=1, allow_nan=False), encoding="utf-8")
    for path in (fresh / TENSORS, fresh / STATE, fresh):
        _sync(path)
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

    old = folder.with_name(folder.name + ".old")
    chosen = folder if (folder / STATE).is_file() else old
    if not (chosen / STATE).is_file():
        raise CheckpointError(f"{folder.parent.name}/{folder.name}: no checkpoint here")
    state = json.loads((chosen / STATE).read_text(encoding="utf-8"))
    if state.get("format") != FORMAT:
        raise CheckpointError(f"{folder.name}: format {state.get('format')}, this program reads {FORMAT}")
    return load_file(chosen / TENSORS), state


def has_checkpoint(folder: Path) -> bool:
    return any((place / STATE).is_file() for place in (folder, folder.with_name(folder.name + ".old")))


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
