"""The line under the traces, on the same paper: how it is drawn."""


from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.texts import put_together
from peace_desktop.ui.trace.captions import Writing
from peace_desktop.ui.trace.pens import ink_colour

_GAP_PIXELS = 14.0
_FRAME_PIXELS = 5.0
_RAMP_PIXELS = 96.0


class CaptionStrip(QWidget):
    """One line of writing; it takes a second line rather than drop a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._writing: tuple[Writing, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_writing(self, writing: tuple[Writing, ...]) -> None:
        self._writing = writing
        self.setAccessibleName(put_together(*(piece.text for piece in writing)))
        self._fit()
        self.update()

    @property
    def writing(self) -> tuple[Writing, ...]:
        return self._writing

    def resizeEvent(self, event: QEvent) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_colour("paper"))
        for piece, box in self._placed():
            warning = piece.kind == "warning"
            if warning:
                painter.setPen(ink_colour("warning"))
                painter.setBrush(ink_colour("warning_paper"))
                painter.drawRect(box.adjusted(0.5, 1.5, -0.5, -1.5))
            painter.setFont(self._font_of(piece))
            painter.setPen(ink_colour({"plain": "text", "muted": "muted", "warning": "warning"}[piece.kind]))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, piece.text)
        painter.end()

    def _font_of(self, piece: Writing) -> QFont:
        font = QFont(self.font())
        font.setBold(piece.kind == "warning")
        return font

    def _line_height(self) -> float:
        return QFontMetricsF(self.font()).height() + 6.0

    def _placed(self) -> list[tuple[Writing, QRectF]]:
        x, y, height = _GAP_PIXELS / 2, 0.0, self._line_height()
        placed = []
        for piece in self._writing:
            width = QFontMetricsF(self._font_of(piece)).horizontalAdvance(piece.text) + 2 * _FRAME_PIXELS
            if x + width > self.width() and x > _GAP_PIXELS:
                x, y = _GAP_PIXELS / 2, y + height
            placed.append((piece, QRectF(x, y, width, height)))
            x += width + _GAP_PIXELS
        return placed

    def _fit(self) -> None:
        placed = self._placed()
        self.setFixedHeight(round(placed[-1][1].bottom() if placed else self._line_height()))
