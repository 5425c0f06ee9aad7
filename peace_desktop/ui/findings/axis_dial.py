"""The frontal plane as a dial: 0 degrees to the right of the page, 90 down, the arc for age shaded."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.ui.findings.measurement_view import AxisView
from peace_desktop.ui.theme import colour

_SIDE = 150
_ROOM = 18.0
_LETTERS_BEYOND = 9.0
_SIXTEENTHS = 16


class AxisDial(QWidget):
    """One line an axis with its letter at the end; QRS the strongest."""

    def __init__(self, view: AxisView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.setObjectName("axis_dial")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(view.text)
        self.setToolTip(view.text)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, radius = QPointF(self.width() / 2, self.height() / 2), min(self.width(), self.height()) / 2 - _ROOM
        circle = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        if self._view.arc is not None:
            first, last = self._view.arc
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_soft"))
            # Qt counts counter-clockwise, the frontal plane clockwise.
            painter.drawPie(circle, round(-first * _SIXTEENTHS), round(-((last - first) % 360) * _SIXTEENTHS))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("border"), 1))
        painter.drawEllipse(circle)
        for angle in (0, 90, 180, -90):
            painter.drawLine(_at(middle, radius - 4, angle), _at(middle, radius, angle))
        for name, angle_deg in self._view.axes:
            strong = name == "QRS"
            painter.setPen(QPen(colour("accent" if strong else "muted"), 3 if strong else 1.5))
            painter.drawLine(middle, _at(middle, radius, angle_deg))
        painter.setPen(colour("text"))
        for names, place in self.letters():
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, names)
        painter.end()

    def letters(self) -> list[tuple[str, QRectF]]:
        """The axes' letters and where they stand at the ends of their lines; those that would collide share a place."""
        middle, radius = QPointF(self.width() / 2, self.height() / 2), min(self.width(), self.height()) / 2 - _ROOM
        placed: list[tuple[str, QRectF]] = []
        for name, angle_deg in self._view.axes:
            end = _at(middle, radius + _LETTERS_BEYOND, angle_deg)
            box = self._box(name, end)
            for other in [item for item in placed if item[1].intersects(box)]:
                placed.remove(other)
                name = f"{other[0]}, {name}"
                box = self._box(name, (other[1].center() + end) / 2)
            placed.append((name, box))
        return placed

    def _box(self, words: str, centre: QPointF) -> QRectF:
        """Room for words around a point, inside the dial."""
        metrics = QFontMetricsF(self.font())
        width, height = metrics.horizontalAdvance(words) + 2, metrics.height()
        return QRectF(min(max(centre.x() - width / 2, 0.0), self.width() - width),
                      min(max(centre.y() - height / 2, 0.0), self.height() - height), width, height)


def _at(middle: QPointF, radius: float, angle_deg: float) -> QPointF:
    angle = math.radians(angle_deg)
    return QPointF(middle.x() + radius * math.cos(angle), middle.y() + radius * math.sin(angle))
