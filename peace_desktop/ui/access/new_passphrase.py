"""A new passphrase, typed twice; for a reader, with name and role where they are to be chosen, or for the library."""

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from peace_desktop.library.errors import LibraryError
from peace_desktop.library.passphrases import refuse_weak
from peace_desktop.review.access import Role
from peace_desktop.texts import _
from peace_desktop.ui.access.ask_passphrase import passphrase_field
from peace_desktop.ui.panel import text_label

_WIDTH_PX = 480


class NewPassphrase(QDialog):
    """OK waits for two equal passphrases that are long enough, and for a name where one is asked for."""

    def __init__(self, *, title: str, words: str, confirm: str, name: str | None = None, role: Role | None = None,
                 old: bool = False, parent: QWidget | None = None) -> None:
        """name: the one to begin with, None asks for none. role: likewise. old: the one until now is asked for too."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_PX)
        self._name = QLineEdit(name or "")
        self._name.setObjectName("new_name")
        self._name.setAccessibleName(_("Reader's name"))
        self._role = QComboBox()
        self._role.setObjectName("new_role")
        self._role.setAccessibleName(_("Role"))
        for choice in Role:
            self._role.addItem(_(choice.value), choice)
        self._old = passphrase_field("old_passphrase", _("Passphrase until now"))
        self._first = passphrase_field("new_passphrase", _("New passphrase"))
        self._second = passphrase_field("new_passphrase_again", _("The same again"))
        self._said = text_label(muted=True, name="new_said")
        form = QFormLayout()
        asked = [(self._name, name is not None), (self._role, role is not None), (self._old, old),
                 (self._first, True), (self._second, True)]
        for field, wanted in asked:
            if wanted:
                form.addRow(field.accessibleName(), field)
        if role is not None:
            self._role.setCurrentIndex(self._role.findData(role))
        self._needs_name, self._needs_old = name is not None, old
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(confirm)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(text_label(words))
        layout.addLayout(form)
        layout.addWidget(self._said)
        layout.addWidget(buttons)
        for line in (self._name, self._old, self._first, self._second):
            line.textChanged.connect(self._look)
        self._look()

    @property
    def name(self) -> str:
        return self._name.text().strip()

    @property
    def role(self) -> Role:
        return Role(self._role.currentData())

    @property
    def old(self) -> str:
        return self._old.text()

    @property
    def passphrase(self) -> str:
        return self._first.text()

    def _look(self) -> None:
        self._said.setText(self._missing())
        self._ok.setEnabled(not self._said.text())

    def _missing(self) -> str:
        if self._needs_name and not self.name:
            return _("The reader needs a name.")
        if self._needs_old and not self.old:
            return _("The passphrase until now is needed.")
        try:
            refuse_weak(self.passphrase)
        except LibraryError as error:
            return str(error)
        return "" if self.passphrase == self._second.text() else _("Both must be the same.")
