"""The window onto the sheet: millimetres become pixels here and nowhere else, and only the screen and the zoom say how.

Resizing shows more or less paper. The scene is the sheet in millimetres; the view's transform is pixels per
millimetre times the zoom factor, and nothing else ever sets it.
"""

from collections.abc import Callable
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QScrollBar, QWidget

from peace_desktop.ui.trace.grid import paint_paper
from peace_desktop.ui.trace.map_bands import MOST_OPACITY, Band
from peace_desktop.ui.trace.scale import ScreenScale
from peace_model.inference.prediction import Verdict

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_KEY_STEP_MM = 10.0
_NUDGE_PIXELS = 1
_CLICK_PIXELS = 4


class Pointer(Protocol):
    """What takes the left button and the keys instead of moving the paper. Places are millimetres of the sheet."""

    def press(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier) -> None: ...

    def move(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier, held: bool) -> None: ...

    def release(self) -> None: ...

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key was taken."""
        ...


class PaperView(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no type information
    """Paper with items on it. Signals are in millimetres of the sheet.

    resized: the view shows more or less paper. beyond: asked to move on by mm where the sheet has ended (the
    recording may go on). focused: got or lost the keyboard. scrolled: the left edge seen. clicked: a place, pressed
    and let go without moving. hovered: where the mouse is. marking: from where to where a hand that holds Ctrl drags;
    marked: when it lets go.
    """

    resized = Signal()
    zoomed = Signal(float)
    beyond = Signal(float)
    focused = Signal(bool)
    scrolled = Signal(float)
    clicked = Signal(QPointF)
    hovered = Signal(QPointF)
    marking = Signal(QPointF, QPointF)
    marked = Signal(QPointF, QPointF)

    def __init__(self, scale: ScreenScale, parent: QWidget | None = None) -> None:
        self._scale = scale
        self._zoom = 1.0
        self._bands: tuple[Band, ...] = ()
        self._opacity = 0.0
        self._verdict = Verdict.SUPPORTED
        self._grabbed: QPoint | None = None
        self._pressed = QPointF()
        self._mark_from: QPointF | None = None
        self._pointer: Pointer | None = None
        self._keys: Callable[[QKeyEvent], bool] | None = None
        super().__init__(parent, useOpenGL=False, background=None)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setMouseTracking(True)
        self._apply_scale()

    # pyqtgraph fits the transform to the widget; here the transform is the scale of the paper and stays.
    def updateMatrix(self, propagate: bool = True) -> None:
        self.sigDeviceTransformChanged.emit(self)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        if event is None:
            return
        QGraphicsView.resizeEvent(self, event)
        self.resized.emit()

    def set_screen(self, scale: ScreenScale) -> None:
        self._scale = scale
        self._apply_scale()

    @property
    def screen_scale(self) -> ScreenScale:
        return self._scale

    @property
    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, factor: float, *, under_mouse: bool = False) -> None:
        """Enlarge the paper; 1 is true to scale. Keeps to the range of ZOOMS."""
        factor = min(max(factor, ZOOMS[0]), ZOOMS[-1])
        if factor == self._zoom:
            return
        self._zoom = factor
        anchors = QGraphicsView.ViewportAnchor
        self.setTransformationAnchor(anchors.AnchorUnderMouse if under_mouse else anchors.AnchorViewCenter)
        self._apply_scale()
        self.setTransformationAnchor(anchors.NoAnchor)
        self.zoomed.emit(factor)

    def zoom_by(self, steps: int, *, under_mouse: bool = False) -> None:
        """The next larger or smaller of ZOOMS."""
        nearest = min(range(len(ZOOMS)), key=lambda index: abs(ZOOMS[index] - self._zoom))
        self.set_zoom(ZOOMS[min(max(nearest + steps, 0), len(ZOOMS) - 1)], under_mouse=under_mouse)

    def pixels_per_mm(self) -> tuple[float, float]:
        """Logical pixels per millimetre as drawn, across and down, the zoom included."""
        transform = self.viewportTransform()
        return transform.m11(), transform.m22()

    def visible_mm(self) -> tuple[float, float]:
        """Width and height of the paper that fits the view at 100 %."""
        return self.viewport().width() / self._scale.x, self.viewport().height() / self._scale.y

    def set_paper_size(self, width_mm: float, height_mm: float) -> None:
        paper = QRectF(0, 0, width_mm, height_mm)
        if paper != self.sceneRect():  # setting the same again would paint the whole background anew
            self.setSceneRect(paper)

    def look_at_top(self, sky_mm: float) -> None:
        """Begin at the first row: paper above it that does not fit with the rest is left to scroll to."""
        bar: QScrollBar = self.verticalScrollBar()
        bar.setValue(round(sky_mm * self.pixels_per_mm()[1]))
        self.horizontalScrollBar().setValue(0)

    def set_bands(self, bands: tuple[Band, ...], opacity: float, verdict: Verdict) -> None:
        """The map behind the traces; its opacity is capped, and it is hatched where it has no support."""
        opacity = min(max(opacity, 0.0), MOST_OPACITY)
        if (bands, opacity, verdict) == (self._bands, self._opacity, self._verdict):
            return
        self._bands, self._opacity, self._verdict = bands, opacity, verdict
        self.resetCachedContent()
        self.viewport().update()

    def set_pointer(self, pointer: Pointer | None) -> None:
        """Whoever takes the left button instead of moving the paper."""
        self._pointer = pointer
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if pointer else Qt.CursorShape.ArrowCursor)

    def set_keys(self, keys: Callable[[QKeyEvent], bool] | None) -> None:
        """Whoever is asked for keys that the pointer has not taken; it answers whether it took one."""
        self._keys = keys

    def move_by(self, across_mm: float, down_mm: float) -> None:
        """Move over the paper; what the sheet has not got across goes on as `beyond`."""
        across_px, down_px = self.pixels_per_mm()
        bar = self.horizontalScrollBar()
        wanted = bar.value() + round(across_mm * across_px)
        kept = min(max(wanted, bar.minimum()), bar.maximum())
        bar.setValue(kept)
        down = self.verticalScrollBar()
        down.setValue(down.value() + round(down_mm * down_px))
        if abs(wanted - kept) >= _NUDGE_PIXELS:
            self.beyond.emit((wanted - kept) / across_px)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dx:
            self._tell_left()

    def _tell_left(self) -> None:
        back, _possible = self.viewportTransform().inverted()
        self.scrolled.emit(max(back.map(QPointF(0.0, 0.0)).x(), 0.0))

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        self.paint_background(painter, rect)

    def paint_background(self, painter: QPainter, rect: QRectF) -> None:
        """Paper, map and grid over a part of the sheet, on any device; its transform maps millimetres."""
        paint_paper(painter, rect, bands=self._bands, opacity=self._opacity, verdict=self._verdict)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if turned.y():
                self.zoom_by(1 if turned.y() > 0 else -1, under_mouse=True)
        else:
            sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or self._all_rows_visible()
            across = -(turned.x() + (turned.y() if sideways else 0)) / 120 * _KEY_STEP_MM
            self.move_by(across, 0.0 if sideways else -turned.y() / 120 * _KEY_STEP_MM)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._pointer is not None and self._pointer.key(event) or self._keys is not None and self._keys(event):
            event.accept()
            return
        page = self.viewport().height() / self.pixels_per_mm()[1]
        moves: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: self.move_by(-_KEY_STEP_MM, 0.0),
            Qt.Key.Key_Right: lambda: self.move_by(_KEY_STEP_MM, 0.0),
            Qt.Key.Key_Up: lambda: self.move_by(0.0, -_KEY_STEP_MM),
            Qt.Key.Key_Down: lambda: self.move_by(0.0, _KEY_STEP_MM),
            Qt.Key.Key_PageUp: lambda: self.move_by(0.0, -page),
            Qt.Key.Key_PageDown: lambda: self.move_by(0.0, page),
            Qt.Key.Key_Home: lambda: self.move_by(-1e6, 0.0),
            Qt.Key.Key_End: lambda: self.move_by(1e6, 0.0),
        }
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            moves = {
                Qt.Key.Key_Plus: lambda: self.zoom_by(1),
                Qt.Key.Key_Equal: lambda: self.zoom_by(1),
                Qt.Key.Key_Minus: lambda: self.zoom_by(-1),
                Qt.Key.Key_0: lambda: self.set_zoom(1.0),
            }
        move = moves.get(event.key())
        if move is None:
            event.ignore()
            return
        move()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._pressed = event.position()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._mark_from = self._mm(event)
        elif self._pointer is not None:
            self._pointer.press(self._mm(event), event.modifiers())
        else:
            self._grabbed = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self._mm(event))
        if self._mark_from is not None:
            self.marking.emit(self._mark_from, self._mm(event))
        elif self._pointer is not None:
            self._pointer.move(self._mm(event), event.modifiers(), bool(event.buttons() & Qt.MouseButton.LeftButton))
        elif self._grabbed is not None:
            at = event.position().toPoint()
            across_px, down_px = self.pixels_per_mm()
            moved = self._grabbed - at
            self._grabbed = at
            self.move_by(moved.x() / across_px, moved.y() / down_px)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            if self._mark_from is not None:
                begun, self._mark_from = self._mark_from, None
                self.marked.emit(begun, self._mm(event))
            elif self._pointer is not None:
                self._pointer.release()
            elif self._grabbed is not None:
                self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
            self._grabbed = None
            if (event.position() - self._pressed).manhattanLength() < _CLICK_PIXELS:
                self.clicked.emit(self._mm(event))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def leaveEvent(self, event: object) -> None:
        """Nothing hovers on the paper; pyqtgraph's scene need not hear of it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def _mm(self, event: QMouseEvent) -> QPointF:
        back, _possible = self.viewportTransform().inverted()
        at_mm: QPointF = back.map(event.position())
        return at_mm

    def _all_rows_visible(self) -> bool:
        bar: QScrollBar = self.verticalScrollBar()
        return bar.maximum() == bar.minimum()

    def _apply_scale(self) -> None:
        self.setTransform(QTransform.fromScale(self._scale.x * self._zoom, self._scale.y * self._zoom))
        self.resetCachedContent()
        self.updateMatrix()
        self._tell_left()
