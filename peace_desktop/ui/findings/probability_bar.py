"""The bar of one prediction: filled to the probability, with a tick at the threshold."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.ui.theme import colour

_HEIGHT_PX = 11
_BAR_PX = 5


class ProbabilityBar(QWidget):
    """Positive bars are solid in the accent colour, negative ones an outline with a pale filling."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probability: float | None = None
        self._threshold: float | None = None
        self._positive = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(84, _HEIGHT_PX)

    def show_value(self, *, probability: float | None, threshold: float | None, positive: bool) -> None:
        self._probability, self._threshold, self._positive = probability, threshold, positive
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = (self.height() - _BAR_PX) / 2
        width = self.width() - 1.0
        painter.fillRect(QRectF(0, top, width, _BAR_PX), colour("bar_empty"))
        if self._probability is not None:
            filled = QRectF(0, top, width * self._probability, _BAR_PX)
            painter.fillRect(filled, colour("bar_positive" if self._positive else "bar"))
        if self._threshold is not None:
            pen = QPen(colour("tick"), 2)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            x = width * self._threshold
            painter.drawLine(int(x), 0, int(x), self.height())
        painter.end()
