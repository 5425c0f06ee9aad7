"""The first rows of a table on screen, coloured by what each column is taken for; the current cell chooses a column."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from peace_desktop.jobs.table_check import SHOWN_COLUMNS, TableSight
from peace_desktop.texts import _
from peace_desktop.ui.theme import colour
from peace_model.ecg.formats.csv_profile import IGNORED, TIME, TableDraft

Index = QModelIndex | QPersistentModelIndex
_NOTHING = TableSight((), 0)


def role_words(role: str) -> str:
    """A column's role in words; leads are their own names."""
    return {IGNORED: _("ignored"), TIME: _("time")}.get(role, role)


class TableModel(QAbstractTableModel):
    """Cells as they stand in the file. Lines to be skipped and the header row are shown as such."""

    def __init__(self) -> None:
        super().__init__()
        self._sight, self._draft = _NOTHING, TableDraft()

    def show(self, sight: TableSight, draft: TableDraft) -> None:
        self.beginResetModel()
        self._sight, self._draft = sight, draft
        self.endResetModel()

    def place_of(self, index: Index) -> int:
        """Number of the column, or of the row where rows are leads; -1 for a line that is skipped."""
        place = index.row() - self._draft.skip_rows if self._draft.transposed else index.column()
        return place if 0 <= place < len(self._draft.columns) else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return len(self._sight.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return min(SHOWN_COLUMNS, max(map(len, self._sight.rows), default=0))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        across = orientation is Qt.Orientation.Horizontal
        place = section if across else section - self._draft.skip_rows
        if across != self._draft.transposed and 0 <= place < len(self._draft.columns):
            return f"{place + 1} · {role_words(self._draft.columns[place])}"
        return str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._sight.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row[index.column()] if index.column() < len(row) else ""
        skipped = index.row() < self._draft.skip_rows
        if role == Qt.ItemDataRole.ForegroundRole:
            place = self.place_of(index)
            idle = skipped or place < 0 or self._draft.columns[place] == IGNORED
            return colour("muted" if idle else "text")
        if role == Qt.ItemDataRole.BackgroundRole:
            return None if skipped else self._background(index)
        if role == Qt.ItemDataRole.FontRole:
            return self._font(index, skipped)
        return None

    def _background(self, index: Index) -> QColor | None:
        place = self.place_of(index)
        role = self._draft.columns[place] if place >= 0 else IGNORED
        if role == IGNORED:
            return None
        return colour("notice_back" if role == TIME else "accent_soft")

    def _font(self, index: Index, skipped: bool) -> QFont:
        font = QFont()
        font.setItalic(skipped)
        names = index.column() == 0 if self._draft.transposed else index.row() == self._draft.skip_rows
        font.setBold(self._draft.header and names and not skipped)
        return font


class WizardTable(QTableView):
    """placeChosen(int): the column, or row, whose role is to be told."""

    placeChosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TableModel()
        self.setModel(self._model)
        self.setObjectName("wizard_table")
        self.setAccessibleName(_("First rows of the table"))
        self.setAccessibleDescription(_("The arrow keys choose the column whose role is told beside"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(22)
        self.horizontalHeader().setDefaultSectionSize(96)
        self.selectionModel().currentChanged.connect(self._choose)

    def show_table(self, sight: TableSight, draft: TableDraft, place: int) -> None:
        """Show a table with this place current."""
        across = self.horizontalScrollBar().value()
        self._model.show(sight, draft)
        self.clearSpans()
        if self._model.columnCount() > 1:
            for skipped in range(min(draft.skip_rows, len(sight.rows))):
                self.setSpan(skipped, 0, 1, self._model.columnCount())
        row, column = (draft.skip_rows + place, 0) if draft.transposed else (
            min(draft.skip_rows, max(0, len(sight.rows) - 1)), place)
        self.selectionModel().blockSignals(True)
        self.setCurrentIndex(self._model.index(row, column))
        self.selectionModel().blockSignals(False)
        self.horizontalScrollBar().setValue(across)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        place = self._model.place_of(current) if current.isValid() else -1
        if place >= 0:
            self.placeChosen.emit(place)
