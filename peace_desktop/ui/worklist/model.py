"""The worklist as Qt sees it: a list of rows that changes as little as possible, so that the selection stays."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from peace_desktop.library.records import RecordingRow
from peace_desktop.ui.worklist.row_view import WorklistRow, worklist_row

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class WorklistModel(QAbstractListModel):
    """Rows in the order they are given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[WorklistRow, ...] = ()

    @property
    def rows(self) -> tuple[WorklistRow, ...]:
        return self._rows

    def show_rows(self, rows: Sequence[RecordingRow]) -> None:
        """Changed texts are told row by row; only another set of recordings resets the list."""
        new = tuple(worklist_row(row) for row in rows)
        if [row.sha256 for row in new] == [row.sha256 for row in self._rows]:
            old, self._rows = self._rows, new
            for place, (before, after) in enumerate(zip(old, new, strict=True)):
                if before != after:
                    index = self.index(place)
                    self.dataChanged.emit(index, index)
            return
        self.beginResetModel()
        self._rows = new
        self.endResetModel()

    def place_of(self, sha256: str) -> int:
        """The row of a recording, -1 when it is not listed."""
        return next((place for place, row in enumerate(self._rows) if row.sha256 == sha256), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self._rows[index.row()]
        if role == int(Qt.ItemDataRole.DisplayRole):
            return row.title
        if role in (int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.ToolTipRole)):
            return row.accessible
        return row if role == ROW_ROLE else None
