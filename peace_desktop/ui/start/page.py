"""One page of the first start: a question with its answer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from peace_desktop.ui.panel import text_label
from peace_desktop.ui.start.answers import Answers

INDENT_PX = 24


class Page(QWidget):
    """Made anew whenever it is shown, from what is answered so far."""

    changed = Signal()

    def __init__(self, title: str, answers: Answers) -> None:
        super().__init__()
        self.title = title
        self.answers = answers
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 2, 10, 2)
        self.column.setSpacing(8)

    @property
    def complete(self) -> bool:
        """Whether one may go on."""
        return True

    @property
    def first(self) -> QWidget:
        """What the keyboard acts on when the page comes up."""
        raise NotImplementedError

    def ask(self) -> Answers | None:
        """On going on: the answers, after what is still to be asked in a dialog; None stays on the page."""
        return self.answers

    def say(self, text: str, *, muted: bool = False, indent: bool = False, name: str = "") -> None:
        """A paragraph below what is there."""
        label = text_label(text, muted=muted, name=name)
        if indent:
            label.setContentsMargins(INDENT_PX, 0, 0, 4)
        self.column.addWidget(label)

    def offer(self, name: str, text: str, meaning: str, *, chosen: bool) -> QRadioButton:
        """A choice with what it means."""
        button = QRadioButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setAccessibleDescription(meaning)
        button.setChecked(chosen)
        self.column.addWidget(button)
        if meaning:
            self.say(meaning, muted=True, indent=True)
        return button
