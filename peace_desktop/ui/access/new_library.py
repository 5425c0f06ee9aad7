"""How a library is to be kept, asked when one is made: as it is, or encrypted with a passphrase."""

from pathlib import Path

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import Unlock, encrypt_new, require_extra, with_passphrase
from peace_desktop.texts import _
from peace_desktop.ui.access.new_passphrase import NewPassphrase
from peace_desktop.ui.access.start import Declined
from peace_desktop.ui.access.words import forgotten_library
from peace_desktop.ui.panel import text_label

_WIDTH_PX = 560


class HowToKeep(QWidget):
    """The two ways with what they mean. encrypted: what stands chosen."""

    def __init__(self, *, encrypted: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plain = QRadioButton(_("Not encrypted"))
        plain.setObjectName("keep_plain")
        self._encrypted = QRadioButton(_("Encrypted with a passphrase"))
        self._encrypted.setObjectName("keep_encrypted")
        for button in (plain, self._encrypted):
            button.setAccessibleName(button.text())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(text_label(_("How it is kept cannot be changed later.")))
        for choice, meaning in ((plain, _("Whoever can read this computer's files can read the library.")),
                                (self._encrypted, _("Recordings, readings, names and backups open with the passphrase "
                                                    "only. Reports and recordings that you export do not."))):
            layout.addWidget(choice)
            label = text_label(meaning, muted=True)
            label.setContentsMargins(24, 0, 0, 4)
            layout.addWidget(label)
        missing = text_label(name="new_library_said")
        layout.addWidget(missing)
        try:
            require_extra()
        except LibraryError as error:
            self._encrypted.setEnabled(False)
            missing.setText(str(error))
        missing.setVisible(bool(missing.text()))
        (self._encrypted if encrypted and self._encrypted.isEnabled() else plain).setChecked(True)

    @property
    def encrypted(self) -> bool:
        return self._encrypted.isChecked()


class NewLibraryDialog(QDialog):
    """Asks how the library in a folder is to be kept."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_library")
        self.setWindowTitle(_("A new library"))
        self.setMinimumWidth(_WIDTH_PX)
        self._keep = HowToKeep()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(_("Make the library"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Quit"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(text_label(_("The library will lie in \"{folder}\".").format(folder=folder)))
        layout.addWidget(self._keep)
        layout.addStretch(1)
        layout.addWidget(buttons)

    @property
    def encrypted(self) -> bool:
        return self._keep.encrypted


def ask_library_passphrase(parent: QWidget | None = None) -> str:
    """The passphrase a new library is to be encrypted with, "" where somebody thought better of it."""
    asking = NewPassphrase(title=_("Passphrase of the library"), confirm=_("Make the library"),
                           words=forgotten_library(), parent=parent)
    accepted = asking.exec() == QDialog.DialogCode.Accepted
    passphrase = asking.passphrase
    asking.deleteLater()
    return passphrase if accepted else ""


def make_encrypted(folder: Path, passphrase: str) -> Unlock:
    """Makes the key of a library that is about to be made; returns how it opens without asking once more."""
    encrypt_new(folder, passphrase)
    return with_passphrase(passphrase)


def ask_how_to_keep(folder: Path) -> Unlock | None:
    """Asks, and makes the key where the library is to be encrypted. Raises Declined, or LibraryError."""
    dialog = NewLibraryDialog(folder)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    encrypted = dialog.encrypted
    dialog.deleteLater()
    if not accepted:
        raise Declined
    if not encrypted:
        return None
    passphrase = ask_library_passphrase()
    if not passphrase:
        raise Declined
    return make_encrypted(folder, passphrase)
