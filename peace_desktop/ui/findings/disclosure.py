"""A line that opens what stands behind it: the source of a limit is one click or one key away."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind


class Disclosure(QWidget):
    """words: the line; lines: what it opens. subject: whose they are, for assistive technology."""

    def __init__(self, words: str, lines: Sequence[str], *, subject: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = QToolButton()
        self._button.setText(words)
        self._button.setCheckable(True)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setArrowType(Qt.ArrowType.RightArrow)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._button.setToolTip(words)
        self._button.setAccessibleName(_("{subject}: {words}, show more").format(subject=subject, words=words))
        mark_kind(self._button, kind="disclosure")
        self._text = text_label("\n".join(lines), muted=True)
        self._text.setContentsMargins(18, 0, 0, 4)
        self._text.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._button)
        layout.addWidget(self._text)
        self._button.toggled.connect(self._open)

    @property
    def text(self) -> str:
        return self._text.text()

    def _open(self, opened: bool) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self._text.setVisible(opened)
