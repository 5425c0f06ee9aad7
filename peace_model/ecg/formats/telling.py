"""Who a file is of and by: the values that tell it, gathered generously."""

import re
from collections.abc import Iterable
from datetime import date

from peace_model.ecg.formats.header_comments import may_be_personal
from peace_model.ecg.identity import Identity

_NOTHING = frozenset({"", "unknown", "unspecified", "none", "null", "n/a", "na", "nan", "unk", "true", "false", "yes",
                      "no", "other", "default", "standard"})
_LONGEST_WORD = 1000
_DATE = re.compile(
    r"\b\d{1,4}[-./ ](?:\d{1,2}|[A-Za-z]{3,9})[-./ ]\d{2,4}(?:[ T,]+\d{1,2}:\d{2}(?::\d{2})?)?\b", re.ASCII)


def identity_of(*, patient_id: str = "", names: Iterable[str] = (), birth_date: date | None = None,
                others: Iterable[str] = (), statements: Iterable[str] = ()) -> Identity | None:
    """None where nothing tells anything. names: parts of the patient's name in reading order.

    Dates in statements ("compared with ECG of 12-MAR-2010") tell a patient as well as a number does.
    """
    parts = [part for part in map(_folded, names) if part]
    name = " ".join(parts)
    own = _folded(patient_id)
    rest: list[str] = parts if len(parts) > 1 else []
    rest += [date_text for statement in statements for date_text in _DATE.findall(statement)]
    rest += [text for text in map(_folded, others) if tells(text) and text not in (own, name)]
    return Identity(patient_id=own, name=name, birth_date=birth_date, others=tuple(dict.fromkeys(rest))) or None


def parted(statements: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Statements on the ECG, and those with a word that goes before a person ("Confirmed by ..."): they tell."""
    lines = tuple(statements)
    return tuple(line for line in lines if not may_be_personal(line)), tuple(filter(may_be_personal, lines))


def tells(text: str) -> bool:
    """Whether a value could tell anybody: no single sign, placeholder, mere zeros and punctuation, or samples."""
    if len(text) > _LONGEST_WORD and " " not in text:
        return False
    return len(text) > 1 and text.casefold() not in _NOTHING and re.search(r"[^\W0_]", text) is not None


def _folded(text: str) -> str:
    folded = " ".join(text.split())
    return folded if re.search(r"\w", folded) else ""
