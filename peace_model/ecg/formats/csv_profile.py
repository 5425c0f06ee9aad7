"""How a lab writes its tables: what a CSV or MAT file leaves open, told once by a person and kept under a name.

A profile is a small JSON file. One that is damaged, newer or contradictory is refused, never half used.
"""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from peace_model.ecg.leads import canonical_lead
from peace_model.words import in_a_row, mark, worded

MARK = "peace_table_profile"
VERSION = 1
TIME, IGNORED = "time", ""
"""Roles of columns that are no lead."""
SEPARATORS = (";", "\t", ",", "|", " ")
"""A blank stands for any run of blanks and tabs."""
ENCODINGS = ("utf-8", "utf-16", "cp1252", "gb18030")
UNITS = ("mV", "uV", "nV", "V")
COUNTS = "counts"
"""Steps of the recorder's converter: they need counts_per_mv."""
SECONDS_PER_TIME_UNIT = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
MAX_COLUMNS = 256
MAX_SKIPPED = 10_000
_MAX_FILE_BYTES = 100_000
_MAX_NAME = 80


class ProfileError(ValueError):
    """A profile that cannot be used. problem: why, in one line; a marked or worded text."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class TableDraft:
    """What is told of a table so far; something may be missing or contradictory.

    name: "" while it is not kept; what it tells then counts as entered by hand.
    columns: the role of each column in order, a lead's name, "time" or "" for one that is ignored.

    skip_rows: lines before the header row, or before the samples where there is none. unit: "" where the header row
    names units itself. fs_hz: None where a time column tells; time_unit: "" where its header tells. transposed: every
    row is a lead, and `columns` gives the roles of the rows; a header is then the first cell of each row.
    """

    name: str = ""
    columns: tuple[str, ...] = ()
    separator: str = ","
    decimal: str = "."
    header: bool = True
    skip_rows: int = 0
    encoding: str = "utf-8"
    unit: str = ""
    counts_per_mv: float | None = None
    fs_hz: float | None = None
    time_unit: str = ""
    transposed: bool = False

    def profile(self) -> "CsvProfile":
        """Raises ProfileError while something is missing or contradictory."""
        return CsvProfile(**vars(self))


@dataclass(frozen=True)
class CsvProfile(TableDraft):
    """A draft that is whole. Raises ProfileError for one that is not."""

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise ProfileError(worded("{name}: {problem}", name=self.name[:_MAX_NAME], problem=problem) if self.name
                               else problem)

    @property
    def leads(self) -> tuple[str, ...]:
        return tuple(role for role in self.columns if role not in (TIME, IGNORED))


def _problems(profile: CsvProfile) -> list[str]:
    leads = profile.leads
    said = {
        mark("the name is longer than 80 signs or holds a line break"):
            len(profile.name) > _MAX_NAME or not profile.name.isprintable(),
        worded("more than {n} columns", n=MAX_COLUMNS): len(profile.columns) > MAX_COLUMNS,
        mark("no column is a lead"): not leads,
        mark("a role is neither a lead's name, 'time' nor empty"): any(canonical_lead(lead) != lead for lead in leads),
        mark("a lead is given to two columns"): len(set(leads)) != len(leads),
        mark("two columns are time"): profile.columns.count(TIME) > 1,
        mark("the separator is none of ; tab , | blank"): profile.separator not in SEPARATORS,
        mark("the decimal mark is neither . nor ,"): profile.decimal not in (".", ","),
        mark("separator and decimal mark are the same"): profile.separator == profile.decimal,
        worded("the number of rows to skip is not between 0 and {most}", most=MAX_SKIPPED):
            not 0 <= profile.skip_rows <= MAX_SKIPPED,
        worded("the encoding is none of {encodings}", encodings=in_a_row(ENCODINGS)): profile.encoding not in ENCODINGS,
        mark("the unit is none of mV, uV, nV, V, counts"): profile.unit not in ("", *UNITS, COUNTS),
        mark("counts need how many of them make a millivolt, above 0"): (profile.unit == COUNTS) != _positive(
            profile.counts_per_mv),
        mark("the rate is no number above 0"): profile.fs_hz is not None and not _positive(profile.fs_hz),
        mark("the time unit is none of s, ms, us"): profile.time_unit not in ("", *SECONDS_PER_TIME_UNIT),
    }
    return [problem for problem, there in said.items() if there]


def _positive(number: float | None) -> bool:
    return number is not None and math.isfinite(number) and number > 0


def profile_text(profile: CsvProfile) -> str:
    """The profile as JSON."""
    return json.dumps({MARK: VERSION, **asdict(profile)}, ensure_ascii=False, indent=2) + "\n"


def load_profile(path: Path) -> CsvProfile:
    """Raises ProfileError for a file that is missing, damaged, of a newer version or contradicts itself."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MAX_FILE_BYTES + 1)
        told = json.loads(raw.decode("utf-8")) if len(raw) <= _MAX_FILE_BYTES else None
    except OSError as error:
        raise ProfileError(worded("{file}: the profile cannot be opened", file=path.name)) from error
    except (ValueError, RecursionError) as error:
        raise _no_profile(path) from error
    if not isinstance(told, dict) or not _is_whole(told.get(MARK)):
        raise _no_profile(path)
    if told[MARK] != VERSION:
        raise ProfileError(worded(
            "{file}: version {version} of a profile is not known; update the application", file=path.name,
            version=told[MARK]))
    return _profile_of(path, {key: value for key, value in told.items() if key != MARK})


def _no_profile(path: Path) -> ProfileError:
    return ProfileError(worded("{file}: this is no profile; save it again from the import", file=path.name))


def _profile_of(path: Path, told: dict[str, Any]) -> CsvProfile:
    known = {field.name for field in fields(CsvProfile)}
    if set(told) != known:
        odd = sorted(set(told) ^ known)[0]
        raise ProfileError(worded("{file}: the field '{field}' is missing or unknown; save the profile again",
                                  file=path.name, field=odd[:40]))
    fits: dict[str, Callable[[object], bool]] = {
        **dict.fromkeys(("name", "separator", "decimal", "encoding", "unit", "time_unit"), _is_text),
        **dict.fromkeys(("header", "transposed"), lambda value: isinstance(value, bool)),
        **dict.fromkeys(("counts_per_mv", "fs_hz"), lambda value: value is None or _is_number(value)),
        "skip_rows": _is_whole,
        "columns": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    }
    for key, fit in fits.items():
        if not fit(told[key]):
            raise ProfileError(worded("{file}: the field '{field}' is of the wrong kind; save the profile again",
                                      file=path.name, field=key))
    try:
        return CsvProfile(**{**told, "columns": tuple(told["columns"])})
    except ProfileError as error:
        raise ProfileError(worded("{file}: {problem}", file=path.name, problem=error.problem)) from None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
