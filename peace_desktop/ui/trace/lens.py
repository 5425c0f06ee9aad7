"""The magnifier's glass: a part of the paper four times as large, with its scale written, beside what it shows."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QWidget

from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour

LENS_PX = QSize(360, 264)
_LEAST_PX = QSize(120, 96)
_GAP_PX = 8
_RIM_PX = 2

PaintPart = Callable[[QPainter, QTransform, QRectF], None]
"""Paints a part of the sheet: painter, millimetres to pixels, the part in millimetres."""


def lens_place(window: QRect, paper: QRect, shown: QRect) -> QRect:
    """Where the glass stands in the window: beside the paper where there is room, else in its farthest corner.

    paper, shown: the visible paper and the part that is magnified, in the window. The glass never lies on that part; it
    grows smaller where it otherwise would.
    """
    shown = shown.intersected(paper)
    size = QSize(LENS_PX)
    while size.width() > _LEAST_PX.width() and size.height() > _LEAST_PX.height():
        top = min(max(shown.center().y() - size.height() // 2, 0), max(window.height() - size.height(), 0))
        for left in (paper.right() + _GAP_PX, paper.left() - _GAP_PX - size.width()):
            place = QRect(QPoint(left, top), size)
            if window.contains(place):
                return place
        spread = paper.width() - size.width(), paper.height() - size.height()
        corners = [QRect(paper.topLeft() + QPoint(x, y), size) for x in (0, spread[0]) for y in (0, spread[1])]
        free = [place for place in corners if min(spread) >= 0 and not place.intersects(
            shown.adjusted(-_GAP_PX, -_GAP_PX, _GAP_PX, _GAP_PX))]
        if free:
            return max(free, key=lambda place: (place.center() - shown.center()).manhattanLength())
        size = size * 0.8
    return QRect()


class Lens(QWidget):
    """Draws what it is told to show; the mouse goes through it."""

    def __init__(self, paint_part: PaintPart, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._paint_part = paint_part
        self._part_mm = QRectF()
        self._to_pixels = QTransform()
        self._words = ""
        self.hide()

    @property
    def words(self) -> str:
        """What is written under the glass: its scale, and where it looks."""
        return self._words

    @property
    def caption_px(self) -> int:
        return self.fontMetrics().height() + 6

    def show_part(self, part_mm: QRectF, px_per_mm: tuple[float, float], words: str) -> None:
        """Show a part of the sheet at so many logical pixels a millimetre."""
        self._part_mm, self._words = part_mm, words
        self._to_pixels = QTransform.fromScale(*px_per_mm).translate(-part_mm.left(), -part_mm.top())
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        glass = QRect(0, 0, self.width(), self.height() - self.caption_px)
        painter.setClipRect(glass)
        self._paint_part(painter, self._to_pixels, self._part_mm)
        painter.resetTransform()
        painter.setClipping(False)
        below = QRect(0, glass.height(), self.width(), self.caption_px)
        painter.fillRect(below, ink_colour("paper"))
        painter.setPen(ink_colour("text"))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._words)
        painter.setPen(cosmetic_pen(ink_colour("accent"), _RIM_PX))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.drawLine(below.topLeft(), below.topRight())
        painter.end()
