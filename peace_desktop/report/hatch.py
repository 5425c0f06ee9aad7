"""The pattern over a map without support, for screen and print: wide diagonals where it was not tested, close crossed
ones where the tests failed. Pure geometry in millimetres, anchored to the sheet so that neighbouring bands go on in
each other.
"""

from collections.abc import Iterator

from peace_model.inference.prediction import Verdict

PITCH_MM = 3.5
"""Between two crossed lines, across the paper: wide enough for the trace and the grid to be seen through."""
WIDE_PITCH_MM = 7.0
"""Between two lines of what was only not tested: such a map may cover the whole page and must not outshout its traces.
"""
_SHORTEST_MM = 1e-3
"""A line that only touches a corner is none."""

Segment = tuple[float, float, float, float]

_SLOPES: dict[Verdict, tuple[int, ...]] = {
    Verdict.SUPPORTED: (), Verdict.NOT_TESTED: (1,), Verdict.UNSUPPORTED: (1, -1)}
_PITCHES_MM = {Verdict.NOT_TESTED: WIDE_PITCH_MM, Verdict.UNSUPPORTED: PITCH_MM}


def hatch_lines(x_mm: float, y_mm: float, width_mm: float, height_mm: float, verdict: Verdict) -> Iterator[Segment]:
    """(x0, y0, x1, y1) of every diagonal piece inside a rectangle; none for a map with support."""
    for slope in _SLOPES[verdict]:
        pitch_mm = _PITCHES_MM[verdict]
        # Lines y = slope * x + c, with c on multiples of the pitch.
        corners = [y - slope * x for x in (x_mm, x_mm + width_mm) for y in (y_mm, y_mm + height_mm)]
        first, last = int(min(corners) // pitch_mm), int(max(corners) // pitch_mm) + 1
        for index in range(first, last + 1):
            c = index * pitch_mm
            begin, end = sorted(((y_mm - c) / slope, (y_mm + height_mm - c) / slope))
            begin, end = max(begin, x_mm), min(end, x_mm + width_mm)
            if end - begin > _SHORTEST_MM:
                yield begin, slope * begin + c, end, slope * end + c
