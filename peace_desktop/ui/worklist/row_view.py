"""What a row of the worklist says, and which rows a search keeps: pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from peace_desktop.library.records import RecordingRow
from peace_desktop.review.reading import SIGNED_STATES, ReadingState
from peace_desktop.texts import age_words, mark, ngettext
from peace_desktop.ui.findings.person_view import sex_letter
from peace_desktop.ui.findings.reading_view import state_words

_SHAPES = {
    None: "\N{WHITE CIRCLE}",
    ReadingState.DRAFT: "\N{CIRCLE WITH LEFT HALF BLACK}",
    ReadingState.FINAL: "\N{BLACK CIRCLE}",
    ReadingState.AMENDED: "\N{BLACK DIAMOND}",
}
_QUIET_FINDINGS = frozenset({"simulated", "age_unknown", "sex_unknown"})
"""Said elsewhere in the row, or of every row of the demo."""


class StateFilter(StrEnum):
    """Which readings' states the worklist shows."""

    ALL = mark("All")
    OPEN = mark("Not signed")
    UNREAD = mark("Not read")
    DRAFT = mark("Draft")
    SIGNED = mark("Signed")


@dataclass(frozen=True)
class WorklistRow:
    """One recording's row: two lines of text with a state and a flag at their ends, and these as signs."""

    sha256: str
    title: str
    person: str
    state: str
    flag: str
    state_sign: str
    flag_sign: str

    @property
    def accessible(self) -> str:
        return ", ".join(part for part in (self.title, self.person, self.state, self.flag) if part)


def worklist_row(row: RecordingRow) -> WorklistRow:
    shape = _SHAPES.get(row.reading_state, "\N{CIRCLE WITH LEFT HALF BLACK}")
    findings = len([code for code in row.finding_codes if code not in _QUIET_FINDINGS])
    flag = ngettext("{n} finding", "{n} findings", findings).format(n=findings) if findings else ""
    return WorklistRow(
        sha256=row.sha256, title=row.title or row.patient_key,
        person=f"{age_words(row.age)} \N{MIDDLE DOT} {sex_letter(row.sex)}",
        state=f"{shape} {state_words(row.reading_state)}", flag=flag, state_sign=shape,
        flag_sign=f"\N{WARNING SIGN}\N{NARROW NO-BREAK SPACE}{findings}" if findings else "")


def kept(rows: Iterable[RecordingRow], *, text: str, state: StateFilter) -> tuple[RecordingRow, ...]:
    """The rows whose title, key, age or state contain every word of the search, in a state the filter shows."""
    words = text.casefold().split()
    return tuple(row for row in rows if _state_fits(row.reading_state, state) and all(
        word in _haystack(row) for word in words))


def _haystack(row: RecordingRow) -> str:
    shown = worklist_row(row)
    return f"{shown.accessible} {row.patient_key}".casefold()


def _state_fits(state: ReadingState | None, wanted: StateFilter) -> bool:
    if wanted is StateFilter.ALL:
        return True
    if wanted is StateFilter.UNREAD:
        return state is None
    if wanted is StateFilter.SIGNED:
        return state in SIGNED_STATES
    if wanted is StateFilter.OPEN:
        return state not in SIGNED_STATES
    return state is not None and state not in SIGNED_STATES
