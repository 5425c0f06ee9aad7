"""The settings on screen, built from the one table; every change holds at once."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.library.errors import LibraryError
from peace_desktop.settings import SETTINGS, Setting, Settings, Value, changed
from peace_desktop.texts import _
from peace_desktop.ui.room import take_room

_LEAST_PX, _MARGINS_PX = 480, 48


class SettingsDialog(QDialog):
    """Emits each change by itself, as key and value; a line of text counts when it is left.

    It stays beside the window, where settings change too: `follow` tells it.
    """

    changed = Signal(str, object)

    def __init__(self, settings: Settings, parent: QWidget | None = None, *, signed_in: bool = False,
                 choose_library: Callable[[str, QWidget], str | None] | None = None) -> None:
        """signed_in: the reader is who signed in, and is changed by switching.

        choose_library: asks for another folder of the library, given the one until now; None leaves it as it is.
        """
        super().__init__(parent)
        self.setWindowTitle(_("Settings"))
        self._settings, self._signed_in, self._choose_library = settings, signed_in, choose_library
        self._shows: dict[str, Callable[[], None]] = {}
        inner = QWidget()
        column = QVBoxLayout(inner)
        groups: dict[str, QFormLayout] = {}
        for line in SETTINGS:
            if not line.shown:
                continue
            if line.group not in groups:
                box = QGroupBox(_(line.group))
                groups[line.group] = QFormLayout(box)
                column.addWidget(box)
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
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        asked = inner.sizeHint()
        take_room(self, max(_LEAST_PX, asked.width() + _MARGINS_PX), asked.height() + buttons.sizeHint().height()
                  + _MARGINS_PX)

    def follow(self, settings: Settings, *, signed_in: bool) -> None:
        """Show the settings that stand now. Another reader's are none of this dialog's, which goes."""
        same = (settings.reader_name, signed_in) == (self._settings.reader_name, self._signed_in)
        self._settings = settings
        for show in self._shows.values():
            show()
        if not same:
            self.reject()

    def _field(self, line: Setting) -> QWidget:
        field = self._input(line)
        self._shows[line.key]()
        return field

    def _now(self, key: str) -> Value:
        value: Value = getattr(self._settings, key)
        return value

    def _input(self, line: Setting) -> QWidget:
        if line.choices:
            combo = QComboBox()
            for choice, words in line.choices:
                combo.addItem(_(words), choice)
            self._shows[line.key] = lambda: combo.setCurrentIndex(combo.findData(self._now(line.key)))
            combo.activated.connect(lambda _place: self._take(line.key, combo.currentData()))
            return combo
        if isinstance(self._now(line.key), bool):
            box = QCheckBox(_(line.text))
            self._shows[line.key] = lambda: box.setChecked(bool(self._now(line.key)))
            box.toggled.connect(lambda on: self._take(line.key, on))
            return box
        if line.key == "library_folder":
            return self._library_field()
        text = QLineEdit()
        self._shows[line.key] = lambda: text.setText(str(self._now(line.key)))
        text.editingFinished.connect(lambda: self._take(line.key, text.text().strip()))
        return text

    def _library_field(self) -> QWidget:
        button = QPushButton()
        button.setAutoDefault(False)  # Return in the line with the name is not to open it.
        button.setEnabled(self._choose_library is not None)

        def show() -> None:
            folder = self._settings.library_folder
            button.setText(Path(folder).name if folder else _("In the usual place"))
            button.setAccessibleDescription(folder)

        def choose() -> None:
            if self._choose_library is None:
                return
            try:
                chosen = self._choose_library(self._settings.library_folder, self)
            except LibraryError as error:
                QMessageBox.warning(self, self.windowTitle(), str(error))
                return
            if chosen is not None:
                self._take("library_folder", chosen)
                show()

        button.clicked.connect(choose)
        self._shows["library_folder"] = show
        return button

    def _take(self, key: str, value: Value) -> None:
        new = changed(self._settings, key, value)
        if new != self._settings:
            self._settings = new
            self.changed.emit(key, self._now(key))
