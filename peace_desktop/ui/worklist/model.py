"""The worklist as Qt sees it: a table whose rows come from the listing; the list shows its first column."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from peace_desktop.library.worklist_filter import Order, SortBy
from peace_desktop.texts import _, mark
from peace_desktop.ui.worklist.listing import Listing
from peace_desktop.ui.worklist.row_view import FLAG, WorklistRow, worklist_row

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Column(IntEnum):
    TITLE = 0
    STRIP = 1
    AGE = 2
    SEX = 3
    SOURCE = 4
    RECORDED = 5
    FINDINGS = 6
    STATE = 7
    OTHERS = 8
    FLAG = 9


HEADINGS = {
    Column.TITLE: mark("Recording"), Column.STRIP: mark("First seconds"), Column.AGE: mark("Age"),
    Column.SEX: mark("Sex"), Column.SOURCE: mark("Source"), Column.RECORDED: mark("Recorded at"),
    Column.FINDINGS: mark("Findings"), Column.STATE: mark("Your reading"), Column.OTHERS: mark("Others"),
    Column.FLAG: mark("Flag"),
}
SORTS = {
    Column.TITLE: SortBy.TITLE, Column.STRIP: SortBy.IMPORTED, Column.AGE: SortBy.AGE, Column.SEX: SortBy.SEX,
    Column.SOURCE: SortBy.SOURCE, Column.RECORDED: SortBy.RECORDED, Column.FINDINGS: SortBy.FINDINGS,
    Column.STATE: SortBy.STATE, Column.FLAG: SortBy.FLAG,
}
"""What a column sorts by; the strip stands for the order of import, and others' readings order nothing."""


class WorklistModel(QAbstractTableModel):
    """Rows in the listing's order; one that is not there yet is empty until it is told."""

    def __init__(self, listing: Listing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listing = listing
        self._numbers = listing.numbers
        listing.listed.connect(self._list)
        listing.told.connect(self._tell)

    def row(self, place: int) -> WorklistRow | None:
        row = self._listing.row(place)
        return worklist_row(row) if row is not None else None

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        column = Column(index.column())
        if role == int(Qt.ItemDataRole.TextAlignmentRole):
            return _RIGHT if column in (Column.FINDINGS, Column.AGE) else None
        row = self.row(index.row())
        if role == int(Qt.ItemDataRole.DisplayRole):
            return _cell(row, column) if row is not None else "\N{HORIZONTAL ELLIPSIS}" if not column else ""
        if role in (int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.ToolTipRole)):
            return row.accessible if row is not None else ""
        return row if role == ROW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
                   ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return _(HEADINGS[Column(section)])
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return _("Space sorts by the column with the cursor.")
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        by = SORTS.get(Column(column)) if 0 <= column < len(Column) else None
        if by is not None:
            self._listing.sort(Order(by, order is Qt.SortOrder.DescendingOrder))

    def _list(self) -> None:
        """Changed texts are told; only another order or another set resets the list."""
        same = len(self._numbers) == len(self._listing.numbers) and bool(
            (self._numbers == self._listing.numbers).all())
        if same:
            self._tell(0, len(self._numbers) - 1)
            return
        self.beginResetModel()
        self._numbers = self._listing.numbers
        self.endResetModel()

    def _tell(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))


def _cell(row: WorklistRow, column: Column) -> str:
    return {
        Column.TITLE: row.title, Column.STRIP: "", Column.AGE: row.age, Column.SEX: row.sex, Column.SOURCE: row.source,
        Column.RECORDED: row.recorded, Column.FINDINGS: str(row.n_findings) if row.n_findings else "",
        Column.STATE: row.state, Column.OTHERS: row.others_sign, Column.FLAG: FLAG if row.flagged else "",
    }[column]
