"""Amplitudes, ST levels and T waves lead by lead, as a table to be walked with the arrow keys."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.findings.measurement_view import LeadTableView

_ROWS_SHOWN = 13
_INSET_PX = 6
_CELL_PX = 10
"""Around a cell's words."""
_Index = QModelIndex | QPersistentModelIndex


class LeadTable(QTableView):
    """mV except ratio and polarity; what more is known of a cell stands in its tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lead_table")
        self._instead = ""
        self.setAccessibleName(_("Amplitudes in every lead, millivolts"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setMinimumSectionSize(0)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 4)
        self.setFixedHeight(_ROWS_SHOWN * (self.fontMetrics().lineSpacing() + 4) + 24)

    def show_leads(self, view: LeadTableView, *, instead: str) -> None:
        """instead: what stands there without rows."""
        self._instead = "" if view.rows else instead
        self.horizontalHeader().setVisible(bool(view.rows))
        self.setModel(_Leads(view, self))
        self._fit_columns(view)
        self.setAccessibleDescription(self._instead)

    def _fit_columns(self, view: LeadTableView) -> None:
        """As wide as heads and cells need: Qt's own way asks the model for seven things of every cell."""
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        for column in range(len(view.heads) - 1):
            words_px = max((metrics.horizontalAdvance(cells[column][0]) for _lead, cells in view.rows), default=0)
            self.setColumnWidth(column, max(words_px + _CELL_PX, header.sectionSizeHint(column)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._instead:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.viewport().rect().adjusted(_INSET_PX, _INSET_PX, -_INSET_PX, -_INSET_PX),
                             Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._instead)
            painter.end()


class _Leads(QAbstractTableModel):
    def __init__(self, view: LeadTableView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._view.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._view.heads) - 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Leads stand in the header of the rows, which stays in sight where the columns are scrolled."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self._view.heads[section + 1] if orientation is Qt.Orientation.Horizontal
                else self._view.rows[section][0])

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        lead, cells = self._view.rows[index.row()]
        text, tip = cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{lead}, {self._view.heads[index.column() + 1]}: {text}"
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() < len(cells) - 1:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None
