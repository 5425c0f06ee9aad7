"""The median beat on millimetre paper with a handle at every boundary, moved by mouse or keys."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from peace_desktop.jobs.measured_beat import MeasuredBeat
from peace_desktop.report.limit_words import number_words
from peace_desktop.texts import _, mark
from peace_desktop.ui.measurements.beat_scale import HEAD_MM, BeatScale
from peace_desktop.ui.trace.grid import paint_paper
from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour
from peace_desktop.ui.trace.scale import ScreenScale
from peace_model.ecg.boundaries import BOUNDARIES, Boundaries, BoundaryName, moved
from peace_model.ecg.measurement.edited import span_of
from peace_model.inference.prediction import Verdict

BOUNDARY_WORDS: dict[BoundaryName, str] = {
    "p_on": mark("P onset"), "p_off": mark("P offset"), "qrs_on": mark("QRS onset"), "qrs_off": mark("QRS offset"),
    "t_on": mark("T onset"), "t_off": mark("T offset")}
STEP_MS, LONG_STEP_MS = 2.0, 10.0

_SHORT: dict[BoundaryName, str] = {"p_on": "P [", "p_off": "] P", "qrs_on": "QRS [", "qrs_off": "] QRS", "t_on": "T [",
                                   "t_off": "] T"}
_GRIP_PX = 9.0
_PALE, _TOGETHER = 0.13, 0.55
_TICK_MM = 2.0


class BeatCanvas(QWidget):
    """moved(): a handle was moved. chosen(): another handle was chosen."""

    moved = Signal()
    chosen = Signal()

    def __init__(self, measured: MeasuredBeat, boundaries: Boundaries, scale: BeatScale, screen: ScreenScale, *,
                 editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured = measured
        self._screen = screen
        self._editable = editable
        self._grip_px: float | None = None
        self._traces: dict[str, QPolygonF] = {}
        self.scale = scale
        self.boundaries = boundaries
        self.lead = ""
        self.handle: BoundaryName = "qrs_on"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(editable)
        self.setAccessibleName(_("Median beat with its boundaries"))
        self.set_scale(scale)

    def set_scale(self, scale: BeatScale) -> None:
        self.scale = scale
        self._traces = {lead: self._trace(lead) for lead in self._measured.leads}
        self.setFixedSize(round(scale.width_mm * self._screen.x), round(scale.height_mm * self._screen.y))
        self.update()

    def set_lead(self, lead: str) -> None:
        """Draw one lead before the others; "" for all alike."""
        self.lead = lead
        self.update()

    def set_boundaries(self, boundaries: Boundaries) -> None:
        self.boundaries = boundaries
        if boundaries.at(self.handle) is None:
            self.handle = "qrs_on"
        self._told()

    def choose(self, handle: BoundaryName) -> None:
        """Let the keys move this handle, where its wave is there."""
        if self.boundaries.at(handle) is not None:
            self.handle = handle
            self.chosen.emit()
            self._told()

    def move_to(self, ms: float) -> None:
        """Move the chosen handle as near as its neighbours allow."""
        if not self._editable:
            return
        after = moved(self.boundaries, self.handle, ms, span_of(self._measured.beat))
        if after != self.boundaries:
            self.boundaries = after
            self.moved.emit()
        self._told()

    def x_px(self, ms: float) -> float:
        """Where a moment of the beat stands in this widget."""
        return self.scale.x_mm(ms) * self._screen.x

    def name_box(self, name: BoundaryName) -> QRectF | None:
        """Where a handle's name is written, beside the head of its line; None for a wave that is not there."""
        at = self.boundaries.at(name)
        if at is None:
            return None
        x, metrics = round(self.x_px(at)) + 0.5, QFontMetricsF(self.font())
        width, height = metrics.horizontalAdvance(_SHORT[name]) + 6, metrics.height()
        top = 1.0 if not name.startswith("qrs") else height + 3.0
        return QRectF(x - width if name.endswith("_on") else x, top, width, height)

    def handle_text(self) -> str:
        """The chosen handle, where it stands and where it stood automatically."""
        here, was = self.boundaries.at(self.handle), self._measured.automatic.at(self.handle)
        return _("{boundary}: {here} ms from R (automatic {automatic})").format(
            boundary=_(BOUNDARY_WORDS[self.handle]), here=number_words(here or 0.0, 0),
            automatic=_("{ms} ms").format(ms=number_words(was, 0)) if was is not None else _("none"))

    # Qt's own

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from handle to handle, and on from the last."""
        there = [name for name in BOUNDARIES if self.boundaries.at(name) is not None]
        place = there.index(self.handle) + (1 if forward else -1)
        if not 0 <= place < len(there):
            return super().focusNextPrevChild(forward)
        self.choose(there[place])
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.boundaries.at(self.handle)
        step = LONG_STEP_MS if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP_MS
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and here is not None:
            self.move_to(here + (step if key == Qt.Key.Key_Right else -step))
        elif key == Qt.Key.Key_Home and (automatic := self._measured.automatic.at(self.handle)) is not None:
            self.move_to(automatic)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_6:
            self.choose(BOUNDARIES[key - Qt.Key.Key_1])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = self._handle_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and near is not None:
            self.choose(near)
            # Where the hand took hold beside the line, so that the line does not leap under it.
            self._grip_px = event.position().x() - self.x_px(self.boundaries.at(near) or 0.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip_px is not None:
            self.move_to(float(round(self.scale.ms((event.position().x() - self._grip_px) / self._screen.x))))
        elif self._editable:
            over = self._handle_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip_px = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.scale(self._screen.x, self._screen.y)
        paint_paper(painter, QRectF(0, 0, self.scale.width_mm, self.scale.height_mm), bands=(), opacity=0.0,
                    verdict=Verdict.SUPPORTED)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_pulse(painter)
        for lead in self._measured.leads:
            self._paint_lead(painter, lead)
        painter.resetTransform()
        for name in BOUNDARIES:
            self._paint_automatic(painter, name)
        for name in self._upwards():
            self._paint_handle(painter, name)
        painter.end()

    # Within

    def _upwards(self) -> list[BoundaryName]:
        """The handles as they lie on each other, the chosen one on top."""
        return sorted(BOUNDARIES, key=lambda item: item == self.handle)

    def _told(self) -> None:
        self.setAccessibleDescription(self.handle_text())
        self.update()

    def _handle_at(self, place: QPointF) -> BoundaryName | None:
        """The handle whose name or line is under the pointer, the chosen one before others that are as near."""
        named = [name for name in self._upwards() if (box := self.name_box(name)) is not None and box.contains(place)]
        if named:
            return named[-1]
        near = [(abs(self.x_px(at) - place.x()), name != self.handle, name) for name in BOUNDARIES
                if (at := self.boundaries.at(name)) is not None]
        distance, _other, name = min(near)
        return name if distance <= _GRIP_PX else None

    def _paint_pulse(self, painter: QPainter) -> None:
        """1 mV, so that the gain can be seen as well as read."""
        painter.setPen(cosmetic_pen(ink_colour("pulse"), 1.4))
        zero, one = self.scale.y_mm(0.0), self.scale.y_mm(1.0)
        painter.drawPolyline(QPolygonF([QPointF(1.0, zero), QPointF(2.0, zero), QPointF(2.0, one), QPointF(5.0, one),
                                        QPointF(5.0, zero), QPointF(6.0, zero)]))

    def _paint_lead(self, painter: QPainter, lead: str) -> None:
        colour = ink_colour("trace")
        colour.setAlphaF(_TOGETHER if not self.lead else 1.0 if lead == self.lead else _PALE)
        painter.setPen(cosmetic_pen(colour, 1.6 if lead == self.lead else 1.1))
        painter.drawPolyline(self._traces[lead])
        if lead == self.lead:
            self._paint_own_marks(painter, lead)

    def _trace(self, lead: str) -> QPolygonF:
        """A lead in millimetres of the paper; made once a scale, because every step of a drag draws it again."""
        beat = self._measured.beat
        samples = beat.lead(lead)
        ms = (np.arange(len(samples)) - beat.r) / beat.fs_hz * 1000
        return QPolygonF([QPointF(self.scale.x_mm(float(ms[at])), self.scale.y_mm(float(samples[at])))
                          for at in np.flatnonzero(np.isfinite(samples))])

    def _paint_own_marks(self, painter: QPainter, lead: str) -> None:
        """Ticks where this lead alone begins and ends its waves."""
        beat, marks = self._measured.beat, self._measured.beat.marks.leads.get(lead)
        zero = self.scale.y_mm(0.0)
        painter.setPen(cosmetic_pen(ink_colour("warning"), 1.4))
        for name in BOUNDARIES:
            at = getattr(marks, name, None)
            if at is not None:
                x = self.scale.x_mm((at - beat.r) / beat.fs_hz * 1000)
                painter.drawLine(QPointF(x, zero - _TICK_MM), QPointF(x, zero + _TICK_MM))

    def _paint_automatic(self, painter: QPainter, name: BoundaryName) -> None:
        was, here = self._measured.automatic.at(name), self.boundaries.at(name)
        if was is None or here == was:
            return
        painter.setPen(cosmetic_pen(ink_colour("muted"), 1.0, Qt.PenStyle.DashLine))
        x = round(self.x_px(was)) + 0.5
        painter.drawLine(QPointF(x, HEAD_MM * self._screen.y), QPointF(x, float(self.height())))

    def _paint_handle(self, painter: QPainter, name: BoundaryName) -> None:
        box = self.name_box(name)
        if box is None:
            return
        chosen = name == self.handle
        colour = ink_colour("accent")
        painter.setPen(cosmetic_pen(colour, 2.0 if chosen else 1.0))
        x = box.right() if name.endswith("_on") else box.left()
        painter.drawLine(QPointF(x, box.top()), QPointF(x, float(self.height())))
        painter.fillRect(box, colour if chosen else ink_colour("paper"))
        painter.setPen(cosmetic_pen(colour, 2.0 if chosen and self.hasFocus() else 1.0))
        painter.drawRect(box.adjusted(-2, -1, 2, 2) if chosen and self.hasFocus() else box)
        painter.setPen(ink_colour("paper") if chosen else colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _SHORT[name])
