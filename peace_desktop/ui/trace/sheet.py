"""Where the page of `report.paper` stands on the screen's endless sheet, in millimetres from its upper left corner."""

from collections.abc import Callable
from dataclasses import dataclass

from peace_desktop.report.paper import PAGE_S, PULSE_S, Gain, PageLayout, Strip

PAPER_WIDTH_MM = 250.0
TOP_MM = 5.0
_BOTTOM_MM = 5.0
_BIG_BOX_MM = 5.0
_BASELINE_SHARE = 0.55
_MOST_ROW_MM = 60.0
_LABEL_ABOVE_MM = 12.0
_FREE_REACH_MM = 15.0
_MOST_SHARED_ROOM_MM = 25.0


def paper_seconds(duration_s: float, speed_mm_per_s: float) -> float:
    """Seconds of a page that is as wide as the printed one: 10 s at 25 mm/s, half of it at 50 mm/s.

    A slower speed shows more seconds only where the recording has them.
    """
    return min(PAPER_WIDTH_MM / speed_mm_per_s, max(PAGE_S, duration_s))


def room_mm(reach_mm: float) -> float:
    """Whole big boxes beyond the first or last row for a voltage that reaches so far from its row's baseline."""
    return max(0.0, _BIG_BOX_MM * -(-(reach_mm - _FREE_REACH_MM) // _BIG_BOX_MM))


def shared_room_mm(room_mm: float) -> float:
    """How much of such room the rows make way for; a lead on the recorder's rail may not press the others together."""
    return min(room_mm, _MOST_SHARED_ROOM_MM)


def row_height_mm(rows: int, visible_mm: float) -> float:
    """Distance of the rows in whole big boxes: the visible paper shared by the rows, within what stays readable.

    Children's voltages collide where rows are close, so spare paper goes between the rows and never into the scale.
    """
    least = 30.0 if rows <= 5 else 25.0 if rows <= 8 else 15.0
    shared = (visible_mm - TOP_MM - _BOTTOM_MM) / rows
    return min(max(_BIG_BOX_MM * int(shared / _BIG_BOX_MM), least), _MOST_ROW_MM)


def row_beside_room_mm(rows: int, visible_mm: float, sky_mm: float, ground_mm: float) -> float:
    """Distance of the rows where the visible paper also holds their shared room above and below."""
    return row_height_mm(rows, visible_mm - shared_room_mm(sky_mm) - shared_room_mm(ground_mm))


@dataclass(frozen=True)
class Sheet:
    """A page at a speed and gain with a distance of rows. y grows downwards, as on the screen."""

    page: PageLayout
    gain: Gain
    speed_mm_per_s: float
    row_mm: float
    sky_mm: float = 0.0
    ground_mm: float = 0.0
    """Paper above and below the rows that voltages of the first and last row reach into; whole big boxes."""

    @property
    def pulse_mm(self) -> float:
        """Width of the calibration pulse."""
        return PULSE_S * self.speed_mm_per_s

    @property
    def left_mm(self) -> float:
        """Paper left of the traces: room for the pulse, in whole big boxes so that the traces begin on a line."""
        return _BIG_BOX_MM * -(-(self.pulse_mm + 4.0) // _BIG_BOX_MM)

    @property
    def traces_mm(self) -> float:
        return self.page.seconds * self.speed_mm_per_s

    @property
    def width_mm(self) -> float:
        right = any(pulse.side == "right" for pulse in self.page.pulses())
        return self.left_mm + self.traces_mm + (self.left_mm if right else _BIG_BOX_MM)

    @property
    def height_mm(self) -> float:
        return self.row_top_mm(self.page.rows) + _BOTTOM_MM + self.ground_mm

    def extent_mm(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the sheet."""
        return 0.0, 0.0, self.width_mm, self.height_mm

    def row_top_mm(self, row: int) -> float:
        return self.sky_mm + TOP_MM + row * self.row_mm

    def baseline_mm(self, row: int) -> float:
        """The line on which a row's strips are centred; a big box's line of the grid."""
        return self.row_top_mm(row) + _BIG_BOX_MM * round(_BASELINE_SHARE * self.row_mm / _BIG_BOX_MM)

    def label_mm(self, strip: Strip) -> float:
        """Height of the lower edge of a strip's name; leads over each other have theirs above most waves."""
        highest = self.row_top_mm(strip.row) + _BIG_BOX_MM
        return highest if strip.stroke is not None else max(self.baseline_mm(strip.row) - _LABEL_ABOVE_MM, highest)

    def x_mm(self, strip: Strip) -> float:
        """Where a strip begins."""
        return self.left_mm + self.page.x_s(strip) * self.speed_mm_per_s

    def span_mm(self, strip: Strip) -> float:
        """Width of a strip's place, filled or not."""
        return (self.page.seconds if strip.group == "rhythm" else self.page.column_s) * self.speed_mm_per_s

    def time_x_mm(self, strip: Strip, time_s: float) -> float:
        """Where a second of the recording stands in a strip."""
        return self.x_mm(strip) + (time_s - strip.start_s) * self.speed_mm_per_s

    def time_at(self, strip: Strip, x_mm: float) -> float:
        """The second of the recording at a place, kept inside the strip."""
        time_s = strip.start_s + (x_mm - self.x_mm(strip)) / self.speed_mm_per_s
        return min(max(time_s, strip.start_s), strip.end_s)

    def strip_at(self, x_mm: float, y_mm: float, *, lead: str = "") -> Strip | None:
        """The recorded strip at a place, None beside the traces or on a lead that was not recorded.

        lead: taken before the others where leads lie over each other.
        """
        row = min(max(int((y_mm - self.row_top_mm(0)) / self.row_mm), 0), self.page.rows - 1)
        there = [strip for strip in self.page.row(row)
                 if strip.present and self.x_mm(strip) <= x_mm <= self.x_mm(strip) + self.span_mm(strip)]
        return next((strip for strip in there if strip.lead == lead), there[0] if there else None)


def sheet_of(page: PageLayout, gain: Gain, speed_mm_per_s: float, *, reach_mv: Callable[[str, int], float],
             visible_mm: float) -> Sheet:
    """The page with paper enough above and below for the whole recording, so that no second moves the rows.

    reach_mv(lead, way): how far a lead goes up (way 1) or down (-1). visible_mm: height of the paper that is seen.
    """
    def reach_mm(row: int, way: int) -> float:
        return max((reach_mv(strip.lead, way * strip.sign) * gain.of(strip) for strip in page.row(row)
                    if strip.present), default=0.0)

    sky, ground = room_mm(reach_mm(0, 1)), room_mm(reach_mm(page.rows - 1, -1))
    return Sheet(page, gain, speed_mm_per_s, row_beside_room_mm(page.rows, visible_mm, sky, ground), sky, ground)
