"""What of the library the worklist shows and in which order: values that can be kept under a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from peace_desktop.review.reading import ReadingState
from peace_model.ecg.age import AGE_BANDS
from peace_model.ecg.recording import Sex

UNKNOWN_AGE = "unknown"
"""Stands among the codes of the age bands for recordings of unknown age."""
BAND_CODES = (*(band.code for band in AGE_BANDS), UNKNOWN_AGE)
SOME, NONE = "some", "none"
"""Stand in the place of a finding's code for any finding, and for recordings without one."""
_UNREAD, _UNKNOWN_SEX = "unread", "unknown"


class SortBy(StrEnum):
    """What recordings are put in order by."""

    IMPORTED = "imported"
    TITLE = "title"
    AGE = "age"
    SEX = "sex"
    SOURCE = "source"
    RECORDED = "recorded"
    FINDINGS = "findings"
    STATE = "state"
    FLAG = "flag"


@dataclass(frozen=True)
class Order:
    """Equal ones stand as they were imported, the other way round when descending. Unknown values stand last."""

    by: SortBy = SortBy.IMPORTED
    descending: bool = False


@dataclass(frozen=True)
class WorklistFilter:
    """Which recordings to list; every condition that is set must hold, and empty sets ask for nothing.

    text: words that title, patient key or source format contain, any case. states: of the acting reader's own reading;
    None among them stands for recordings that reader has not read. bands: codes of age bands, UNKNOWN_AGE among them.
    sexes: None among them for unknown. finding: a code, SOME, NONE or "". flagged: by the acting reader.
    """

    text: str = ""
    states: frozenset[ReadingState | None] = field(default_factory=frozenset)
    bands: frozenset[str] = field(default_factory=frozenset)
    sexes: frozenset[Sex | None] = field(default_factory=frozenset)
    sources: frozenset[str] = field(default_factory=frozenset)
    finding: str = ""
    flagged: bool | None = None
    study_id: str = ""
    simulated: bool | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self != WorklistFilter()


def filter_document(chosen: WorklistFilter) -> dict[str, object]:
    """A filter as JSON values."""
    return {
        "text": chosen.text, "states": sorted(state.value if state is not None else _UNREAD for state in chosen.states),
        "bands": sorted(chosen.bands), "sexes": sorted(sex or _UNKNOWN_SEX for sex in chosen.sexes),
        "sources": sorted(chosen.sources), "finding": chosen.finding, "flagged": chosen.flagged,
        "study_id": chosen.study_id, "simulated": chosen.simulated,
    }


def filter_from(document: Mapping[str, object]) -> WorklistFilter:
    """A filter from its document. Raises KeyError, TypeError or ValueError for anything else."""
    sexes: dict[str, Sex | None] = {"F": "F", "M": "M", _UNKNOWN_SEX: None}
    return WorklistFilter(
        text=str(document["text"]),
        states=frozenset(None if name == _UNREAD else ReadingState(name) for name in _names(document["states"])),
        bands=frozenset(_names(document["bands"])), sexes=frozenset(sexes[name] for name in _names(document["sexes"])),
        sources=frozenset(_names(document["sources"])), finding=str(document["finding"]),
        flagged=_answer(document["flagged"]), study_id=str(document["study_id"]),
        simulated=_answer(document["simulated"]))


def _names(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError("a list of names")
    return [str(name) for name in value]


def _answer(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError("true, false or null")
    return value
