"""The whole recording in one line, with a window over the seconds on the page; drag it or use the arrow keys.

A long recording has a second line: the minutes around the page. Both are drawn from a pyramid made elsewhere.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.report.clock import elapsed
from peace_desktop.report.paper import LayoutKind, page_layout
from peace_desktop.report.wording import duration_words
from peace_desktop.texts import _
from peace_desktop.ui.trace.decimation import column_step, peak_indices
from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour
from peace_desktop.ui.trace.pyramid import Pyramid
from peace_desktop.ui.trace.samples import Samples
from peace_desktop.ui.trace.strip_item import display_offset_mv
from peace_model.ecg.signal.section import SECTIONED_FROM_S

_HEIGHT_PIXELS = 46
_MARGIN_PIXELS = 3.0
_KEY_STEP_S = 1.0
_LEAST_WINDOW_PIXELS = 3.0
_REACH_PERCENT = 99.0
"""A day has artefacts; a hundredth of its columns may be cut so that the beats are seen."""
_FOLLOW_SHARE = 0.1
"""The line of the minutes around moves on when the page comes so near to its end."""


def rhythm_lead(leads: tuple[str, ...]) -> str:
    """The lead the page's rhythm strip shows, which the overview shows too."""
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=leads, duration_s=1.0)
    return next(strip.lead for strip in page.strips if strip.group == "rhythm")


def window_words(start_s: float, end_s: float, duration_s: float) -> str:
    """Which seconds of a recording are shown; of a long one by its clock."""
    if duration_s <= SECTIONED_FROM_S:
        return _("{start}–{end} s of {duration} s").format(
            start=f"{start_s:.1f}", end=f"{end_s:.1f}", duration=f"{duration_s:.1f}")
    return _("{start}–{end} of {duration}").format(
        start=elapsed(start_s, decimals=1), end=elapsed(end_s, decimals=1), duration=elapsed(duration_s))


class OverviewStrip(QWidget):
    """One lead, not to scale. moved: the reader wants the page to begin at this second.

    span_s: how much around the page is shown, None for the whole recording. The trace of a long recording comes when
    its pyramid is made (`set_pyramid`).
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None, *, span_s: float | None = None) -> None:
        super().__init__(parent)
        self._span_s = span_s
        self._from_s = 0.0
        self._pyramid: Pyramid | None = None
        self._values: Samples = np.empty(0)
        self._lead = ""
        self._fs_hz = 1.0
        self._start_s = 0.0
        self._seconds = 0.0
        self._held_at_s: float | None = None
        self.setFixedHeight(_HEIGHT_PIXELS)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Overview of the whole recording") if span_s is None
                               else _("Overview of the minutes around the page"))

    def set_lead(self, lead: str, values_mv: Samples, fs_hz: float) -> None:
        """The lead to draw, mV (n_samples,)."""
        self._lead, self._fs_hz = lead, fs_hz
        self._values = values_mv
        self._pyramid = None
        self._from_s = 0.0
        self.update()

    def set_pyramid(self, pyramid: Pyramid) -> None:
        """The lead of a long recording, ready to be drawn."""
        self._pyramid = pyramid
        self.update()

    @property
    def drawn(self) -> bool:
        """Whether there is a trace to see."""
        return self._pyramid is not None or self.duration_s <= SECTIONED_FROM_S

    def set_window(self, start_s: float, seconds: float) -> None:
        """The seconds on the page."""
        self._start_s, self._seconds = start_s, seconds
        self._follow()
        self.setAccessibleDescription(window_words(start_s, self._end_s(), self.duration_s))
        self.update()

    @property
    def duration_s(self) -> float:
        return len(self._values) / self._fs_hz

    def window_pixels(self) -> tuple[float, float]:
        """Left and right edge of the window, never narrower than can be seen."""
        left, right = self._x(self._start_s), self._x(self._end_s())
        missing = max(_LEAST_WINDOW_PIXELS - (right - left), 0.0)
        return left - missing / 2, right + missing / 2

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
        words = self._words()
        width, height = self.fontMetrics().horizontalAdvance(words) + 8, self.fontMetrics().height()
        place = QRectF(self.width() - width - 4, 2, width, height)
        behind = ink_colour("paper")
        behind.setAlphaF(0.85)
        painter.fillRect(place, behind)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def _words(self) -> str:
        if self._span_s is None:
            return _("{lead}, whole recording, {duration}").format(
                lead=self._lead, duration=duration_words(self.duration_s))
        return _("{lead}, {start}–{end}").format(
            lead=self._lead, start=elapsed(self._from_s), end=elapsed(self._from_s + self._shown_s))

    def _paint_columns(self, painter: QPainter, pyramid: Pyramid) -> None:
        """A line from the lowest to the highest sample in every column of device pixels."""
        ratio = self.devicePixelRatioF()
        count = max(int((self.width() - 2 * _MARGIN_PIXELS) * ratio), 1)
        low, high = pyramid.columns(self._from_s * self._fs_hz, (self._from_s + self._shown_s) * self._fs_hz, count)
        found = np.isfinite(low) & np.isfinite(high)
        if not found.any():
            return
        rest = float(np.median((low[found] + high[found]) / 2))
        reach = max(float(np.percentile(np.maximum(high[found] - rest, rest - low[found]), _REACH_PERCENT)), 1e-6)
        middle = self.height() / 2
        scale = (middle - _MARGIN_PIXELS) / reach
        y_high, y_low = (np.clip(middle - (values - rest) * scale, 0.0, self.height()) for values in (high, low))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(cosmetic_pen(ink_colour("trace")))
        painter.drawLines([QLineF(x, y_high[column], x, y_low[column] + 0.5) for column, x in zip(
            np.flatnonzero(found).tolist(), (_MARGIN_PIXELS + np.flatnonzero(found) / ratio).tolist(), strict=True)])

    def _paint_trace(self, painter: QPainter) -> None:
        if self._pyramid is not None:
            self._paint_columns(painter, self._pyramid)
        if self._pyramid is not None or not self.drawn:
            return
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

    @property
    def _shown_s(self) -> float:
        return min(self._span_s or self.duration_s, self.duration_s)

    def _follow(self) -> None:
        """Keep the page inside what is shown, moving on only where it comes near to an end."""
        latest_s = max(self.duration_s - self._shown_s, 0.0)
        near_s = _FOLLOW_SHARE * self._shown_s
        if self._start_s < self._from_s + near_s or self._end_s() > self._from_s + self._shown_s - near_s:
            self._from_s = min(max(self._start_s + self._seconds / 2 - self._shown_s / 2, 0.0), latest_s)

    def _x(self, second: float) -> float:
        share = (second - self._from_s) / max(self._shown_s, 1e-9)
        return _MARGIN_PIXELS + share * (self.width() - 2 * _MARGIN_PIXELS)

    def _second(self, x: float) -> float:
        return self._from_s + (x - _MARGIN_PIXELS) / max(self.width() - 2 * _MARGIN_PIXELS, 1.0) * self._shown_s
