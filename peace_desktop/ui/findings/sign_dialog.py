"""Asking for what a signature needs: the reader's name, the meaning in words, a reason for an amendment."""

from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPlainTextEdit, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.text_dialog import TextDialog

_WIDTH_PX = 500


class _Asking(TextDialog):
    """A dialog whose OK waits for something to be written."""

    def __init__(self, title: str, words: str, confirm: str, parent: QWidget | None) -> None:
        super().__init__(_WIDTH_PX, parent)
        self.setWindowTitle(title)
        self.words.addWidget(text_label(words))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(confirm)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _finish(self, field: QWidget) -> None:
        self.below.addWidget(field)
        self.below.addWidget(self._buttons)
        field.setFocus()

    def _allow(self, allowed: bool) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(allowed)


class NameDialog(_Asking):
    """The reader's name, asked once; every draft and signature carries it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Who is reading?"),
                         _("Your name stands with every statement, signature and report. It is remembered and can be "
                           "changed in the settings."), _("Use this name"), parent)
        self._name = QLineEdit()
        self._name.setObjectName("reader_name")
        self._name.setAccessibleName(_("Reader's name"))
        self._name.textChanged.connect(lambda text: self._allow(bool(text.strip())))
        self._allow(False)
        self._finish(self._name)

    @property
    def name(self) -> str:
        return self._name.text().strip()


class SignDialog(_Asking):
    """The last look before a reading becomes final."""

    def __init__(self, *, reader: str, person: str, said: str, meaning: str, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Sign the reading"),
            _("{person}\n\n{said}\n\n{reader} attests: {meaning}.\n\nA final reading does not change any more; it can "
              "be amended with a reason.").format(person=person, said=said, reader=reader, meaning=meaning),
            _("Sign"), parent)
        self.below.addWidget(self._buttons)


class LockDialog(_Asking):
    """The last look before blind answers are kept for good."""

    def __init__(self, *, reader: str, person: str, said: str, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Lock the answers"),
            _("{person}\n\n{said}\n\n{reader}: these are my answers, given without the model.\n\nLocked answers do "
              "not change any more, whatever is revealed afterwards.").format(person=person, said=said, reader=reader),
            _("Lock"), parent)
        self.below.addWidget(self._buttons)


class AmendDialog(_Asking):
    """The reason for an amendment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Amend the reading"),
                         _("The final reading stays as it is. A new one is started from it and needs a reason."),
                         _("Amend"), parent)
        self._reason = QPlainTextEdit()
        self._reason.setObjectName("amendment_reason")
        self._reason.setAccessibleName(_("Reason for the amendment"))
        self._reason.setTabChangesFocus(True)
        self._reason.textChanged.connect(lambda: self._allow(bool(self.reason)))
        self._allow(False)
        self._finish(self._reason)

    @property
    def reason(self) -> str:
        return self._reason.toPlainText().strip()
