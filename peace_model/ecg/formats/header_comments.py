"""What a WFDB header's comments say of the person and of the ECG.

Understood: ZZU-pECG ("Female 2740" = sex and age in days, then ICD-10, then the diagnosis), the PhysioNet/CinC
challenges ("Age: 49" in years, "Sex: Female", "Dx: ..."), the PTB Diagnostic database ("age: 81", "sex: female"),
LUDB ("<age>: 79"), MIT-BIH ("23 F 2546 N/A x1") and this project's own writer. Every other line that is not a person's
name, number or date is a statement of the source.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from peace_model.ecg.age import DAYS_PER_MONTH, DAYS_PER_YEAR, Age, Precision, days_from_years
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding, RecordingError, Sex
from peace_model.words import mark

SIMULATED_COMMENT = "SIMULATED: not a patient"
PRECISION_COMMENT = "Age precision"
PATIENT_COMMENT = "Patient key"
ORIGIN = "file header"
MAX_AGE_YEARS = 130
PTBXL_OVER_89 = 300
"""PTB-XL and the challenge copies of it write 300 years for everyone older than 89."""

_SEX: dict[str, Sex] = {"female": "F", "f": "F", "male": "M", "m": "M"}
_UNKNOWN = frozenset({"", "unknown", "nan", "n/a", "na", "none", "?", "-1", "-", "not available"})
_SEX_AND_DAYS = re.compile(r"(female|male|unknown)\s+(\d{1,9}|unknown)", re.IGNORECASE | re.ASCII)
_MIT = re.compile(r"(-1|\d{1,3})\s+([MF])\s+\d+\s+\S+\s+x\d+", re.ASCII)
_KEYED = re.compile(r"<?(?P<key>[A-Za-z][^:<>]{0,60}?)>?\s*:\s*(?P<value>.*)")
_AGE_VALUE = re.compile(
    r"(?P<number>\d{1,7}(?:\.\d+)?)\s*(?P<unit>d|days?|mo|months?|y|years?)?", re.IGNORECASE | re.ASCII)
_PLAIN_NUMBER = re.compile(r"[-+]?[\d.]{1,12}", re.ASCII)
_PERSONAL = re.compile(
    r"name|patient|\b(pat|pt|id|birth|born|dob|mrn|address|phone|nom|mother|father|child of|son of|daughter of|"
    r"physician|doctor|dr|referring|referred|operator|technician|signed|confirmed by)\b", re.IGNORECASE)
"""A line with one of these words may name a person: it tells the identity, never a statement."""
_NAME_KEY = re.compile(r"(?:the )?(?:patient(?:'s)?|subject(?:'s)?|full)?[ _]?name", re.IGNORECASE)
_NUMBER_KEY = re.compile(r"(?:patient|subject|hospital|case)?[ _]?(?:id|mrn|number|no\.?)", re.IGNORECASE)
_TELLING = 3
"""Texts of fewer letters and digits tell nobody and would be found everywhere."""


def may_be_personal(text: str) -> bool:
    """Whether a free text has a word that goes before a name, number or date of a person."""
    return _PERSONAL.search(text) is not None


@dataclass(frozen=True)
class HeaderPerson:
    """What the comments give; None and "" where they are silent."""

    age: Age | None = None
    sex: Sex | None = None
    patient_key: str = ""
    statements: tuple[str, ...] = ()
    simulated: bool = False
    warnings: tuple[Finding, ...] = ()
    identity: Identity | None = None


@dataclass
class _Gathered:
    ages: list[Age] = field(default_factory=list)
    sexes: list[Sex] = field(default_factory=list)
    precision: Precision | None = None
    patient_key: str = ""
    statements: list[str] = field(default_factory=list)
    simulated: bool = False
    warnings: list[Finding] = field(default_factory=list)
    patient_id: str = ""
    name: str = ""
    others: list[str] = field(default_factory=list)


def age_finding(code: Literal["age_over_89", "age_implausible", "age_unreadable"], value: str) -> Finding:
    """What is worth saying of an age as its source wrote it."""
    template = {
        "age_over_89": mark("The source writes {value} years for everyone older than 89; 90 years, the lowest such "
                            "age, is used."),
        "age_implausible": mark("The source gives the age as {value}, which no person has; the age is treated as "
                                "unknown."),
        "age_unreadable": mark("The source writes the age in words that could not be understood; it is treated as "
                               "unknown."),
    }[code]
    return Finding(code, (), template, (("value", value),) if value else ())


def age_from_years(years: float, origin: str) -> tuple[Age | None, Finding | None]:
    """An age given in years: whole years stay whole, a fraction is trusted to the month."""
    if years == PTBXL_OVER_89:
        return Age(days_from_years(90), Precision.YEAR, origin), age_finding("age_over_89", f"{years:g}")
    if not (math.isfinite(years) and 0 <= years <= MAX_AGE_YEARS):
        return None, age_finding("age_implausible", f"{years:g} years")
    precision = Precision.YEAR if years == int(years) else Precision.MONTH
    return Age(days_from_years(years), precision, origin), None


def parse_comments(path: Path, comments: Iterable[str]) -> HeaderPerson:
    """Read the comment lines. Raises RecordingError where two lines contradict each other."""
    found = _Gathered()
    for line in comments:
        _take(found, line)
    if len({age.days for age in found.ages}) > 1:
        raise RecordingError(path, "age", "the header's comments give two different ages", "correct the header")
    if len(set(found.sexes)) > 1:
        raise RecordingError(path, "sex", "the header's comments give two different sexes", "correct the header")
    age = found.ages[0] if found.ages else None
    if age is not None and found.precision is not None:
        age = Age(age.days, found.precision, age.origin)
    identity = Identity(found.patient_id, found.name, None, tuple(dict.fromkeys(found.others)))
    return HeaderPerson(age, found.sexes[0] if found.sexes else None, found.patient_key, tuple(found.statements),
                        found.simulated, tuple(found.warnings), identity or None)


def _take(found: _Gathered, line: str) -> None:
    both = _SEX_AND_DAYS.fullmatch(line)
    mit = _MIT.fullmatch(line)
    keyed = _KEYED.fullmatch(line)
    if line == SIMULATED_COMMENT:
        found.simulated = True
    elif both:
        _take_sex(found, both[1])
        _take_age(found, both[2] if both[2].casefold() in _UNKNOWN else both[2] + "d")
    elif mit:
        _take_sex(found, mit[2])
        _take_age(found, mit[1])
    elif keyed:
        _take_keyed(found, line, keyed["key"].strip(), keyed["value"].strip())
    elif line.casefold() in _UNKNOWN:
        return
    elif may_be_personal(line):
        found.others.append(line)
    else:
        found.statements.append(line)


def _take_keyed(found: _Gathered, line: str, key: str, value: str) -> None:
    folded = key.casefold()
    if folded == "age":
        _take_age(found, value)
    elif folded in ("sex", "gender"):
        _take_sex(found, value)
    elif key == PRECISION_COMMENT and value in set(map(str, Precision)):
        found.precision = Precision(value)
    elif key == PATIENT_COMMENT:
        found.patient_key = value
    elif value.casefold() in _UNKNOWN:
        return
    elif may_be_personal(line):
        _take_personal(found, key, value)
    elif "date" not in folded:
        found.statements.append(line)


def _take_personal(found: _Gathered, key: str, value: str) -> None:
    """A name or number under its own key, everything else among the other telling values."""
    if _NAME_KEY.fullmatch(key) and not found.name:
        found.name = value
    elif _NUMBER_KEY.fullmatch(key) and not found.patient_id:
        found.patient_id = value
    elif sum(map(str.isalnum, value)) >= _TELLING:
        found.others.append(value)


def _take_sex(found: _Gathered, text: str) -> None:
    sex = _SEX.get(text.strip("'\" ").casefold())
    if sex is not None:
        found.sexes.append(sex)


def _take_age(found: _Gathered, text: str) -> None:
    if text.casefold() in _UNKNOWN:
        return
    match = _AGE_VALUE.fullmatch(text)
    if match is None:
        # Free text in an age's place may be a person's name: only a plain number is repeated.
        plain = _PLAIN_NUMBER.fullmatch(text)
        found.warnings.append(age_finding("age_implausible", text) if plain else age_finding("age_unreadable", ""))
        return
    number, unit = float(match["number"]), (match["unit"] or "y").casefold()[0]
    finding: Finding | None = None
    age: Age | None
    if unit == "y":
        age, finding = age_from_years(number, ORIGIN)
    elif number > MAX_AGE_YEARS * (DAYS_PER_YEAR if unit == "d" else 12):
        age, finding = None, age_finding("age_implausible", text[:20])
    elif unit == "d":
        age = Age(int(number), Precision.DAY, ORIGIN)
    else:
        age = Age(round(number * DAYS_PER_MONTH), Precision.MONTH, ORIGIN)
    if age is not None:
        found.ages.append(age)
    if finding is not None:
        found.warnings.append(finding)
