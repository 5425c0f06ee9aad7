"""The readers of the library with their roles; for administrators to add, change and let go."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.review.access import Reader, Role
from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.row_table import choice_table
from peace_desktop.ui.theme import mark_kind

_SIZE_PX = (640, 420)


class ReadersPage(QDialog):
    """Says what is asked for; `show_readers` shows what came of it."""

    begin = Signal()
    add = Signal()
    reset = Signal(str)
    role_chosen = Signal(str, object)
    active_chosen = Signal(str, bool)
    own = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readers_page")
        self.setWindowTitle(_("Readers"))
        take_room(self, *_SIZE_PX)
        self._readers: tuple[Reader, ...] = ()
        self._may_manage = False
        self._words = text_label(name="readers_words")
        self._said = text_label(name="readers_said")
        self._said.hide()
        self._table = choice_table("readers_table", _("Readers"), (
            _("Reader"), _("Role"), _("Passphrase"), _("Signs in")))
        self._table.itemSelectionChanged.connect(self._look)
        self._begin = self._button(_("Set the first passphrase…"), "readers_begin", self.begin.emit)
        self._add = self._button(_("Add reader…"), "readers_add", self.add.emit)
        self._reset = self._button(_("New passphrase…"), "readers_reset", lambda: self.reset.emit(self.chosen))
        self._active = self._button("", "readers_active", self._turn_active)
        self._own = self._button(_("Change my passphrase…"), "readers_own", self.own.emit)
        row = QHBoxLayout()
        for button in (self._begin, self._add, self._reset, self._active):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._own)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self._words)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._said)
        layout.addLayout(row)
        layout.addWidget(buttons)

    @property
    def chosen(self) -> str:
        """The name of the chosen reader, "" for none."""
        rows = self._table.selectionModel().selectedRows()
        return self._readers[rows[0].row()].name if rows else ""

    def show_readers(self, readers: Sequence[Reader], *, guarded: bool, may_manage: bool) -> None:
        """What stands now. may_manage: whether who looks is an administrator."""
        chosen = self.chosen
        self._readers, self._may_manage = tuple(readers), guarded and may_manage
        self._words.setText(_words(guarded=guarded, may_manage=may_manage))
        self._begin.setVisible(not guarded)
        for button in (self._add, self._reset, self._active):
            button.setVisible(self._may_manage)
        self._own.setVisible(guarded)
        self._table.setRowCount(len(readers))
        for row, reader in enumerate(readers):
            role = "" if self._may_manage else _(reader.role.value)
            texts = (reader.name, role, _("set") if reader.has_passphrase else _("none yet"),
                     _("yes") if reader.active and reader.has_passphrase else _("no"))
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self._table.setItem(row, column, item)
            if self._may_manage:
                self._table.setCellWidget(row, 1, self._roles(reader))
            else:
                self._table.removeCellWidget(row, 1)
            if reader.name == chosen:
                self._table.selectRow(row)
        self._table.resizeColumnsToContents()
        self._look()

    def say(self, sentence: str) -> None:
        """A sentence of what came of the last wish; "" takes it away."""
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def _roles(self, reader: Reader) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(_("Role of {name}").format(name=reader.name))
        for role in Role:
            combo.addItem(_(role.value), role)
        combo.setCurrentIndex(combo.findData(reader.role))
        combo.activated.connect(lambda _place: self.role_chosen.emit(reader.name, Role(combo.currentData())))
        return combo

    def _button(self, text: str, name: str, pressed: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(pressed)
        mark_kind(button, kind="plain")
        return button

    def _look(self) -> None:
        reader = next((item for item in self._readers if item.name == self.chosen), None)
        self._reset.setEnabled(reader is not None)
        self._active.setEnabled(reader is not None and reader.has_passphrase)
        self._active.setText(_("Let sign in again") if reader is not None and not reader.active else _("Deactivate"))

    def _turn_active(self) -> None:
        reader = next((item for item in self._readers if item.name == self.chosen), None)
        if reader is not None:
            self.active_chosen.emit(reader.name, not reader.active)


def _words(*, guarded: bool, may_manage: bool) -> str:
    if not guarded:
        return _("This library's readers have no passphrases: whoever sits here can read and sign under any name. Who "
                 "sets the first passphrase becomes administrator and gives the others theirs.")
    if may_manage:
        return _("Everybody signs in with a passphrase. Readers read; adjudicators also decide disagreements; "
                 "administrators also make studies and look after readers. Nobody is ever removed: readings keep their "
                 "reader.")
    return _("Administrators add readers, give roles and new passphrases.")
