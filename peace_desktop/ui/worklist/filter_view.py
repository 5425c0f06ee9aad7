"""What a filter of the worklist says in words, and the states there are to choose from: pure functions."""

from collections.abc import Mapping
from enum import StrEnum

from peace_desktop.library.worklist_filter import NONE, SOME, UNKNOWN_AGE, WorklistFilter
from peace_desktop.report.terms import format_title
from peace_desktop.review.reading import SIGNED_STATES, ReadingState
from peace_desktop.texts import _, mark, ngettext
from peace_desktop.ui.findings.person_view import sex_letter
from peace_desktop.ui.worklist.finding_names import finding_name
from peace_model.ecg.age import AGE_BANDS


class StateFilter(StrEnum):
    """Which states of the reader's own readings the worklist shows."""

    ALL = mark("All")
    OPEN = mark("Not signed")
    UNREAD = mark("Not read")
    DRAFT = mark("Draft")
    SIGNED = mark("Signed")


_UNSIGNED = frozenset(state for state in ReadingState if state not in SIGNED_STATES)
STATES: Mapping[StateFilter, frozenset[ReadingState | None]] = {
    StateFilter.ALL: frozenset(), StateFilter.OPEN: frozenset({None, *_UNSIGNED}),
    StateFilter.UNREAD: frozenset({None}), StateFilter.DRAFT: frozenset(_UNSIGNED),
    StateFilter.SIGNED: frozenset(SIGNED_STATES),
}


def state_filter(chosen: WorklistFilter) -> StateFilter:
    """The choice a filter's states stand for. Raises StopIteration for states that are none."""
    return next(choice for choice, states in STATES.items() if states == chosen.states)


def band_words(code: str) -> str:
    """An age band, or that the age is unknown."""
    if code == UNKNOWN_AGE:
        return _("Age unknown")
    return next(_(band.text) for band in AGE_BANDS if band.code == code)


def finding_words(code: str) -> str:
    """Which findings are asked for: any or none, some, or the one with this code."""
    general = {"": _("Any or none"), SOME: _("With findings"), NONE: _("Without findings")}
    return general[code] if code in general else finding_name(code)


def study_words(study_id: str, studies: Mapping[str, str]) -> str:
    """The study that is asked for; one that is not in the library any more has no name here. studies: id -> name."""
    return studies.get(study_id, _("A study"))


def filter_words(chosen: WorklistFilter, studies: Mapping[str, str]) -> str:
    """What is asked for, "" for nothing. studies: id -> name."""
    parts = [f"\N{LEFT DOUBLE QUOTATION MARK}{chosen.text.strip()}\N{RIGHT DOUBLE QUOTATION MARK}"
             if chosen.text.strip() else ""]
    parts += [_(state_filter(chosen).value) if chosen.states else ""]
    parts += [band_words(code) for code in (*(band.code for band in AGE_BANDS), UNKNOWN_AGE) if code in chosen.bands]
    parts += [sex_letter(sex) for sex in ("F", "M", None) if sex in chosen.sexes]
    parts += sorted(map(format_title, chosen.sources))
    parts += [finding_words(chosen.finding) if chosen.finding else ""]
    parts += ["" if chosen.flagged is None else _("Flagged") if chosen.flagged else _("Not flagged")]
    parts += [study_words(chosen.study_id, studies) if chosen.study_id else ""]
    parts += ["" if chosen.simulated is None else _("Simulated") if chosen.simulated else _("Not simulated")]
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)


def count_words(shown: int, there: int, words: str) -> str:
    """How many of how many, and why not all: nobody is to take a part for the whole."""
    everything = ngettext("{n} recording", "{n} recordings", there).format(n=f"{there:,}")
    if not words:
        return everything
    return _("{shown} of {all} \N{EM DASH} only: {filter}").format(shown=f"{shown:,}", all=everything, filter=words)
