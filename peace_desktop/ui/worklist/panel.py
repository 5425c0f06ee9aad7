"""The worklist: search, filter, rows. Choosing a row shows its recording."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QVBoxLayout, QWidget

from peace_desktop.library.records import RecordingRow
from peace_desktop.texts import _, ngettext
from peace_desktop.ui.icons import icon
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import colour
from peace_desktop.ui.worklist.delegate import WorklistDelegate
from peace_desktop.ui.worklist.model import WorklistModel
from peace_desktop.ui.worklist.row_view import StateFilter, kept


class WorklistView(QListView):
    """A list that does not search by typed letters: a letter is a command here and must never choose another child."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.words:
            painter = QPainter(self.viewport())
            painter.setPen(colour("muted"))
            room = self.viewport().rect().adjusted(10, 16, -10, -10)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.words)
            painter.end()

    def keyboardSearch(self, search: str) -> None:
        """Nothing."""


class WorklistPanel(QWidget):
    """Emits the recording a reader chooses; `step` goes to the next or the previous one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[RecordingRow, ...] = ()
        self._search = QLineEdit()
        self._search.setObjectName("worklist_search")
        self._search.setPlaceholderText(_("Search (Ctrl+F)"))
        self._search.setAccessibleName(_("Search the worklist"))
        self._search.setClearButtonEnabled(True)
        self._search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._state = QComboBox()
        self._state.setObjectName("worklist_filter")
        self._state.setAccessibleName(_("Which recordings the worklist shows"))
        for state in StateFilter:
            self._state.addItem(_(state.value), state)
        self._model = WorklistModel(self)
        self._view = WorklistView()
        self._view.setObjectName("worklist")
        self._view.setAccessibleName(_("Worklist"))
        self._view.setUniformItemSizes(True)
        self._view.setItemDelegate(WorklistDelegate(self._view))
        self._view.setModel(self._model)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._count = text_label(muted=True, name="worklist_count")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 4)
        layout.setSpacing(5)
        for widget in (self._search, self._state):
            layout.addWidget(widget)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._count)
        self._search.textChanged.connect(self._show)
        self._state.currentIndexChanged.connect(self._show)
        self._view.selectionModel().currentChanged.connect(self._choose)

    @property
    def model(self) -> WorklistModel:
        return self._model

    def show_rows(self, rows: Sequence[RecordingRow]) -> None:
        self._all = tuple(rows)
        self._show()

    def select(self, sha256: str) -> None:
        """Mark the shown recording without choosing it again."""
        place = self._model.place_of(sha256)
        index = self._model.index(place) if place >= 0 else QModelIndex()
        selection = self._view.selectionModel()
        with QSignalBlocker(selection):
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if place >= 0:
            self._view.scrollTo(index)
        self._view.viewport().update()

    def neighbour(self, sha256: str, step: int) -> str:
        """The recording `step` rows from this one, "" at the end; the first one when this one is not listed."""
        rows = self._model.rows
        place = self._model.place_of(sha256)
        wanted = place + step if place >= 0 else 0
        return rows[wanted].sha256 if 0 <= wanted < len(rows) else ""

    def recording(self, sha256: str) -> RecordingRow | None:
        """The library's line of a recording, listed or filtered away."""
        return next((row for row in self._all if row.sha256 == sha256), None)

    def focus_rows(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _show(self) -> None:
        current = self._view.currentIndex()
        before = self._model.rows[current.row()].sha256 if current.isValid() else ""
        state = StateFilter(self._state.currentData())
        self._model.show_rows(kept(self._all, text=self._search.text(), state=state))
        self.select(before)
        shown, there = self._model.rowCount(), len(self._all)
        self._view.words = "" if shown else (
            _("No recording fits the search and the choice above.") if there else
            _("No recordings yet. Drop files or folders on the window."))
        words = ngettext("{n} recording", "{n} recordings", there).format(n=there)
        self._count.setText(words if shown == there else _("{shown} of {all}").format(shown=shown, all=words))

    def _choose(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._model.rows[current.row()].sha256)
