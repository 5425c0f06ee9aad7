"""The profiles that were kept: choose one for this table, keep the present one under a name, rename, delete."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget

from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.texts import _, error_words
from peace_model.ecg.formats.csv_profile import CsvProfile, ProfileError


class WizardProfiles(QWidget):
    """chosen(CsvProfile): to be used for the table. said(str): what could not be done.

    present: the profile as it now stands in the wizard, None while it is not whole.
    """

    chosen = Signal(object)
    said = Signal(str)

    def __init__(self, kept: TableProfiles, present: Callable[[], CsvProfile | None],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = kept
        self._present = present
        self._choice = QComboBox()
        self._choice.setObjectName("wizard_profile")
        self._choice.setAccessibleName(_("Profile"))
        self._name = QLineEdit()
        self._name.setObjectName("wizard_name")
        self._name.setMaxLength(80)
        self._name.setPlaceholderText(_("for example: Holter, ward 3"))
        self._name.setAccessibleName(_("Name of the profile"))
        self._save = self._button("wizard_save", _("Save profile"), self.save)
        self._rename = self._button("wizard_rename", _("Rename"), self._rename_chosen)
        self._delete = self._button("wizard_delete", _("Delete…"), self._delete_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(_("Profile")))
        row.addWidget(self._choice, 1)
        row.addWidget(QLabel(_("Name")))
        row.addWidget(self._name, 1)
        for button in (self._save, self._rename, self._delete):
            row.addWidget(button)
        self._choice.activated.connect(self._choose)
        self._name.textChanged.connect(lambda _text: self.look())
        self._fill("")

    @property
    def name(self) -> str:
        return self._name.text().strip()

    def look(self) -> None:
        """What can be done now."""
        self._save.setEnabled(bool(self.name) and self._present() is not None)
        chosen = self._choice.currentData()
        self._rename.setEnabled(bool(chosen) and bool(self.name) and self.name != chosen)
        self._delete.setEnabled(bool(chosen))

    def leave(self) -> None:
        """What is told is no longer the profile that was chosen; its name stays for saving."""
        self._choice.setCurrentIndex(0)
        self.look()

    def save(self) -> bool:
        """Keep the present profile under the name that was typed; False where it was not."""
        profile = self._present()
        before = self._kept.named(self.name)
        if profile is None or (before not in (None, profile) and not self._agreed(
                _("Replace a profile"), _("Replace the profile '{name}' by what is told here?"))):
            return False
        try:
            self._kept.save(profile)
        except (OSError, ProfileError) as error:
            self.said.emit(_("The profile was not saved: {reason}").format(reason=_reason(error)))
            return False
        self._fill(profile.name)
        return True

    def _choose(self) -> None:
        profile = self._kept.named(self._choice.currentData() or "")
        self._name.setText(profile.name if profile is not None else "")
        self.look()
        if profile is not None:
            self.chosen.emit(profile)

    def _rename_chosen(self) -> None:
        name = self.name
        try:
            self._kept.rename(self._choice.currentData(), name)
        except (OSError, ProfileError) as error:
            self.said.emit(_("The profile was not renamed: {reason}").format(reason=_reason(error)))
            return
        self._fill(name)

    def _delete_chosen(self) -> None:
        name = self._choice.currentData()
        if not self._agreed(_("Delete a profile"), _(
                "Delete the profile '{name}'? Recordings that were imported with it stay as they are."), name=name):
            return
        try:
            self._kept.delete(name)
        except OSError as error:
            self.said.emit(_("The profile was not deleted: {reason}").format(reason=_reason(error)))
            return
        self._fill("")

    def _agreed(self, title: str, question: str, *, name: str = "") -> bool:
        """What was kept under a name is gone for good."""
        answer = QMessageBox.question(self, title, question.format(name=name or self.name))
        return answer == QMessageBox.StandardButton.Yes

    def _fill(self, chosen: str) -> None:
        self._choice.clear()
        self._choice.addItem(_("none"), "")
        for profile in self._kept.all():
            self._choice.addItem(profile.name, profile.name)
        self._choice.setCurrentIndex(max(0, self._choice.findData(chosen)))
        self._name.setText(chosen)
        self.look()

    def _button(self, name: str, text: str, pressed: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: pressed())
        return button


def _reason(error: OSError | ProfileError) -> str:
    return (error.strerror or "") if isinstance(error, OSError) else error_words(error)
