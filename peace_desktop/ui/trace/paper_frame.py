"""The paper's place in the window: the paper with a ring when it has the keyboard, or a sentence when there is none."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from peace_desktop.ui.trace.paper_view import PaperView
from peace_desktop.ui.trace.pens import ink_colour

_RING_PIXELS = 2


class PaperFrame(QWidget):
    """Empty, loading and failed have a face here, in the place of the paper."""

    def __init__(self, paper: PaperView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper = paper
        self._title, self._text = QLabel(), QLabel()
        bold = QFont(self.font())
        bold.setPointSizeF(max(bold.pointSizeF(), 11.0) * 1.4)
        bold.setBold(True)
        self._title.setFont(bold)
        message = QWidget()
        column = QVBoxLayout(message)
        column.addStretch(2)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addStretch(3)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(_RING_PIXELS, _RING_PIXELS, _RING_PIXELS, _RING_PIXELS)
        self._pages.addWidget(message)
        self._pages.addWidget(paper)
        paper.focused.connect(self.update)

    def say(self, title: str, text: str) -> None:
        """Put a sentence in the paper's place."""
        self._title.setText(title)
        self._text.setText(text)
        self._pages.setCurrentIndex(0)

    def show_paper(self) -> None:
        self._pages.setCurrentIndex(1)

    @property
    def text(self) -> str:
        """What is said in the paper's place; "" while the paper is shown."""
        return "" if self._pages.currentIndex() else f"{self._title.text()}. {self._text.text()}".strip()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pages.currentIndex():
            painter = QPainter(self)
            painter.fillRect(self.rect(), ink_colour("accent" if self._paper.hasFocus() else "rule"))
            painter.end()
