"""The notes on stretches of time, listed in the reading's panel by the numbers at their brackets."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from peace_desktop.report.time_notes import note_lines
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _

_MOST_ROWS = 3


class NotesList(QListWidget):
    """Places count from 0. chosen: look at this one. edited, removed: asked for of a note in a draft."""

    chosen = Signal(int)
    edited = Signal(int)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notes_list")
        self.setAccessibleName(_("Notes on stretches of time"))
        self.setToolTip(_("Enter writes a note anew, Delete removes it, the arrow keys show its stretch."))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.currentRowChanged.connect(lambda place: self.chosen.emit(place) if place >= 0 else None)
        self.itemClicked.connect(lambda item: self.chosen.emit(self.row(item)))
        self.itemDoubleClicked.connect(lambda item: self.edited.emit(self.row(item)))
        self._notes: tuple[TimeNote, ...] = ()
        self.hide()

    def show_notes(self, notes: tuple[TimeNote, ...]) -> None:
        """Draw anew only what changed; the same place stays chosen."""
        if notes == self._notes:
            return
        self._notes = notes
        place = self.currentRow()
        with QSignalBlocker(self):
            self.clear()
            for line in note_lines(notes):
                item = QListWidgetItem(" ".join(line.split()))
                item.setToolTip(line)
                self.addItem(item)
            self.setCurrentRow(min(place, len(notes) - 1))
        rows = min(max(len(notes), 1), _MOST_ROWS)
        self.setFixedHeight(rows * self.sizeHintForRow(0) + 2 * self.frameWidth() + 2 if notes else 0)
        self.setVisible(bool(notes))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self.currentRow()
        if place >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edited.emit(place)
        elif place >= 0 and event.key() == Qt.Key.Key_Delete:
            self.removed.emit(place)
        else:
            super().keyPressEvent(event)
