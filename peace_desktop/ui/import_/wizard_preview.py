"""A few seconds of the lead with the largest QRS, on millimetre paper at 25 mm/s and 10 mm/mV: true to the eye."""

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.jobs.table_check import TableCheck
from peace_desktop.texts import _
from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour
from peace_desktop.ui.trace.samples import Samples
from peace_desktop.ui.trace.scale import scale_of_screen
from peace_desktop.ui.trace.strip_item import display_offset_mv

_MM_PER_S, _MM_PER_MV, _HEIGHT_MM, _BOX_MM = 25.0, 10.0, 40.0, 5.0


def _middle_mv(strip_mv: Samples) -> float:
    """What lies in the middle of the paper: halfway between the extremes where they nearly fit, else the baseline."""
    low, high = float(np.nanmin(strip_mv)), float(np.nanmax(strip_mv))
    return (low + high) / 2 if (high - low) * _MM_PER_MV < 1.5 * _HEIGHT_MM else display_offset_mv(strip_mv)


class PreviewTrace(QWidget):
    """A wrong unit shows: the trace leaves the paper, or lies flat on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale_of_screen(QGuiApplication.primaryScreen())
        self._check = TableCheck()
        self.setObjectName("wizard_preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(round(_HEIGHT_MM * self._scale.y))
        self.show_check(self._check)

    def sizeHint(self) -> QSize:
        return QSize(480, self.height())

    def show_check(self, check: TableCheck) -> None:
        self._check = check
        self.setAccessibleName(
            _("Preview of lead {lead}, 25 mm/s, 10 mm/mV").format(lead=check.lead) if check.strip_mv is not None
            else _("No preview yet"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_colour("paper"))
        painter.setPen(cosmetic_pen(ink_colour("grid_major")))
        for x in np.arange(0, self.width(), _BOX_MM * self._scale.x):
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        for y in np.arange(0, self.height(), _BOX_MM * self._scale.y):
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        if self._check.strip_mv is not None:
            self._draw_trace(painter)
        painter.end()

    def _draw_trace(self, painter: QPainter) -> None:
        strip_mv = self._check.strip_mv
        if strip_mv is None or not np.isfinite(strip_mv).any():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(cosmetic_pen(ink_colour("trace"), 1.2))
        x = np.arange(len(strip_mv)) / self._check.fs_hz * _MM_PER_S * self._scale.x
        heights = (strip_mv.astype(np.float64) - _middle_mv(strip_mv)) * _MM_PER_MV * self._scale.y
        # Far beyond the paper it makes no difference how far, and painters know no such numbers.
        y = self.height() / 2 - np.clip(heights, -5 * self.height(), 5 * self.height())
        drawn = x <= self.width()
        edges = np.flatnonzero(np.diff(np.isfinite(y[drawn]).astype(int))) + 1
        for part in np.split(np.flatnonzero(drawn), edges):
            if len(part) and np.isfinite(y[part[0]]):
                painter.drawPolyline(QPolygonF([QPointF(x[n], y[n]) for n in part]))
        words = _("{lead} · 25 mm/s · 10 mm/mV").format(lead=self._check.lead)
        painter.fillRect(painter.boundingRect(self.rect().adjusted(4, 2, 0, 0), Qt.AlignmentFlag.AlignTop, words),
                         ink_colour("paper"))
        painter.drawText(self.rect().adjusted(4, 2, 0, 0), Qt.AlignmentFlag.AlignTop, words)
