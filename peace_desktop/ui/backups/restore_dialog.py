"""The backups with their dates and counts, and what would be set aside by bringing one back."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.library.contents import Contents, Newer
from peace_desktop.library.ladder import Kept
from peace_desktop.texts import _, as_fact, aside, ngettext
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.row_table import choice_table
from peace_desktop.ui.theme import mark_kind

_SIZE_PX = (720, 460)
_NAMED = 12
"""So many readings are named; the others are counted."""


class RestoreDialog(QDialog):
    """asked(file): somebody points at a backup; `tell` answers. Accepted where `chosen` is to be brought back."""

    asked = Signal(object)

    def __init__(self, backups: Sequence[tuple[Kept, Contents]], *, words: str, give_up: str,
                 parent: QWidget | None = None) -> None:
        """backups: those that can be read, newest first. words: why this is asked."""
        super().__init__(parent)
        self.setObjectName("restore_dialog")
        self.setWindowTitle(_("Bring back a backup"))
        take_room(self, *_SIZE_PX)
        self.chosen: Path | None = None
        self._backups = tuple(backups)
        self._table = choice_table("backups_table", _("Backups"), (
            _("Made"), _("Why"), _("Recordings"), _("Readings"), _("Signed")), wide=1)
        self._table.setRowCount(len(backups))
        for row, (kept, contents) in enumerate(self._backups):
            self._fill(row, kept, contents)
        self._table.itemSelectionChanged.connect(self._point)
        self._said = text_label(name="restore_said")
        self._said.setMinimumHeight(3 * self._said.fontMetrics().lineSpacing())
        buttons = QDialogButtonBox()
        self._yes = QPushButton(_("Bring it back"))
        self._yes.setObjectName("restore_yes")
        mark_kind(self._yes, main=True)
        other = QPushButton(_("Other file…"))
        other.setObjectName("restore_other")
        buttons.addButton(self._yes, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(other, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(give_up, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        other.clicked.connect(self._ask_file)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (text_label(words), self._table, self._said, buttons):
            layout.addWidget(widget)
        self._yes.setEnabled(False)
        if self._backups:
            self._table.selectRow(0)
        else:
            self._said.setText(_("There is no backup in the library's folder that can be read. Choose a file from "
                                 "elsewhere."))

    def tell(self, file: Path, newer: Newer | None) -> None:
        """What stands in the library and not in this backup; None where the library cannot be read."""
        if file == self.chosen:
            self._said.setText(newer_words(newer))
            self._yes.setEnabled(True)

    def refuse(self, file: Path, sentence: str) -> None:
        """This file cannot be brought back, and why."""
        if file == self.chosen:
            self._said.setText(sentence)

    def _fill(self, row: int, kept: Kept, contents: Contents) -> None:
        texts = (kept.at.astimezone().strftime("%Y-%m-%d %H:%M"), kind_words(kept),
                 *(f"{count:,}" for count in (contents.recordings, contents.readings, contents.signed)))
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column > 1:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._table.setItem(row, column, item)

    def _point(self) -> None:
        rows = self._table.selectionModel().selectedRows()
        if rows:
            self._choose(self._backups[rows[0].row()][0].file)

    def _ask_file(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, _("Backup"), "", _("Backups (*.sqlite)"))
        if chosen:
            self._table.clearSelection()
            self._choose(Path(chosen))

    def _choose(self, file: Path) -> None:
        self.chosen = file
        self._yes.setEnabled(False)
        self._said.setText(_("Looking at {file}…").format(file=file.name))
        self.asked.emit(file)


def kind_words(kept: Kept) -> str:
    """Why a backup was made."""
    return {"library": _("on closing, or by hand"), "before": _("before a new version"),
            "replaced": _("what a backup replaced")}[kept.kind]


def newer_words(newer: Newer | None) -> str:
    """What would be set aside, reading by reader."""
    kept = _("What is there now is kept among the backups and can be brought back in the same way.")
    if newer is None:
        unknown = _("The library as it is now cannot be read, so what it holds beyond this backup is not known.")
        return f"{unknown} {kept}"
    if not newer.readings and not newer.recordings:
        return _("The library holds nothing that this backup does not hold.")
    named = [as_fact(item.reader, item.title + aside(_(item.state))) for item in newer.readings[:_NAMED]]
    if len(newer.readings) > _NAMED:
        named.append(_("and {count} more").format(count=len(newer.readings) - _NAMED))
    readings = ngettext("{count} reading", "{count} readings", len(newer.readings)).format(count=len(newer.readings))
    recordings = ngettext("{count} recording", "{count} recordings", newer.recordings).format(count=newer.recordings)
    said = _("Not in this backup: {readings}, {recordings}.").format(readings=readings, recordings=recordings)
    return "\n".join([f"{said} {kept}", *named])
