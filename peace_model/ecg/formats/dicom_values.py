"""Values of a DICOM data set as plain text and numbers: absent, empty and unreadable ones are "" and None."""

import math
from collections.abc import MutableSequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def text(item: "Dataset", keyword: str) -> str:
    """A value in one line; several values are parted by a space."""
    return one_line(" ".join(map(str, values(item, keyword))))


def one_line(words: str) -> str:
    """The same words with single spaces and without line ends and nulls."""
    return " ".join(words.replace("\0", " ").split())


def number(item: "Dataset", keyword: str) -> float | None:
    """A finite number; None where there is none, or more than one."""
    found = values(item, keyword)
    if len(found) != 1 or not isinstance(found[0], int | float | str):
        return None
    try:
        value = float(found[0])
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def count(item: "Dataset", keyword: str) -> int:
    """A whole number above 0; 0 where there is none."""
    value = number(item, keyword)
    return int(value) if value is not None and value == int(value) and 0 < value < 1 << 40 else 0


def items(item: "Dataset", keyword: str) -> "list[Dataset]":
    """The items of a sequence; none where the element is absent or no sequence."""
    value = item.get(keyword)
    return [entry for entry in value if hasattr(entry, "walk")] if isinstance(value, MutableSequence) else []


def first_item(item: "Dataset", keyword: str) -> "Dataset | None":
    """The first item of a sequence, None where it is absent or empty."""
    return next(iter(items(item, keyword)), None)


def values(item: "Dataset", keyword: str) -> list[Any]:
    """All values of an element that is no sequence."""
    value = item.get(keyword)
    if value is None:
        return []
    several = list(value) if isinstance(value, MutableSequence) else [value]
    return [entry for entry in several if not hasattr(entry, "walk")]
