"""Median beats of two recordings lead by lead, this one left and the other right, on one paper at one scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from peace_desktop.jobs.comparison import ComparedRecording
from peace_desktop.jobs.measured_beat import MeasuredBeat
from peace_desktop.texts import _, listed
from peace_desktop.ui.trace.grid import paint_paper
from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour
from peace_desktop.ui.trace.scale import ScreenScale
from peace_model.ecg.boundaries import BOUNDARIES
from peace_model.ecg.leads import STANDARD_12
from peace_model.inference.prediction import Verdict

Values = NDArray[np.float64]

_BEFORE_MS, _AFTER_MS = 260.0, 440.0
_COLUMNS = (1, 2, 3, 6)
"""Counts at which limb and chest leads keep rows of their own."""
_LEAST_MV = 0.3
_GAP_MM, _HEAD_MM, _FOOT_MM = 2.0, 9.0, 2.0


@dataclass(frozen=True)
class BeatPair:
    """One lead of both recordings; None where a recording has no such beat."""

    lead: str
    here: MeasuredBeat | None
    there: MeasuredBeat | None


def beat_pairs(here: ComparedRecording, there: ComparedRecording) -> tuple[BeatPair, ...]:
    """Every lead that at least one of them has, the standard leads first."""
    beats = [side.beat if isinstance(side.beat, MeasuredBeat) else None for side in (here, there)]
    known = [beat.leads if beat is not None else () for beat in beats]
    leads = dict.fromkeys((*STANDARD_12, *known[0], *known[1]))
    return tuple(BeatPair(lead, *(beat if lead in names else None for beat, names in zip(beats, known, strict=True)))
                 for lead in leads if lead in known[0] or lead in known[1])


class BeatGrid(QWidget):
    """As many leads a row as its width allows; every row as high as its beats need."""

    def __init__(self, pairs: tuple[BeatPair, ...], *, screen: ScreenScale, speed_mm_per_s: float,
                 gain_mm_per_mv: float, width_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs = pairs
        self._screen = screen
        self._speed = speed_mm_per_s
        self._gain = gain_mm_per_mv
        fitting = int((width_px / screen.x - _GAP_MM) // self.cell_mm)
        columns = max((count for count in _COLUMNS if count <= fitting), default=1)
        self._rows = [pairs[first:first + columns] for first in range(0, len(pairs), columns)]
        self._heights = [tuple(self._reach_mm(row)) for row in self._rows]
        height_mm = sum(high + low + _HEAD_MM + _FOOT_MM for high, low in self._heights)
        self.setFixedSize(round((columns * self.cell_mm + _GAP_MM) * screen.x), round(max(height_mm, 20.0) * screen.y))
        self.setAccessibleName(_("Median beats of both recordings, lead by lead"))
        self.setAccessibleDescription(listed(pair.lead for pair in pairs))

    @property
    def cell_mm(self) -> float:
        """Width of one lead: two beats and the gaps beside them."""
        return 2 * (self._beat_mm + _GAP_MM)

    @property
    def _beat_mm(self) -> float:
        return (_BEFORE_MS + _AFTER_MS) / 1000 * self._speed

    def _reach_mm(self, row: tuple[BeatPair, ...]) -> tuple[float, float]:
        """Millimetres above and below the baseline."""
        values = [_window(beat, pair.lead)[1] for pair in row for beat in (pair.here, pair.there) if beat is not None]
        finite = np.concatenate([value[np.isfinite(value)] for value in values] or [np.zeros(1)])
        return float(finite.max(initial=_LEAST_MV)) * self._gain, -float(finite.min(initial=-_LEAST_MV)) * self._gain

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.scale(self._screen.x, self._screen.y)
        paint_paper(painter, QRectF(0, 0, self.width() / self._screen.x, self.height() / self._screen.y), bands=(),
                    opacity=0.0, verdict=Verdict.SUPPORTED)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0.0
        for row, (high, low) in zip(self._rows, self._heights, strict=True):
            for column, pair in enumerate(row):
                left = _GAP_MM + column * self.cell_mm
                self._paint_pair(painter, pair, QRectF(left, top, self.cell_mm - _GAP_MM, _HEAD_MM + high + low),
                                 top + _HEAD_MM + high)
            top += high + low + _HEAD_MM + _FOOT_MM
        painter.end()

    def _paint_pair(self, painter: QPainter, pair: BeatPair, cell: QRectF, base_mm: float) -> None:
        for place, (beat, words) in enumerate(((pair.here, _("this")), (pair.there, _("other")))):
            left = cell.left() + place * (self._beat_mm + _GAP_MM)
            if beat is not None:
                self._paint_beat(painter, beat, pair.lead, left, base_mm)
            name = f"{pair.lead} " if place == 0 else ""
            self._write(painter, QPointF(left, cell.top() + 4.0), name, words if beat is not None else _("not there"))

    def _paint_beat(self, painter: QPainter, measured: MeasuredBeat, lead: str, left_mm: float, base_mm: float) -> None:
        painter.setPen(cosmetic_pen(ink_colour("accent"), 1.0, Qt.PenStyle.DotLine))
        for name in BOUNDARIES:
            ms = measured.automatic.at(name)
            if ms is not None and -_BEFORE_MS <= ms <= _AFTER_MS:
                x = left_mm + (ms + _BEFORE_MS) / 1000 * self._speed
                painter.drawLine(QPointF(x, base_mm - 2.5), QPointF(x, base_mm + 2.5))
        ms_of, values = _window(measured, lead)
        painter.setPen(cosmetic_pen(ink_colour("trace"), 1.3))
        painter.drawPolyline(QPolygonF([
            QPointF(left_mm + (float(ms) + _BEFORE_MS) / 1000 * self._speed, base_mm - float(mv) * self._gain)
            for ms, mv in zip(ms_of, values, strict=True) if np.isfinite(mv)]))

    def _write(self, painter: QPainter, place_mm: QPointF, name: str, words: str) -> None:
        at = painter.worldTransform().map(place_mm)
        painter.save()
        painter.resetTransform()
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(ink_colour("text"))
        painter.drawText(at, name)
        at += QPointF(painter.fontMetrics().horizontalAdvance(name), 0)
        painter.setFont(self.font())
        painter.setPen(ink_colour("muted"))
        painter.drawText(at, words)
        painter.restore()


def _window(measured: MeasuredBeat, lead: str) -> tuple[Values, Values]:
    """Milliseconds from R and mV of what is drawn of a lead."""
    beat = measured.beat
    ms = (np.arange(beat.signal_mv.shape[1]) - beat.r) / beat.fs_hz * 1000
    inside = (ms >= -_BEFORE_MS) & (ms <= _AFTER_MS)
    return ms[inside], beat.lead(lead)[inside]
