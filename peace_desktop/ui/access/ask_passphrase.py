"""A passphrase asked for and checked, with a reader's name where there are several; the check is made in a lane."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from peace_desktop.jobs.lanes import Lane
from peace_desktop.library.access import SignInRefused
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind

T = TypeVar("T")
Check = Callable[[str, str], T]
"""Called in a lane with name and passphrase. Raises LibraryError with a sentence for the reader."""

_WIDTH_PX = 460


class AskPassphrase(QDialog, Generic[T]):
    """`answer` is what the check gave, None until it did; then the dialog is accepted."""

    def __init__(self, check: Check[T], *, lane: Lane, bridge: Bridge, title: str, words: str, forgotten: str,
                 confirm: str, refuse: str = "", names: Sequence[str] = (), chosen: str = "",
                 parent: QWidget | None = None) -> None:
        """names: readers to choose from, none where the passphrase is the library's. forgotten: what can then be done.

        refuse: the word of the button that gives up; "" stays until the passphrase is right.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_PX)
        self.answer: T | None = None
        self._check, self._lane, self._bridge = check, lane, bridge
        self._may_give_up = bool(refuse)
        self._name = QComboBox()
        self._name.setObjectName("access_name")
        self._name.setAccessibleName(_("Reader"))
        self._name.addItems(list(names))
        self._name.setCurrentText(chosen)
        self._name.setVisible(len(names) > 0)
        self._passphrase = passphrase_field("access_passphrase", _("Passphrase"))
        self._passphrase.textChanged.connect(self._look)
        self._said = text_label(name="access_said")
        self._said.setMinimumHeight(2 * self._said.fontMetrics().lineSpacing())
        self._help = text_label(forgotten, muted=True, name="access_forgotten")
        self._help.hide()
        forgot = QPushButton(_("Forgotten?"))
        forgot.setAutoDefault(False)
        forgot.setCheckable(True)
        forgot.toggled.connect(self._help.setVisible)
        forgot.toggled.connect(lambda _on: QTimer.singleShot(0, self.adjustSize))
        mark_kind(forgot, kind="small")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(confirm)
        if refuse:
            buttons.addButton(refuse, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(forgot, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.accepted.connect(self._ask)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (text_label(words), self._name, self._passphrase, self._said, buttons, self._help):
            layout.addWidget(widget)
        self._passphrase.setFocus()
        self._look()

    @property
    def said(self) -> str:
        """The sentence that stands under the passphrase."""
        return self._said.text()

    def reject(self) -> None:
        if self._may_give_up:
            super().reject()

    def _look(self) -> None:
        self._ok.setEnabled(bool(self._passphrase.text()))

    def _ask(self) -> None:
        if not self._ok.isEnabled():
            return
        self._said.setText(_("Checking…"))
        self._enable(on=False)
        self._bridge.watch(
            self._lane.submit(self._check, self._name.currentText(), self._passphrase.text()),
            done=self._right, failed=self._wrong)

    def _right(self, answer: T) -> None:
        self.answer = answer
        self._passphrase.clear()
        self.accept()

    def _wrong(self, error: BaseException) -> None:
        self._said.setText(str(error))
        self._enable(on=True)
        self._passphrase.clear()
        self._passphrase.setFocus()
        wait = error.wait if isinstance(error, SignInRefused) else None
        if wait:
            self._enable(on=False)
            QTimer.singleShot(round(wait.total_seconds() * 1000), self, self._waited)

    def _waited(self) -> None:
        self._said.setText(_("You can try again now."))
        self._enable(on=True)
        self._passphrase.setFocus()

    def _enable(self, *, on: bool) -> None:
        for widget in (self._passphrase, self._ok):
            widget.setEnabled(on)
        if on:
            self._look()


def passphrase_field(name: str, text: str) -> QLineEdit:
    """A line in which nobody can read along."""
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(text)
    field.setPlaceholderText(text)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
