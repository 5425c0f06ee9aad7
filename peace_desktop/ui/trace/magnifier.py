"""The magnifier in the reader's hand: its eye follows the mouse, the keys or the calipers; its glass stands beside."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.trace.caliper_tool import FIRST, CaliperTool
from peace_desktop.ui.trace.lens import LENS_PX, Lens, PaintPart, lens_place
from peace_desktop.ui.trace.paper_item import PaperItem
from peace_desktop.ui.trace.paper_view import PaperView
from peace_desktop.ui.trace.pens import ink_colour, line_pen
from peace_desktop.ui.trace.sheet import Sheet

MAGNIFICATION = 4.0
_STEP_MM, _LARGE_STEP_MM = 1.0, 5.0


class EyeItem(PaperItem):
    """The frame on the paper around what the glass shows."""

    def __init__(self) -> None:
        super().__init__()
        self._part_mm = QRectF()

    def set_part(self, part_mm: QRectF) -> None:
        self.prepareGeometryChange()
        self._part_mm = part_mm
        self.update()

    def boundingRect(self) -> QRectF:
        return self._part_mm.adjusted(-0.5, -0.5, 0.5, 0.5) if not self._part_mm.isEmpty() else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(line_pen(painter, ink_colour("accent"), 1.0))
        painter.drawRect(self._part_mm)


class Magnifier(QObject):
    """Off until it is switched on, or for as long as the right button is held on the paper.

    Millimetres are those of the sheet; the glass is four times true to scale.
    """

    def __init__(self, paper: PaperView, tool: CaliperTool, sheet: Callable[[], Sheet | None], paint_part: PaintPart,
                 parent: QWidget) -> None:
        super().__init__(parent)
        self._paper, self._tool, self._sheet, self._paint_part = paper, tool, sheet, paint_part
        self._view = parent
        self._lens: Lens | None = None
        self._eye_mm = QPointF()
        self._switched = self._held = False
        self._frame = EyeItem()
        self._frame.setZValue(2)
        paper.addItem(self._frame)
        paper.hovered.connect(self._look_at)
        paper.looking.connect(self._hold)
        for moved in (paper.resized, paper.zoomed, paper.horizontalScrollBar().valueChanged,
                      paper.verticalScrollBar().valueChanged):
            moved.connect(lambda *_value: self.show_again())
        tool.changed.connect(self._follow_calipers)

    @property
    def lens(self) -> Lens | None:
        """The glass while it is seen."""
        return self._lens if self._lens is not None and self._lens.isVisible() else None

    @property
    def eye_mm(self) -> QPointF:
        """Where it looks."""
        return self._eye_mm

    def switch(self, *, on: bool) -> None:
        """Take it in hand, over the mouse, the calipers or the first trace in sight; or put it away."""
        self._switched = on
        self._paper.set_keys(self._key if on else None)
        if on and self._sheet() is not None:
            self._eye_mm = self._begin()
            self._follow_calipers()
        self._take()

    @property
    def _on(self) -> bool:
        return self._switched or self._held

    def _hold(self, held: bool) -> None:
        self._held = held
        self._take()

    def _take(self) -> None:
        self.show_again()
        if self._on and self._lens is not None:
            # Only now: whatever covers the window later, such as a lock, lies above it.
            self._lens.raise_()

    def show_again(self) -> None:
        """Draw what it shows anew; the page may be another."""
        sheet = self._sheet()
        if not self._on or sheet is None:
            self._frame.set_part(QRectF())
            if self._lens is not None:
                self._lens.hide()
            return
        window = self._view.window()
        if self._lens is None or self._lens.parentWidget() is not window:
            self._lens = Lens(self._paint_part, window)
            self._paper.viewport().installEventFilter(self)
        lens, scale = self._lens, self._paper.screen_scale
        px_per_mm = scale.x * MAGNIFICATION, scale.y * MAGNIFICATION
        eye = QPointF(min(max(self._eye_mm.x(), 0.0), sheet.width_mm), min(max(self._eye_mm.y(), 0.0), sheet.height_mm))
        self._eye_mm = eye
        place = lens_place(window.rect(), self._in_window(self._paper.viewport().rect()),
                           self._seen(self._part(eye, LENS_PX.width(), LENS_PX.height() - lens.caption_px, px_per_mm)))
        lens.setGeometry(place)
        part = self._part(eye, place.width(), place.height() - lens.caption_px, px_per_mm)
        lens.show_part(part, px_per_mm, self._words(sheet, eye))
        self._frame.set_part(part)
        lens.setVisible(not place.isEmpty())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The glass goes with the paper: hidden pages have none."""
        if event.type() in (QEvent.Type.Hide, QEvent.Type.Show):
            self.show_again() if event.type() is QEvent.Type.Show else self._hide()
        return super().eventFilter(watched, event)

    def _hide(self) -> None:
        if self._lens is not None:
            self._lens.hide()

    def _words(self, sheet: Sheet, eye: QPointF) -> str:
        strip = sheet.strip_at(eye.x(), eye.y(), lead=self._tool.preferred_lead)
        gain = sheet.gain.of(strip) if strip is not None else sheet.gain.mm_per_mv
        scale = _("{factor}×: {speed} mm/s, {gain} mm/mV").format(
            factor=f"{MAGNIFICATION:g}", speed=f"{sheet.speed_mm_per_s * MAGNIFICATION:g}",
            gain=f"{gain * MAGNIFICATION:g}")
        if strip is None:
            return scale
        return f"{scale} · {strip.label} " + _("{seconds} s").format(seconds=f"{sheet.time_at(strip, eye.x()):.3f}")

    def _part(self, eye: QPointF, width_px: int, height_px: int, px_per_mm: tuple[float, float]) -> QRectF:
        width_mm, height_mm = width_px / px_per_mm[0], height_px / px_per_mm[1]
        return QRectF(eye.x() - width_mm / 2, eye.y() - height_mm / 2, width_mm, height_mm)

    def _seen(self, part_mm: QRectF) -> QRect:
        """A part of the sheet as it stands in the window."""
        return self._in_window(self._paper.viewportTransform().mapRect(part_mm).toAlignedRect())

    def _in_window(self, box: QRect) -> QRect:
        viewport = self._paper.viewport()
        return QRect(viewport.mapTo(viewport.window(), box.topLeft()), box.size())

    def _begin(self) -> QPointF:
        viewport = self._paper.viewport()
        at = viewport.mapFromGlobal(viewport.cursor().pos())
        if not viewport.rect().contains(at):
            at = viewport.rect().center()
        back, _possible = self._paper.viewportTransform().inverted()
        return QPointF(back.map(QPointF(at)))

    def _look_at(self, at_mm: QPointF) -> None:
        if self._on:
            self._eye_mm = at_mm
            self.show_again()

    def _follow_calipers(self) -> None:
        sheet, strip, caliper = self._sheet(), self._tool.strip, self._tool.caliper
        if self._on and sheet is not None and strip is not None and caliper is not None:
            end = caliper.first if self._tool.active == FIRST else caliper.second
            self._look_at(QPointF(sheet.time_x_mm(strip, end / self._tool.fs_hz), sheet.baseline_mm(strip.row)))

    def _key(self, event: QKeyEvent) -> bool:
        """Arrow keys move the eye by a small square, with Shift by a large one."""
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        way = ways.get(Qt.Key(event.key()))
        if way is None or event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        step = _LARGE_STEP_MM if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP_MM
        self._eye_mm = self._eye_mm + QPointF(way[0] * step, way[1] * step)
        self._paper.ensureVisible(QRectF(self._eye_mm.x() - 1, self._eye_mm.y() - 1, 2, 2))
        self.show_again()
        return True
