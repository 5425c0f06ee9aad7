"""A line of words that ends in "…" where there is no room for it; whole in the tip and for assistive technology."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

_LEAST_PX = 60
"""A long name must not keep the window from fitting a small screen."""


class Shortened(QLabel):
    """The label asks for the room of all its words, and takes what it gets, down to least_px."""

    def __init__(self, *, name: str = "", least_px: int = _LEAST_PX) -> None:
        super().__init__()
        self._words = ""
        self._least_px = least_px
        self.setTextFormat(Qt.TextFormat.PlainText)
        if name:
            self.setObjectName(name)

    def show_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.setToolTip(words)
            self.setAccessibleName(words)
            self.updateGeometry()
        self._shorten()

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        words_px = self.fontMetrics().horizontalAdvance(self._words)
        return QSize(words_px + margins.left() + margins.right() + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), self._least_px), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        if shown != self.text():
            self.setText(shown)
