"""A dialog of words above what they ask for: as tall as its words need, and never taller than its screen."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from peace_desktop.ui.room import take_room


class TextDialog(QDialog):
    """What goes into `words` scrolls where the screen is low; what goes into `below` is always seen."""

    def __init__(self, width_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width_px = width_px
        inner = QWidget()
        self.words = QVBoxLayout(inner)
        self.words.setContentsMargins(0, 0, 0, 0)
        self.words.setSpacing(12)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inner)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumHeight(1)
        self.below = QVBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._scroll, 1)
        self._column.addLayout(self.below)

    def showEvent(self, event: QShowEvent) -> None:
        margins, spacing = self._column.contentsMargins(), self._column.spacing()
        words_px = self.words.heightForWidth(self._width_px - margins.left() - margins.right())
        rest_px = self.below.sizeHint().height() + margins.top() + margins.bottom() + spacing
        take_room(self, self._width_px, words_px + rest_px)
        # Where the words scroll the keyboard must be able to.
        scrolls = self.height() < words_px + rest_px
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus if scrolls else Qt.FocusPolicy.NoFocus)
        super().showEvent(event)
