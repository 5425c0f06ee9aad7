"""The settings on screen, built from the one table; every change holds at once."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.settings import SETTINGS, Setting, Settings, changed
from peace_desktop.texts import _


class SettingsDialog(QDialog):
    """Emits the settings after each change; a line of text counts when it is left."""

    changed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None, *, signed_in: bool = False) -> None:
        """signed_in: the reader is who signed in, and is changed by switching."""
        super().__init__(parent)
        self.setWindowTitle(_("Settings"))
        self.setMinimumWidth(480)
        self._settings = settings
        layout = QVBoxLayout(self)
        groups: dict[str, QFormLayout] = {}
        for line in SETTINGS:
            if not line.shown:
                continue
            if line.group not in groups:
                box = QGroupBox(_(line.group))
                groups[line.group] = QFormLayout(box)
                layout.addWidget(box)
            field = self._field(line)
            field.setObjectName(f"setting_{line.key}")
            field.setAccessibleName(_(line.text))
            field.setToolTip(_(line.tip))
            if signed_in and line.key == "reader_name":
                field.setEnabled(False)
                field.setToolTip(_("Who signed in. Use Switch reader for another."))
            if isinstance(field, QCheckBox):
                groups[line.group].addRow(field)
            else:
                groups[line.group].addRow(_(line.text), field)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _field(self, line: Setting) -> QWidget:
        value = getattr(self._settings, line.key)
        if line.choices:
            combo = QComboBox()
            for choice, words in line.choices:
                combo.addItem(_(words), choice)
            combo.setCurrentIndex(combo.findData(value))
            combo.activated.connect(lambda _place: self._take(line.key, combo.currentData()))
            return combo
        if isinstance(value, bool):
            box = QCheckBox(_(line.text))
            box.setChecked(value)
            box.toggled.connect(lambda on: self._take(line.key, on))
            return box
        text = QLineEdit(str(value))
        text.editingFinished.connect(lambda: self._take(line.key, text.text().strip()))
        return text

    def _take(self, key: str, value: str | float | bool) -> None:
        new = changed(self._settings, key, value)
        if new != self._settings:
            self._settings = new
            self.changed.emit(new)
