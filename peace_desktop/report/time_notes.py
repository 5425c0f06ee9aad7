"""A reader's notes on stretches of time as they are numbered, placed on a page and put into words."""

from collections.abc import Sequence
from dataclasses import dataclass

from peace_desktop.report.clock import elapsed
from peace_desktop.report.paper import PageLayout, Strip
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _
from peace_model.ecg.signal.section import SECTIONED_FROM_S

_DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Bracket:
    """Where a note stands over one strip, in seconds of the recording; begins, ends: inside the strip."""

    number: int
    strip: Strip
    start_s: float
    end_s: float
    begins: bool
    ends: bool


def brackets(notes: Sequence[TimeNote], page: PageLayout) -> tuple[Bracket, ...]:
    """The brackets of a page: over the first row for a note on all leads, over its lead for a note on one."""
    first_row: dict[int, Strip] = {}
    for strip in page.row(0):
        first_row.setdefault(strip.column, strip)
    found = []
    for number, note in enumerate(notes, start=1):
        strips = [s for s in page.strips if s.present and s.lead == note.lead] if note.lead else first_row.values()
        for strip in strips:
            start_s, end_s = max(note.start_s, strip.start_s), min(note.end_s, strip.end_s)
            if start_s <= end_s and (start_s < end_s or note.start_s == note.end_s):
                found.append(Bracket(number, strip, start_s, end_s, begins=note.start_s >= strip.start_s,
                                     ends=note.end_s <= strip.end_s))
    return tuple(found)


def stretch_words(start_s: float, end_s: float, lead: str) -> str:
    """When a stretch is and which lead it concerns."""
    if end_s < SECTIONED_FROM_S:
        when = _("{start}{dash}{end} s").format(start=f"{start_s:.2f}", dash=_DASH, end=f"{end_s:.2f}")
    else:
        when = f"{elapsed(start_s, decimals=1)}{_DASH}{elapsed(end_s, decimals=1)}"
    return _("{when}, {lead}").format(when=when, lead=lead or _("all leads"))


def note_lines(notes: Sequence[TimeNote]) -> tuple[str, ...]:
    """Every note in a line: its number as it stands at the trace, when, which lead, the words."""
    return tuple(f"{number}  {stretch_words(note.start_s, note.end_s, note.lead)}: {note.text.strip()}"
                 for number, note in enumerate(notes, start=1))
