"""A label profile: which labels a model speaks of, in the order of its outputs."""

from dataclasses import dataclass
from pathlib import Path

from peace_model.labels.tables import LabelError, as_list, as_object, as_text, label_file, read_table

DEFAULT_PROFILE = "peace24"
"""What networks are trained on and stores are opened with, where nothing else is asked for."""
READERS_PROFILE = "peace24"
"""What readers make statements on: the labels of the bundle that comes with the application."""


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


def load_profile(name: str) -> LabelProfile:
    """Read ``resources/labels/<name>.json``. Raises LabelError when it is missing or malformed."""
    path = label_file(name)
    table = read_table(path)
    labels = tuple(_label(path, entry) for entry in as_list(path, "labels", table.get("labels")))
    profile = LabelProfile(
        as_text(path, "name", table.get("name")), as_text(path, "version", table.get("version")), labels)
    if not labels or len(set(profile.codes)) != len(labels):
        raise LabelError(f"{path.name}: labels: none given, or a code given twice")
    return profile


def _label(path: Path, entry: object) -> Label:
    fields = as_object(path, "labels", entry)
    return Label(as_text(path, "code", fields.get("code")), as_text(path, "name", fields.get("name")))
