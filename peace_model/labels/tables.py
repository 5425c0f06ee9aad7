"""Reading the JSON tables of resources/labels: every mistake is told with its file and place."""

import json
from pathlib import Path
from typing import Any

from peace_model.resources import resource


class LabelError(Exception):
    """A label table that cannot be used; str() names the file, the entry and the problem."""


def label_file(name: str) -> Path:
    """Path of one label table. Raises LabelError when there is none of that name."""
    try:
        return resource("labels", f"{name}.json")
    except FileNotFoundError as error:
        raise LabelError(f"no label table named {name!r}") from error


def read_table(path: Path) -> dict[str, Any]:
    """One JSON object. Raises LabelError."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise LabelError(f"{path.name}: not JSON (line {error.lineno})") from error
    return as_object(path, "file", table)


def as_object(path: Path, place: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LabelError(f"{path.name}: {place}: expected an object")
    return value


def as_list(path: Path, place: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise LabelError(f"{path.name}: {place}: expected a list")
    return value


def as_text(path: Path, place: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise LabelError(f"{path.name}: {place}: expected a text")
    return value


def as_bool(path: Path, place: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise LabelError(f"{path.name}: {place}: expected true or false")
    return value


def as_texts(path: Path, place: str, value: object) -> dict[str, tuple[str, ...]]:
    """An object of lists of texts."""
    return {key: tuple(as_text(path, f"{place}.{key}", text) for text in as_list(path, f"{place}.{key}", entry))
            for key, entry in as_object(path, place, value).items()}
