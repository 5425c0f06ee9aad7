"""The worklist as a table in the place of the ECG: every column, sorted by any of them, read with the keyboard."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import colour
from peace_desktop.ui.worklist.listing import Listing
from peace_desktop.ui.worklist.model import ROW_ROLE, SORTS, Column, WorklistModel
from peace_desktop.ui.worklist.strip import HEIGHT_PX, draw_strip

_LETTERS = {Column.TITLE: 18, Column.STRIP: 12, Column.AGE: 17, Column.SEX: 12, Column.SOURCE: 15, Column.RECORDED: 15,
            Column.FINDINGS: 8, Column.STATE: 12, Column.OTHERS: 7, Column.FLAG: 5}
"""Widths at the start, in digits of the running font."""
_SHORTEST_TITLE_LETTERS = 12


class StripDelegate(QStyledItemDelegate):
    """A recording's first seconds."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        super().paint(painter, option, index)
        row = index.data(ROW_ROLE)
        if row is not None and row.thumbnail is not None:
            painter.save()
            painter.setClipRect(option.rect)
            draw_strip(painter, option.rect.adjusted(4, 1, -4, -1), row.thumbnail)
            painter.restore()


class WorklistTable(QTableView):
    """Return shows the recording, Space sorts by the column with the cursor and then back, Esc leaves the table."""

    opened = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.opened.emit(index.row())
        elif event.key() == Qt.Key.Key_Space and index.isValid() and Column(index.column()) in SORTS:
            head = self.horizontalHeader()
            again = head.sortIndicatorSection() == index.column()
            up = not again or head.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
            self.sortByColumn(index.column(), Qt.SortOrder.AscendingOrder if up else Qt.SortOrder.DescendingOrder)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: a letter is a command here and must never choose another child."""


class WorklistPage(QWidget):
    """chosen(sha256): show this recording. left: back to the ECG."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, listing: Listing, model: WorklistModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listing = listing
        self._model = model
        self.table = WorklistTable()
        self.table.setObjectName("worklist_table")
        self.table.setAccessibleName(_("Worklist as a table"))
        self.table.setModel(model)
        self.table.setItemDelegateForColumn(Column.STRIP, StripDelegate(self.table))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        look = self.table.palette()
        look.setColor(QPalette.ColorRole.Highlight, colour("accent_soft"))
        look.setColor(QPalette.ColorRole.HighlightedText, colour("text"))
        self.table.setPalette(look)
        rows = self.table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(HEIGHT_PX + 6)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        digit_px = QFontMetrics(self.table.font()).horizontalAdvance("0")
        for column, letters in _LETTERS.items():
            self.table.setColumnWidth(column, letters * digit_px)
        head.setSectionResizeMode(Column.STRIP, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 4, 4)
        layout.addWidget(self.table, 1)
        layout.addWidget(text_label(
            _("Return shows the recording \N{MIDDLE DOT} Space sorts by the column with the cursor \N{MIDDLE DOT} Esc "
              "goes back to the ECG"), muted=True))
        self._column = 0
        self.table.selectionModel().currentChanged.connect(self._moved)
        self.table.left.connect(self.left)
        self.table.opened.connect(self._open)
        self.table.doubleClicked.connect(lambda index: self._open(index.row()))
        self.table.verticalScrollBar().valueChanged.connect(self._draw)
        listing.listed.connect(self._listed)
        listing.told.connect(lambda _first, _last: self._draw())

    def enter(self) -> None:
        """The table is shown: the keyboard is its own, the cursor on the shown recording."""
        QTimer.singleShot(0, self.table, self._make_room)  # once it has its width
        self._select()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._draw()

    def _make_room(self) -> None:
        """On a small screen long titles give way to the strips."""
        digit_px = QFontMetrics(self.table.font()).horizontalAdvance("0")
        missing_px = _LETTERS[Column.STRIP] * digit_px - self.table.columnWidth(Column.STRIP)
        title_px = self.table.columnWidth(Column.TITLE)
        if missing_px > 0:
            self.table.setColumnWidth(Column.TITLE, min(title_px, max(
                title_px - missing_px, _SHORTEST_TITLE_LETTERS * digit_px)))

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """The cursor's column outlives another order."""
        if current.isValid():
            self._column = current.column()

    def _open(self, place: int) -> None:
        self._listing.show(place, self.chosen.emit)

    def _listed(self) -> None:
        head, order = self.table.horizontalHeader(), self._listing.order
        column = next((column for column, by in SORTS.items() if by is order.by and column is not Column.STRIP), -1)
        with QSignalBlocker(head):
            head.setSortIndicator(column, Qt.SortOrder.DescendingOrder if order.descending
                                  else Qt.SortOrder.AscendingOrder)
        head.viewport().update()
        self._select()

    def _select(self) -> None:
        place = self._listing.place
        if place >= 0:
            index = self._model.index(place, self._column)
            self.table.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)
            self.table.scrollTo(index)

    def _draw(self) -> None:
        if self.isVisible():
            first, last = self.table.rowAt(0), self.table.rowAt(self.table.viewport().height() - 1)
            if first >= 0:
                self._listing.draw(first, last if last >= 0 else len(self._listing) - 1)
