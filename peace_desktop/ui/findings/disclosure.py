"""A line that opens what stands behind it: the source of a limit is one click or one key away."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind


class Disclosure(QWidget):
    """words: the line, on as many lines as it needs; lines: what it opens. subject: whose they are, for assistive
    technology.
    """

    def __init__(self, words: str, lines: Sequence[str], *, subject: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
        self._button = QToolButton()
        self._button.setCheckable(True)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._button.setArrowType(Qt.ArrowType.RightArrow)
        mark_kind(self._button, kind="disclosure")
        self._words = _Words()
        self._words.clicked.connect(self._button.click)
        self._text: QLabel | None = None
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._words, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addLayout(head)
        self._button.toggled.connect(self._open)
        self.tell(words, lines)

    def tell(self, words: str, lines: Sequence[str]) -> None:
        """Say something else; it is closed again."""
        self._button.setChecked(False)
        self._button.setText(words)
        self._button.setAccessibleName(_("{subject}: {words}, show more").format(subject=self._subject, words=words))
        self._words.setText(words)
        self._lines = "\n".join(lines)

    @property
    def words(self) -> str:
        return self._words.text()

    @property
    def text(self) -> str:
        return self._lines

    def _open(self, opened: bool) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        if self._text is None:
            # A recording has dozens of lines and few of them are opened.
            self._text = text_label(muted=True, name="disclosed")
            self._text.setContentsMargins(18, 0, 0, 4)
            self._layout.addWidget(self._text)
        self._text.setText(self._lines)
        self._text.setVisible(opened)


class _Words(QLabel):
    """The line itself. A button would cut it in its middle, where the figures stand; the whole of it can be clicked."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        mark_kind(self, muted=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
