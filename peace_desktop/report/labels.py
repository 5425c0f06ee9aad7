"""Lead names at their traces, where no trace runs through them if there is such a place."""

from dataclasses import dataclass

import numpy as np

from peace_desktop.report.flow import text_width
from peace_desktop.report.fonts import printable
from peace_desktop.report.frame import SPEED_MM_PER_S, Frame
from peace_desktop.report.gain_words import own_gain_note
from peace_desktop.report.paper import Ink
from peace_desktop.report.printed import TraceContent
from peace_desktop.report.traces import Drawn
from peace_desktop.texts import _, put_together

LABEL_PT = 8.6
NOTE_PT = 6.2
_HEIGHT_MM = 2.4
_MARGIN_MM = 0.4
_LEFT_MM = 1.1
_BESIDE_MM = 26.0
_SHIFTS_MM = (0.0, 1.5, 3.0, 5.0, 7.0, 9.0)
_USUAL_MM = 4.0
_SHIFT_COST = 0.8
_BELOW_COST = 9.0


@dataclass(frozen=True)
class Label:
    """A lead's name with its lower left corner in mm of the sheet; note is set smaller behind it. colour: "#rrggbb"."""

    x: float
    y: float
    text: str
    note: str
    note_x: float
    colour: str


def lead_labels(trace: TraceContent, frame: Frame, drawn: tuple[Drawn, ...], ink: Ink) -> tuple[Label, ...]:
    """One label a strip: near the start of its trace, above it rather than below.

    The names of leads that lie over each other stand side by side in the colours of their lines.
    """
    labels: list[Label] = []
    taken: list[tuple[float, float]] = []
    for strip in trace.page.strips:
        x = frame.traces_x_mm + trace.page.x_s(strip) * SPEED_MM_PER_S + _LEFT_MM
        x += (strip.stroke or 0) * _BESIDE_MM
        own = own_gain_note(trace.gain, strip)
        note = put_together(trace.lead_notes.get(strip.lead, ""), own)
        text, note = printable(strip.label), printable(note if strip.present else _("not recorded"))
        note_x = x + text_width(text, LABEL_PT, bold=True) + 1.0
        right = note_x + text_width(note, NOTE_PT) if note else note_x - 1.0
        dx, y = 0.0, frame.baseline_mm(strip.row) - _HEIGHT_MM / 2
        if strip.present:
            dx, y = _free_place((x, right), frame.baseline_mm(strip.row), frame, drawn, taken)
        taken.append((x + dx, y))
        colour = ink.colours["gap"] if not strip.present else ink.colours["text"] if strip.stroke is None else (
            ink.stroke(strip).colour)
        labels.append(Label(x + dx, y, text, note, note_x + dx, colour))
    return tuple(labels)


def _free_place(
    across: tuple[float, float], baseline: float, frame: Frame, drawn: tuple[Drawn, ...],
    taken: list[tuple[float, float]],
) -> tuple[float, float]:
    """(shift to the right, height) of the place nearest to the usual one, just above the start of the trace, that no
    trace crosses and no other label holds; else of the one crossed least.
    """
    left, right = across
    above = frame.row_mm / 2 - _HEIGHT_MM / 2
    offsets = [*np.arange(0.8, above, 0.5).tolist(), *(-_HEIGHT_MM - np.arange(1.0, above - 1.0, 0.5)).tolist()]
    usual = min(_USUAL_MM, above)
    places = [
        (abs(offset - usual) + _SHIFT_COST * dx + (_BELOW_COST if offset < 0 else 0.0), dx, baseline + offset)
        for dx in _SHIFTS_MM
        for offset in offsets
        if frame.ecg.y + 0.5 < baseline + offset < frame.ecg.top - _HEIGHT_MM - 0.5
    ]
    least, best = None, (0.0, baseline + usual)
    for _cost, dx, y in sorted(places):
        crossed = _crossings(left + dx, right + dx, y, drawn) + 1000 * sum(
            abs(y - other) < _HEIGHT_MM + _MARGIN_MM and abs(left + dx - x) < right - left + _SHIFTS_MM[-1]
            for x, other in taken
        )
        if crossed == 0:
            return dx, y
        if least is None or crossed < least:
            least, best = crossed, (dx, y)
    return best


def _crossings(left: float, right: float, low: float, drawn: tuple[Drawn, ...]) -> int:
    count = 0
    for item in drawn:
        near = np.flatnonzero((item.x_mm >= left - _MARGIN_MM) & (item.x_mm <= right + _MARGIN_MM))
        if near.size < 2:
            continue
        y = item.y_mm[near[0] : near[-1] + 1]
        lower, upper = np.fmin(y[:-1], y[1:]), np.fmax(y[:-1], y[1:])
        count += int(np.sum((lower <= low + _HEIGHT_MM + _MARGIN_MM) & (upper >= low - _MARGIN_MM)))
    return count
