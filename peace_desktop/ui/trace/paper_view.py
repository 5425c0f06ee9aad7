"""The reader's hand on the paper: it moves it, enlarges it, chooses a place, drags a stretch, or holds a tool."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from peace_desktop.ui.trace.scale import ScreenScale
from peace_desktop.ui.trace.scaled_paper import ScaledPaper

_KEY_STEP_MM = 10.0
_CLICK_PIXELS = 4


class Pointer(Protocol):
    """What takes the left button and the keys instead of moving the paper. Places are millimetres of the sheet."""

    def press(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier) -> None: ...

    def move(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier, held: bool) -> None: ...

    def release(self) -> None: ...

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key was taken."""
        ...


class PaperView(ScaledPaper):
    """Paper with mouse and keys. Places are millimetres of the sheet.

    focused: got or lost the keyboard. clicked: a place, pressed and let go without moving. hovered: where the mouse is.
    marking: from where to where a hand that holds Ctrl drags; marked: when it lets go. looking: the right button is
    held, or let go.
    """

    focused = Signal(bool)
    clicked = Signal(QPointF)
    hovered = Signal(QPointF)
    marking = Signal(QPointF, QPointF)
    marked = Signal(QPointF, QPointF)
    looking = Signal(bool)

    def __init__(self, scale: ScreenScale, parent: QWidget | None = None) -> None:
        self._grabbed: QPoint | None = None
        self._pressed = QPointF()
        self._mark_from: QPointF | None = None
        self._pointer: Pointer | None = None
        self._keys: Callable[[QKeyEvent], bool] | None = None
        super().__init__(scale, parent)
        self.viewport().setMouseTracking(True)

    def set_pointer(self, pointer: Pointer | None) -> None:
        """Whoever takes the left button instead of moving the paper."""
        self._pointer = pointer
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if pointer else Qt.CursorShape.ArrowCursor)

    def set_keys(self, keys: Callable[[QKeyEvent], bool] | None) -> None:
        """Whoever is asked for keys that the pointer has not taken; it answers whether it took one."""
        self._keys = keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if turned.y():
                self.zoom_by(1 if turned.y() > 0 else -1, under_mouse=True)
        else:
            sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or self.all_rows_visible()
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
        if event.button() is Qt.MouseButton.RightButton:
            self.looking.emit(True)
            self.hovered.emit(self._mm(event))
            event.accept()
            return
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
        if event.button() is Qt.MouseButton.RightButton:
            self.looking.emit(False)
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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """None: the right button is a magnifier here."""
        event.accept()

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
