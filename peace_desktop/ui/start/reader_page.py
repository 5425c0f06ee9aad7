"""Who reads, and whether readers are asked for passphrases."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.access.new_passphrase import NewPassphrase
from peace_desktop.ui.access.words import first_passphrase
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.page import Page


class ReaderPage(Page):
    """new_library: only then the first passphrase can be set here."""

    def __init__(self, answers: Answers, *, new_library: bool) -> None:
        super().__init__(_("Who is reading?"), answers)
        self.say(_("Statements, signatures and reports carry your name."))
        self._name = QLineEdit(answers.reader_name)
        self._name.setObjectName("notice_name")
        self._name.setAccessibleName(_("Reader's name"))
        self._name.setPlaceholderText(_("Your name, as it stands on readings and reports"))
        self._name.textChanged.connect(self._take)
        self._guarded = QCheckBox(_("Ask for passphrases from the start"))
        self._guarded.setObjectName("reader_guarded")
        self._guarded.setChecked(bool(answers.reader_passphrase))
        self.column.addWidget(self._name)
        if new_library:
            self.column.addSpacing(8)
            self.column.addWidget(self._guarded)
            self.say(_("For several readers at one computer: you become administrator, and give the others role and "
                       "passphrase. Without it nobody is asked, and everybody may do everything; it can be set later "
                       "under Reading, Readers."), muted=True, indent=True)
        self.column.addStretch(1)

    @property
    def complete(self) -> bool:
        return bool(self.answers.reader_name)

    @property
    def first(self) -> QWidget:
        return self._name

    def ask(self) -> Answers | None:
        passphrase = ""
        if self._guarded.isChecked():
            passphrase = self.answers.reader_passphrase or self._ask_passphrase()
            if not passphrase:
                return None
        return replace(self.answers, reader_passphrase=passphrase)

    def _take(self, name: str) -> None:
        self.answers = replace(self.answers, reader_name=name.strip())
        self.changed.emit()

    def _ask_passphrase(self) -> str:
        dialog = NewPassphrase(title=_("First passphrase"), confirm=_("Become administrator"), words=first_passphrase(),
                               parent=self)
        accepted = dialog.exec() == NewPassphrase.DialogCode.Accepted
        passphrase = dialog.passphrase
        dialog.deleteLater()
        return passphrase if accepted else ""
