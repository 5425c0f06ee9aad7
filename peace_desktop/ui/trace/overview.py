"""The whole recording in one line, with a window over the seconds on the page; drag it or use the arrow keys."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.report.paper import LayoutKind, page_layout
from peace_desktop.texts import _
from peace_desktop.ui.trace.decimation import column_step, peak_indices
from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour
from peace_desktop.ui.trace.samples import Samples
from peace_desktop.ui.trace.strip_item import display_offset_mv

_HEIGHT_PIXELS = 46
_MARGIN_PIXELS = 3.0
_KEY_STEP_S = 1.0


def rhythm_lead(leads: tuple[str, ...]) -> str:
    """The lead the page's rhythm strip shows, which the overview shows too."""
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=leads, duration_s=1.0)
    return next(strip.lead for strip in page.strips if strip.group == "rhythm")


class OverviewStrip(QWidget):
    """One lead over the whole recording, not to scale. moved: the reader wants the page to begin at this second."""

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Samples = np.empty(0)
        self._lead = ""
        self._fs_hz = 1.0
        self._start_s = 0.0
        self._seconds = 0.0
        self._held_at_s: float | None = None
        self.setFixedHeight(_HEIGHT_PIXELS)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Overview of the whole recording"))

    def set_lead(self, lead: str, values_mv: Samples, fs_hz: float) -> None:
        """The lead to draw, mV (n_samples,)."""
        self._lead, self._fs_hz = lead, fs_hz
        self._values = values_mv
        self.update()

    def set_window(self, start_s: float, seconds: float) -> None:
        """The seconds on the page."""
        self._start_s, self._seconds = start_s, seconds
        self.setAccessibleDescription(_("{start}–{end} s of {duration} s").format(
            start=f"{start_s:.1f}", end=f"{self._end_s():.1f}", duration=f"{self.duration_s:.1f}"))
        self.update()

    @property
    def duration_s(self) -> float:
        return len(self._values) / self._fs_hz

    def window_pixels(self) -> tuple[float, float]:
        """Left and right edge of the window."""
        return self._x(self._start_s), self._x(self._end_s())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_colour("paper"))
        self._paint_trace(painter)
        left, right = self.window_pixels()
        dim = ink_colour("rule")
        dim.setAlphaF(0.45)
        painter.fillRect(QRectF(0, 0, left, self.height()), dim)
        painter.fillRect(QRectF(right, 0, self.width() - right, self.height()), dim)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(cosmetic_pen(ink_colour("accent"), 2.0 if self.hasFocus() else 1.0))
        painter.drawRect(QRectF(left, 1, right - left, self.height() - 2))
        painter.setPen(ink_colour("text"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        words = _("{lead}, whole recording, {duration} s").format(lead=self._lead, duration=f"{self.duration_s:.1f}")
        width, height = self.fontMetrics().horizontalAdvance(words) + 8, self.fontMetrics().height()
        place = QRectF(self.width() - width - 4, 2, width, height)
        behind = ink_colour("paper")
        behind.setAlphaF(0.85)
        painter.fillRect(place, behind)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def _paint_trace(self, painter: QPainter) -> None:
        finite = self._values[np.isfinite(self._values)]
        if not len(finite):
            return
        ratio = self.devicePixelRatioF()
        step = column_step(samples_per_mm=len(self._values) / max(self.width(), 1), device_pixels_per_mm=ratio)
        drawn = peak_indices(self._values, step)
        reach = max(float(np.max(np.abs(finite - display_offset_mv(finite)))), 1e-6)
        middle = self.height() / 2
        y = middle - (self._values[drawn] - display_offset_mv(finite)) / reach * (middle - _MARGIN_PIXELS)
        x = _MARGIN_PIXELS + drawn / len(self._values) * (self.width() - 2 * _MARGIN_PIXELS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(cosmetic_pen(ink_colour("trace")))
        painter.drawPath(pg.arrayToQPath(x, y.astype(np.float64), connect="finite"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at_s = self._second(event.position().x())
        inside = self._start_s <= at_s <= self._end_s()
        self._held_at_s = at_s - self._start_s if inside else self._seconds / 2
        if not inside:
            self._move_to(at_s - self._held_at_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held_at_s is not None:
            self._move_to(self._second(event.position().x()) - self._held_at_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held_at_s = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: self._start_s - _KEY_STEP_S, Qt.Key.Key_Right: self._start_s + _KEY_STEP_S,
            Qt.Key.Key_PageUp: self._start_s - self._seconds, Qt.Key.Key_PageDown: self._start_s + self._seconds,
            Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: self.duration_s,
        }
        if event.key() in moves:
            self._move_to(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.update()

    def _move_to(self, start_s: float) -> None:
        self.moved.emit(min(max(start_s, 0.0), max(self.duration_s - self._seconds, 0.0)))

    def _end_s(self) -> float:
        return min(self._start_s + self._seconds, self.duration_s)

    def _x(self, second: float) -> float:
        return _MARGIN_PIXELS + second / max(self.duration_s, 1e-9) * (self.width() - 2 * _MARGIN_PIXELS)

    def _second(self, x: float) -> float:
        return (x - _MARGIN_PIXELS) / max(self.width() - 2 * _MARGIN_PIXELS, 1.0) * self.duration_s
