"""One strip's trace on the paper, in millimetres, thinned to the device's pixel columns without losing a peak."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from peace_desktop.report.paper import Strip, Stroke, load_ink
from peace_desktop.ui.trace.decimation import column_step, peak_indices
from peace_desktop.ui.trace.device_pixels import DevicePixels
from peace_desktop.ui.trace.paper_item import PaperItem
from peace_desktop.ui.trace.pens import line_pen, line_pixels
from peace_desktop.ui.trace.samples import LeadSamples, Samples
from peace_desktop.ui.trace.sheet import Sheet

_PEN_ROOM_MM = 1.0
_THICKENING = ((0.0, -0.6), (-0.5, 0.3), (0.5, 0.3))
"""Device pixels by which a thicker trace is drawn again: thin lines take a hundredth of the time of one wide pen."""


def strip_samples(strip: Strip, fs_hz: float, n_samples: int) -> slice:
    """The samples that fall into a strip, its last second included so that the line reaches the end."""
    first = int(np.ceil(strip.start_s * fs_hz - 1e-6))
    last = int(np.floor(strip.end_s * fs_hz + 1e-6))
    return slice(max(first, 0), min(last + 1, n_samples))


def display_offset_mv(values_mv: Samples) -> float:
    """The strip's median: what is laid on the baseline, because a recorder's offset is no voltage; 0 for no sample."""
    return float(np.nanmedian(values_mv)) if np.isfinite(values_mv).any() else 0.0


def reach_mv(values_mv: Samples, way: int) -> float:
    """How far a lead goes up (way 1) or down (-1) from its median; 0 where nothing was recorded."""
    away = way * (values_mv - display_offset_mv(values_mv))
    return float(np.nanmax(away)) if np.isfinite(away).any() else 0.0


class StripItem(PaperItem):
    """Draws one strip. Missing samples (NaN) are a gap in the line."""

    def __init__(self) -> None:
        super().__init__()
        self._x_mm = np.empty(0)
        self._y_mm = np.empty(0)
        self._first = 0
        self._samples_per_mm = 1.0
        self._bounds = QRectF()
        self._path = QPainterPath()
        self._path_step = 0
        self._stroke: Stroke | None = None
        self._bold = False

    def set_strip(self, strip: Strip, sheet: Sheet, values_mv: LeadSamples, fs_hz: float, *, bold: bool = False
                  ) -> None:
        """Show a strip of a lead's samples (n_samples,), mV, laid on its row's baseline.

        bold: twice as thick, above the others.
        """
        self.prepareGeometryChange()
        self._stroke, self._bold = load_ink().stroke(strip), bold
        self.setZValue(0.5 if bold else 0.0)
        span = strip_samples(strip, fs_hz, len(values_mv))
        part = values_mv[span]
        self._first = span.start
        self._samples_per_mm = fs_hz / sheet.speed_mm_per_s
        self._x_mm = sheet.time_x_mm(strip, 0.0) + np.arange(span.start, span.start + len(part)) / self._samples_per_mm
        scale = strip.sign * sheet.gain.of(strip)
        self._y_mm = sheet.baseline_mm(strip.row) - scale * (part.astype(np.float64) - display_offset_mv(part))
        self._path_step = 0
        self._bounds = QRectF()
        if np.isfinite(self._y_mm).any():
            top, bottom = float(np.nanmin(self._y_mm)), float(np.nanmax(self._y_mm))
            box = QRectF(self._x_mm[0], top, self._x_mm[-1] - self._x_mm[0], bottom - top)
            self._bounds = box.adjusted(-_PEN_ROOM_MM, -_PEN_ROOM_MM, _PEN_ROOM_MM, _PEN_ROOM_MM)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def point_mm(self, sample: int) -> tuple[float, float] | None:
        """Where a sample of the recording is drawn; None outside the strip or where nothing was recorded."""
        index = sample - self._first
        if not (0 <= index < len(self._y_mm) and np.isfinite(self._y_mm[index])):
            return None
        return float(self._x_mm[index]), float(self._y_mm[index])

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        pixels = DevicePixels.of(painter)
        ratio = pixels.ratio
        pixels_per_mm = painter.worldTransform().m11() * ratio
        step = column_step(samples_per_mm=self._samples_per_mm, device_pixels_per_mm=pixels_per_mm)
        if step != self._path_step:
            drawn = peak_indices(self._y_mm, step, first=self._first)
            self._path = pg.arrayToQPath(self._x_mm[drawn], self._y_mm[drawn], connect="finite")
            self._path_step = step
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        width = line_pixels("trace", pixels_per_mm) * (2 if self._bold else 1)
        painter.setPen(self._pen(painter, (width if pixels.vector else 1.0) / ratio))
        if pixels.vector or width == 1:
            painter.drawPath(self._path)
            return
        to_pixels = painter.worldTransform()
        for across, down in _THICKENING:
            painter.setWorldTransform(to_pixels * QTransform.fromTranslate(across / ratio, down / ratio))
            painter.drawPath(self._path)
        painter.setWorldTransform(to_pixels)

    def _pen(self, painter: QPainter, width: float) -> QPen:
        assert self._stroke is not None
        pen = line_pen(painter, QColor(self._stroke.colour), width)
        if self._stroke.dash_mm:
            unit = painter.worldTransform().m11() / width if pen.isCosmetic() else 1 / pen.widthF()
            pen.setDashPattern([length * unit for length in self._stroke.dash_mm])
        return pen
