"""The reader's notes on stretches of time: a bracket with a number at the paper's edge or over its lead."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from peace_desktop.report.time_notes import Bracket
from peace_desktop.ui.trace.paper_item import PaperItem
from peace_desktop.ui.trace.pens import ink_colour, line_pen
from peace_desktop.ui.trace.sheet import Sheet

_TICK_MM = 2.0
_ABOVE_ROW_MM = 1.5
_LEVEL_MM = 5.0
_PEN_PIXELS = 1.6
_NUMBER_GAP_PIXELS = 3.0


class NotesItem(PaperItem):
    """Draws brackets; what they say stands in the list beside the trace."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._brackets: tuple[Bracket, ...] = ()
        self._font = QFont()

    def set_brackets(self, brackets: tuple[Bracket, ...], sheet: Sheet | None, font: QFont) -> None:
        self.prepareGeometryChange()
        self._brackets, self._sheet, self._font = brackets, sheet, QFont(font)
        self._font.setBold(True)
        self.update()

    @property
    def brackets(self) -> tuple[Bracket, ...]:
        return self._brackets

    def boundingRect(self) -> QRectF:
        return QRectF(*self._sheet.extent_mm()) if self._sheet and self._brackets else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._sheet is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for bracket in self._brackets:
            self._paint(painter, self._sheet, bracket)

    def _paint(self, painter: QPainter, sheet: Sheet, bracket: Bracket) -> None:
        left, right = (sheet.time_x_mm(bracket.strip, second) for second in (bracket.start_s, bracket.end_s))
        high = sheet.row_top_mm(bracket.strip.row) - _ABOVE_ROW_MM + bracket.level * _LEVEL_MM
        painter.setPen(line_pen(painter, ink_colour("accent"), _PEN_PIXELS))
        painter.drawLine(QLineF(left, high, right, high))
        for x_mm, there in ((left, bracket.begins), (right, bracket.ends)):
            if there:
                painter.drawLine(QLineF(x_mm, high, x_mm, high + _TICK_MM))
        number, metrics = str(bracket.number), QFontMetricsF(self._font)
        at = painter.worldTransform().map(QPointF(left, high))
        size = metrics.boundingRect(number).adjusted(-3, -1, 3, 1).size()
        to_pixels = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font)
        box = QRectF(QPointF(at.x() - size.width() - _NUMBER_GAP_PIXELS, at.y() - size.height() / 2), size)
        painter.setBrush(ink_colour("paper"))
        painter.setPen(line_pen(painter, ink_colour("accent")))
        painter.drawRect(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)
        painter.restore()
        painter.setWorldTransform(to_pixels)
