"""The calipers as seen: two lines, their points on the trace, what they measure, the march-out."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from peace_desktop.ui.trace.caliper_picture import CaliperPicture
from peace_desktop.ui.trace.paper_item import PaperItem
from peace_desktop.ui.trace.pens import ink_colour, line_pen

_POINT_PIXELS = 4.0
_TEXT_GAP_PIXELS = 4.0


class CaliperItem(PaperItem):
    """Draws the calipers above the traces; nothing when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: CaliperPicture | None = None
        self._font = QFont()
        self._sheet_mm = QRectF()

    def set_picture(self, picture: CaliperPicture | None, font: QFont, sheet_mm: QRectF) -> None:
        self.prepareGeometryChange()
        self._picture, self._font, self._sheet_mm = picture, font, sheet_mm
        self.update()

    def boundingRect(self) -> QRectF:
        return self._sheet_mm if self._picture else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        picture = self._picture
        if picture is None:
            return
        accent = ink_colour("accent")
        painter.setPen(line_pen(painter, accent, 1.0, Qt.PenStyle.DotLine))
        for x_mm in picture.march_mm:
            painter.drawLine(QLineF(x_mm, picture.top_mm, x_mm, picture.bottom_mm))
        for index, x_mm in enumerate(picture.xs_mm):
            painter.setPen(line_pen(painter, accent, 2.0 if picture.active[index] else 1.0))
            painter.drawLine(QLineF(x_mm, picture.top_mm, x_mm, picture.bottom_mm))
        painter.setPen(line_pen(painter, accent, 2.0 if all(picture.active) else 1.0))
        painter.drawLine(QLineF(picture.xs_mm[0], picture.bottom_mm, picture.xs_mm[1], picture.bottom_mm))
        self._paint_in_pixels(painter, picture, QRectF(widget.rect()) if widget is not None else None)

    def _paint_in_pixels(self, painter: QPainter, picture: CaliperPicture, seen: QRectF | None) -> None:
        """seen: of the device, so that what is measured stays in sight where the row ends at its edge; None for all."""
        to_pixels = painter.worldTransform()
        accent = ink_colour("accent")
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(line_pen(painter, accent))
        for index, point in enumerate(picture.points_mm):
            if point is not None:
                painter.setBrush(accent if picture.active[index] else Qt.BrushStyle.NoBrush)
                painter.drawEllipse(to_pixels.map(QPointF(*point)), _POINT_PIXELS, _POINT_PIXELS)
        metrics = QFontMetricsF(self._font)
        size = metrics.boundingRect(picture.text).adjusted(-5, -2, 5, 2).size()
        room = to_pixels.mapRect(self._sheet_mm)
        if seen is not None:
            room = room.intersected(seen)
        middle = to_pixels.map(QPointF(sum(picture.xs_mm) / 2, picture.bottom_mm))
        left = min(max(middle.x() - size.width() / 2, room.left()), room.right() - size.width())
        top = min(middle.y() + _TEXT_GAP_PIXELS, room.bottom() - size.height())
        box = QRectF(QPointF(left, top), size)
        painter.setBrush(ink_colour("paper"))
        painter.drawRect(box)
        painter.setFont(self._font)
        painter.setPen(ink_colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, picture.text)
        painter.restore()
