"""A part of the side column with a heading that folds it away."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.theme import mark_kind


class Panel(QWidget):
    """Heading and body; `note` is a short word at the right of the heading (a count, a state)."""

    folded = Signal(bool)

    def __init__(self, key: str, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setObjectName(f"panel_{key}")
        self._body = body
        self._heading = QToolButton()
        self._heading.setText(title)
        self._heading.setCheckable(True)
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setAccessibleName(_("Show or hide: {title}").format(title=title))
        self._heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        mark_kind(self._heading, kind="heading")
        self._note = QLabel()
        mark_kind(self._note, muted=True)
        # In a narrow column the note gives way, not the panels.
        self._note.setMinimumWidth(1)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 4, 0)
        head.addWidget(self._heading, 1)
        head.addWidget(self._note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(body)
        self._heading.toggled.connect(self._show_body)
        self.set_folded(False)

    @property
    def is_folded(self) -> bool:
        return not self._heading.isChecked()

    def set_folded(self, folded: bool) -> None:
        self._heading.setChecked(not folded)
        self._show_body(not folded)

    def set_note(self, text: str) -> None:
        self._note.setText(text)
        self._heading.setAccessibleDescription(text)

    def _show_body(self, shown: bool) -> None:
        self._heading.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self._body.setVisible(shown)
        self.folded.emit(not shown)


def framed(kind: str, *, name: str = "") -> QFrame:
    """A frame in one of the theme's kinds: "notice", "alarm", "demo", "card"."""
    frame = QFrame()
    frame.setFrameShape(QFrame.Shape.NoFrame)
    if name:
        frame.setObjectName(name)
    mark_kind(frame, kind=kind)
    return frame


def text_label(text: str = "", *, muted: bool = False, wrap: bool = True, name: str = "") -> QLabel:
    """A label of plain text that can be selected with the mouse and wraps."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if name:
        label.setObjectName(name)
    if muted:
        mark_kind(label, muted=True)
    return label


def with_short_words(text: str, letters: int) -> str:
    """A hash, a path or another endless word on several lines: it would make its column as wide, or be cut."""
    def lines(word: re.Match[str]) -> str:
        return "\n".join(word[0][start:start + letters] for start in range(0, len(word[0]), letters))

    return re.sub(rf"\S{{{letters + 1},}}", lines, text)
