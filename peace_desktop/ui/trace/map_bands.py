"""An explanation as pale bands behind the strips: each step of the map stands at its own time in every strip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from peace_desktop.report.paper import Strip
from peace_desktop.ui.trace.sheet import Sheet
from peace_model.inference.prediction import Explanation

_ROW_GAP_MM = 1.0
MOST_OPACITY = 0.8
"""A map never covers more: grid and trace stand above it, and the paper shows through."""


@dataclass(frozen=True)
class Band:
    """A rectangle of one level of the map in mm; value in (0, 1]."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    value: float


def map_bands(maps: Sequence[Explanation], sheet: Sheet, levels: int) -> tuple[Band, ...]:
    """The bands of all strips the maps speak of: every strip, or those of its lead where a map has one.

    Values are drawn in `levels` steps; nothing is drawn at the lowest or where the value is not finite.
    """
    return tuple(
        band
        for explanation in maps
        for strip in sheet.page.mapped(explanation.lead)
        for band in _strip_bands(explanation, strip, sheet, levels)
    )


def _strip_bands(explanation: Explanation, strip: Strip, sheet: Sheet, levels: int) -> Iterator[Band]:
    finite = np.nan_to_num(np.clip(explanation.values, 0.0, 1.0), nan=0.0)
    level = np.rint(finite * (levels - 1)).astype(int)
    edges = np.flatnonzero(np.diff(level)) + 1
    starts = np.concatenate(([0], edges))
    ends = np.concatenate((edges, [len(level)]))
    for first, last in zip(starts, ends, strict=True):
        begin_s = max(explanation.start_s + first * explanation.step_s, strip.start_s)
        end_s = min(explanation.start_s + last * explanation.step_s, strip.end_s)
        if level[first] == 0 or end_s <= begin_s:
            continue
        yield Band(
            x_mm=sheet.time_x_mm(strip, begin_s),
            y_mm=sheet.row_top_mm(strip.row) + _ROW_GAP_MM / 2,
            width_mm=(end_s - begin_s) * sheet.speed_mm_per_s,
            height_mm=sheet.row_mm - _ROW_GAP_MM,
            value=float(level[first] / (levels - 1)),
        )
