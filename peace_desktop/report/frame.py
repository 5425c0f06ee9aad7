"""Where things stand on the sheet, in millimetres from its lower left corner."""

from dataclasses import dataclass
from typing import Literal

from peace_desktop.report.paper import PULSE_MV, Gain, LayoutKind, PageLayout
from peace_desktop.texts import _

PaperSize = Literal["A4", "letter"]

SHEETS_MM: dict[PaperSize, tuple[float, float]] = {"A4": (297.0, 210.0), "letter": (279.4, 215.9)}
"""Landscape width and height."""

POINTS_PER_MM = 72.0 / 25.4
SPEED_MM_PER_S = 25.0
PULSE_ROOM_MM = 10.0
"""Paper left of the traces, for the calibration pulse."""
PULSE_ROOM_RIGHT_MM = 5.0
"""Paper right of the traces when no row ends in a pulse there."""

_TOP_MM = 6.5
_BOTTOM_MM = 5.5
_HEADER_MM = 19.0
_LEGEND_MM = 5.0
LEGEND_LINE_MM = 3.0
"""Each line of the legend after its first."""
_FOOTER_MM = 9.5
_GAP_MM = 2.0
_ROW_MM = 25.0
_MOST_ECG_MM = 105.0
_LEAST_ROW_MM = 6.0
_BASELINE_SHARE = 0.55
"""Where in its row a baseline lies, from the top: R waves are taller than S waves are deep."""
_PULSE_CLEAR_MM = 3.0
"""Paper above the first row's pulse at least, so that none is cut."""
_BELOW_LAST_MM = 8.0
_TEXT_MM = 265.0


class ReportError(Exception):
    """A report that cannot be written, with what to do about it."""


@dataclass(frozen=True)
class Box:
    """A rectangle in mm; x and y are its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        return self.y + self.height

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass(frozen=True)
class Frame:
    """The areas of one sheet. None of them overlaps another."""

    sheet: Box
    header: Box
    ecg: Box
    legend: Box
    blocks: Box
    footer: Box
    traces_x_mm: float
    """Where the first second of the traces begins."""
    first_baseline_mm: float
    """Height of the first row's baseline; the others follow below it, row_mm apart."""
    row_mm: float
    rows: int

    def baseline_mm(self, row: int) -> float:
        """Height of a row's baseline, on a 1 mm line of the grid."""
        return self.ecg.y + round(self.first_baseline_mm - row * self.row_mm - self.ecg.y)

    def band_mm(self, row: int) -> tuple[float, float]:
        """Lowest and highest point of the paper that belongs to a row; the rows together cover the paper."""
        middle = self.first_baseline_mm - (row - _BASELINE_SHARE + 0.5) * self.row_mm
        low = self.ecg.y if row == self.rows - 1 else middle - self.row_mm / 2
        return low, self.ecg.top if row == 0 else middle + self.row_mm / 2


def frame_for(page: PageLayout, paper: PaperSize, *, gain: Gain | None = None, legend_lines: int = 1) -> Frame:
    """The areas for a page of traces at 25 mm/s. Raises ReportError when it does not fit the sheet true to scale.

    gain: 10 mm/mV when None; the first row keeps room for its pulse. legend_lines: under the paper.
    """
    width, height = SHEETS_MM[paper]
    traces_mm = page.seconds * SPEED_MM_PER_S
    ecg_mm = PULSE_ROOM_MM + traces_mm + PULSE_ROOM_RIGHT_MM
    ecg_mm += PULSE_ROOM_MM - PULSE_ROOM_RIGHT_MM if any(p.side == "right" for p in page.pulses()) else 0.0
    ecg_height = min(5.0 * round(page.rows * _ROW_MM / 5.0), _MOST_ECG_MM)
    gain = gain or Gain()
    first_row = (gain.of_pulse(pulse.strip) for pulse in page.pulses() if pulse.row == 0)
    pulse_mm = PULSE_MV * max(gain.mm_per_mv, *first_row)
    above = max(_BASELINE_SHARE * ecg_height / page.rows, pulse_mm + _PULSE_CLEAR_MM)
    below = max((1 - _BASELINE_SHARE) * ecg_height / page.rows, _BELOW_LAST_MM)
    row_mm = (ecg_height - above - below) / max(page.rows - 1, 1)
    if ecg_mm > width - 2 * 4.0:
        raise ReportError(
            _("{seconds} s at 25 mm/s need {needed} mm and the sheet has {has} mm; print fewer seconds").format(
                seconds=f"{page.seconds:g}", needed=f"{ecg_mm:.0f}", has=f"{width:.0f}")
        )
    if row_mm < _LEAST_ROW_MM - 1e-9:
        raise ReportError(
            _("{rows} rows of leads do not fit one sheet true to scale; print the layout {first} or {second}").format(
                rows=page.rows, first=LayoutKind.THREE_BY_FOUR_RHYTHM.value, second=LayoutKind.SIX_BY_TWO.value)
        )
    text_x = (width - max(_TEXT_MM, ecg_mm)) / 2
    text_mm = width - 2 * text_x
    y = height - _TOP_MM - _HEADER_MM
    header = Box(text_x, y, text_mm, _HEADER_MM)
    y -= _GAP_MM + ecg_height
    ecg = Box((width - ecg_mm) / 2, y, ecg_mm, ecg_height)
    legend_mm = _LEGEND_MM + (legend_lines - 1) * LEGEND_LINE_MM
    y -= legend_mm
    legend = Box(text_x, y, text_mm, legend_mm)
    footer = Box(text_x, _BOTTOM_MM, text_mm, _FOOTER_MM)
    low = footer.top + _GAP_MM
    blocks = Box(text_x, low, text_mm, y - _GAP_MM / 2 - low)
    return Frame(Box(0, 0, width, height), header, ecg, legend, blocks, footer, ecg.x + PULSE_ROOM_MM,
                 ecg.top - above, row_mm, page.rows)
