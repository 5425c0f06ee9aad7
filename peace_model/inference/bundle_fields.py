"""Typed reading of bundle.json: every wrong field is named with its place and a remedy."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from peace_model.words import mark

_REMEDY = mark("export the bundle again, or copy it again from where it came")


class BundleError(Exception):
    """A bundle that cannot be used. str() is one line: file, field, problem, remedy."""

    def __init__(self, file: Path, field: str, problem: str, remedy: str) -> None:
        self.file = file
        self.field = field
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{file.name}: {field} {problem}; {remedy}")


class Fields:
    """One JSON object of a bundle with its place in the file ("calibration.NORM")."""

    def __init__(self, file: Path, place: str, content: Mapping[str, Any]) -> None:
        self._file = file
        self._place = place
        self.content = content

    def error(self, field: str, problem: str, remedy: str = _REMEDY) -> BundleError:
        return BundleError(self._file, self._name(field), problem, remedy)

    def text(self, field: str) -> str:
        value = self._value(field)
        if not isinstance(value, str) or not value:
            raise self.error(field, "is not a text")
        return value

    def number(self, field: str) -> float:
        value = self._value(field)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.error(field, "is not a finite number")
        return float(value)

    def integer(self, field: str) -> int:
        value = self._value(field)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(field, "is not a whole number")
        return value

    def mapping(self, field: str) -> Mapping[str, Any]:
        value = self._value(field)
        if not isinstance(value, dict):
            raise self.error(field, "is not an object")
        return value

    def section(self, field: str) -> "Fields":
        return Fields(self._file, self._name(field), self.mapping(field))

    def sections(self, field: str) -> tuple["Fields", ...]:
        """The objects of a list."""
        value = self._value(field)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(field, "is not a list of objects")
        return tuple(Fields(self._file, f"{self._name(field)}[{index}]", item) for index, item in enumerate(value))

    def children(self) -> Iterator[tuple[str, "Fields"]]:
        for field in self.content:
            yield field, self.section(field)

    def _value(self, field: str) -> Any:
        if field not in self.content:
            raise self.error(field, "is missing")
        return self.content[field]

    def _name(self, field: str) -> str:
        return f"{self._place}.{field}" if self._place else field
