"""A label profile: which labels a model speaks of, in the order of its outputs."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peace_model.resources import resource


class LabelError(Exception):
    """A label table that cannot be used; str() names the file, the entry and the problem."""


@dataclass(frozen=True)
class Label:
    """One label: its stable code and its English name."""

    code: str
    name: str


@dataclass(frozen=True)
class LabelProfile:
    """Labels in the order of a model's outputs. Two profiles may share labels and differ in their code maps."""

    name: str
    version: str
    labels: tuple[Label, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(label.code for label in self.labels)


def load_profile(name: str = "peace12") -> LabelProfile:
    """Read ``resources/labels/<name>.json``. Raises LabelError when it is missing or malformed."""
    path = label_file(name)
    table = read_table(path)
    labels = tuple(_label(path, entry) for entry in as_list(path, "labels", table.get("labels")))
    profile = LabelProfile(
        as_text(path, "name", table.get("name")), as_text(path, "version", table.get("version")), labels)
    if not labels or len(set(profile.codes)) != len(labels):
        raise LabelError(f"{path.name}: labels: none given, or a code given twice")
    return profile


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


def _label(path: Path, entry: object) -> Label:
    fields = as_object(path, "labels", entry)
    return Label(as_text(path, "code", fields.get("code")), as_text(path, "name", fields.get("name")))
