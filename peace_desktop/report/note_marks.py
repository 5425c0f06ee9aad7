"""The reader's notes at the printed traces: brackets with their numbers."""

from collections.abc import Iterator

from peace_desktop.report.flow import text_width
from peace_desktop.report.frame import POINTS_PER_MM, SPEED_MM_PER_S, Frame
from peace_desktop.report.labels import LABEL_PT, Label
from peace_desktop.report.paper import Ink
from peace_desktop.report.printed import TraceContent
from peace_desktop.report.time_notes import Bracket, brackets

_TICK_MM = 1.6
_BELOW_EDGE_MM = 1.2
_LEVEL_MM = 3.5
_NUMBER_GAP_MM = 0.8
_NUMBER_DOWN_MM = 1.0
_WIDTH_MM = 0.3


def note_operators(trace: TraceContent, frame: Frame, ink: Ink) -> str:
    """PDF operators of the brackets; "" without notes."""
    lines = [line for bracket in brackets(trace.notes, trace.page) for line in _lines(bracket, trace, frame)]
    if not lines:
        return ""
    red, green, blue = (int(ink.colours["accent"][k : k + 2], 16) / 255 for k in (1, 3, 5))
    pen = f"{red:.3f} {green:.3f} {blue:.3f} RG {_WIDTH_MM * POINTS_PER_MM:.3f} w"
    drawn = [" ".join(f"{value * POINTS_PER_MM:.2f}" for value in line[:2]) + " m "
             + " ".join(f"{value * POINTS_PER_MM:.2f}" for value in line[2:]) + " l" for line in lines]
    return "\n".join(["q", pen, *drawn, "S", "Q"])


def note_labels(trace: TraceContent, frame: Frame, ink: Ink) -> tuple[Label, ...]:
    """The numbers, each left of its bracket."""
    labels = []
    for bracket in brackets(trace.notes, trace.page):
        left, _right, high = _place(bracket, trace, frame)
        number = str(bracket.number)
        x = left - _NUMBER_GAP_MM - text_width(number, LABEL_PT, bold=True)
        labels.append(Label(x, high - _NUMBER_DOWN_MM, number, "", x, ink.colours["accent"]))
    return tuple(labels)


def _place(bracket: Bracket, trace: TraceContent, frame: Frame) -> tuple[float, float, float]:
    """Left, right and height in mm of the sheet: the upper edge of the paper that belongs to the strip's row."""
    begin = frame.traces_x_mm + trace.page.x_s(bracket.strip) * SPEED_MM_PER_S
    left, right = (begin + (second - bracket.strip.start_s) * SPEED_MM_PER_S
                   for second in (bracket.start_s, bracket.end_s))
    _low, high = frame.band_mm(bracket.strip.row)
    return left, right, high - _BELOW_EDGE_MM - bracket.level * _LEVEL_MM


def _lines(bracket: Bracket, trace: TraceContent, frame: Frame) -> Iterator[tuple[float, float, float, float]]:
    left, right, high = _place(bracket, trace, frame)
    yield left, high, right, high
    if bracket.begins:
        yield left, high, left, high - _TICK_MM
    if bracket.ends:
        yield right, high, right, high - _TICK_MM
