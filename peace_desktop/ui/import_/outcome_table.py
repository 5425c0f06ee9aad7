"""The files of an import as rows: what becomes of each, and what was read of the patient. Rows come while looking."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from peace_desktop.jobs.import_outcomes import Fate, Outcome
from peace_desktop.report.terms import format_title, sex_words
from peace_desktop.texts import _, age_words
from peace_desktop.ui.import_.summary import fate_words, reason
from peace_model.ecg.formats.registry import FoundFile

Index = QModelIndex | QPersistentModelIndex
_MOST_PX = (236, 152, 130, 112, 176, 72)
"""What a column takes at most; the reason has what is left."""
_FITTED_ROWS = 200
_MARGIN_PX = 4


class OutcomeModel(QAbstractTableModel):
    """One row a file, in the order it became known; a later outcome of the same file takes its row."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Outcome] = []
        self._words: dict[int, tuple[str, ...]] = {}
        self._place: dict[FoundFile, int] = {}
        self._shown: list[int] = []
        self._only: Fate | None = None
        self.numbers: Counter[Fate] = Counter()

    def outcome(self, row: int) -> Outcome:
        return self._rows[self._shown[row]]

    def shown_words(self, row: int) -> tuple[str, ...]:
        """The row's cells as they are shown, kept once they were asked for."""
        place = self._shown[row]
        words = self._words.get(place)
        if words is None:
            outcome = self._rows[place]
            # The row begins with the file's name; its reason need not, where there is little room.
            named = f"{outcome.found.path.name}: "
            words = self._words[place] = tuple(cell.removeprefix(named) for cell in self.cells(outcome))
        return words

    def show_only(self, fate: Fate | None) -> None:
        """Rows of one fate, or all of them."""
        self.beginResetModel()
        self._only = fate
        self._shown = [place for place, outcome in enumerate(self._rows) if fate in (None, outcome.fate)]
        self.endResetModel()

    def take(self, outcomes: Sequence[Outcome]) -> None:
        """What became known since the last time."""
        new: list[Outcome] = []
        changed: list[int] = []
        for outcome in outcomes:
            self.numbers[outcome.fate] += 1
            place = self._place.get(outcome.found)
            if place is None:
                self._place[outcome.found] = len(self._rows) + len(new)
                new.append(outcome)
                continue
            changed.append(place)
            self._words.pop(place, None)
            before = self._rows[place] if place < len(self._rows) else new[place - len(self._rows)]
            self.numbers[before.fate] -= 1
            if place < len(self._rows):
                self._rows[place] = outcome
            else:
                new[place - len(self._rows)] = outcome
        self._append(new)
        if changed and self._only is not None:
            self.show_only(self._only)
        elif changed:
            self.dataChanged.emit(self.index(min(changed), 0), self.index(max(changed), self.columnCount() - 1))

    def _append(self, new: list[Outcome]) -> None:
        first = len(self._rows)
        fitting = [first + place for place, outcome in enumerate(new) if self._only in (None, outcome.fate)]
        if fitting:
            self.beginInsertRows(QModelIndex(), len(self._shown), len(self._shown) + len(fitting) - 1)
        self._rows += new
        self._shown += fitting
        if fitting:
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(_MOST_PX) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1)
        return (_("File"), _("Outcome"), _("Format"), _("Patient's name"), _("Age"), _("Sex"), _("Reason"))[
            section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.shown_words(index.row())[index.column()]
        return None

    def cells(self, outcome: Outcome) -> tuple[str, ...]:
        """The row in words. What was not read stays empty; what the file does not tell is said to be unknown."""
        seen = outcome.seen
        told = (seen.name or _("none"), age_words(seen.age), sex_words(seen.sex)) if seen is not None else ("", "", "")
        return (str(outcome.found.relative), fate_words(outcome.fate),
                format_title(outcome.found.format) or _("unknown"), *told, reason(outcome))


class OutcomeDelegate(QStyledItemDelegate):
    """Draws the words and nothing else: a style's own cells ask the model for seven things each, and while files are
    read every answer waits for the interpreter."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, OutcomeModel)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, option.palette.highlight())
        words = model.shown_words(index.row())[index.column()]
        if not words:
            return
        known = model.outcome(index.row()).fate is Fate.DUPLICATE
        role = QPalette.ColorRole.PlaceholderText if known else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(QPalette.ColorRole.HighlightedText if chosen else role))
        area = option.rect.adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
        shown = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class OutcomeTable(QTableView):
    """Arrow keys walk the rows; copying takes the chosen rows as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outcomes = OutcomeModel()
        self.setModel(self.outcomes)
        self.setItemDelegate(OutcomeDelegate(self))
        self.setObjectName("import_table")
        self.setAccessibleName(_("Files of this import"))
        self.setAccessibleDescription(_("The arrow keys choose a file; what is said of it stands whole below"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMinimumHeight(180)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.fit_columns()
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)

    @property
    def has_room(self) -> bool:
        """Whether a further row would be in sight."""
        return self.rowAt(self.viewport().height() - 1) < 0

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Rows out of sight need no drawing; Qt would draw all that are in sight for any two that changed."""
        lowest = self.rowAt(self.viewport().height())
        if last.row() >= self.rowAt(0) and (lowest < 0 or first.row() <= lowest):
            super().dataChanged(first, last, list(roles))

    def fit_columns(self) -> None:
        """As wide as the titles and the first rows need."""
        rows = [self.outcomes.shown_words(row) for row in range(min(_FITTED_ROWS, self.outcomes.rowCount()))]
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        for column, most_px in enumerate(_MOST_PX):
            words_px = max((metrics.horizontalAdvance(words[column]) for words in rows), default=0)
            self.setColumnWidth(column, max(header.sectionSizeHint(column),
                                            min(words_px + 3 * _MARGIN_PX, most_px)))

    def choose_first(self, fate: Fate) -> None:
        """Make the first file of this fate the current one, where there is any."""
        for row in range(self.outcomes.rowCount()):
            if self.outcomes.outcome(row).fate is fate:
                self.setCurrentIndex(self.outcomes.index(row, 0))
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
            QGuiApplication.clipboard().setText("\n".join(
                "\t".join(self.outcomes.cells(self.outcomes.outcome(row))) for row in rows))
            return
        super().keyPressEvent(event)
