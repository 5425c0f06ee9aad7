"""A reader's notes on stretches of time as they are numbered, placed on a page and put into words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_desktop.report.clock import elapsed
from peace_desktop.report.paper import PageLayout, Strip
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _
from peace_model.ecg.signal.section import SECTIONED_FROM_S

_NUMBER_S = 0.3
"""Room for the number left of a bracket, at 25 mm/s."""
_DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Bracket:
    """Where a note stands over one strip, in seconds of the recording; begins, ends: inside the strip.

    level: 0 at the row's upper edge, further down where it would lie on another bracket.
    """

    number: int
    strip: Strip
    start_s: float
    end_s: float
    begins: bool
    ends: bool
    level: int = 0


def brackets(notes: Sequence[TimeNote], page: PageLayout) -> tuple[Bracket, ...]:
    """The brackets of a page: over the first row for a note on all leads, over its lead for a note on one."""
    first_row: dict[int, Strip] = {}
    for strip in page.row(0):
        first_row.setdefault(strip.column, strip)
    found: list[Bracket] = []
    for number, note in enumerate(notes, start=1):
        strips = [s for s in page.strips if s.present and s.lead == note.lead] if note.lead else first_row.values()
        for strip in strips:
            start_s, end_s = max(note.start_s, strip.start_s), min(note.end_s, strip.end_s)
            if start_s <= end_s and (start_s < end_s or note.start_s == note.end_s):
                made = Bracket(number, strip, start_s, end_s, begins=note.start_s >= strip.start_s,
                               ends=note.end_s <= strip.end_s)
                found.append(replace(made, level=_free_level(made, found)))
    return tuple(found)


def _free_level(bracket: Bracket, others: Sequence[Bracket]) -> int:
    """The first level on which nothing lies in the way."""
    place = (bracket.strip.row, bracket.strip.column)
    taken = {other.level for other in others
             if (other.strip.row, other.strip.column) == place
             and other.start_s <= bracket.end_s + _NUMBER_S and bracket.start_s <= other.end_s + _NUMBER_S}
    return next(level for level in range(len(others) + 1) if level not in taken)


def stretch_words(start_s: float, end_s: float) -> str:
    """When a stretch is."""
    if end_s < SECTIONED_FROM_S:
        return _("{start}{dash}{end} s").format(start=f"{start_s:.2f}", dash=_DASH, end=f"{end_s:.2f}")
    return f"{elapsed(start_s, decimals=1)}{_DASH}{elapsed(end_s, decimals=1)}"


def note_lines(notes: Sequence[TimeNote]) -> tuple[str, ...]:
    """Every note in a line: its number as it stands at the trace, when, which lead, the words."""
    return tuple(
        f"{number}  {stretch_words(note.start_s, note.end_s)}, {note.lead or _('all leads')}: {note.text.strip()}"
        for number, note in enumerate(notes, start=1))
