"""Lead names at their traces, where no trace runs through them if there is such a place."""

from dataclasses import dataclass

import numpy as np

from peace_desktop.report.flow import text_width
from peace_desktop.report.fonts import printable
from peace_desktop.report.frame import SPEED_MM_PER_S, Frame
from peace_desktop.report.printed import TraceContent
from peace_desktop.report.traces import Drawn
from peace_desktop.texts import _

LABEL_PT = 8.6
NOTE_PT = 6.2
_HEIGHT_MM = 2.4
_MARGIN_MM = 0.4
_LEFT_MM = 1.1
_SHIFTS_MM = (0.0, 1.5, 3.0, 5.0)


@dataclass(frozen=True)
class Label:
    """A lead's name with its lower left corner in mm of the sheet; note is set smaller behind it."""

    x: float
    y: float
    text: str
    note: str
    note_x: float
    ink: str


def lead_labels(trace: TraceContent, frame: Frame, drawn: tuple[Drawn, ...]) -> tuple[Label, ...]:
    """One label a strip: near the start of its trace, above it rather than below."""
    labels = []
    for strip in trace.page.strips:
        x = frame.traces_x_mm + trace.page.x_s(strip) * SPEED_MM_PER_S + _LEFT_MM
        note = trace.lead_notes.get(strip.lead, "") if strip.present else _("not recorded")
        text, note = printable(strip.label), printable(note)
        note_x = x + text_width(text, LABEL_PT, bold=True) + 1.0
        right = note_x + text_width(note, NOTE_PT) if note else note_x - 1.0
        dx, y = 0.0, frame.baseline_mm(strip.row) - _HEIGHT_MM / 2
        if strip.present:
            dx, y = _free_place(x, right, frame.baseline_mm(strip.row), frame, drawn)
        labels.append(Label(x + dx, y, text, note, note_x + dx, "text" if strip.present else "gap"))
    return tuple(labels)


def _free_place(
    left: float, right: float, baseline: float, frame: Frame, drawn: tuple[Drawn, ...]
) -> tuple[float, float]:
    """(shift to the right, height) of the first place no trace crosses, above the baseline before below it, at the
    start of the trace before further on; else the place crossed least.
    """
    reach = frame.row_mm / 2 + 1.0
    above = np.arange(3.0, reach, 0.5).tolist()
    below = (-_HEIGHT_MM - np.arange(2.0, reach - _HEIGHT_MM, 0.5)).tolist()
    heights = [baseline + offset for offset in (*above, *below)]
    inside = [y for y in heights if frame.ecg.y + 0.5 < y < frame.ecg.top - _HEIGHT_MM - 0.5] or heights[:1]
    places = [(dx, y) for dx in _SHIFTS_MM for y in inside]
    least, best = None, places[0]
    for dx, y in places:
        crossed = _crossings(left + dx, right + dx, y, drawn)
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
