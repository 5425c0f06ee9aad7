"""Where the calipers, their points and the march-out of their interval stand on a strip, in millimetres."""

from dataclasses import dataclass

import numpy as np

from peace_desktop.report.paper import Strip
from peace_desktop.ui.trace.sheet import Sheet

_MOST_MARCH_LINES = 200
_FOOT_MM = 1.0

Place = tuple[float, float] | None
"""A place on the trace; None where nothing was recorded."""


@dataclass(frozen=True)
class CaliperPicture:
    """Where everything stands, in mm. xs: the two lines; points: on the trace, None where nothing was recorded.

    active: which of the two moves, both where the pair moves as one. march_mm: further lines at the same interval.
    """

    xs_mm: tuple[float, float]
    points_mm: tuple[Place, Place]
    top_mm: float
    bottom_mm: float
    text: str
    active: tuple[bool, bool]
    march_mm: tuple[float, ...]


def caliper_picture(sheet: Sheet, strip: Strip, ends_s: tuple[float, float], *, points_mm: tuple[Place, Place],
                    text: str, active: tuple[bool, bool], march_out: bool) -> CaliperPicture | None:
    """The calipers from second to second of a strip; None while one of them is beside the page."""
    if not all(strip.start_s <= end <= strip.end_s for end in ends_s):
        return None
    xs_mm = (sheet.time_x_mm(strip, ends_s[0]), sheet.time_x_mm(strip, ends_s[1]))
    top_mm, left_mm, right_mm = sheet.row_top_mm(strip.row), sheet.x_mm(strip), sheet.x_mm(strip) + sheet.span_mm(strip)
    if sheet.page.consecutive:
        left_mm, right_mm = sheet.left_mm, sheet.left_mm + sheet.traces_mm
    return CaliperPicture(
        xs_mm=xs_mm,
        points_mm=points_mm,
        top_mm=top_mm,
        bottom_mm=foot_mm(sheet, strip),
        text=text,
        active=active,
        march_mm=_march(xs_mm, left_mm, right_mm) if march_out else (),
    )


def foot_mm(sheet: Sheet, strip: Strip) -> float:
    """Height of the line that joins the two at the foot of a strip: who takes it moves the pair."""
    return sheet.row_top_mm(strip.row) + sheet.row_mm - _FOOT_MM


def _march(xs_mm: tuple[float, float], left_mm: float, right_mm: float) -> tuple[float, ...]:
    """Lines at the calipers' interval both ways to the ends, without the calipers' own two."""
    step = abs(xs_mm[1] - xs_mm[0])
    if step <= 0 or (right_mm - left_mm) / step > _MOST_MARCH_LINES:
        return ()
    before = np.arange(min(xs_mm) - step, left_mm, -step)
    after = np.arange(max(xs_mm) + step, right_mm, step)
    return tuple(float(x) for x in np.concatenate((before[::-1], after)))
